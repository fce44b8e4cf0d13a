"""Files of closes, good and bad."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from model.closes import read_share, read_shares
from model.errors import ClosesUnreadable
from tests.random_shares import random_share, write_csv


def written(folder: Path, text: str) -> Path:
    """A file with exactly this text."""
    path = folder / "ITUB4.SA.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_share_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Prices must arrive to the last digit, or forecasts could not be repeated."""
    share = random_share("ITUB4.SA", 80)

    (read,) = read_shares(write_csv(share, tmp_path).parent)

    assert read.ticker == "ITUB4.SA"
    for name in ("days", "closes", "highs", "lows"):
        np.testing.assert_array_equal(getattr(read, name), getattr(share, name))


def test_date_and_close_are_enough(tmp_path: Path) -> None:
    """People's own files often hold nothing else; ranges are then not given."""
    share = read_share(written(tmp_path, "date,close\n2026-01-05,10\n2026-01-06,11\n"))

    np.testing.assert_array_equal(share.closes, [10.0, 11.0])
    np.testing.assert_array_equal(share.highs, [np.nan, np.nan])
    np.testing.assert_array_equal(share.lows, [np.nan, np.nan])


def test_rows_without_a_positive_close_are_left_out(tmp_path: Path) -> None:
    """Sources deliver nulls and zeros; neither is a price."""
    rows = "date,close\n2026-01-05,10\n2026-01-06,null\n2026-01-07,0\n2026-01-08,\n2026-01-09,12\n"

    assert read_share(written(tmp_path, rows)).closes.tolist() == [10.0, 12.0]


def test_an_impossible_range_counts_as_not_given(tmp_path: Path) -> None:
    """A low above the high would become a negative range."""
    rows = "date,high,low,close\n2026-01-05,9,11,10\n2026-01-06,11,0,10\n2026-01-07,11,9,10\n"
    share = read_share(written(tmp_path, rows))

    np.testing.assert_array_equal(share.highs, [np.nan, np.nan, 11.0])
    np.testing.assert_array_equal(share.lows, [np.nan, np.nan, 9.0])


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "ITUB4.SA.csv: no column close or date"),
        ("date,price\n", "ITUB4.SA.csv: no column close"),
        ("date,close\n2026-01-06,1\n2026-01-05,1\n", "days are not ascending and unique"),
        ("date,close\n2026-01-06,1\n2026-01-06,1\n", "days are not ascending and unique"),
        ("date,close\n2026-01-06,dez\n", "line 2: could not convert string to float: 'dez'"),
        ("date,close\n06/01/2026,1\n", "line 2: Invalid isoformat string: '06/01/2026'"),
        ("date,close\n2026-01-06\n,1\n", "line 3: Invalid isoformat string: ''"),
    ],
)
def test_a_bad_file_is_named_with_its_line(tmp_path: Path, text: str, complaint: str) -> None:
    """Whoever has to mend the file needs to find the place."""
    with pytest.raises(ClosesUnreadable) as refusal:
        read_share(written(tmp_path, text))

    assert complaint in str(refusal.value)


def test_a_folder_without_files_is_an_error(tmp_path: Path) -> None:
    """A mistyped folder must not look like a market without shares."""
    with pytest.raises(ClosesUnreadable, match="no CSV file of closes in"):
        read_shares(tmp_path)


def test_both_days_of_a_cut_belong_to_it() -> None:
    """Off by one here is tomorrow's close in yesterday's forecast."""
    share = random_share("ITUB4.SA", 30, first="2026-01-05")

    cut = share.between(date(2026, 1, 6), date(2026, 1, 9))

    assert cut.days.astype(str).tolist() == ["2026-01-06", "2026-01-07", "2026-01-08", "2026-01-09"]
    np.testing.assert_array_equal(cut.closes, share.closes[1:5])
    np.testing.assert_array_equal(cut.highs, share.highs[1:5])
    np.testing.assert_array_equal(cut.lows, share.lows[1:5])


def test_a_cut_that_ends_before_it_begins_is_empty() -> None:
    """A share listed after the last day simply has nothing to say."""
    share = random_share("ITUB4.SA", 30, first="2026-01-05")

    assert share.between(date(2026, 2, 1), date(2026, 1, 1)).closes.tolist() == []
