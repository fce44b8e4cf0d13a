"""How the bot presents itself: commands for each scope and language, names, menu button."""

from dataclasses import dataclass, field

from deploy.local.telegram.refusals import Json

DEFAULT_SCOPE = '{"type":"default"}'


@dataclass(slots=True)
class Profile:
    """What BotFather and the setMy… methods keep.

    Attributes:
        commands: by scope (as JSON with sorted keys) and language code ("" for all).
        texts: by kind ("name", "description", "short_description") and language code.
        menu_buttons: by chat id; 0 is the default.
    """

    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    menu_buttons: dict[int, Json] = field(default_factory=dict)

    def shown_commands(self, chat_id: int, language: str) -> list[Json]:
        """The commands that a person sees in the menu of a chat, the narrowest that are set."""
        wide = "all_private_chats" if chat_id > 0 else "all_group_chats"
        narrow = f'{{"chat_id":{chat_id},"type":"chat"}}'
        for scope in (narrow, f'{{"type":"{wide}"}}', DEFAULT_SCOPE):
            for code in (language, ""):
                if commands := self.commands.get((scope, code)):
                    return commands
        return []

    def text(self, kind: str, language: str) -> str:
        """One of the texts in a language, or in the one for everybody else."""
        return self.texts.get((kind, language)) or self.texts.get((kind, ""), "")
