"""Asks the container as SageMaker and the bot do; prints the answers as JSON.

Run beside it, in a network in which there is nothing else.
"""

import asyncio
import json
import sys
from contextlib import closing
from typing import Any

import httpx

from bot.edges.endpoint import SageMakerEndpoint, runtime_client
from bot.errors import ModelRefused
from deploy.local.runtime.route import runtime_app
from tests.fakes_endpoint import window_ending_at
from tests.loopback import listening

CONTAINER = "http://127.0.0.1:8080"
AWAY = "http://192.0.2.1"  # RFC 5737: documentation only, nobody's address


def main() -> None:
    """Print everything that was asked, and what was answered."""
    answers = asyncio.run(_as_the_bot())
    with httpx.Client(trust_env=False, timeout=5) as client:
        answers |= _as_sagemaker(client)
        try:
            client.get(AWAY)
        except httpx.ConnectError:
            answers["the network outside"] = "none"
    json.dump(answers, sys.stdout)


def _as_sagemaker(client: httpx.Client) -> dict[str, Any]:
    window = {"closes": [30 + day / 10 for day in range(60)]}
    requests = {
        "ping": client.build_request("GET", f"{CONTAINER}/ping"),
        "too short": _invocation(client, {"instances": [{"closes": [1.0] * 59}]}),
        "one window": _invocation(client, {"instances": [window]}),
        "a thousand": _invocation(client, {"instances": [window] * 1_000}),
        "no JSON": client.build_request("POST", f"{CONTAINER}/invocations", content=b"closes"),
    }
    told = {}
    for name, request in requests.items():
        answer = client.send(request)
        told[name] = {"status": answer.status_code, **_read(answer.json())}
    return told


def _invocation(client: httpx.Client, body: dict[str, Any]) -> httpx.Request:
    return client.build_request("POST", f"{CONTAINER}/invocations", json=body)


def _read(body: dict[str, Any]) -> dict[str, Any]:
    """The first median and the number of forecasts, or the whole of a shorter answer."""
    if "predictions" not in body:
        return body
    found = body["predictions"]
    return {"forecasts": len(found), "median": round(found[0]["median"][0], 3)}


async def _as_the_bot() -> dict[str, Any]:
    """Through boto3 and the Runtime route, which stands for SageMaker's own."""
    route = runtime_app(CONTAINER, "fechamento")
    with (
        listening(route) as address,
        closing(runtime_client("sa-east-1", address)) as client,
    ):
        endpoint = SageMakerEndpoint(client, "fechamento")
        dear, cheap = await endpoint.steps([window_ending_at(3_600.0), window_ending_at(36.0)])
        try:
            await endpoint.steps([window_ending_at(0.0, ranges=False)])
        except ModelRefused as refusal:
            return {
                "boto3": [round(one.steps[0].median, 2) for one in (dear, cheap)],
                "refused": refusal.reason,
            }
    return {}


if __name__ == "__main__":
    main()
