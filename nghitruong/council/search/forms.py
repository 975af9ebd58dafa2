"""What a search may be narrowed by, read from the address of the page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nghitruong.council.councils.roles import Actor
from nghitruong.council.papers.models import PaperKind
from nghitruong.council.search import sources
from nghitruong.council.search.passages import Filters

LAW_KINDS = (
    "Hiến pháp",
    "Luật",
    "Bộ luật",
    "Pháp lệnh",
    "Nghị quyết",
    "Nghị định",
    "Quyết định",
    "Thông tư",
    "Thông tư liên tịch",
)


class Narrow(forms.Form):
    """Every field is optional; an address somebody made up narrows nothing."""

    nguon = forms.ChoiceField(label=_("Tìm trong"), required=False)
    khoa = forms.ChoiceField(label=_("Khóa"), required=False)
    ky_hop = forms.ChoiceField(label=_("Kỳ họp"), required=False)
    loai = forms.ChoiceField(label=_("Loại"), required=False)
    co_quan = forms.CharField(label=_("Cơ quan ban hành"), required=False, max_length=100)
    nam = forms.IntegerField(label=_("Năm"), required=False, min_value=1945, max_value=2100)
    so = forms.CharField(label=_("Số, ký hiệu"), required=False, max_length=60)

    def __init__(self, data: Any, *, actor: Actor) -> None:
        super().__init__(data)
        self.actor = actor
        self.known = sources.sessions(actor)
        everything = [("", _("Mọi nguồn"))]
        self._choose("nguon", everything + [(s.code, s.label) for s in sources.SOURCES.values()])
        terms = sorted({session.term for session in self.known}, reverse=True)
        self._choose("khoa", [("", _("Mọi khóa")), *((str(n), f"Khóa {n}") for n in terms)])
        of_sessions = [(session.id, session.label) for session in self.known]
        self._choose("ky_hop", [("", _("Mọi kỳ họp")), *of_sessions])
        self._choose(
            "loai",
            [
                ("", _("Mọi loại")),
                (_("Tài liệu kỳ họp"), list(PaperKind.choices)),
                (_("Văn bản quy phạm"), [(kind, kind) for kind in LAW_KINDS]),
            ],
        )

    def _choose(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def filters(self) -> Filters:
        """What was chosen; a field that is wrong counts as empty."""
        self.is_valid()
        chosen = self.cleaned_data
        session, term = chosen.get("ky_hop"), chosen.get("khoa")
        sessions = None
        if session:
            sessions = frozenset([session])
        elif term:
            sessions = frozenset(s.id for s in self.known if str(s.term) == term)
        source, kind = chosen.get("nguon"), chosen.get("loai")
        return Filters(
            council=self.actor.council.pk.hex,
            sources=frozenset([source] if source else []),
            kinds=frozenset([kind] if kind else []),
            issuer=chosen.get("co_quan") or "",
            year=str(chosen.get("nam") or ""),
            sessions=sessions,
            number=chosen.get("so") or "",
        )

    @property
    def narrowed(self) -> bool:
        """Whether anything was chosen."""
        return any(self.data.get(name) for name in self.fields)
