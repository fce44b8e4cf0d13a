"""The same hunt, led by what each case reached: `python -m tests.bench.fuzz_guided NAME -runs=N`.

Needs atheris, which is not among the project's packages: `uv pip install atheris`.  What follows
the target's name is for libFuzzer; a crash ends it and is written to a file beside.
"""

import sys
from importlib import import_module
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis.core import HypothesisHandle


def main(name: str, *options: str) -> None:
    """Hunt until told to stop, or until something breaks."""
    atheris = import_module("atheris")
    with atheris.instrument_imports(include=["bot", "model"]):
        targets = import_module("tests.fuzz.targets")
    target = next(each for each in targets.ALL if each.name == name)
    with target.opened() as attempt:

        @settings(database=None, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=target.cases)
        def tried(case: Any) -> None:
            attempt(case)

        handle: HypothesisHandle = vars(tried)["hypothesis"]
        atheris.Setup([sys.argv[0], *options], handle.fuzz_one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:])
