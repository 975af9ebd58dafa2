"""Vietnamese for everybody who did not choose otherwise."""

import re

from django.http import HttpResponse
from django.utils.translation import get_language

from nghitruong.ui.language import LanguageMiddleware


def speak(request):
    return LanguageMiddleware(lambda _: HttpResponse(get_language()))(request).content.decode()


def test_a_browser_that_announces_english_still_gets_vietnamese(rf):
    assert speak(rf.get("/", headers={"accept-language": "en-US,en;q=0.9"})) == "vi"


def test_who_chose_english_gets_it_and_an_unknown_choice_is_vietnamese(rf):
    request = rf.get("/")
    request.COOKIES["django_language"] = "en"
    assert speak(request) == "en"
    request.COOKIES["django_language"] = "tlh"
    assert speak(request) == "vi"


def test_the_islands_speak_the_pages_language_and_every_text_of_theirs_is_known():
    from django.template import Context, Template
    from django.utils import translation

    from nghitruong.ui import words

    assert {"Tán thành", "Còn thiếu %(n)s phiếu tán thành để thông qua"} <= set(words.texts())
    page = Template("{% load ui %}{% island_words %}")
    with translation.override("vi"):
        assert page.render(Context()) == ""
    with translation.override("en"):
        found = words.translations()
        assert found["Không biểu quyết"] == "Abstain"
        assert "nt-words" in page.render(Context())
    # No Vietnamese is left outside t("…"): what the catalogue does not see cannot be translated.
    left = []
    screens = [f"{name}.ts" for name in ("hall", "cockpit", "desk", "projector", "nt-agenda")]
    own = [words.ISLANDS / name for name in screens]
    for path in [*own, *words.ISLANDS.glob("parts/*.ts"), *words.ISLANDS.glob("elements/*.ts")]:
        if "test" in path.name:
            continue
        for line in path.read_text().splitlines():
            code = re.sub(r'\bt\(\s*"(?:[^"\\\\]|\\\\.)*"', "", line.split(" // ")[0])
            plain = re.sub(r"^\s*(//|/?\*).*|^import .*|/\[?[đĐ]\]?/g", "", code)
            if re.search("[à-öø-ỹđ]", plain.lower()):
                left.append(f"{path.name}: {line.strip()}")
    assert left == []
