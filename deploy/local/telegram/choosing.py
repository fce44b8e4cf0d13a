"""An inline result that somebody chooses becomes a message of theirs, by way of the bot."""

from deploy.local.telegram.calls import Call, as_values
from deploy.local.telegram.methods.answering import words_of
from deploy.local.telegram.methods.keyboards import inline_keyboard
from deploy.local.telegram.refusals import Json
from deploy.local.telegram.service import Service
from deploy.local.telegram.state.chats import Chat
from deploy.local.telegram.state.messages import Message, Person
from deploy.local.telegram.state.people import Impossible, put


def choose(service: Service, chat: Chat, author: Person, asked: str, result_id: str) -> Message:
    """Send the article `result_id` of an answered inline query to a chat.

    Raises:
        Impossible: 400, the bot has offered no such article.
    """
    result = _offered(service, asked, result_id)
    message = Message(
        chat_id=chat.id,
        message_id=chat.last_id + 1,
        date=service.chats.now(),
        sender=author,
        words=words_of(result["input_message_content"]),
        keyboard=inline_keyboard(Call("", as_values({"reply_markup": result.get("reply_markup")}))),
        extra={"via_bot": service.chats.bot.as_json()},
    )
    service.chats.people[author.id] = author
    chat.members.add(author.id)
    put(service, chat, "message", message)
    return message


def _offered(service: Service, asked: str, result_id: str) -> Json:
    query = service.queries.asked.get(asked)
    results: list[Json] = query.answer["results"] if query and query.answer else []
    for result in results:
        if result["id"] == result_id and result["type"] == "article":
            return result
    raise Impossible(400, f"inline query {asked} was not answered with an article {result_id}")
