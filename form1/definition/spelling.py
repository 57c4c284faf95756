"""How labels are compared: from letter by letter to names without the words that many of them share.

Each form of a label is a string; two labels are the same when they share a form. A looser form is asked only after the
stricter ones have found nothing, and answers only where everything that shares it means one and the same thing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from form1.core.texts import lower_az

_DASH: Final = re.compile(r" *- *")
_APOSTROPHES: Final = re.compile("['’ʼ‘`´]")
_WORD: Final = re.compile(r"[0-9]+(?:[.-][0-9]+)*|[^\W\d_]+|[+<>≥≤&]")
"""A number with its dots and dashes (`45.1.4-1`, `20-24`), a word, or a sign that means something."""
_ABBREVIATED: Final = re.compile(r"(?<![^\W\d_])(?:[^\W\d_]\.){2,}")
"""`A.B.Ş.`"""
_WITHOUT_MARKS: Final = str.maketrans("əıöüğşçё", "eiougsce")
_NUMBERED: Final = re.compile(r"[0-9]{1,3}[.)]\s+(?=[^\W\d_])")
"""The running number of a row in front of its label: `3. Türkiyə`."""
_SEPARATORS: Final = re.compile(r"\s*[/|\n]\s*|\s+[-–—]\s+|\s*[–—]\s*|\s*[:;]\s+|\s+(?=\()|(?<=\S)\s+")
_LEAST_LETTERS: Final = 4
"""Of a label whose marks do not matter, and of a known name without its generic words: `Men` is not `Men adası`."""

_REMEMBERED: Final = 16_384
"""Labels whose forms are kept: those of all code lists in three languages, and room for what exports say."""
_LONGEST: Final = 120
"""Letters of a label that is worth keeping."""


class Folding:
    """Brings labels to the forms in which they are compared letter by letter."""

    def __init__(self, look_alikes: Mapping[str, str]) -> None:
        self._look_alikes = str.maketrans(dict(look_alikes))
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._fold)

    @classmethod
    def by(cls, look_alikes: Mapping[str, str]) -> Folding:
        """Return the folding by these look-alikes; one for all tables, which have most of their labels in common."""
        return _folding(tuple(look_alikes.items()))

    def keys(self, label: str) -> tuple[str, ...]:
        """Return the forms of a label: in Azerbaijani lower case and, when it differs, in plain lower case."""
        return self._remembered(label) if len(label) <= _LONGEST else self._fold(label)

    def _fold(self, label: str) -> tuple[str, ...]:
        label = tidy(label)
        azerbaijani = _close(lower_az(label).translate(self._look_alikes))
        if "I" not in label and "İ" not in label:
            return (azerbaijani,)
        plain = _close(label.lower().replace("i\u0307", "i").translate(self._look_alikes))
        return tuple(dict.fromkeys((azerbaijani, plain)))

    def name_keys(self, name: str) -> tuple[str, ...]:
        """Return the forms of a header or of a file's name, where an underscore stands for a space."""
        return self.keys(name.replace("_", " "))

    def words(self, label: str) -> tuple[str, ...]:
        """Return the words of a label in lower case, without marks on letters, hyphens and punctuation.

        >>> Folding({}).words("Kot-d'İvuar  Respublikası")
        ('kot', 'divuar', 'respublikasi')
        >>> Folding({}).words("A.B.Ş."), Folding({}).words("45.1.4-1.")
        (('abş',), ('45.1.4-1',))
        """
        label = _ABBREVIATED.sub(lambda found: found[0].replace(".", "") + " ", _APOSTROPHES.sub("", label))
        folded = self.keys(label)[0]
        if sum(map(str.isalpha, folded)) < _LEAST_LETTERS:  # the letters of codes and abbreviations are meant: ÇXR, CXR
            return tuple(_WORD.findall(folded))
        return tuple(_WORD.findall(_unmarked(folded)))


@lru_cache(maxsize=8)
def _folding(look_alikes: tuple[tuple[str, str], ...]) -> Folding:
    return Folding(dict(look_alikes))


@dataclass(frozen=True)
class Spelling:
    """What labels of one classification have in common: words that many share, and what names nothing without them."""

    folding: Folding
    generic: frozenset[str] = frozenset()
    not_alone: frozenset[str] = frozenset()

    @classmethod
    def of(cls, folding: Folding, generic_words: Iterable[str], not_alone: Iterable[str]) -> Spelling:
        """Return the spelling of a classification from its entry in codes/lists.toml."""
        return cls(
            folding,
            frozenset(
                word for entry in generic_words for key in folding.words(entry) for word in (key, _unmarked(key))
            ),
            frozenset(" ".join(folding.words(entry)) for entry in not_alone),
        )

    def loose(self, label: str) -> str:
        """Return a label without marks and punctuation."""
        return " ".join(self.folding.words(label))

    def bare(self, label: str) -> str:
        """Return a label without its generic words too; "" where what is left may be several things, or nothing.

        Of a label that has no generic word nothing is left out, so it is as it is.
        """
        words = self.folding.words(label)
        left = " ".join(word for word in words if word not in self.generic)
        return "" if left in self.not_alone and left != " ".join(words) else left

    def names_by(self, label: str) -> str:
        """Return the bare form under which a known name may be asked for; "" for one too short to be sure."""
        bare = self.bare(label)
        return bare if bare == self.loose(label) or sum(map(str.isalpha, bare)) >= _LEAST_LETTERS else ""


def halves(label: str) -> Iterator[tuple[str, str]]:
    """Yield the two halves of a label wherever it may be two: `TR - Türkiyə`, `Türkiyə (Turkey)`, `Cəmi / Total`."""
    for separator in _SEPARATORS.finditer(label):
        left, right = label[: separator.start()].strip(" ,;:"), label[separator.end() :].strip(" ,;:")
        if right.startswith("(") and right.endswith(")"):
            right = right[1:-1].strip()
        if left and right:
            yield left, right


def unnumbered(label: str) -> str:
    """Return a label without the running number of its row; "" where it has none."""
    found = _NUMBERED.match(label)
    return label[found.end() :] if found else ""


def tidy(label: str) -> str:
    """Return a label in NFC, without invisible characters, with single spaces and none at its ends.

    >>> tidy(" Tu\\u0308rkiyə \\u00a0 Respublikası\\u200b")
    'Türkiyə Respublikası'
    """
    if not label.isascii():
        label = unicodedata.normalize("NFC", label)
        label = "".join(letter for letter in label if unicodedata.category(letter) != "Cf")
    return " ".join(label.split())


def _unmarked(text: str) -> str:
    """Letters without what a keyboard may not have: ə as e, ş as s, é as e."""
    text = text.translate(_WITHOUT_MARKS)
    if text.isascii():
        return text
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))


def _close(label: str) -> str:
    """Spaces around a dash say nothing: `20 - 24` is `20-24`."""
    return _DASH.sub("-", label) if "-" in label else label
