"""How grave an alarm is."""

import pytest

from bot.domain.alarms import Severity, severity


@pytest.mark.parametrize(
    ("name", "grade"),
    [
        ("critico-endpoint-parado", Severity.CRITICAL),
        ("CRÍTICO: endpoint", Severity.CRITICAL),
        ("critical_endpoint", Severity.CRITICAL),
        ("[P1] endpoint", Severity.CRITICAL),
        ("crit/endpoint", Severity.CRITICAL),
        ("aviso-fila", Severity.WARNING),
        ("Warning fila", Severity.WARNING),
        ("info-deploy", Severity.INFO),
        ("Informativo: deploy", Severity.INFO),
        ("fila", Severity.WARNING),
        ("criticos-demais", Severity.WARNING),
        ("endpoint-critico", Severity.WARNING),
        ("information", Severity.WARNING),
        ("", Severity.WARNING),
        ("🔥", Severity.WARNING),
    ],
)
def test_the_first_word_of_the_name_decides(name: str, grade: Severity) -> None:
    """Names are what everybody has; an alarm that declares nothing rings."""
    assert severity(name) is grade


@pytest.mark.parametrize("key", ["severity", "Severity", "SEVERIDADE"])
def test_a_tag_outranks_the_name(key: str) -> None:
    """It was made for this."""
    assert severity("critico-x", ((key, "info"),)) is Severity.INFO


def test_a_tag_that_says_nothing_leaves_it_to_the_name() -> None:
    """A typing error must not silence an alarm."""
    tags = (("severity", "gravíssimo"), ("equipe", "info"))

    assert severity("critico-x", tags) is Severity.CRITICAL


def test_the_description_is_asked_last() -> None:
    """Names of alarms made by others cannot be chosen."""
    assert severity("fila", (), "[Crítico] a fila parou") is Severity.CRITICAL
    assert severity("info-fila", (), "[Crítico] a fila parou") is Severity.INFO
