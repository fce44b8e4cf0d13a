"""What every store of pictures' numbers keeps: the fake of the tests, SQLite and PostgreSQL."""

from datetime import UTC, datetime

from tests.records import Records

pytest_plugins = ["tests.databases"]

NOW = datetime(2026, 7, 29, 12, tzinfo=UTC)


async def test_a_picture_is_found_by_its_name(records: Records) -> None:
    """It is not uploaded again."""
    await records.file_ids.keep("ab12", "AgACAgEAAx", NOW)

    assert await records.file_ids.find("ab12") == "AgACAgEAAx"
    assert await records.file_ids.find("cd34") is None


async def test_the_newest_number_counts(records: Records) -> None:
    """Telegram gives the same picture several."""
    await records.file_ids.keep("ab12", "old", NOW)
    await records.file_ids.keep("ab12", "new", NOW)

    assert await records.file_ids.find("ab12") == "new"


async def test_a_number_that_telegram_forgot_is_forgotten(records: Records) -> None:
    """Once more than once makes no difference."""
    await records.file_ids.keep("ab12", "gone", NOW)
    await records.file_ids.forget("ab12")
    await records.file_ids.forget("ab12")

    assert await records.file_ids.find("ab12") is None
