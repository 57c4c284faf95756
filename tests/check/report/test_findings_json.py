"""findings.json of our own form and of a received one has the shape of the ESS validation report structure."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from form1.definition import Form
from form1.model.forms import RuleOutcome
from form1.render.data import findings_json
from tests.check.report import judged
from tests.check.report.validation_report import faults
from tests.render.drawing import filled, hostile_finding

Report = list[dict[str, Any]]


@pytest.fixture(scope="module")
def report(form: Form) -> Report:
    return json.loads(findings_json(judged.received_form(form)))


def test_our_own_form(form: Form) -> None:
    assert faults(json.loads(findings_json(filled(form, findings=(hostile_finding(),))))) == []


def test_a_received_form(form: Form, report: Report) -> None:
    received = judged.received_form(form)
    assert faults(report) == []
    outcomes = [result.outcome for result in received.results]
    assert [entry["value"] for entry in report].count("0") == len(received.findings)
    assert [entry["value"] for entry in report].count("1") == outcomes.count(RuleOutcome.PASS)
    assert [entry["value"] for entry in report].count("NA") == outcomes.count(RuleOutcome.NOT_EVALUATED)


def test_a_finding_names_the_cell_of_the_form_and_of_the_workbook(report: Report) -> None:
    total = next(entry for entry in report if entry["expression"]["expression"] == "D-ROWS.T06")
    assert total["data"]["target"] == ["T06/T/F", "6!E7"]
    assert len(total["data"]["source"]) == 1
    assert "(6!E7)" in total["data"]["description"]


def test_a_known_warning_says_so(report: Report) -> None:
    known = [entry for entry in report if entry["expression"]["status"].endswith("known")]
    assert [entry["data"]["target"][0] for entry in known] == ["T07/T/T"]


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        pytest.param(lambda entry: entry.pop("event"), "has the keys", id="a key is missing"),
        pytest.param(lambda entry: entry.update(value=0), "wrong type", id="a number for the outcome"),
        pytest.param(lambda entry: entry.update(value="2"), "ends in '2'", id="an unknown outcome"),
        pytest.param(lambda entry: entry["event"].pop("actor"), "event lacks", id="no actor"),
        pytest.param(lambda entry: entry["event"].update(time="today"), "ISO 8601", id="a time in words"),
        pytest.param(lambda entry: entry["expression"].update(severity="fatal"), "severity", id="an unknown severity"),
        pytest.param(lambda entry: entry["expression"].update(rule="x"), "unknown keys", id="an unknown key"),
        pytest.param(lambda entry: entry["data"].update(target="T01"), "no array", id="a text for an array"),
        pytest.param(lambda entry: entry.update(id="F00002"), "stands twice", id="an id twice"),
    ],
)
def test_the_checker_sees_what_is_wrong(report: Report, spoil: Callable[[dict[str, Any]], object], says: str) -> None:
    spoilt = copy.deepcopy(report)
    spoil(spoilt[0])
    assert any(says in fault for fault in faults(spoilt))
