"""Labels from outside: which code of a classification a written label means, and never a guess.

A label is compared letter by letter after Unicode NFC, with white space collapsed, look-alikes mapped, and in lower
case by the rules of Azerbaijani as well as by the plain rules (`İRAN` and `IRAN` are both Iran).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from form1.core.cells import TOTAL
from form1.core.findings import Finding, Place, Severity
from form1.core.texts import LANGUAGES, Text, lower_az
from form1.definition.codelists import CodeList
from form1.definition.form import Form
from form1.definition.records import Sources, Table

_NEAREST: Final = 3
_SEARCHES: Final = 200
"""Unknown labels for which the nearest known ones are looked up; a file full of others costs no time."""
_DASH: Final = re.compile(r" *- *")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}.*")
_LONGEST: Final = 120
"""Labels longer than this have no near ones."""


class Meaning(StrEnum):
    """What a label turned out to be."""

    CODE = "code"
    TOTAL = "total"
    GROUP = "group"
    AMBIGUOUS = "ambiguous"
    NOT_IN_FORCE = "not_in_force"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a label means: `code` is the code under which it counts, `raw` the code that it names itself."""

    meaning: Meaning
    code: str = ""
    raw: str = ""
    candidates: tuple[str, ...] = ()
    """The codes between which the label cannot decide, or the nearest known labels."""
    span: str = ""
    """The days on which a code that is not in force was: `2013-08-01 – 2021-07-06`."""

    @property
    def is_clear(self) -> bool:
        """True when the label means exactly one thing."""
        return self.meaning in {Meaning.CODE, Meaning.TOTAL, Meaning.GROUP}


@dataclass(frozen=True, slots=True)
class Known:
    """One thing that labels can mean, with the labels it goes by, exact `codes` apart from names."""

    meaning: Meaning
    code: str
    raw: str
    labels: tuple[str, ...]
    in_force: bool = True
    span: str = ""


class Folding:
    """Brings labels to the forms in which they are compared."""

    def __init__(self, look_alikes: Mapping[str, str]) -> None:
        self._look_alikes = str.maketrans(dict(look_alikes))

    def keys(self, label: str) -> tuple[str, ...]:
        """Return the forms of a label: in Azerbaijani lower case and, when it differs, in plain lower case."""
        label = tidy(label)
        azerbaijani = _close(lower_az(label).translate(self._look_alikes))
        if "I" not in label and "İ" not in label:
            return (azerbaijani,)
        plain = _close(label.lower().replace("i\u0307", "i").translate(self._look_alikes))
        return tuple(dict.fromkeys((azerbaijani, plain)))

    def name_keys(self, name: str) -> tuple[str, ...]:
        """Return the forms of a header or of a file's name, where an underscore stands for a space."""
        return self.keys(name.replace("_", " "))


def _close(label: str) -> str:
    """Spaces around a dash say nothing: `20 - 24` is `20-24`."""
    return _DASH.sub("-", label) if "-" in label else label


def tidy(label: str) -> str:
    """Return a label in NFC, without invisible characters, with single spaces and none at its ends.

    >>> tidy(" Tu\\u0308rkiyə \\u00a0 Respublikası\\u200b")
    'Türkiyə Respublikası'
    """
    if not label.isascii():
        label = unicodedata.normalize("NFC", label)
        label = "".join(letter for letter in label if unicodedata.category(letter) != "Cf")
    return " ".join(label.split())


