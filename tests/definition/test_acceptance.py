"""Accepted oddities: known while they stay within their band and their time, open again afterwards."""

from datetime import date
from pathlib import Path

import pytest

from form1.core.errors import ConfigurationError
from form1.core.findings import Finding, Place, Severity, Verdict, verdict
from form1.core.periods import Period
from form1.definition.acceptance import Acceptance, accept, read_acceptances

Q3, TODAY = Period(2026, 3), date(2026, 10, 20)
WARNING = Finding("moved_much", Severity.WARNING, 2, Place("T01", "TR", "T"), {"found": 500}, rule="R024.T01")
ENTRY = {
    "rule": "R024", "table": "T01", "row": "TR", "periods": ["2026-Q3"], "lowest": 400, "highest": 600,
    "expires": "2026-12-31", "reason": "new visa rules since May", "person": "head of statistics",
}  # fmt: skip


def _accept(finding: Finding = WARNING, today: date = TODAY, period: Period = Q3, **changes: object) -> list[Finding]:
    return accept([finding], [Acceptance.model_validate({**ENTRY, **changes})], period, today)


def test_a_known_warning_no_longer_weighs() -> None:
    (known,) = _accept()
    assert known.accepted == "new visa rules since May (head of statistics, 2026-12-31)"
    assert verdict([known]) == Verdict.ACCEPTED
    assert verdict([WARNING]) == Verdict.ACCEPTED_WITH_WARNINGS


@pytest.mark.parametrize(
    ("arguments", "messages"),
    [
        pytest.param({"today": date(2027, 1, 1)}, ["moved_much", "acceptance_expired"], id="expired"),
        pytest.param({"highest": 499}, ["moved_much", "acceptance_left_band"], id="left its band"),
        pytest.param({"lowest": 501}, ["moved_much", "acceptance_left_band"], id="below its band"),
        pytest.param({"row": "RU"}, ["moved_much"], id="another row"),
        pytest.param({"rule": "R023"}, ["moved_much"], id="another rule"),
        pytest.param({"period": Period(2026, 4)}, ["moved_much"], id="another period"),
    ],
)
def test_it_is_open_again(arguments: dict[str, object], messages: list[str]) -> None:
    findings = _accept(**arguments)  # type: ignore[arg-type]
    assert [finding.message for finding in findings] == messages
    assert not any(finding.accepted for finding in findings)


def test_an_error_cannot_be_accepted() -> None:
    error = Finding("sum_differs", Severity.ERROR, 1, Place("T01", "TR", "T"), {"found": 500}, rule="R024.T01")
    assert _accept(error) == [error]


def test_the_last_day_still_counts() -> None:
    assert _accept(today=date(2026, 12, 31))[0].accepted


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        pytest.param('rule = "R024"', 'rul = "R024"', "rule", id="misspelt key"),
        pytest.param('"2026-Q3"', '"2026-Q7"', "no such period", id="no such period"),
        pytest.param("2026-12-31", "soon", "expires|cannot be read", id="no date"),
        pytest.param("new visa rules since May", "ok", "reason", id="no reason"),
    ],
)
def test_the_file_is_read_strictly(tmp_path: Path, was: str, becomes: str, says: str) -> None:
    path = tmp_path / "accepted.toml"
    text = (
        '[[accepted]]\nrule = "R024"\nperiods = ["2026-Q3"]\nexpires = 2026-12-31\n'
        'reason = "new visa rules since May"\nperson = "head of statistics"\n'
    )
    path.write_text(text, encoding="utf-8")
    assert len(read_acceptances(path)) == 1
    path.write_text(text.replace(was, becomes), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=says):
        read_acceptances(path)
