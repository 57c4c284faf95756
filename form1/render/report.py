"""The report for people: one file that opens anywhere, without a network and without scripts.

The verdict stands first, then what was found, the rules, the changes, the revisions, the inputs, and the tables with
the cells of the findings marked.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from form1.core.cells import Address, Cell
from form1.core.findings import Finding, Place, Severity
from form1.core.literal import plain
from form1.core.values import group_digits, show
from form1.definition.wording import period_in_words
from form1.model.forms import Edition, Judged, RuleOutcome, RuleResult
from form1.model.revisions import ChangedCell
from form1.render.page import fonts, summary, tables, templates
from form1.views import notes
from form1.views.findings import FindingView, anchor_of, finding_views, where

Marks = Mapping[Address, tables.Mark]


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A cell that differs from the edition before."""

    where: str
    target: str
    was: str
    now: str
    difference: str


def draw(edition: Edition) -> bytes:
    """Return report.html of an edition."""
    return _page(
        edition,
        changes=[_change(edition, change) for change in edition.changes],
        targets={one.address: anchor_of(edition, Place(*one.address)) for one in edition.moved},
        **templates.edition_values(edition),
    )


def draw_rejected(judged: Judged) -> bytes:
    """Return report.html of a form that became no edition."""
    return _page(judged, changes=[], targets={}, **templates.no_edition(judged))


def _page(judged: Judged, **about_revisions: Any) -> bytes:
    marks, findings = _findings(judged)
    figures = summary.figure_views(judged)
    style = fonts.faces(figure.svg for figure in figures) + templates.style("screen.css").strip()
    results: dict[str, list[RuleResult]] = {str(outcome): [] for outcome in RuleOutcome}
    for result in judged.results:
        results[str(result.outcome)].append(result)
    page = templates.fill(
        "report.html.jinja",
        judged,
        judged=judged,
        style=style,
        # The page may use this style sheet, and nothing else of any kind.
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        period=period_in_words(judged.period, judged.language),
        findings=findings,
        results=results,
        blocked={result.rule: _blocked(judged, result) for result in judged.results},
        figures=figures,
        tables=tables.table_views(judged, marks, noted=judged.marks),
        signs=notes.signs(judged),
        numbered_notes=notes.numbered_notes(judged),
        **about_revisions,
    )
    return page.encode()


def _findings(judged: Judged) -> tuple[Marks, Mapping[str, list[FindingView]]]:
    """Return the marks of the cells, and the findings by severity with the weightiest severity first."""
    marks: dict[Address, tables.Mark] = {}
    views: dict[str, list[FindingView]] = {str(severity): [] for severity in Severity}
    # Severity lists the weightiest first: of several findings about a cell the weightiest marks it.
    ordered = sorted(zip(judged.findings, finding_views(judged), strict=True), key=lambda pair: _weight(pair[0]))
    for number, (finding, view) in enumerate(ordered, start=1):
        numbered = replace(view, number=number)
        if all(finding.place.address):
            marks.setdefault(finding.place.address, tables.Mark(numbered.anchor, view.severity))
        views[view.severity].append(numbered)
    return marks, views


def _weight(finding: Finding) -> int:
    return list(Severity).index(finding.severity)


def _change(judged: Judged, change: ChangedCell) -> ChangeView:
    place = Place(*change.address)
    was, now = (cell.value if cell else None for cell in (change.was, change.now))
    return ChangeView(
        where(judged, place),
        anchor_of(judged, place),
        _shown(judged, change.was),
        _shown(judged, change.now),
        group_digits(now - was) if was is not None and now is not None else "",
    )


def _shown(judged: Judged, cell: Cell | None) -> str:
    return show(cell.value, cell.status, judged.form.signs()) if cell else ""


def _blocked(judged: Judged, result: RuleResult) -> str:
    return plain(result.blocked_by.of(judged.language)) if result.blocked_by else ""
