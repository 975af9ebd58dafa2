"""Whether letters look like written Vietnamese: syllables have few shapes.

Used to notice a text layer whose font map is broken, and to choose between readings. Numbers,
abbreviations («QĐ-UBND») and foreign names are no syllables either, so only shares of a whole page
mean something.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_TONES: Final = str.maketrans("", "", "\u0300\u0301\u0303\u0309\u0323")
_ONSET_LIST: Final = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph q qu r s t th tr v x"
_ONSETS: Final = sorted(_ONSET_LIST.split(), key=len, reverse=True)
_RIME_LIST: Final = (
    "a ac ach ai am an ang anh ao ap at au ay ă ăc ăm ăn ăng ăp ăt â âc âm ân âng âp ât âu ây "
    "e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im "
    "in inh ip it iu o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt "
    "oc oe oen oeo oet oi om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt "
    "u ua uân uâng uât uây uc uê uêch uênh ui um un ung uơ uôc uôi uôm uôn uông uôt uôp up ut "
    "uy uya uych uyên uyêt uynh uyt uyu uych uân uan uat uanh uai uao uay uang uac uach uăng "
    "uăt uăn uăc ue uen uet ueo ư ưa ưc ưi ưng ươc ươi ươm ươn ương ươp ươt ươu ưt ưu ưm ưn "
    "y yêm yên yêng yêt yêu ya yt ych ynh êt iêt uôt eng uêt uân uyp oeng êng"
)
_RIMES: Final = frozenset(unicodedata.normalize("NFC", rime) for rime in _RIME_LIST.split())
_WORD: Final = re.compile(r"[^\W\d_]+")
# Letters Vietnamese text cannot contain, but broken font maps put there: «nhà nƣớc», «þ».
_STRANGE: Final = frozenset("ƣƢþðÞÐªº¿¡¤§¦¥¢£¨©«¬®±²³´µ¶·¸¹»¼½¾×÷�")
_CONSONANT: Final = re.compile(r"[b-df-hj-np-tv-zđB-DF-HJ-NP-TV-ZĐ]{1,3}")


def plain(word: str) -> str:
    """The word in lower case without its tone: «Điều» → «điêu»."""
    marks = unicodedata.normalize("NFD", word.lower()).translate(_TONES)
    return unicodedata.normalize("NFC", marks)


def is_syllable(word: str) -> bool:
    """Whether the word can be one Vietnamese syllable."""
    bare = plain(word)
    if bare in _RIMES:
        return True
    return any(bare.startswith(onset) and bare[len(onset) :] in _RIMES for onset in _ONSETS)


@dataclass(frozen=True)
class Look:
    """Shares of a text's words: ``good`` syllables, ``torn`` (lone capital consonants, and words
    that are no syllable though written with Vietnamese marks), ``strange`` letters."""

    words: int
    good: float
    torn: float
    strange: float


def look(text: str) -> Look:
    """Measure a text; an empty one has no words and shares of zero."""
    words = _WORD.findall(text)
    if not words:
        return Look(0, 0.0, 0.0, 0.0)
    good = torn = 0
    for word in words:
        if is_syllable(word):
            good += 1
        elif _CONSONANT.fullmatch(word):
            torn += len(word) == 1 and word.isupper()  # «a) b) c)» are no torn words
        elif not word.isascii():
            torn += 1
    strange = sum(1 for char in text if char in _STRANGE)
    letters = sum(map(len, words)) or 1
    return Look(len(words), good / len(words), torn / len(words), strange / letters)
