"""Vietnamese for everybody who did not choose otherwise."""

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
