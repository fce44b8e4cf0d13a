"""`docs/seguranca.md` and the tests that it names."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from bot.edges.database.tables import METADATA

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "seguranca.md").read_text(encoding="utf-8")
ROWS = [
    line
    for line in PAGE.partition("## Auditoria")[0].splitlines()
    if line.startswith("| ") and not line.startswith("| Quem | O que tenta")
]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
WHO = (
    *("Estranho na conversa", "Membro de grupo", "Quem forja o SNS", "CSV hostil"),
    *("Quem descobre o caminho do webhook", "Artefato hostil", "Yahoo envenenado"),
    *("Enxurrada no REST", "Quem lê os logs", "Quem acha uma cópia"),
)


@cache
def named_in(file: str) -> frozenset[str]:
    """The names of the tests in a file, which is not imported."""
    path = ROOT / file
    tree = ast.parse(path.read_text(encoding="utf-8")) if path.is_file() else ast.Module([], [])
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, functions))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[2].strip()[:40])
def test_every_threat_names_tests_that_exist(row: str) -> None:
    """A promise about safety that nothing holds is worse than none."""
    named = NAMED.findall(row)

    assert named
    assert [name for file, name in named if name not in named_in(file)] == []


def test_everybody_who_could_harm_is_considered() -> None:
    """A row that is lost in an edit is a threat that nobody thinks of any more."""
    considered = {row.split("|")[1].strip() for row in ROWS}

    assert set(WHO) - considered == set()


def test_no_column_is_made_for_names_or_secrets() -> None:
    """A stolen backup must not tell who somebody is, or open anything."""
    columns = {column.name for table in METADATA.tables.values() for column in table.columns}
    telling = re.compile("first_name|last_name|username|phone|token|secret|password|e_?mail")

    assert [name for name in sorted(columns) if telling.search(name)] == []
