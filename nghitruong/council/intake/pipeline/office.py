"""Office files to PDF, through LibreOffice without a screen.

Each run has a profile folder of its own, so that two never wait for each other and a broken profile
breaks one run. Macros are off, links to elsewhere are not followed.
"""

from __future__ import annotations

import re
import shutil
import xml.etree.ElementTree as ET  # only LibreOffice's own output is parsed
from pathlib import Path

from nghitruong.council.intake.pipeline import legacy
from nghitruong.platform.jobs import apart

SECONDS = 180.0
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
</item>
<item oor:path="/org.openoffice.Inet/Settings">
<prop oor:name="ooInetProxyType" oor:op="fuse"><value>2</value></prop>
<prop oor:name="ooInetHTTPProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPProxyPort" oor:op="fuse"><value>9</value></prop>
<prop oor:name="ooInetHTTPSProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>
<prop oor:name="ooInetHTTPSProxyPort" oor:op="fuse"><value>9</value></prop>
</item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">
<prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
_FILTERS = {"pdf": "pdf", "fodt": "fodt"}


def program() -> str | None:
    """LibreOffice's command; None when it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def convert(path: Path, out: Path, to: str = "pdf") -> Path | None:
    """``path`` as PDF (or ``fodt``) in ``out``; None when it cannot be converted in time."""
    command = program()
    if command is None:
        return None
    profile = out / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    settings = profile / "user" / "registrymodifications.xcu"
    if not settings.exists():
        settings.write_text(_SETTINGS)
    target = out / f"{path.stem}.{to}"
    target.unlink(missing_ok=True)
    done = apart.run(
        [
            command,
            f"-env:UserInstallation={profile.as_uri()}",
            "--headless",
            "--norestore",
            "--nolockcheck",
            "--nodefault",
            "--convert-to",
            _FILTERS[to],
            "--outdir",
            str(out),
            str(path),
        ],
        seconds=SECONDS,
        memory_mb=6144,
        file_mb=1024,
        folder=out,
        environment={
            "HOME": str(out),
            "SAL_USE_VCLPLUGIN": "svp",
            "LC_ALL": "C.UTF-8",
        },
    )
    if done.timed_out or not target.exists() or target.stat().st_size == 0:
        return None
    return target


_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_SKIPPED = {f"{_TEXT}note-citation"}


def to_unicode(flat: Path, guessed: legacy.Encoding) -> bool:
    """Turn the old-font text of a flat OpenDocument file into Unicode, and its fonts into ones that
    have the letters; returns whether anything was changed. ``guessed`` is for fonts without a
    telling name."""
    namespaces = dict(
        pair
        for _, pair in ET.iterparse(flat, events=["start-ns"])  # noqa: S314
    )
    for prefix, address in namespaces.items():
        if not re.fullmatch(r"ns\d+", prefix):
            ET.register_namespace(prefix, address)
    tree = ET.parse(flat)  # noqa: S314  # written by LibreOffice itself
    root = tree.getroot()
    fonts: dict[str, str] = {}
    parents: dict[str, str] = {}
    default = ""
    for style in root.iter():
        if style.tag not in {f"{_STYLE}style", f"{_STYLE}default-style"}:
            continue
        properties = style.find(f"{_STYLE}text-properties")
        font = properties.get(f"{_STYLE}font-name", "") if properties is not None else ""
        if style.tag == f"{_STYLE}default-style":
            if style.get(f"{_STYLE}family") == "paragraph":
                default = font
            continue
        name = style.get(f"{_STYLE}name", "")
        if font:
            fonts[name] = font
        parents[name] = style.get(f"{_STYLE}parent-style-name", "")

    def font_of(name: str) -> str:
        seen: set[str] = set()
        while name and name not in seen:
            if name in fonts:
                return fonts[name]
            seen.add(name)
            name = parents.get(name, "")
        return ""

    changed = False

    def turn(text: str | None, font: str) -> str | None:
        nonlocal changed
        if not text or not text.strip():
            return text
        encoding = legacy.of_font(font) or guessed
        if not encoding:
            return text
        turned = legacy.convert(text, encoding, capitals=legacy.is_capital_font(font))
        changed = changed or turned != text
        return turned

    def walk(node: ET.Element, font: str) -> None:
        own = font_of(node.get(f"{_TEXT}style-name", "")) or font
        if node.tag not in _SKIPPED:
            node.text = turn(node.text, own)
        for child in node:
            walk(child, own)
            child.tail = turn(child.tail, own)

    for body in root.iter():
        if body.tag in {f"{_TEXT}p", f"{_TEXT}h"} and not body.get("seen"):
            walk(body, default)
            for inner in body.iter():
                inner.set("seen", "1")
    for node in root.iter():
        node.attrib.pop("seen", None)
    for properties in root.iter(f"{_STYLE}text-properties"):
        # Letters spread apart («S Ắ C  L Ệ N H») are read back as words of one letter.
        properties.attrib.pop(f"{_FO}letter-spacing", None)
    for face in root.iter(f"{_STYLE}font-face"):
        name = face.get(f"{_STYLE}name", "")
        if legacy.of_font(name) or legacy.of_font(face.get(f"{_SVG}font-family", "")):
            sans = "arial" in name.lower() or "helve" in name.lower()
            face.set(f"{_SVG}font-family", "'Liberation Sans'" if sans else "'Liberation Serif'")
    tree.write(flat, encoding="UTF-8", xml_declaration=True)
    return changed
