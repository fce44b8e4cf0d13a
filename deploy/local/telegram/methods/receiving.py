"""The methods by which a bot hears: long polling or a webhook, never both."""

from deploy.local.telegram.calls import Call
from deploy.local.telegram.refusals import Json, Refused
from deploy.local.telegram.service import Service

_MOST_CONNECTIONS = 100
_USUAL_CONNECTIONS = 40
_POLLED_WHILE_HOOKED = (
    "can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


async def get_updates(service: Service, call: Call) -> list[Json]:
    """getUpdates, waiting when there is nothing."""
    if service.webhook.url:
        raise Refused.conflict(_POLLED_WHILE_HOOKED)
    service.updates.allow(_allowed(call))
    return await service.updates.next(
        call.integer("offset"), call.integer("limit", 100), call.integer("timeout")
    )


def set_webhook(service: Service, call: Call) -> bool:
    """setWebhook; an empty address deletes it."""
    url = call.text("url").strip()
    if not url:
        return delete_webhook(service, call)
    wanted = call.integer("max_connections", _USUAL_CONNECTIONS)
    settings: Json = {"max_connections": max(1, min(wanted, _MOST_CONNECTIONS))}
    allowed = _allowed(call)
    if allowed:
        settings["allowed_updates"] = sorted(allowed)
    service.webhook.start(url, call.text("secret_token"), settings)
    service.updates.allow(allowed)
    _drop(service, call)
    return True


def delete_webhook(service: Service, call: Call) -> bool:
    """deleteWebhook: true as well when there was none."""
    service.webhook.stop()
    _drop(service, call)
    return True


def get_webhook_info(service: Service, _call: Call) -> Json:
    """getWebhookInfo: the address, what waits, and the last failure."""
    return service.webhook.as_json()


def log_out(_service: Service, _call: Call) -> bool:
    """logOut: there is nowhere else to go, so nothing changes."""
    return True


def _allowed(call: Call) -> list[str] | None:
    kinds = call.parsed("allowed_updates", "allowed_updates JSON object")
    if kinds is None:
        return None
    if not isinstance(kinds, list):
        raise Refused.bad_request("expected an Array of Strings as allowed_updates")
    return [str(kind) for kind in kinds]


def _drop(service: Service, call: Call) -> None:
    if call.flag("drop_pending_updates"):
        service.updates.forget()
