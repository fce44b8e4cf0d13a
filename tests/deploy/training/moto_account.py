"""An account of AWS on this machine: moto's server, and the variables by which boto3 finds it."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from moto.server import ThreadedMotoServer

REGION = "sa-east-1"


@contextmanager
def moto_account() -> Iterator[dict[str, str]]:
    """Run the server; gives the environment in which boto3 finds it, and nothing else."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    try:
        # What moto keeps belongs to the process and outlives its server.
        httpx.post(f"{address}/moto-api/reset", trust_env=False).raise_for_status()
        yield {
            "AWS_ENDPOINT_URL": address,
            "AWS_ACCESS_KEY_ID": "AKID",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": "127.0.0.1,localhost",
        }
    finally:
        server.stop()
