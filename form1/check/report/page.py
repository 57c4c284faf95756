"""report.html of a received form: one file that opens anywhere, judges in a minute, and works without a mouse.

The verdict and the file stand first, then the causes with the findings that each explains, the tables at a glance, the
other findings by weight and table, the rules, and the tables with the cells marked. The filter needs the page's one
script; without scripts the page is complete and shows no filter.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

from form1 import __version__
from form1.archive.store.receipt import stamp
from form1.check.report.pictures import marks, picture_views
from form1.core.literal import plain
from form1.core.values import group_digits
from form1.definition.wording import period_in_words
from form1.model.forms import Received, RuleOutcome, RuleResult
from form1.render.page import tables, templates
from form1.views import notes
from form1.views.causes import cause_views
from form1.views.findings import WEIGHTS, FindingView, received_finding_views, rules_in_words

NO_TABLE: Final = "-"
"""What the filter calls the table of a finding that is about no table."""

_SECTIONS: Final[tuple[tuple[str, Callable[[FindingView], bool]], ...]] = (
    ("errors_of_form", lambda finding: finding.weight == "error" and finding.is_formal),
    ("errors_of_content", lambda finding: finding.weight == "error" and not finding.is_formal),
    ("warnings", lambda finding: finding.weight == "warning"),
    ("known_warnings", lambda finding: finding.weight == "known"),
    ("informations", lambda finding: finding.weight == "information"),
)
"""The sections of findings by the word of their heading, the gravest first; every finding belongs to one."""


@dataclass(frozen=True, slots=True)
class SectionView:
    """Findings of one weight: those without a cause by table, and how many stand under their causes instead."""

    heading: str
    count: int
    under_causes: int
    by_table: tuple[tuple[str, tuple[FindingView, ...]], ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filter offers: a value with the number of its findings."""

    weights: tuple[tuple[str, int], ...]
    tables: tuple[tuple[str, int], ...]
    rules: tuple[tuple[str, int], ...]


def draw(received: Received, judged_at: datetime | None = None) -> bytes:
    """Return report.html of a received form, which says when it was judged; the same bytes for the same form."""
    findings = received_finding_views(received)
    causes = cause_views(received, findings)
    marked = marks(findings, causes)
    style = "\n".join(templates.style(name).strip() for name in ("screen.css", "check.css"))
    script = templates.style("check.js").strip()
    page = templates.fill(
        "check.html.jinja",
        received,
        received=received,
        style=style,
        script=script,
        # The page may use this style sheet and this script, and nothing else of any kind.
        style_hash=_digest(style),
        script_hash=_digest(script),
        version=__version__,
        period=period_in_words(received.period, received.language),
        judged_at=stamp(judged_at) if judged_at else "",
        touched={at.table for at in marked} | {finding.table for finding in findings},
        causes=causes,
        explained=sum(len(cause.findings) for cause in causes),
        findings=findings,
        sections=[_section(heading, filter(belongs, findings)) for heading, belongs in _SECTIONS],
        choices=_choices(received, findings),
        no_table=NO_TABLE,
        rule_words=rules_in_words(received, findings),
        results=_by_outcome(received.results),
        obstacles=_obstacles(received),
        pictures=picture_views(received, marked, findings),
        tables=tables.table_views(received, marked),
        short_titles={id: layout.table.short_title.of(received.language) for id, layout in received.layouts.items()},
        signs=notes.signs(received),
        number=group_digits,
    )
    return page.encode()


def _section(heading: str, findings: Iterable[FindingView]) -> SectionView:
    of_weight = list(findings)
    alone = sorted((finding for finding in of_weight if not finding.cause), key=lambda finding: finding.table)
    by_table = tuple((table, tuple(some)) for table, some in groupby(alone, key=lambda finding: finding.table))
    return SectionView(heading, len(of_weight), len(of_weight) - len(alone), by_table)


def _choices(received: Received, findings: Iterable[FindingView]) -> Choices:
    weights: Counter[str] = Counter()
    in_tables: Counter[str] = Counter()
    rules: Counter[str] = Counter()
    for finding in findings:
        weights[finding.weight] += 1
        in_tables[finding.table or NO_TABLE] += 1
        rules[finding.rule] += 1
    order = [*received.form.tables, *sorted(in_tables.keys() - received.form.tables.keys())]
    return Choices(
        tuple((weight, weights[weight]) for weight in WEIGHTS if weights[weight]),
        tuple((table, in_tables[table]) for table in order if in_tables[table]),
        tuple(sorted(rules.items())),
    )


def _by_outcome(results: Iterable[RuleResult]) -> Mapping[str, list[RuleResult]]:
    found: dict[str, list[RuleResult]] = {str(outcome): [] for outcome in RuleOutcome}
    for result in results:
        found[str(result.outcome)].append(result)
    return found


def _obstacles(received: Received) -> list[tuple[str, list[RuleResult]]]:
    """Return what blocked rules, what blocked most of them first, each with its rules."""
    found: dict[str, list[RuleResult]] = {}
    for result in received.results:
        if result.outcome == RuleOutcome.NOT_EVALUATED:
            reason = plain(result.blocked_by.of(received.language)) if result.blocked_by else ""
            found.setdefault(reason, []).append(result)
    return sorted(found.items(), key=lambda item: -len(item[1]))


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
