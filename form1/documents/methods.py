"""docs/methods.md: what the form is, told from its definition."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from form1.core.periods import FIRST_YEAR, Period
from form1.definition import Form
from form1.documents.annexes import code_list_entries, tables_beside
from form1.documents.markdown import code, counted, fields, table, text
from form1.documents.rulebook import corrections, messages, rules
from form1.documents.sureness import questions, sureness
from form1.documents.tables import exports, figures, lists_of, tables
from form1.documents.versions import versions


def methods(form: Form) -> str:
    """Return the methods of `form` as Markdown.

    The same definition gives the same text: the day on which rows and columns are counted comes from it too.
    """
    day = stated_day(form)
    lines = [
        *_opening(form, day),
        *_identity(form),
        *versions(form),
        *tables(form, day),
        *exports(form),
        *figures(form),
        *tables_beside(form),
        *_codelists(form, day),
        *rules(form),
        *messages(form),
        *corrections(form),
        *_form_notes(form),
        *sureness(form),
        *questions(form),
        *code_list_entries(form),
    ]
    return "\n".join(lines).rstrip() + "\n"


def stated_day(form: Form) -> date:
    """Return the day of the last dated change in the code lists: from it on the lists stand as they are described."""
    dated = (entry.valid_from for codelist in form.codelists.values() for entry in codelist.codes if entry.valid_from)
    return max(dated, default=Period(FIRST_YEAR).first_day)


def _opening(form: Form, day: date) -> Iterator[str]:
    identity = form.identity
    yield "<!-- Generated from reference/ by `make docs`. Do not edit here: edit reference/ and run it again. -->"
    yield ""
    yield f"# Methods: {text(identity.title.en)}"
    yield ""
    yield f"*{text(identity.title.az)}. {text(identity.subtitle.az)}*"
    yield ""
    yield f"{text(identity.subtitle.en)}. **{text(identity.layout_notice.en)}**"
    yield ""
    yield (
        "This page is generated from `reference/` and says nothing that does not stand there. Every statement carries"
        " its source and one of three marks: CONFIRMED (read in the source that is named), INFERRED (a reading, general"
        " knowledge or a choice) and NOT FOUND (looked for in vain)."
    )
    yield ""
    yield (
        f"Numbers of rows, columns and codes are those of {day.isoformat()}, the day of the last dated change in the"
        " code lists. A form uses the lists in force on the last day of its period."
    )
    yield ""


def _identity(form: Form) -> Iterator[str]:
    identity = form.identity
    yield "## Identity and deadlines"
    yield ""
    yield from table(
        ["", "English", "Azerbaijani", "status", "source"],
        [
            (text(field.label.en), text(field.text.en), text(field.text.az), field.status, text(field.source))
            for field in identity.header
        ],
    )
    yield "Lines of the signature block:"
    yield ""
    yield from table(
        ["line", "Azerbaijani", "key of `[signature]` in form1.toml", "status", "source"],
        [
            (text(line.label.en), text(line.label.az), code(line.from_configuration), line.status, text(line.source))
            for line in identity.signature
        ],
    )
    yield "The program reckons with these deadlines:"
    yield ""
    yield from table(
        ["form", "accepted until", "status", "source"],
        [
            (
                deadline.periodicity,
                f"day {deadline.day}, {counted(deadline.months_after, 'month')} after the last month of the period",
                deadline.status,
                text(deadline.source),
            )
            for deadline in identity.deadline
        ],
    )


def _codelists(form: Form, day: date) -> Iterator[str]:
    yield "## Code lists"
    yield ""
    yield "Every entry of every list stands in the annex."
    yield ""
    for name, codelist in form.codelists.items():
        about = codelist.classification
        users = [user.id for user in form.tables.values() if name in lists_of(user)]
        standing = codelist.on(day)
        folded = sum(1 for entry in codelist.codes if entry.counted_as)
        yield f"### {code(name)}: {text(about.title.en)}"
        yield ""
        yield f"*{text(about.title.az)}*"
        yield ""
        yield from fields(
            [
                ("Version", text(about.version)),
                ("Kept by", text(about.agency)),
                ("Used in", ", ".join(users) or "no table"),
                ("Entries", f"{len(codelist.codes)}, of which {len(standing)} in force on {day.isoformat()}"),
                ("Counted under another entry", str(folded) if folded else ""),
                ("Other labels known", str(len(codelist.aliases)) if codelist.aliases else ""),
                ("Status", f"{about.status}: {text(about.source)}"),
            ]
        )
        changes = list(_changes(form, name))
        if changes:
            yield from table(["from", "entries that begin", "entries that ended the day before"], changes)


def _changes(form: Form, name: str) -> Iterator[tuple[str, str, str]]:
    """The days on which entries of a list begin or have just ended."""
    entries = form.codelists[name].codes
    begins = {entry.valid_from for entry in entries if entry.valid_from}
    ends = {date.fromordinal(entry.valid_to.toordinal() + 1) for entry in entries if entry.valid_to}
    for day in sorted(begins | ends):
        begun = [entry.code for entry in entries if entry.valid_from == day]
        ended = [
            entry.code for entry in entries if entry.valid_to and entry.valid_to.toordinal() + 1 == day.toordinal()
        ]
        yield day.isoformat(), _some(begun), _some(ended)


def _some(written: list[str], most: int = 6) -> str:
    shown = ", ".join(code(one) for one in written[:most])
    return shown + (f" and {len(written) - most} more" if len(written) > most else "")


def _form_notes(form: Form) -> Iterator[str]:
    concepts = {entry.code: entry.name for entry in form.codelists["sims_concepts"].codes}
    yield "## Notes on the form"
    yield ""
    yield "By SIMS concept; the notes on a table stand with the table."
    yield ""
    yield from table(
        ["concept", "note", "status", "source"],
        [
            (
                f"{note.concept} {text(concepts[note.concept].en)}",
                text(note.whole.en),
                note.status,
                text(note.source),
            )
            for note in form.notes
            if note.concept
        ],
    )
