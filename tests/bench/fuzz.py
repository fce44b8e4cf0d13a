"""How many hostile cases the bot survives: `python -m tests.bench.fuzz [--cases N] [--only NAME]`.

Hypothesis makes cases, in rounds with a seed each so that a run can be had again, and each of them
is tried with some small changes as well.  A crash is told once per place with the case that found
it, and the hunt goes on.
"""

import argparse
import logging
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from traceback import extract_tb
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.bench.rows import Row
from tests.fuzz import targets
from tests.fuzz.target import Attempt, Target
from tests.fuzz.variants import varied

CASES = 20_000
"""Of all targets together, for `make bench`; a whole hunt takes a million."""
MILLION = 1_000_000
ROUND = 10_000
"""Cases that Hypothesis remembers, so as not to try one twice."""
LONGEST = 300
"""Letters of a case in the report."""


@dataclass(slots=True)
class Hunt:
    """What a target was tried with.

    Attributes:
        tried: cases.
        crashes: the first case that found each place, by the place.
    """

    tried: int = 0
    crashes: dict[str, str] = field(default_factory=dict)

    def attempt(self, attempt: Attempt, case: Any) -> None:
        """Try one case."""
        self.tried += 1
        try:
            attempt(case)
        except Exception as error:  # noqa: BLE001 -- a crash of any kind is what is counted
            frame = extract_tb(error.__traceback__)[-1]
            place = f"{type(error).__name__} at {frame.filename}:{frame.lineno}"
            self.crashes.setdefault(place, f"{error} <- {case!r}"[:LONGEST])


def hunt(target: Target, cases: int, first_seed: int = 0) -> Hunt:
    """Try about `cases` cases; fewer when there are no more."""
    found, number = Hunt(), first_seed
    with target.opened() as attempt:
        while found.tried < cases:
            before = found.tried
            made = (cases - found.tried) // (1 + target.variants) + 1
            _round(target, found, attempt, min(ROUND, made), number)
            number += 1
            if found.tried == before:
                break
    return found


def _round(target: Target, found: Hunt, attempt: Attempt, cases: int, number: int) -> None:
    dice = Random(number)

    @seed(number)
    @settings(
        max_examples=cases,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=target.cases)
    def tried(case: Any) -> None:
        found.attempt(attempt, case)
        for _ in range(target.variants):
            found.attempt(attempt, varied(case, dice))

    tried()


def rows(cases: int = CASES, only: Sequence[str] = (), first_seed: int = 0) -> Iterator[Row]:
    """Cases, crashes and time, target by target; crashes are written to standard error."""
    for target in targets.ALL:
        if only and target.name not in only:
            continue
        began = time.perf_counter()
        found = hunt(target, max(1, target.share * cases // MILLION), first_seed)
        taken = time.perf_counter() - began
        for place, case in found.crashes.items():
            sys.stderr.write(f"{target.name}: {place}: {case}\n")
        yield Row(f"fuzz: {target.name}: {found.tried:,} cases, crashes", len(found.crashes), "", 0)
        yield Row(f"fuzz: {target.name}: cases a second", found.tried / taken, "/s")


def main(arguments: Sequence[str]) -> None:
    """Hunt, telling each figure as it is known."""
    parser = argparse.ArgumentParser("python -m tests.bench.fuzz")
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", action="append", default=[], help="a target; may come again")
    options = parser.parse_args(arguments)
    logging.disable()  # the bot says a line for each case that it refuses
    for row in rows(options.cases, options.only, options.seed):
        sys.stdout.write(f"{row}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
