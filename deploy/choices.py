"""What an operator chooses: a small TOML file, and flags that go before it.

    deployment.toml ─┐
                     ├─▶ Options
    --name, --bot …  ┘

The file is there because `apply` describes the whole deployment every time: a choice that is left
out of the next run is taken back.  Its keys are those of `KEYS`; a wrong one is refused with all
the others that are wrong.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from deploy.stack.options import (
    Bot,
    Instances,
    Options,
    OptionsRefused,
    Serverless,
    Serving,
    Webhook,
)

FILE = Path("deployment.toml")

_SERVERLESS = ("memory_mb", "most_at_once")
_INSTANCES = ("instance", "least", "most")
_WEBHOOK = ("webhook_host", "certificate_arn")

KEYS: Mapping[str, type] = {
    "name": str, "region": str, "serving": str, "tensorflow_image": str, "bot": str,
    "machine": str, "tasks": int, "token_secret_arn": str, "alarm_email": str,
    "every_alarm_by_email": bool, "https_subscriber": str, "tickers": list,
    "default_ticker": str, "admin_ids": list, "alarm_chats": list, "retrain": bool,
    "memory_mb": int, "most_at_once": int, "instance": str, "least": int, "most": int,
    "webhook_host": str, "certificate_arn": str,
}  # fmt: skip
"""What the file may say, and as what."""

_ITEMS: Mapping[str, type] = {"tickers": str, "admin_ids": int, "alarm_chats": str}


def options_of(file: Path | None, flags: Mapping[str, object]) -> Options:
    """Read the choices.

    Args:
        file: None for `FILE` in the working directory, if there is one.
        flags: choices that go before the file's; None stands for one that was not given.

    Raises:
        OptionsRefused: with everything that is wrong.
    """
    chosen = _read(file or FILE) if file or FILE.exists() else {}
    chosen |= {key: value for key, value in flags.items() if value is not None}
    if problems := [told for key, value in chosen.items() if (told := _wrong(key, value))]:
        raise OptionsRefused(problems)
    return _options(chosen)


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise OptionsRefused([f"{file} cannot be read: {error}"]) from error


def _wrong(key: str, value: object) -> str:
    if key not in KEYS:
        return f"{key}: unknown; there are {', '.join(KEYS)}"
    if type(value) is not KEYS[key]:
        return f"{key}: {value!r} is no {KEYS[key].__name__}"
    if isinstance(value, list) and any(type(item) is not _ITEMS[key] for item in value):
        return f"{key}: {value!r} holds what is no {_ITEMS[key].__name__}"
    return ""


def _options(chosen: Mapping[str, Any]) -> Options:
    plain = {field.name for field in fields(Options)}
    given = {key: value for key, value in chosen.items() if key in plain}
    given |= {key: tuple(chosen[key]) for key in _ITEMS if key in chosen}
    try:
        given |= {
            key: kind(chosen[key])
            for key, kind in (("serving", Serving), ("bot", Bot))
            if key in chosen
        }
    except ValueError as error:
        raise OptionsRefused([str(error)]) from error
    return Options(**given, endpoint=_endpoint(chosen), webhook=_webhook(chosen))


def _endpoint(chosen: Mapping[str, Any]) -> Serverless | Instances:
    if "instance" not in chosen:
        if stray := [key for key in _INSTANCES if key in chosen]:
            raise OptionsRefused([f"{key}: only with an instance" for key in stray])
        return Serverless(**_picked(chosen, _SERVERLESS))
    return Instances(chosen["instance"], **_picked(chosen, ("least", "most")))


def _webhook(chosen: Mapping[str, Any]) -> Webhook | None:
    given = _picked(chosen, _WEBHOOK)
    if not given:
        return None
    if len(given) < len(_WEBHOOK):
        raise OptionsRefused([f"{' and '.join(_WEBHOOK)}: only together"])
    return Webhook(chosen["webhook_host"], chosen["certificate_arn"])


def _picked(chosen: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: chosen[key] for key in keys if key in chosen}
