"""The measure by which the chat page's colours are judged."""

import pytest

from tests.deploy.contrast import contrast


@pytest.mark.parametrize(
    ("grey", "ratio"), [(0, 21.0), (118, 4.54), (119, 4.48), (255, 1.0)], ids=str
)
def test_contrast_is_computed_as_wcag_does(grey: float, ratio: float) -> None:
    """On white, #767676 is known as the lightest grey that passes, #777777 as the first to fail."""
    white = [255.0] * 3

    assert contrast([grey] * 3, white) == pytest.approx(ratio, abs=0.005)
    assert contrast(white, [grey] * 3) == pytest.approx(ratio, abs=0.005)
