"""Text in the languages of the form, and the letter rules of Azerbaijani.

Azerbaijani has two letters i: upper case of `i` is `İ`, of `ı` is `I`; its alphabet puts ə after e, x after h
and q after k. `str.upper()`, `str.lower()` and `sorted()` know none of this, so they are not used on its words.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

Language = Literal["az", "en", "ru"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)

_ALPHABET: Final = "abcçdeəfgğhxıijkqlmnoöprsştuüvwyz"
_PLACE_IN_ALPHABET: Final = {letter: place for place, letter in enumerate(_ALPHABET, start=1)}
_ORDINAL_BY_DIGIT: Final = {1: "ci", 2: "ci", 3: "cü", 4: "cü", 5: "ci", 6: "cı", 7: "ci", 8: "ci", 9: "cu"}
_ORDINAL_BY_TEN: Final = {1: "cu", 2: "ci", 3: "cu", 4: "cı", 5: "ci", 6: "cı", 7: "ci", 8: "ci", 9: "cı"}


class Text(BaseModel):
    """One text in the three languages of the form."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    az: str = Field(min_length=1)
    en: str = Field(min_length=1)
    ru: str = Field(min_length=1)

    def of(self, language: Language) -> str:
        """Return the text in `language`."""
        return {"az": self.az, "en": self.en, "ru": self.ru}[language]

    @classmethod
    def same(cls, text: str) -> Text:
        """Return a text that reads alike in every language (a code, a number)."""
        return cls(az=text, en=text, ru=text)

    def filled(self, **facts: Text | str | int) -> Text:
        """Return the text with its named fields filled, each fact in the language of the text.

        >>> Text(az="{n} sətir", en="{n} rows", ru="{n} строк").filled(n=3).en
        '3 rows'
        """
        return Text(
            **{
                language: self.of(language).format(
                    **{name: fact.of(language) if isinstance(fact, Text) else fact for name, fact in facts.items()}
                )
                for language in LANGUAGES
            }
        )

    @classmethod
    def joined(cls, parts: Sequence[Text], by: str = ", ") -> Text:
        """Return several texts as one, language by language."""
        return cls(**{language: by.join(part.of(language) for part in parts) for language in LANGUAGES})


def lower_az(text: str) -> str:
    """Return `text` in lower case by the rules of Azerbaijani.

    >>> lower_az("İRAN İSLAM RESPUBLİKASI")
    'iran islam respublikası'
    """
    return text.replace("İ", "i").replace("I", "ı").lower()


def upper_az(text: str) -> str:
    """Return `text` in upper case by the rules of Azerbaijani.

    >>> upper_az("miqrasiya xidməti, qadın")
    'MİQRASİYA XİDMƏTİ, QADIN'
    """
    return text.replace("i", "İ").replace("ı", "I").upper()


def first_upper(text: str, language: Language) -> str:
    """Return `text` with its first letter in upper case, by the rules of the language.

    >>> first_upper("iş icazəsi", "az"), first_upper("investment", "en")
    ('İş icazəsi', 'Investment')
    """
    first = upper_az(text[:1]) if language == "az" else text[:1].upper()
    return first + text[1:]


def sort_key_az(text: str) -> tuple[int, ...]:
    """Return the key that sorts words by the Azerbaijani alphabet; other letters follow in code order.

    >>> sorted(["Qax", "Xızı", "Lerik", "Kür", "Həzi", "İmişli"], key=sort_key_az)
    ['Həzi', 'Xızı', 'İmişli', 'Kür', 'Qax', 'Lerik']
    """
    plain = lower_az(unicodedata.normalize("NFC", text))
    return tuple(_PLACE_IN_ALPHABET.get(letter, 100 + ord(letter)) if letter.isalpha() else 0 for letter in plain)


def ordinal_az(number: int) -> str:
    """Return a number from 1 to 9999 as Azerbaijani writes an ordinal, by the last word of the number's name.

    >>> [ordinal_az(year) for year in (2019, 2020, 2026, 2030, 2000)]
    ['2019-cu', '2020-ci', '2026-cı', '2030-cu', '2000-ci']
    """
    if number % 10:
        ending = _ORDINAL_BY_DIGIT[number % 10]
    elif number % 100:
        ending = _ORDINAL_BY_TEN[number % 100 // 10]
    else:
        ending = "cü" if number % 1000 else "ci"
    return f"{number}-{ending}"
