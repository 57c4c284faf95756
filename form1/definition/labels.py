"""Labels from outside: which code of a classification a written label means, and never a guess.

A label is compared letter by letter after Unicode NFC, with white space collapsed, look-alikes mapped, and in lower
case by the rules of Azerbaijani as well as by the plain rules (`İRAN` and `IRAN` are both Iran). What is not found
so is compared without marks and punctuation, then without generic words, then as two halves that agree (`spelling`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Final

from form1.core.cells import TOTAL
from form1.core.findings import Fact, Finding, Place
from form1.core.texts import LANGUAGES, Text
from form1.definition.codelists import CodeList
from form1.definition.form import Form
from form1.definition.records import Sources, Table
from form1.definition.spelling import Folding, Spelling, halves, tidy, unnumbered

_NEAREST: Final = 3
_SEARCHES: Final = 200
"""Unknown labels for which the nearest known ones are looked up; a file full of others costs no time."""
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}.*")
_LONGEST: Final = 120
"""Labels longer than this have no near ones."""
_LIKENESS: Final = 0.7
"""How much alike two names must be to be proposed, from 0 to 1 (difflib)."""
_BEGINNING: Final = 4
"""Letters from which on the beginning of a name is enough to propose it."""


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
    generic_words: tuple[str, ...] = ()
    not_alone: tuple[str, ...] = ()


@dataclass
class Labels:
    """The labels of one classification on one day; `resolve` answers what a label means."""

    folding: Folding
    known: tuple[Known, ...]
    _by_code: dict[str, list[Known]] = field(default_factory=dict)
    _by_key: dict[str, list[Known]] = field(default_factory=dict)
    _answers: dict[str, Resolved] = field(default_factory=dict)
    _searches: int = 0

    @classmethod
    def of(cls, codelist: CodeList, on: date, sources: Sources, others: Iterable[Known] = ()) -> Labels:
        """Return the labels of `codelist` on a day, with those of a total and of `others` (groups, further totals)."""
        totals = Known(Meaning.TOTAL, TOTAL, TOTAL, sources.total_labels)
        return cls(Folding.by(sources.look_alikes), (*known_codes(codelist, on, Meaning.CODE), totals, *others))

    def __post_init__(self) -> None:
        for known in self.known:
            if known.in_force and known.meaning is not Meaning.TOTAL:
                self._by_code.setdefault(known.raw, []).append(known)
            for label in known.labels:
                for key in self.folding.keys(label):
                    self._by_key.setdefault(key, []).append(known)

    @cached_property
    def _looser(self) -> _Looser:
        """Made when a label is not found letter by letter; most files never ask."""
        return _Looser.of(self.folding, self.known)

    def resolve(self, label: str) -> Resolved:
        """Return what `label` means: an exact code first, then names and aliases in any language, strictest form first.

        What is written twice over, as a code and a name or in two languages, must mean the same both times.
        """
        if label not in self._answers:
            tidied = tidy(label)
            found = self._one(tidied) or self._two(tidied) or self._one(unnumbered(tidied))
            self._answers[label] = found or Resolved(Meaning.UNKNOWN, candidates=self._nearest(tidied))
        return self._answers[label]

    def _one(self, label: str) -> Resolved | None:
        """What a label means that names one thing once; None when nothing is known of it."""
        if not label:
            return None
        if label in self._by_code:
            return _decide(self._by_code[label])
        exact = [known for key in self.folding.keys(label) for known in self._by_key.get(key, ())]
        for hits in (exact,) if exact else self._looser.hits(label):
            in_force = [known for known in hits if known.in_force]
            if in_force:
                return _decide(in_force)
            if hits:
                return Resolved(Meaning.NOT_IN_FORCE, hits[-1].code, hits[-1].raw, span=hits[-1].span)
        return None

    def _two(self, label: str) -> Resolved | None:
        """What a label means whose two halves say the same, or that they do not; None when it has no such halves."""
        for left, right in halves(label):
            first, second = self._one(left), self._one(right)
            if first is None or second is None or not (first.is_clear and second.is_clear):
                continue
            if (first.meaning, first.code) == (second.meaning, second.code):
                return first if first.raw == first.code else second
            return Resolved(Meaning.AMBIGUOUS, candidates=(f"{left} ({first.raw})", f"{right} ({second.raw})"))
        return None

    def _nearest(self, label: str) -> tuple[str, ...]:
        """Known labels like this one; only the first unknown labels of a file are worth the search."""
        self._searches += 1
        return () if len(label) > _LONGEST or self._searches > _SEARCHES else self._looser.nearest(label)


@dataclass
class _Looser:
    """The known labels of a classification without marks and punctuation, and without their generic words too."""

    spellings: tuple[Spelling, ...]
    loose: dict[str, list[Known]] = field(default_factory=dict)
    bare: dict[str, list[Known]] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    """The label to propose, by its bare form."""

    @classmethod
    def of(cls, folding: Folding, known_labels: Iterable[Known]) -> _Looser:
        spellings: dict[tuple[tuple[str, ...], tuple[str, ...]], Spelling] = {}
        looser = cls(())
        for known in known_labels:
            shared = (known.generic_words, known.not_alone)
            if shared not in spellings:
                spellings[shared] = Spelling.of(folding, *shared)
            for label in known.labels:
                bare = spellings[shared].names_by(label)
                looser.loose.setdefault(spellings[shared].loose(label), []).append(known)
                looser.bare.setdefault(bare, []).append(known)
                if known.in_force and bare:
                    looser.shown.setdefault(bare, label)
        looser.spellings = tuple(spellings.values())
        return looser

    def hits(self, label: str) -> Iterator[list[Known]]:
        """Yield what shares a form with a label, the stricter form first."""
        for asked, forms in (
            (self.loose, {spelling.loose(label) for spelling in self.spellings}),
            (self.bare, {spelling.bare(label) for spelling in self.spellings}),
        ):
            yield [known for form in sorted(forms) if form for known in asked.get(form, ())]

    def nearest(self, label: str) -> tuple[str, ...]:
        """Return known labels like this one, compared without the words that many names share; then those it begins."""
        from difflib import get_close_matches

        bare = max((spelling.bare(label) for spelling in self.spellings), key=len, default="")
        if not bare:
            return ()
        near = get_close_matches(bare, self.shown, n=4 * _NEAREST, cutoff=_LIKENESS)
        begun = [key for key in self.shown if len(bare) >= _BEGINNING and key.startswith(bare)]
        return tuple(dict.fromkeys(self.shown[key] for key in (*near, *begun)))[:_NEAREST]


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
        yield Known(
            meaning=meaning,
            code=counted,
            raw=entry.code,
            labels=labels,
            in_force=entry.in_force(on),
            span=span,
            generic_words=codelist.classification.generic_words,
            not_alone=codelist.classification.not_alone,
        )


def complaint(resolved: Resolved, label: str, dimension: Text, on: date, place: Place) -> Finding | None:
    """Return the finding about a label that does not mean exactly one thing in force, or None when it does."""
    if resolved.is_clear:
        return None
    if not tidy(label):
        return Finding.of("label_empty", place, dimension=dimension)
    written: dict[str, Fact] = {"label": label, "dimension": dimension}
    if resolved.meaning is Meaning.UNKNOWN and _DATE.fullmatch(label):
        return Finding.of("label_is_date", place, **written)
    if resolved.meaning is Meaning.AMBIGUOUS:
        return Finding.of("label_ambiguous", place, **written, candidates=resolved.candidates)
    if resolved.meaning is Meaning.NOT_IN_FORCE:
        day = on.isoformat()
        return Finding.of("label_not_in_force", place, **written, code=resolved.raw, span=resolved.span, day=day)
    if resolved.candidates:
        return Finding.of("label_unknown", place, **written, nearest=resolved.candidates)
    return Finding.of("label_unknown_alone", place, **written)


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
