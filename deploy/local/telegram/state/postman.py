"""Brings updates to a webhook over HTTP, by way of httpx."""

import httpx

from deploy.local.telegram.state.webhook import Reply

SECONDS = 60.0
"""How long an answer may take; Telegram waits about as long."""


class HttpPostman:
    """Keeps one connection to the bot's address.

    No proxy is asked, and certificates are not checked: only addresses on this machine are used,
    whose certificates nobody signs.
    """

    def __init__(self, timeout: float = SECONDS) -> None:
        # S501 does not see that the address is always on this machine (`webhook._check`).
        self._client = httpx.AsyncClient(verify=False, trust_env=False, timeout=timeout)  # noqa: S501 -- see above

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> Reply:
        """Bring one update; status 0 with the reason when nobody answers."""
        try:
            response = await self._client.post(url, content=body, headers=headers)
        except httpx.TimeoutException:
            return Reply(0, reason="Read timeout expired")
        except httpx.HTTPError as error:
            return Reply(0, reason=f"Connection failed: {type(error).__name__}")
        status = f"{response.status_code} {response.reason_phrase}"
        return Reply(
            status=response.status_code,
            body=response.content,
            content_type=response.headers.get("content-type", ""),
            reason=f"Wrong response from the webhook: {status}",
        )

    async def close(self) -> None:
        """Close the connection."""
        await self._client.aclose()
