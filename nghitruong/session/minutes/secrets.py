"""Minutes that name a paper found to be a state secret: their file goes, the row stays."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from html import unescape

from django.db.models import Q, QuerySet

from nghitruong.council.papers.actions.secrets import titles_of
from nghitruong.council.papers.models import Paper, PaperVersion
from nghitruong.platform.files import store
from nghitruong.platform.storage import words
from nghitruong.session.meetings.models import Sitting
from nghitruong.session.minutes.models import MinutesVersion


def forget_paper(paper: Paper, versions: QuerySet[PaperVersion]) -> Iterable[str]:
    """The digests of minutes, of sittings that dealt with the paper, whose text has its title or
    an earlier one (a common short one only as the title it has now)."""
    ever = titles_of(paper)
    titles = [*(ever & {paper.title}), *words.specific(ever)]
    sittings = Sitting.objects.filter(
        Q(session=paper.session_id) | Q(items__papers=paper) | Q(polls__version__in=versions)
    )
    made = MinutesVersion.objects.filter(sitting__in=sittings.values("pk"))
    return [digest for digest in made.values_list("sha256", flat=True) if _names(digest, titles)]


def _names(digest: str, titles: Iterable[str]) -> bool:
    try:
        with zipfile.ZipFile(store.path_of(digest)) as archive:
            page = archive.read("word/document.xml").decode()
    except (OSError, KeyError, zipfile.BadZipFile):
        return False
    text = unescape(re.sub(r"<[^>]+>", "", re.sub(r"</w:p>", " ", page)))
    said = " ".join(text.split()).lower()
    return any(title.lower() in said for title in titles)