@dataclass
class Labels:
    """The labels of one classification on one day; `resolve` answers what a label means."""

    folding: Folding
    known: tuple[Known, ...]
    _by_code: dict[str, list[Known]] = field(default_factory=dict)
    _by_key: dict[str, list[Known]] = field(default_factory=dict)
    _shown: dict[str, str] = field(default_factory=dict)
    _answers: dict[str, Resolved] = field(default_factory=dict)
    _searches: int = 0

    @classmethod
    def of(cls, codelist: CodeList, on: date, sources: Sources, others: Iterable[Known] = ()) -> Labels:
        """Return the labels of `codelist` on a day, with those of a total and of `others` (groups, further totals)."""
        totals = Known(Meaning.TOTAL, TOTAL, TOTAL, sources.total_labels)
        return cls(Folding(sources.look_alikes), (*known_codes(codelist, on, Meaning.CODE), totals, *others))

    def __post_init__(self) -> None:
        for known in self.known:
            if known.in_force and known.meaning is not Meaning.TOTAL:
                self._by_code.setdefault(known.raw, []).append(known)
            for label in known.labels:
                for key in self.folding.keys(label):
                    self._by_key.setdefault(key, []).append(known)
                    if known.in_force:
                        self._shown.setdefault(key, label)

    def resolve(self, label: str) -> Resolved:
        """Return what `label` means: an exact code first, then the names and aliases in any language."""
        if label not in self._answers:
            self._answers[label] = self._resolve(tidy(label))
        return self._answers[label]

    def _resolve(self, label: str) -> Resolved:
        if label in self._by_code:
            return _decide(self._by_code[label])
        hits = [known for key in self.folding.keys(label) for known in self._by_key.get(key, ())]
        in_force = [known for known in hits if known.in_force]
        if in_force:
            return _decide(in_force)
        if hits:
            return Resolved(Meaning.NOT_IN_FORCE, hits[-1].code, hits[-1].raw, span=hits[-1].span)
        return Resolved(Meaning.UNKNOWN, candidates=self._nearest(label))

    def _nearest(self, label: str) -> tuple[str, ...]:
        from difflib import get_close_matches

        self._searches += 1
        if not label or len(label) > _LONGEST or self._searches > _SEARCHES:
            return ()
        keys = get_close_matches(self.folding.keys(label)[0], self._shown, n=4 * _NEAREST)
        return tuple(dict.fromkeys(self._shown[key] for key in keys))[:_NEAREST]


def labels_of(form: Form, table: Table, dimension: str, on: date) -> Labels:
    """Return the labels of a dimension of `table` on a day, with the totals, groups and blocks that its rows have."""
    codelist = form.codelist_of(table, dimension)
    others = [
        Known(Meaning.TOTAL, TOTAL, TOTAL, _names(column.total))
        for column in table.columns
        if column.dimension == dimension
    ]
    if dimension == table.rows.dimension:
        others.append(Known(Meaning.TOTAL, TOTAL, TOTAL, _names(table.rows.total)))
        if table.rows.groups:
            others += known_codes(form.codelists[table.rows.groups.codes], on, Meaning.GROUP)
        others += [
            Known(Meaning.GROUP, block.code, block.code, (block.code, *_names(block.label)))
            for block in table.rows.block
        ]
    return Labels.of(codelist, on, form.sources, others)


def known_codes(codelist: CodeList, on: date, meaning: Meaning) -> Iterator[Known]:
    """Yield what the labels of a code list can mean, codes out of force included."""
    aliases: dict[str, list[str]] = {}
    for code, alias in codelist.aliases:
        aliases.setdefault(code, []).append(alias)
    for entry in codelist.codes:
        labels = (entry.code, *_names(entry.name), *aliases.get(entry.code, ()))
        span = f"{entry.valid_from or ''} – {entry.valid_to or ''}".strip()
        counted = entry.counted_as or entry.code
        yield Known(meaning, counted, entry.code, labels, entry.in_force(on), span)


def complaint(resolved: Resolved, label: str, dimension: Text, on: date, place: Place) -> Finding | None:
    """Return the finding about a label that does not mean exactly one thing in force, or None when it does."""
    facts: dict[str, str | Text | tuple[str, ...]] = {"label": label, "dimension": dimension}
    if resolved.is_clear:
        return None
    if not tidy(label):
        message = "label_empty"
    elif resolved.meaning is Meaning.UNKNOWN and _DATE.fullmatch(label):
        message = "label_is_date"
    elif resolved.meaning is Meaning.AMBIGUOUS:
        message = "label_ambiguous"
        facts["candidates"] = resolved.candidates
    elif resolved.meaning is Meaning.NOT_IN_FORCE:
        message = "label_not_in_force"
        facts |= {"code": resolved.raw, "span": resolved.span, "day": on.isoformat()}
    elif resolved.candidates:
        message = "label_unknown"
        facts["nearest"] = resolved.candidates
    else:
        message = "label_unknown_alone"
    return Finding(message, Severity.ERROR, 0, place, facts)


def _decide(hits: list[Known]) -> Resolved:
    meanings = {(known.meaning, known.code) for known in hits}
    if len(meanings) > 1:
        candidates = tuple(
            dict.fromkeys(f"{known.raw} ({known.labels[min(1, len(known.labels) - 1)]})" for known in hits)
        )
        return Resolved(Meaning.AMBIGUOUS, candidates=candidates)
    # Two codes that are counted as the same one leave nothing open; the code itself goes first.
    chosen = next((known for known in hits if known.raw == known.code), hits[0])
    return Resolved(chosen.meaning, chosen.code, chosen.raw)


def _names(name: Text) -> tuple[str, ...]:
    return tuple(name.of(language) for language in LANGUAGES)
