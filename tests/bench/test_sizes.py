"""What an extra needs."""

from tests.bench.sizes import megabytes, needed


def test_an_extra_is_everything_that_its_packages_need() -> None:
    """Of httpx comes httpcore, which nobody names; without it the sum would be too small."""
    found = needed("fechamento", "bot")

    assert {"httpx", "httpcore", "h11", "certifi"} <= found.keys()
    assert "fechamento" not in found


def test_extras_of_packages_are_followed() -> None:
    """`python-telegram-bot[job-queue]` needs APScheduler, the bare library does not."""
    assert "apscheduler" in needed("python-telegram-bot", "job-queue")
    assert "apscheduler" not in needed("python-telegram-bot", "")


def test_a_package_weighs_what_its_files_do() -> None:
    """NumPy is tens of megabytes, not the few kilobytes of its metadata."""
    assert megabytes(needed("fechamento", "bot")["numpy"]) > 20
