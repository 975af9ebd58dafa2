"""A stage of its own process: the PDF made for reading.

``python -m …pipeline.binding PDF TARGET PAGES [N=TURNED:LAYER.pdf …]`` lays the words read by OCR,
invisible, under page N, whose picture had to be turned clockwise by so many degrees to be read, and
writes TARGET linearised, so that its first page shows before the rest has come. Long papers get a
tree of pages (ISO 32000-2, 7.7.3) in place of one long list: to know how many pages there are, a
reader walks to the last one, and in a list it passes every page on the way, all over the file
(200 scanned pages, 14 MB, linearised: pdf.js asks for all of it before page 1; as a tree 0.8 MB).
The file as it came is never touched. Exit status 1, and no TARGET: it cannot be read, or has not
the PAGES (a number) that were counted; every page of a copy must be the page of that number.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pikepdf

GROUP = 16  # pages under one branch


def bind(
    source: Path, target: Path, layers: dict[int, tuple[int, Path]], pages: int | None = None
) -> None:
    """Write ``target``; raises pikepdf.PdfError for a file it cannot read, ValueError when it has
    not so many pages."""
    with pikepdf.open(source) as document:
        if pages is not None and len(document.pages) != pages:
            raise ValueError(f"{len(document.pages)} pages, not {pages}")
        if not layers and document.is_linearized and not _is_list(document):
            return  # it is as good as a copy would be
        for number, (turned, path) in layers.items():
            page = document.pages[number - 1]
            with pikepdf.open(path) as words:
                if turned:  # back to how the picture lies
                    words.pages[0].rotate(360 - turned, relative=True)
                _lay_under(page, words.pages[0], pikepdf.Name(f"/NtWords{number}"))
        for key in ("/OpenAction", "/AA"):
            if key in document.Root:
                del document.Root[key]
        if "/Names" in document.Root and "/JavaScript" in document.Root.Names:
            del document.Root.Names["/JavaScript"]
        document.remove_unreferenced_resources()
        branch(document)
        # The same copy from the same file: what a tablet holds stays good when it is made anew.
        document.save(
            target,
            linearize=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
        )


def _lay_under(page: pikepdf.Page, words: pikepdf.Page, name: pikepdf.Name) -> None:
    """``Page.add_underlay`` with a name of our own; its own is drawn by lot, and so no copy would
    be like another."""
    box = pikepdf.Rectangle(*(float(side) for side in page.cropbox))
    form = words.as_form_xobject()
    page.add_resource(form, pikepdf.Name.XObject, name)
    placed = page.calc_form_xobject_placement(
        form, name, box, invert_transformations=True, allow_shrink=True, allow_expand=True
    )
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(b"Q\n", prepend=False)
    page.contents_add(placed, prepend=True)
    page.contents_coalesce()


def _is_list(document: pikepdf.Pdf) -> bool:
    leaves = list(document.Root.Pages.Kids)
    return len(leaves) > GROUP and all(leaf.get("/Type") == "/Page" for leaf in leaves)


def branch(document: pikepdf.Pdf) -> None:
    """Turn a flat list of pages into groups of :data:`GROUP`; any other shape stays as it is."""
    if not _is_list(document):
        return
    root = document.Root.Pages
    leaves = list(root.Kids)
    groups = []
    for start in range(0, len(leaves), GROUP):
        some = leaves[start : start + GROUP]
        group = document.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Pages, Parent=root, Count=len(some), Kids=pikepdf.Array(some)
            )
        )
        for leaf in some:
            leaf.Parent = group
        groups.append(group)
    root.Kids = pikepdf.Array(groups)


def main(arguments: Sequence[str]) -> int:
    """The stage."""
    layers = {}
    for argument in arguments[3:]:
        number, _, about = argument.partition("=")
        turned, _, path = about.partition(":")
        layers[int(number)] = (int(turned), Path(path))
    try:
        bind(Path(arguments[0]), Path(arguments[1]), layers, int(arguments[2]))
    except (pikepdf.PdfError, OSError, ValueError, IndexError, TypeError) as error:
        print(type(error).__name__, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
