"""`python -m deploy`: puts the bot on AWS, looks after it there, and takes it away again."""

import os

from deploy.commands import app

if __name__ == "__main__":
    # ONNX Runtime reads this when it is imported, and otherwise reports its use to Microsoft.
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # noqa: TID251, read by a library
    app(prog_name="python -m deploy")
