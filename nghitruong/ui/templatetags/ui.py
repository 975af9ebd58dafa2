"""Tags and filters of every page: icons, built files, islands, numbers and dates as officials
write them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import forms, template
from django.core.exceptions import ImproperlyConfigured
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import BoundField
from django.template.context import Context
from django.utils import timezone
from django.utils.formats import localize
from django.utils.html import conditional_escape, format_html, format_html_join, json_script
from django.utils.safestring import SafeString, mark_safe

from nghitruong.ui import assets, words

register = template.Library()
ICONS = Path(__file__).parent.parent / "icons"
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


@lru_cache(maxsize=256)
def _svg(name: str) -> str:
    path = ICONS / f"{name}.svg"
    if "/" in name or not path.is_file():
        raise ImproperlyConfigured(f"không có biểu tượng {name!r}: thêm vào ui/icons.mjs")
    return path.read_text().strip().removeprefix("<svg")


@register.simple_tag
def icon(name: str, css: str = "", label: str = "") -> SafeString:
    """An inline picture; hidden from screen readers unless it has a ``label``."""
    if not label:
        return _picture(name, css)
    body = mark_safe(_svg(name))  # noqa: S308  # our own files
    return format_html('<svg class="icon {}" role="img" aria-label="{}"{}', css, label, body)


@lru_cache(maxsize=1024)
def _picture(name: str, css: str) -> SafeString:
    """A list shows the same few pictures hundreds of times."""
    body = mark_safe(_svg(name))  # noqa: S308  # our own files
    return format_html('<svg class="icon {}" aria-hidden="true" focusable="false"{}', css, body)


@register.simple_tag
def asset(name: str) -> str:
    """The URL of a built file: ``{% asset "style.css" %}``."""
    return assets.asset_url(name)


@register.simple_tag
def script(name: str) -> SafeString:
    """``{% script "hall" %}``: the module ``islands/hall.ts`` and preloads of what it imports."""
    preloads = format_html_join(
        "\n",
        '<link rel="modulepreload" href="{}">',
        ((url,) for url in assets.preload_urls(f"{name}.js")),
    )
    return format_html(
        '{}\n<script type="module" src="{}"></script>', preloads, assets.asset_url(f"{name}.js")
    )


@register.simple_tag
def island_words() -> SafeString | str:
    """The islands' texts in the page's language, where that is not the source's."""
    found = words.translations()
    return json_script(found, "nt-words") if found else ""


@register.simple_tag
def styles(name: str) -> SafeString:
    """``{% styles "nt-reader" %}``, in the head: style sheets of ``islands/nt-reader.ts`` alone."""
    return format_html_join(
        "\n",
        '<link rel="stylesheet" href="{}">',
        ((url,) for url in assets.style_urls(f"{name}.js")),
    )


@register.simple_tag
def font_preloads() -> SafeString:
    """Preloads of the two fonts that paint the first letters."""
    return format_html_join(
        "\n",
        '<link rel="preload" as="font" type="font/woff2" href="{}" crossorigin>',
        ((url,) for url in assets.font_urls()),
    )


@register.simple_tag(takes_context=True)
def island(context: Context, tag: str, state: Any = None, **attributes: Any) -> SafeString:
    """An island with its first state beside it: ``{% island "nt-hall" state slug=council.slug %}``.

    ``state`` is anything JSON can hold. Attribute names get dashes for underscores; None is left
    out. The element finds its state with ``initialState(this)`` (``islands/lib/state.ts``).
    """
    store: Any = context.render_context  # stubs know only what Django itself keeps there
    seen: dict[str, int] = store.setdefault("ui_islands", {})
    seen[tag] = seen.get(tag, 0) + 1
    state_id = f"{tag}-state-{seen[tag]}"
    extra = format_html_join(
        "",
        ' {}="{}"',
        (
            (name.replace("_", "-"), value)
            for name, value in attributes.items()
            if value is not None and value is not False
        ),
    )
    if state is None:
        return format_html("<{}{}></{}>", tag, extra, tag)
    return format_html(
        '<{} data-state-id="{}"{}></{}>{}',
        tag,
        state_id,
        extra,
        tag,
        json_script(state, state_id, encoder=DjangoJSONEncoder),
    )


