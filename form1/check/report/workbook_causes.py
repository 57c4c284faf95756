"""The first sheet of the error workbook: the causes by weight, then the findings that no cause explains."""

from __future__ import annotations

from itertools import zip_longest
from typing import Final

from form1.check.report.workbook_listing import ListColumn, Listing
from form1.check.report.workbook_lists import CODE, COUNT, TEXT, Account
from form1.core.literal import plain
from form1.core.values import group_digits
from form1.definition.wording import period_in_words
from form1.views.causes import CauseView
from form1.views.findings import WEIGHTS, FindingView

SEVERITY_COLUMN: Final = 8
_RULE_COLUMN: Final = 9
_ALTERNATIVES_IN_A_ROW: Final = 6
"""More alternatives go on in rows of their own: a row has an upper bound for its height."""


def list_causes(account: Account) -> Listing:
    """Return the list: one row for each cell that a cause would change, one for each finding without a cause."""
    columns = [
        ListColumn(account.word("ordinal_number"), CODE),
        ListColumn(account.word("what_was_found"), TEXT, share=0.68),
        ListColumn(account.word("cell"), CODE),
        ListColumn(account.word("holds"), COUNT),
        ListColumn(account.word("would_have_to_hold"), COUNT),
        ListColumn(account.word("likely_slip"), TEXT),
        ListColumn(account.word("alternatives"), TEXT, share=0.32),
        ListColumn(account.word("explains"), COUNT),
        ListColumn(account.word("severity"), CODE),
        ListColumn(account.word("rule"), TEXT),
    ]
    listing = Listing(_titles(account), columns)
    for cause in account.causes:
        _add_cause(listing, account, cause)
    alone = [finding for finding in account.findings if not finding.cause]
    for finding in sorted(alone, key=lambda finding: WEIGHTS.index(finding.weight)):
        _add_finding(listing, account, finding)
    return listing


def _add_cause(listing: Listing, account: Account, cause: CauseView) -> None:
    """Add a cause: its further cells and alternatives follow in rows that can be folded away."""
    others = [" + ".join(amendment.short for amendment in other) for other in cause.alternatives]
    others += [cause.further] if cause.further else []
    packs = [
        "; ".join(others[start : start + _ALTERNATIVES_IN_A_ROW])
        for start in range(0, len(others), _ALTERNATIVES_IN_A_ROW)
    ]
    severity = account.word("warning" if cause.weight == "known" else cause.weight)
    rule = cause.rules[0] if cause.rules else ""
    rules = f"{rule} +{len(cause.rules) - 1}" if len(cause.rules) > 1 else rule
    for place, (amendment, pack) in enumerate(
        zip_longest(cause.amendments, packs) if cause.amendments else [(None, None)]
    ):
        listing.add(
            cause.number,
            amendment.sentence if amendment else None if place else cause.kind,
            amendment.address if amendment else None,
            amendment.value if amendment else None,
            amendment.would_be if amendment else None,
            None if place else cause.kind,
            pack,
            None if place else len(cause.findings),
            severity,
            None if place else rules or None,
            links={} if place else account.link(_RULE_COLUMN, rule),
            continues=place > 0,
        )


def _add_finding(listing: Listing, account: Account, finding: FindingView) -> None:
    facts = account.received.findings[finding.number - 1].facts
    found, expected = (facts.get(name) for name in ("found", "expected"))
    listing.add(
        None,
        finding.text,
        finding.address or None,
        found if isinstance(found, int) else None,
        expected if isinstance(expected, int) else None,
        None,
        None,
        1,
        account.word(finding.severity),
        finding.rule,
        links=account.link(_RULE_COLUMN, finding.rule),
    )


def _titles(account: Account) -> list[tuple[str, str]]:
    received, language = account.received, account.received.language
    identity = received.form.identity
    kinds = {
        "errors_of_form": sum(finding.weight == "error" and finding.is_formal for finding in account.findings),
        "errors_of_content": sum(finding.weight == "error" and not finding.is_formal for finding in account.findings),
        "warnings": sum(finding.weight == "warning" for finding in account.findings),
        "known_warnings": sum(finding.weight == "known" for finding in account.findings),
        "informations": sum(finding.weight == "information" for finding in account.findings),
    }
    counts = " · ".join(f"{account.word(kind)}: {count}" for kind, count in kinds.items())
    about_causes = [account.word(received.causes.status)]
    if account.causes:
        explained = sum(len(cause.findings) for cause in account.causes)
        about_causes.append(
            account.word("causes_explain").format(
                causes=len(account.causes), explained=explained, all=len(account.findings)
            )
        )
        about_causes.append(account.word("only_proposed"))
    return [
        (f"{account.word('report')}: {plain(received.file.name)}", "heading"),
        (f"{account.word('verdict')}: {account.word(received.verdict)} · {counts}", "approval head"),
        (
            f"{identity.title.of(language)}, {identity.code} · {period_in_words(received.period, language)} · "
            f"{account.word('size')}: {group_digits(received.file.size)} · sha256 {received.file.sha256}",
            "remark left",
        ),
        (" ".join(about_causes), "remark left"),
    ]
