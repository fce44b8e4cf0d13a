"""The serving image's entry: what SageMaker starts as `docker run IMAGE serve`.

    /opt/ml/model (read-only) ──▶ model.serving ──▶ 0.0.0.0:8080

Where the artifact lies and which port is asked are SageMaker's rules, not choices, so nothing is
read from the environment (source: SageMaker Developer Guide, "Use your own inference code with
hosting services").
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from model.serving import serve

ARTIFACT = Path("/opt/ml/model")
ANYWHERE = "0.0.0.0"  # noqa: S104, a container's network is its own
PORT = 8080

WRONG_COMMAND = 2


def main(arguments: Sequence[str], artifact: Path = ARTIFACT, port: int = PORT) -> None:
    """Serve until SIGTERM; `train`, SageMaker's other word, is nothing that this image does.

    Args:
        arguments: exactly `serve`.
        artifact: folder into which SageMaker has unpacked the model.
        port: where SageMaker asks.

    Raises:
        SystemExit: 2 for another command; 1, with a sentence, without a whole artifact.
    """
    if list(arguments) != ["serve"]:
        sys.stderr.write(f"this image knows one command, serve, and was given {[*arguments]}\n")
        raise SystemExit(WRONG_COMMAND)
    serve(artifact, ANYWHERE, port)


if __name__ == "__main__":
    main(sys.argv[1:])
