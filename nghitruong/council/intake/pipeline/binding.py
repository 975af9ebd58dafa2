"""A stage of its own process: the PDF made for reading.

``python -m …pipeline.binding PDF TARGET [N=TURNED:LAYER.pdf …]`` lays the words read by OCR,
invisible, under page N, whose picture had to be turned clockwise by so many degrees to be read, and
writes TARGET linearised, so that its first page shows before the rest has come.
The file as it came is never touched.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pikepdf


def bind(source: Path, target: Path, layers: dict[int, tuple[int, Path]]) -> None:
    """Write ``target``; raises pikepdf.PdfError for a file it cannot read."""
    with pikepdf.open(source) as document:
        for number, (turned, path) in layers.items():
            page = document.pages[number - 1]
            with pikepdf.open(path) as words:
                if turned:  # back to how the picture lies
                    words.pages[0].rotate(360 - turned, relative=True)
                box = pikepdf.Rectangle(*(float(side) for side in page.cropbox))
                page.add_underlay(words.pages[0], box)
        for key in ("/OpenAction", "/AA"):
            if key in document.Root:
                del document.Root[key]
        if "/Names" in document.Root and "/JavaScript" in document.Root.Names:
            del document.Root.Names["/JavaScript"]
        document.remove_unreferenced_resources()
        document.save(target, linearize=True)


def main(arguments: Sequence[str]) -> int:
    """The stage."""
    layers = {}
    for argument in arguments[2:]:
        number, _, about = argument.partition("=")
        turned, _, path = about.partition(":")
        layers[int(number)] = (int(turned), Path(path))
    try:
        bind(Path(arguments[0]), Path(arguments[1]), layers)
    except (pikepdf.PdfError, OSError, ValueError, IndexError, TypeError) as error:
        print(type(error).__name__, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
