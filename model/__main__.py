"""`python -m model`: train a network, measure it, publish it, serve it.

The serving process is what a container starts with: it is looked for first, since importing all
commands would double the time until it answers.
"""

import os
import sys


def main() -> None:
    """Run the command that is named in the arguments."""
    # ONNX Runtime reads this when it is imported, and otherwise reports its use to Microsoft.
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # noqa: TID251, read by a library
    if sys.argv[1:2] == ["serve"]:
        from model.serving import main as serve  # noqa: PLC0415, see above

        serve(sys.argv[2:])
    else:
        from model.commands import app  # noqa: PLC0415, see above

        app(prog_name="python -m model")


if __name__ == "__main__":
    main()