@register.inclusion_tag("ui/components/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """A form field with its label, help and error tied to it: ``{% field form.title %}``."""
    kind = bound.field.widget
    check = isinstance(kind, forms.CheckboxInput)
    group = isinstance(kind, forms.RadioSelect | forms.CheckboxSelectMultiple)
    css = "form-check-input" if check or group else "form-control"
    if isinstance(kind, forms.Select) and not group:
        css = "form-select"
    if bound.errors:
        css += " is-invalid"
    css = f"{kind.attrs.get('class', '')} {css}".strip()
    if group:  # the template draws each choice by itself
        kind.attrs["class"] = " ".join(dict.fromkeys(css.split()))
        return {"field": bound, "widget": "", "check": check, "group": group}
    widget = bound.as_widget(attrs={"class": css})
    if bound.field.show_hidden_initial:
        widget += bound.as_hidden(only_initial=True)
    return {
        "field": bound,
        "widget": widget,
        "check": check,
        "group": group,
    }


@register.simple_tag(takes_context=True)
def list_cells(context: Context, cells: list[Any]) -> SafeString:
    """The cells of a list's row (``lists.Cell``). In Python, not in the template: fifty rows of
    eight cells through its tags took as long as all the rest of the page."""
    found: list[str] = []
    for cell in cells:
        column = cell.column
        kind = "is-number" if column.number else "is-short" if column.short else ""
        css = f' class="{kind}"' if kind else ""
        if column.template:
            drawn = context.template.engine.get_template(column.template)  # type: ignore[union-attr]
            with context.push(row=cell.row, value=cell.value, url=cell.url):
                inside = drawn.render(context)
        elif cell.url:
            shown = "" if cell.value is None else localize(cell.value)
            inside = f'<a href="{conditional_escape(cell.url)}">{conditional_escape(shown)}</a>'
        else:
            shown = "—" if cell.value is None else localize(cell.value)
            inside = f"<span>{conditional_escape(shown)}</span>"
        found.append(f'<td data-label="{cell.label}"{css}>{inside}</td>')
    return mark_safe("".join(found))  # noqa: S308  # every part is escaped above


@register.filter
def percent(part: Any, whole: Any = None) -> str:
    """``46|percent:50`` → ``92,00 %``; one argument is a ratio (0.92). Empty when undefined."""
    try:
        value = Decimal(str(part)) * 100
        if whole is not None:
            value /= Decimal(str(whole))
    except (ArithmeticError, ValueError):
        return ""
    text = f"{value.quantize(Decimal('0.01'), rounding=ROUND_HALF_UP):f}".replace(".", ",")
    return f"{text}\u00a0%"


@register.filter
def number(value: Any) -> str:
    """A whole number with dots between thousands: 3321 → ``3.321``. For texts, never for HTML
    attributes."""
    return f"{int(value):,}".replace(",", ".")


def _local(value: dt.date) -> dt.date:
    if isinstance(value, dt.datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


@register.filter
def vn_date(value: dt.date | None, style: str = "long") -> str:
    """``Thứ Ba, ngày 08/12/2026``; style ``short`` gives ``08/12/2026``. Empty for None."""
    if not value:
        return ""
    day = _local(value)
    short = f"{day.day:02d}/{day.month:02d}/{day.year}"
    return short if style == "short" else f"{WEEKDAYS[day.weekday()]}, ngày {short}"


@register.filter
def vn_time(value: dt.datetime | dt.time | None) -> str:
    """``14 giờ 05``, Vietnam time for moments. Empty for None."""
    if value is None:
        return ""
    clock = _local(value) if isinstance(value, dt.datetime) else value
    assert isinstance(clock, dt.datetime | dt.time)  # noqa: S101  # for mypy: _local keeps the type
    return f"{clock.hour:02d} giờ {clock.minute:02d}"


@register.filter
def vn_datetime(value: dt.datetime | None) -> str:
    """``14 giờ 05, Thứ Ba, ngày 08/12/2026``."""
    return f"{vn_time(value)}, {vn_date(value)}" if value else ""


@register.filter
def get(mapping: Mapping[Any, Any], key: Any) -> Any:
    """``mapping|get:key``; None when it is not there."""
    return mapping.get(key)


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The page's query string with some parts changed: ``{% query page=2 %}``; None removes."""
    params = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            params.pop(name, None)
        else:
            params[name] = str(value)
    return f"?{params.urlencode()}" if params else "?"
