"""The letter to the sender: one page that says what came when, how it was judged, and what to mend by when.

Causes go first, then the errors that none of them explains, then the warnings, each as far as the page has room; the
rest is a number, and stands in the annotated workbook.
"""

from __future__ import annotations

import contextlib
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Final

from form1.archive.receptions import Arrival
from form1.core.errors import MachineError
from form1.core.findings import Severity, Verdict
from form1.core.literal import plain
from form1.core.texts import Language
from form1.definition.configuration import Calendar, Letter
from form1.definition.form import Form
from form1.definition.wording import day_in_words, period_in_words
from form1.model.forms import Received
from form1.render.page import engine, fonts, templates
from form1.views.causes import cause_in_words
from form1.views.findings import sentence

_LINES: Final = 30
"""Lines of the page for everything that is listed."""
_LETTERS: Final = 88
"""Letters that surely find room in a line."""
_LONGEST: Final = 264
"""Letters of one thing that is listed."""
_WIDTH: Final = 79
"""Of the text."""
_UNKNOWN: Final = "?"
"""In place of a letter of the sender's that the fonts do not have."""


@dataclass(frozen=True, slots=True)
class Section:
    """What is listed under one heading, and how much more there is."""

    heading: str
    items: tuple[str, ...]
    more: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterView:
    """The letter in words."""

    form: Form
    language: Language
    title: str
    dated: str
    """The day of receipt, ISO 8601: so the same reception always has the same letter."""
    fields: tuple[tuple[str, str], ...]
    verdict: str
    sections: tuple[Section, ...]
    answer: str
    closing: tuple[str, ...]


def draw(
    form: Form, received: Received | None, arrival: Arrival, calendar: Calendar, office: Letter, *, as_pdf: bool
) -> dict[str, bytes]:
    """Return letter.txt and, where it is wanted, letter.pdf; `received` is None for a file that was refused.

    A machine that cannot draw a PDF writes the text alone: `form1 doctor` says what it lacks.
    """
    view = letter_view(form, received, arrival, calendar, office)
    files = {"letter.txt": text(view).encode()}
    if as_pdf:
        with contextlib.suppress(MachineError):
            files["letter.pdf"] = engine.write(html(view))
    return files


def letter_view(
    form: Form, received: Received | None, arrival: Arrival, calendar: Calendar, office: Letter
) -> LetterView:
    """Return the letter in words."""
    language = arrival.language
    identity, header = form.identity, {field.id: field.text.of(language) for field in form.identity.header}

    def word(key: str, **facts: str) -> str:
        return form.word(key, language).format(**facts) if facts else form.word(key, language)

    came = arrival.received
    moment = word("letter_moment", day=day_in_words(came.date(), language), time=f"{came:%H:%M}")
    fields = [
        (word("letter_to"), header["respondent"]),
        (word("letter_from"), header["receiver"]),
        (word("letter_form"), f"{identity.title.of(language)}, {identity.code}"),
    ]
    if arrival.period is not None:
        fields.append((word("letter_period"), f"{period_in_words(arrival.period, language)} ({arrival.period})"))
    fields += [
        (word("letter_file"), _clipped(plain(arrival.file), _LETTERS)),
        ("SHA-256", arrival.sha256),
        (word("letter_received"), moment),
    ]
    if arrival.due is not None:
        key = "letter_late" if arrival.is_late else "letter_in_time"
        fields.append((word("letter_due"), word(key, day=day_in_words(arrival.due.date(), language))))
    answer = ""
    if office.days is not None and arrival.verdict != Verdict.ACCEPTED:
        day = calendar.moved(came.date() + timedelta(days=office.days))
        answer = word("letter_answer_by", day=day_in_words(day, language))
    contact = f"{word('letter_contact')}: {office.contact}" if office.contact else ""
    verdict = word(f"letter_{arrival.verdict}")
    return LetterView(
        form=form,
        language=language,
        title=word("letter_title"),
        dated=came.date().isoformat(),
        fields=tuple(fields),
        verdict=verdict.format(reason=arrival.refusal) if received is None else verdict,
        sections=_sections(received) if received is not None else (),
        answer=answer,
        closing=tuple(filter(None, (office.signed_by, contact))),
    )


def text(view: LetterView) -> str:
    """Return the letter as plain text."""
    parts = [view.title, "\n".join(_wrapped(f"{label}: {value}", "  ") for label, value in view.fields)]
    parts.append(_wrapped(view.verdict))
    for section in view.sections:
        items = [_wrapped(f"{number}. {item}", "   ") for number, item in enumerate(section.items, start=1)]
        more = [_wrapped(section.more)] if section.more else []
        parts.append("\n".join([section.heading, *items, *more]))
    parts += [_wrapped(view.answer)] if view.answer else []
    parts += ["\n".join(view.closing)] if view.closing else []
    return "\n\n".join(parts) + "\n"


def html(view: LetterView) -> str:
    """Return the page from which the PDF is made."""
    page = templates.fill("letter.html.jinja", view, letter=view, style=templates.style("letter.css"))
    strange = fonts.lacking(set(page), map(fonts.font, fonts.FONTS))
    return page.translate(dict.fromkeys(map(ord, strange), _UNKNOWN))


def _sections(received: Received) -> tuple[Section, ...]:
    """Causes, errors and warnings, as far as the page has room."""
    open_ones = [(n, finding) for n, finding in enumerate(received.findings) if not finding.accepted]

    def of(severity: Severity) -> list[str]:
        return [
            sentence(received, finding)
            for n, finding in open_ones
            if finding.severity == severity and n not in received.cause_of
        ]

    listed = (
        ("letter_causes", [cause_in_words(received, cause) for cause in received.causes.causes]),
        ("letter_errors", of(Severity.ERROR)),
        ("letter_warnings", of(Severity.WARNING)),
    )
    return tuple(_fitting(received, [(heading, items) for heading, items in listed if items]))


def _fitting(received: Received, listed: list[tuple[str, list[str]]]) -> Iterable[Section]:
    word, language = received.form.word, received.language
    room = _LINES
    for number, (heading, items) in enumerate(listed):
        # Each section that follows has room for its heading, its first item, and the number of its others.
        others = 5 * (len(listed) - number - 1)
        shown: list[str] = []
        room -= 2
        for item in items:
            clipped = _clipped(plain(item), _LONGEST)
            lines = ceil(len(clipped) / _LETTERS)
            if shown and room - lines < others + 1:
                break
            shown.append(clipped)
            room -= lines
        more = word("letter_more", language).format(count=len(items) - len(shown)) if len(items) > len(shown) else ""
        room -= bool(more)
        yield Section(word(heading, language), tuple(shown), more)


def _clipped(said: str, most: int) -> str:
    return said if len(said) <= most else said[: most - 1].rstrip() + "…"


def _wrapped(said: str, indent: str = "") -> str:
    return "\n".join(
        textwrap.wrap(said, _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    )
