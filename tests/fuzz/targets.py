"""Everything that strangers can reach, to be fuzzed."""

from tests.fuzz import alarms, models, rest, sources, updates, words
from tests.fuzz.target import Target

ALL: tuple[Target, ...] = (
    *updates.TARGETS,
    *rest.TARGETS,
    *words.TARGETS,
    *alarms.TARGETS,
    *sources.TARGETS,
    *models.TARGETS,
)
