"""How well text can be told from what is behind it, as WCAG 2.2 measures it (1.4.3)."""

ENOUGH = 4.5
"""For text of usual size."""

COLOURS = r"""() => {
  const channels = text => text.match(/[\d.]+/g).map(Number);
  const over = ([r, g, b, a = 1], behind) => [r, g, b].map((c, i) => c * a + behind[i] * (1 - a));
  const ground = each => !each ? [255, 255, 255]
    : over(channels(getComputedStyle(each).backgroundColor), ground(each.parentElement));
  const written = each => [...each.childNodes].some(n => n.nodeType === 3 && n.data.trim());
  const colour = each => channels(getComputedStyle(each).color).slice(0, 3);
  return [...document.body.querySelectorAll("*")]
    .filter(each => written(each) && each.checkVisibility({ opacityProperty: true }))
    .map(each => [each.textContent.trim(), colour(each), ground(each)]);
}"""
"""Every visible text with its colour and the colour behind it."""


def contrast(colour: list[float], ground: list[float]) -> float:
    """Contrast ratio of two sRGB colours, channels 0 … 255 (WCAG 2.2, relative luminance)."""

    def luminance(channels: list[float]) -> float:
        linear = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
            for c in (channel / 255 for channel in channels)
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(colour), luminance(ground)))
    return (light + 0.05) / (dark + 0.05)
