"""A stage of its own process: photographs and scanned pictures become pages.

``python -m …pipeline.pictures PICTURE OUT.pdf`` writes a PDF with one page a frame, turned as the
camera meant it, at most A4 in size, and prints {"pages": n} or {"problem": code}.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageOps, ImageSequence

MOST_PIXELS = 120_000_000
MOST_FRAMES = 500
A4 = (595.0, 842.0)  # points
LONGEST = 3508  # pixels: A4 at 300 dpi


def to_pdf(path: Path, target: Path) -> int:
    """Write the PDF; returns its pages. Raises OSError or ValueError for a bad picture."""
    import pikepdf

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with Image.open(path) as picture, pikepdf.new() as document:
        for number, frame in enumerate(ImageSequence.Iterator(picture)):
            if number >= MOST_FRAMES:
                break
            if frame.width * frame.height > MOST_PIXELS:
                raise ValueError("too many pixels")
            upright = ImageOps.exif_transpose(frame)
            if upright.mode in {"RGBA", "LA", "P", "PA"}:
                flat = Image.new("RGB", upright.size, "white")
                rgba = upright.convert("RGBA")
                flat.paste(rgba, mask=rgba.getchannel("A"))
                upright = flat
            gray = upright.mode in {"1", "L", "I", "I;16", "F"}
            upright = upright.convert("L" if gray else "RGB")
            upright.thumbnail((LONGEST, LONGEST))
            data = io.BytesIO()
            upright.save(data, "JPEG", quality=82, optimize=True)
            wide = upright.width > upright.height
            paper = (A4[1], A4[0]) if wide else A4
            scale = min(paper[0] / upright.width, paper[1] / upright.height)
            width, height = upright.width * scale, upright.height * scale
            image = pikepdf.Stream(
                document,
                data.getvalue(),
                Type=pikepdf.Name.XObject,
                Subtype=pikepdf.Name.Image,
                Width=upright.width,
                Height=upright.height,
                ColorSpace=pikepdf.Name.DeviceGray if gray else pikepdf.Name.DeviceRGB,
                BitsPerComponent=8,
                Filter=pikepdf.Name.DCTDecode,
            )
            document.add_blank_page(page_size=(width, height))
            page = document.pages[-1]
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
            page.Contents = pikepdf.Stream(
                document, f"q {width:.3f} 0 0 {height:.3f} 0 0 cm /Im0 Do Q".encode()
            )
        count = len(document.pages)
        if count:
            document.save(target, linearize=True)
    return count


def main(arguments: Sequence[str]) -> int:
    """The stage."""
    try:
        print(json.dumps({"pages": to_pdf(Path(arguments[0]), Path(arguments[1]))}))
    except Image.DecompressionBombError:
        print(json.dumps({"problem": "bomb"}))
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, OverflowError):
        print(json.dumps({"problem": "broken"}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
