"""Which methods of the Bot API there are here, by name in lower case."""

from collections.abc import Callable, Mapping

from deploy.local.telegram.calls import Call
from deploy.local.telegram.methods import (
    answering,
    editing,
    introducing,
    membership,
    passing_on,
    receiving,
    sending,
)
from deploy.local.telegram.refusals import Refused
from deploy.local.telegram.service import Service

METHODS: Mapping[str, Callable[[Service, Call], object]] = {
    "answercallbackquery": answering.answer_callback_query,
    "answerinlinequery": answering.answer_inline_query,
    "close": receiving.log_out,
    "copymessage": passing_on.copy_message,
    "copymessages": passing_on.copy_messages,
    "deletemessage": editing.delete_message,
    "deletemessages": editing.delete_messages,
    "deletemycommands": introducing.delete_my_commands,
    "deletewebhook": receiving.delete_webhook,
    "editmessagecaption": editing.edit_message_caption,
    "editmessagemedia": editing.edit_message_media,
    "editmessagereplymarkup": editing.edit_message_reply_markup,
    "editmessagetext": editing.edit_message_text,
    "forwardmessage": passing_on.forward_message,
    "forwardmessages": passing_on.forward_messages,
    "getchat": membership.get_chat,
    "getchatadministrators": membership.get_chat_administrators,
    "getchatmember": membership.get_chat_member,
    "getchatmembercount": membership.get_chat_member_count,
    "getchatmenubutton": introducing.get_chat_menu_button,
    "getfile": answering.get_file,
    "getme": introducing.get_me,
    "getmycommands": introducing.get_my_commands,
    "getmydescription": introducing.get_my_description,
    "getmyname": introducing.get_my_name,
    "getmyshortdescription": introducing.get_my_short_description,
    "getuserprofilephotos": membership.get_user_profile_photos,
    "getwebhookinfo": receiving.get_webhook_info,
    "leavechat": membership.leave_chat,
    "logout": receiving.log_out,
    "pinchatmessage": membership.pin_chat_message,
    "sendchataction": sending.send_chat_action,
    "senddocument": sending.send_document,
    "sendmediagroup": sending.send_media_group,
    "sendmessage": sending.send_message,
    "sendphoto": sending.send_photo,
    "setchatmenubutton": introducing.set_chat_menu_button,
    "setmessagereaction": membership.set_message_reaction,
    "setmycommands": introducing.set_my_commands,
    "setmydescription": introducing.set_my_description,
    "setmyname": introducing.set_my_name,
    "setmyshortdescription": introducing.set_my_short_description,
    "setwebhook": receiving.set_webhook,
    "unpinallchatmessages": membership.unpin_all_chat_messages,
    "unpinchatmessage": membership.unpin_chat_message,
}
"""All that answer at once; getUpdates, which may wait, stands apart."""

WAITING = "getupdates"


async def perform(service: Service, call: Call) -> object:
    """Carry out a call and give its result.

    Raises:
        Refused: with what Telegram would answer; 404 for a method that does not exist.
    """
    if call.method == WAITING:
        return await receiving.get_updates(service, call)
    method = METHODS.get(call.method)
    if method is None:
        raise Refused(404, "Not Found")
    return method(service, call)
