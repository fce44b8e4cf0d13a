"""The endpoint of a deployment on this machine, because moto's own answers `body` to everything.

boto3 ──▶ Runtime route (deploy.local) ──▶ our serving process, or TensorFlow Serving's manners
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deploy.local.runtime.route import runtime_app
from model.artifact import load
from model.serving import serving_app
from model.serving_instances import LEVELS
from tests.loopback import listening

SIGNATURE = {
    "median": 0.5, "low80": 0.1, "high80": 0.9, "low95": 0.025, "high95": 0.975,
    "q05": 0.05, "q10": 0.1, "q25": 0.25, "q75": 0.75, "q90": 0.9, "q95": 0.95,
}  # fmt: skip
"""Outputs of the SavedModel's signature `serving_default`."""


@contextmanager
def endpoint(name: str, artifact: Path, *, tensorflow: bool = False) -> Iterator[str]:
    """Address of the Runtime route of an endpoint of this name."""
    app = tensorflow_serving(artifact) if tensorflow else serving_app(artifact)
    with listening(app) as upstream, listening(runtime_app(upstream, name)) as address:
        yield address


def tensorflow_serving(artifact: Path) -> Starlette:
    """Answers as TensorFlow Serving does: all inputs of the signature wanted, outputs by row.

    The graph is the ONNX one; that the SavedModel gives the same is checked when it is exported.
    """
    model = load(artifact)

    async def invocations(request: Request) -> Response:
        body: Any = await request.json()
        inputs = {"closes", "highs", "lows"}
        if any(set(instance) != inputs for instance in body["instances"]):
            return JSONResponse({"error": "Missing named input in instance"}, 400)
        columns = (
            np.array([one[name] for one in body["instances"]], np.float32)
            for name in ("closes", "highs", "lows")
        )
        rows = model.quantiles(*columns)
        return JSONResponse(
            {
                "predictions": [
                    {
                        name: row[:, LEVELS.index(level)].tolist()
                        for name, level in SIGNATURE.items()
                    }
                    for row in rows
                ]
            }
        )

    return Starlette(routes=[Route("/invocations", invocations, methods=["POST"])])
