"""The report for people: one file that opens anywhere, without a network and without scripts.

The verdict stands first, then what was found, the rules, the changes, the revisions, the inputs, and the tables with
the cells of the findings marked.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from form1.core.cells import Address, Cell
from form1.core.findings import Finding, Place, Severity
from form1.core.texts import plain
from form1.core.values import group_digits, show
from form1.definition.wording import locate, period_in_words, say
from form1.model.submission import Change, RuleOutcome, RuleResult, Submission
from form1.render.page import cut_fonts, notes, revisions, summary, tables, templates

Marks = Mapping[Address, tables.Mark]


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding as one sentence; `target` is the anchor of the cell, row or table that it speaks of, or empty."""

    anchor: str
    sentence: str
    rule: str
    level: int
    target: str


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A cell that differs from the edition before."""

    where: str
    target: str
    was: str
    now: str
    difference: str


def draw(submission: Submission) -> bytes:
    """Return report.html."""
    marks, findings = _findings(submission)
    figures = summary.figure_views(submission)
    style = cut_fonts.faces(figure.svg for figure in figures) + templates.style("screen.css").strip()
    results: dict[str, list[RuleResult]] = {str(outcome): [] for outcome in RuleOutcome}
    for result in submission.results:
        results[str(result.outcome)].append(result)
    page = templates.fill(
        "report.html.jinja",
        submission,
        style=style,
        # The page may use this style sheet, and nothing else of any kind.
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        period=period_in_words(submission.period, submission.language),
        findings=findings,
        results=results,
        blocked={result.rule: _blocked(submission, result) for result in submission.results},
        changes=[_change(submission, change) for change in submission.changes],
        figures=figures,
        tables=tables.table_views(submission, marks, noted=submission.marks),
        signs=notes.signs(submission),
        numbered_notes=notes.numbered_notes(submission),
        **revisions.values(submission),
        targets={one.address: _target(submission, Place(*one.address)) for one in submission.moved},
    )
    return page.encode()


def _findings(submission: Submission) -> tuple[Marks, Mapping[str, list[FindingView]]]:
    """Return the marks of the cells, and the findings by severity with the weightiest severity first."""
    marks: dict[Address, tables.Mark] = {}
    views: dict[str, list[FindingView]] = {str(severity): [] for severity in Severity}
    # Severity lists the weightiest first: of several findings about a cell the weightiest marks it.
    ordered = sorted(submission.findings, key=lambda finding: list(Severity).index(finding.severity))
    for number, finding in enumerate(ordered, start=1):
        anchor = f"finding-{number}"
        place = finding.place
        if place.table and place.row and place.column:
            address = (place.table, place.row, place.column)
            marks.setdefault(address, tables.Mark(anchor, str(finding.severity)))
        views[str(finding.severity)].append(_finding(submission, finding, anchor))
    return marks, views


def _finding(submission: Submission, finding: Finding, anchor: str) -> FindingView:
    sentence = say(submission.form, finding, submission.language, submission.layouts)
    return FindingView(anchor, plain(sentence), plain(finding.rule), finding.level, _target(submission, finding.place))


def _target(submission: Submission, place: Place) -> str:
    """Return the anchor of the place as far as the tables have it."""
    layout = submission.layouts.get(place.table)
    if layout is None:
        return ""
    if place.row not in layout.row:
        return tables.anchor(place.table)
    return tables.anchor(place.table, place.row, place.column if place.column in layout.column else "")


def _change(submission: Submission, change: Change) -> ChangeView:
    place = Place(*change.address)
    was, now = (cell.value if cell else None for cell in (change.was, change.now))
    return ChangeView(
        locate(submission.form, place, submission.language, submission.layouts),
        _target(submission, place),
        _shown(submission, change.was),
        _shown(submission, change.now),
        group_digits(now - was) if was is not None and now is not None else "",
    )


def _shown(submission: Submission, cell: Cell | None) -> str:
    return show(cell.value, cell.status, submission.form.signs()) if cell else ""


def _blocked(submission: Submission, result: RuleResult) -> str:
    return plain(result.blocked_by.of(submission.language)) if result.blocked_by else ""
