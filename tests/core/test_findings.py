"""Findings are made as messages.toml declares them, and in no other way."""

import pytest
from pydantic import TypeAdapter

from form1.core.errors import DefinitionError
from form1.core.findings import Finding, Place, Severity, declarations


def test_a_finding_has_the_weight_that_is_declared() -> None:
    finding = Finding.of("export_missing", Place("T03"), folder="exports", name="a")
    assert finding == Finding(
        "export_missing", Severity.ERROR, 0, Place("T03"), {"folder": "exports", "name": "a"}, unreadable=True
    )
    assert Finding.of("looks_cumulative", quarters="2026-Q1") == Finding(
        "looks_cumulative", Severity.WARNING, 2, Place(), {"quarters": "2026-Q1"}
    )


def test_a_finding_of_a_rule_has_the_weight_of_the_rule() -> None:
    finding = Finding.by_rule("R004.T01", Severity.WARNING, 3, "below_range", Place("T01"), found=0, bound=1)
    assert finding == Finding(
        "below_range", Severity.WARNING, 3, Place("T01"), {"found": 0, "bound": 1}, rule="R004.T01"
    )


@pytest.mark.parametrize(
    ("message", "facts", "says"),
    [
        pytest.param("export_mising", {}, "no message 'export_mising'", id="unknown message"),
        pytest.param("export_missing", {"folder": "a"}, "folder, name; the program gives folder", id="fact missing"),
        pytest.param("export_edited", {"name": "a"}, "fields none; the program gives name", id="fact too many"),
        pytest.param("below_range", {"found": 0, "bound": 1}, "only a rule gives it", id="message of a rule"),
    ],
)
def test_a_finding_that_is_not_declared_is_refused(message: str, facts: dict[str, str], says: str) -> None:
    with pytest.raises(DefinitionError, match=says):
        Finding.of(message, **facts)


def test_a_rule_cannot_give_what_has_a_weight_of_its_own() -> None:
    with pytest.raises(DefinitionError, match="no rule gives it"):
        Finding.by_rule("R004", Severity.WARNING, 1, "export_edited")


def test_findings_survive_being_written_and_read() -> None:
    findings = [Finding.of("export_twice", Place("T01"), files=("a", "b")), Finding.of("export_edited")]
    adapter = TypeAdapter(list[Finding])
    assert adapter.validate_python(adapter.dump_python(findings, mode="json", exclude_defaults=True)) == findings


def test_declarations_are_read_once() -> None:
    assert declarations() is declarations()
