"""Artifacts that say until when they were trained, and closes on which neither is worse."""

import json
from pathlib import Path

import numpy as np

from model.artifact import CARD
from model.closes import Share
from tests.artifacts import make_tiny_artifact
from tests.random_shares import write_csv


def trained(folder: Path, until: str, number: int = 1) -> Path:
    """The tiny artifact as a training until that day would leave it."""
    artifact = make_tiny_artifact(folder)
    card = json.loads((artifact / CARD).read_text(encoding="utf-8"))
    card |= {"version": f"{until}.{number}", "trained": {"until": until}}
    (artifact / CARD).write_text(json.dumps(card), encoding="utf-8")
    return artifact


def write_trembling_closes(folder: Path) -> Path:
    """Closes around a level, so that all six steps move alike: a band of ±4 % holds 80 %."""
    folder.mkdir()
    days = np.busday_offset("2015-01-01", np.arange(400), roll="forward")
    for seed in range(3):
        closes = 20 * np.exp(np.random.default_rng(seed).normal(0, 0.0221, 400))
        unknown = np.full(400, np.nan)
        write_csv(Share(f"AAA{seed}3.SA", days, closes, unknown, unknown), folder)
    return folder
