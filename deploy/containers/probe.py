"""Whether a server of this container answers: exit code 0 when it does, 1 when not.

`python -m deploy.containers.probe 8080 /ping 200`: the port, the path, and every status that
counts as alive (503 does where a server lives and something behind it is away).  A container needs
neither curl nor a shell for its health check.
"""

import sys
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException

SECONDS = 2.0
"""Shorter than the health checks' own limit, so that the reason is told."""


def main(arguments: Sequence[str]) -> None:
    """Ask once.

    Raises:
        SystemExit: 1, with a sentence, when the answer is another one or none.
    """
    port, path, *alive = arguments
    answer = status(int(port), path)
    if answer not in alive:
        raise SystemExit(f"port {port} {path}: {answer}, {' or '.join(alive)} expected")


def status(port: int, path: str) -> str:
    """The status that this machine answers, or why there is none."""
    connection = HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request("GET", path)
        return str(connection.getresponse().status)
    except (HTTPException, OSError) as error:
        return f"no answer ({error!r})"
    finally:
        connection.close()


if __name__ == "__main__":
    main(sys.argv[1:])
