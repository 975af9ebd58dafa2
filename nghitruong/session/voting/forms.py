"""What the chair's people type about a poll."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nghitruong.lib.text import nfc
from nghitruong.session.meetings.models import AgendaItem, ItemKind, RollEntry, Sitting
from nghitruong.session.voting.models import Choice, Poll, PollState
from nghitruong.session.voting.profile import majorities
from nghitruong.session.voting.rules import ITEM_NOT_HERE, SECRET


class PrepareForm(forms.Form):
    """Which item, which question, under which majority; the text is the item's newest draft."""

    item: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Nội dung chương trình"),
        queryset=None,
        help_text=_(
            "Chỉ gồm nội dung của phiên họp này. Nội dung khác: xếp vào phiên họp này ở "
            "«Chương trình» trước."
        ),
        # A page from before the item was put into another sitting.
        error_messages={"invalid_choice": ITEM_NOT_HERE},
    )
    question = forms.CharField(
        label=_("Câu hỏi biểu quyết"),
        max_length=500,
        required=False,
        help_text=_(
            "Để trống: lấy tên nội dung. Nội dung bầu cử thì phải ghi câu hỏi: việc bầu bỏ phiếu "
            "kín bằng phiếu giấy, ở đây chỉ biểu quyết danh sách để bầu, Ban kiểm phiếu, nghị "
            "quyết xác nhận kết quả (NQ 104/2025/UBTVQH15, Điều 16); văn bản chỉ gắn với câu hỏi "
            "về nghị quyết."
        ),
    )
    text = forms.ChoiceField(
        label=_("Văn bản biểu quyết"),
        choices=[
            ("draft", _("Bản mới nhất của dự thảo nghị quyết gắn với nội dung, nếu có")),
            ("none", _("Không có văn bản kèm theo")),
        ],
        required=False,
    )
    rule = forms.ChoiceField(label=_("Tỷ lệ cần đạt"), required=False)

    open_basis = forms.CharField(
        label=_("Căn cứ biểu quyết có ghi danh (chỉ khi luật quy định bỏ phiếu kín)"),
        max_length=300,
        required=False,
        help_text=_(
            "Bãi nhiệm và bầu các chức danh phải bỏ phiếu kín (NQ 104/2025/UBTVQH15, Điều 16). "
            "Những việc ấy chỉ biểu quyết có ghi danh khi Hội đồng có căn cứ; căn cứ được lưu "
            "cùng kết quả."
        ),
    )

    def __init__(self, sitting: Sitting, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items: Any = self.fields["item"]
        items.queryset = AgendaItem.objects.filter(sitting=sitting).order_by("order", "pk")
        ballot = _("bầu bằng phiếu giấy; ở đây phải ghi câu hỏi")
        items.label_from_instance = lambda item: (
            f"{item} ({ballot})" if item.kind == ItemKind.ELECTION else str(item)
        )
        rules: Any = self.fields["rule"]
        secret = _("luật: bỏ phiếu kín")
        rules.choices = [
            (key, f"{title}: {rule.label}" + (f" ({secret})" if key in SECRET else ""))
            for key, rule, title in majorities(sitting.session.profile)
        ]

    def clean_question(self) -> str:
        """NFC, one blank between words."""
        return nfc(" ".join(str(self.cleaned_data["question"]).split()))


class ReasonForm(forms.Form):
    """Why a poll is annulled, and in which state the screen showed it."""

    reason = forms.CharField(label=_("Lý do hủy"), max_length=300)
    seen = forms.ChoiceField(choices=PollState.choices, widget=forms.HiddenInput)


class AssistForm(forms.Form):
    """A vote given by hand, entered by the clerk."""

    entry: forms.ModelChoiceField[Any] = forms.ModelChoiceField(label=_("Đại biểu"), queryset=None)
    choice = forms.ChoiceField(label=_("Lựa chọn"), choices=Choice.choices)
    reason = forms.CharField(
        label=_("Lý do ghi hộ"),
        max_length=300,
        help_text=_("Ví dụ: máy của đại biểu hỏng, đại biểu giơ tay."),
    )

    def __init__(self, poll: Poll, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entries: Any = self.fields["entry"]
        roll = RollEntry.objects.filter(sitting_id=poll.sitting_id, entitled=True)
        if poll.present_only:
            roll = roll.filter(presence="present")
        entries.queryset = roll.order_by("sort_key")
        entries.label_from_instance = lambda entry: f"{entry.name} ({entry.group})".replace(
            " ()", ""
        )
