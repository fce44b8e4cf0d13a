"""Nothing that opens anything lies in the tree."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NOT_OURS = frozenset({".git", ".venv", "build", "data", "dist", "htmlcov", "node_modules"})
LARGEST = 2 * 1024 * 1024
"""Bytes; the hooks let no larger file in."""

FORMS = {
    "token of a bot": re.compile(r"\b\d{5,12}:[A-Za-z0-9_-]{30,}\b"),
    "access key of AWS": re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    "secret key of AWS": re.compile(
        r"(?i)aws_?\w*key['\"]?\s*[=:]\s*['\"]?(?P<word>[A-Za-z0-9/+]{40})\b"
    ),
    "private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/]{16}"),
    "password in an address": re.compile(r"\w://[^\s/:@'\"{}]+:(?P<word>[^\s/:@'\"{}]{4,})@"),
    "token of a forge": re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|glpat-[A-Za-z0-9_-]{20})\b"),
    "token of a registry": re.compile(r"\b(?:pypi-[A-Za-z0-9_-]{50,}|npm_[A-Za-z0-9]{36})\b"),
    "key of a chat service": re.compile(
        r"\b(?:xox[abprs]-[A-Za-z0-9-]{20,}|sk-[A-Za-z0-9]{40,})\b"
    ),
}
INVENTED = re.compile(  # looked for in the secret itself
    r"(?i)needs-no-secret|of-this-test|of_this_test|opens-?nothing|example|password|senha|secret"
    r"|abcdefghij|(?P<same>[A-Za-z0-9])(?P=same){15}|local|s3nha|s3cret|correct-horse|hunter|never|word|pass"
)
"""What examples say of themselves."""


def files() -> Iterator[Path]:
    """Every file of the tree that may hold text."""
    for path in ROOT.rglob("*"):
        inside = path.relative_to(ROOT).parts
        hidden = any(part.startswith(".") and part.endswith("_cache") for part in inside)
        made = hidden or "__pycache__" in inside or ".hypothesis" in inside
        if not made and not NOT_OURS.intersection(inside[:1]) and path.is_file():
            yield path


def found_in(text: str) -> list[str]:
    """What kinds of secrets a text holds, examples left out."""
    return [
        kind
        for kind, form in FORMS.items()
        if any(not INVENTED.search(_word(match)) for match in form.finditer(text))
    ]


def _word(match: re.Match[str]) -> str:
    return match.groupdict().get("word") or match[0]


def test_no_file_holds_a_secret() -> None:
    """What was committed once is known for ever, whoever deletes it."""
    found = {
        str(path.relative_to(ROOT)): kinds
        for path in files()
        if path.stat().st_size <= LARGEST
        and (kinds := found_in(path.read_text(encoding="utf-8", errors="replace")))
    }

    assert found == {}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("token of a bot", "TOKEN = '" + "723456" + ":AAF" + "kQ9xZ-b_7" * 4 + "'"),
        ("access key of AWS", "AKIA" + "Q3EGTZ7XUM2PLWNB"),
        ("secret key of AWS", "aws_secret_access_key = " + "k9Zq/b+3" * 5),
        ("private key", "-----BEGIN " + "PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B"),
        ("password in an address", "postgresql://bot:" + "k9Zqb3@db/fechamento"),
        ("token of a forge", "ghp_" + "k9Zqb3" * 6),
        ("token of a registry", "pypi-" + "AgEIcHlwaS5vcmc" * 4),
        ("key of a chat service", "xoxb-" + "1234567890-k9Zqb3k9Zqb3"),
    ],
)
def test_a_secret_would_be_found(kind: str, text: str) -> None:
    """A search that finds nothing anywhere proves nothing."""
    assert found_in(text) == [kind]


def test_settings_with_secrets_are_not_taken_along() -> None:
    """`.env` is where they live on a laptop."""
    assert ".env" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()
