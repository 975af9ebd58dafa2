"""The icons of the installed application, drawn like the icon of the browser's tab.

python docs/make/app_icons.py
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).resolve().parents[2] / "nghitruong" / "ui" / "app-icons"
NAVY, GOLD = "#17386b", "#efc15c"
FINE = 8  # drawn larger, then made small: smooth edges


def draw(size: int) -> Image.Image:
    """Everything within the middle 80 %: systems cut icons into circles and drops."""
    whole = size * FINE
    unit = whole / 40  # the drawing is 32 units wide, with a margin of four
    picture = Image.new("RGB", (whole, whole), NAVY)
    pen = ImageDraw.Draw(picture)
    centre = 20 * unit

    def arc(radius: float) -> None:
        width = 3 * unit
        outer = radius * unit + width / 2
        base = 28 * unit
        box = (centre - outer, base - outer, centre + outer, base + outer)
        pen.arc(box, 180, 360, fill=GOLD, width=round(width))
        for side in (-1, 1):
            x = centre + side * radius * unit
            pen.ellipse((x - width / 2, base - width / 2, x + width / 2, base + width / 2), GOLD)

    arc(10)
    arc(5)
    pen.ellipse((centre - 2.8 * unit, 9 * unit, centre + 2.8 * unit, 14.6 * unit), GOLD)
    return picture.resize((size, size), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for size in (180, 192, 512):
        draw(size).save(FOLDER / f"app-{size}.png", optimize=True)
