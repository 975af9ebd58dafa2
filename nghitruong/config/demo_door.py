"""One-tap sign-ins of the demo: only in demo mode, only invented people of demo councils."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST
from django_scopes import scopes_disabled

from nghitruong.config.demo.cast import CAST, COMMUNE_CAST
from nghitruong.council.councils.models import Person
from nghitruong.platform.accounts.models import Account

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass(frozen=True)
class DemoSignIn:
    """A button: who, what they do, and the two letters of the portrait."""

    username: str
    name: str
    role: str
    initials: str
    council: str


def _initials(name: str) -> str:
    words = name.split()
    return f"{words[0][0]}{words[-1][0]}".upper()


def cast_sign_ins() -> list[DemoSignIn]:
    """The fixed cast that is in this installation, in its order. One statement."""
    order = {member.username: n for n, member in enumerate((*CAST, *COMMUNE_CAST))}
    with scopes_disabled():
        people = Person.objects.filter(
            account__username__in=order,
            account__is_demo=True,
            account__is_active=True,
            council__is_demo=True,
        ).select_related("account", "council")
        return [
            DemoSignIn(
                username,
                person.full_name,
                person.title,
                _initials(person.full_name),
                person.council.short_name,
            )
            for person, username in sorted(
                ((p, p.account.username) for p in people if p.account),
                key=lambda pair: (order[pair[1]], pair[0].council.slug),
            )
        ]


@require_POST
def sign_in(request: HttpRequest, username: str) -> HttpResponse:
    """Sign in as one of the invented people; anywhere but in the demo there is no such page."""
    if not settings.DEMO:
        raise Http404
    account = Account.objects.filter(username=username, is_demo=True, is_active=True).first()
    if account is None:
        raise Http404
    with scopes_disabled():
        known = Person.objects.filter(account=account)
        if not known.exists() or known.filter(council__is_demo=False).exists():
            raise Http404
    login(request, account, backend=BACKEND)
    return redirect("/")
