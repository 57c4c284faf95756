"""Periods of older versions from exports to editions and back; rules over time, comparisons and series across versions."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from form1 import rules
from form1.build import history
from form1.build.gathering import gather
from form1.build.recipe import BuildOrder, build, prepare
from form1.cli.main import run
from form1.core.cells import Cell
from form1.core.findings import Severity
from form1.core.periods import Period
from form1.definition import Form
from form1.definition.wording import say
from form1.model.forms import Edition, RuleOutcome
from form1.model.revisions import content
from form1.recognise import Refusal, receive
from form1.render.workbook import draw
from tests.making import of_tables
from tests.versions_of_the_form import persons, write_exports

PERIODS = ["2016-Q2", "2019-Q1", "2019-Q2", "2019-Q3", "2019-Q4", "2021-Q2", "2021-Q3"]


@pytest.fixture(scope="module")
def exports(form: Form, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exports")
    for period in PERIODS:
        write_exports(form, folder, Period.parse(period))
    return folder


@pytest.fixture(scope="module")
def few(form: Form) -> Form:
    """The two tables whose rows the versions change."""
    return of_tables(form, ("T03", "T04"))


def _order(form: Form, exports: Path, written: str, **more: object) -> BuildOrder:
    return replace(BuildOrder(form, Period.parse(written), exports, exports / "none", "en"), **more)  # type: ignore[arg-type]


def _prepared(form: Form, exports: Path, written: str) -> Edition:
    return Edition.of(prepare(_order(form, exports, written)).submission, revision=1)


def test_a_period_of_an_older_version_is_built_and_read_back(
    form: Form, few: Form, exports: Path, tmp_path: Path
) -> None:
    """The edition has the rows and words of its time, its numbers are those drawn, and it is what it was."""
    outcome = build(_order(few, exports, "2016-Q2", output=tmp_path))
    assert outcome.edition is not None, [finding.message for finding in outcome.submission.findings]
    with (outcome.edition / "cells.csv").open(encoding="utf-8", newline="") as file:
        cells = {(row["table"], row["row"], row["column"]): row["value"] for row in csv.DictReader(file)}
    assert cells == {
        at: str(cell.value) if cell.value is not None else "" for at, cell in outcome.submission.cells.items()
    }
    assert run(["verify", f"{tmp_path}/2016-Q2/r1", "--output", str(tmp_path)]) == 0
    _is_of_its_time(
        form, few, outcome.submission, outcome.edition / f"{outcome.submission.name}.xlsx", "45.0.8", "45.1.8"
    )


def test_the_workbook_of_an_older_version_reads_back_whole(form: Form, exports: Path, tmp_path: Path) -> None:
    submission = _prepared(form, exports, "2019-Q4")
    path = tmp_path / "form.xlsx"
    path.write_bytes(draw(submission))
    _is_of_its_time(form, form, submission, path, "45.1.8", "45.0.8")


def _is_of_its_time(whole: Form, form: Form, submission: Edition, path: Path, own: str, foreign: str) -> None:
    """Rows and words are those of the period, counts those of the persons drawn; the workbook gives the same cells."""
    period = submission.period
    drawn = persons(whole.of(period), "temporary_permits", period)
    men = sum(one["ground"] == own and one["sex"] == "M" for one in drawn)
    assert men > 0 and submission.cells["T03", own, "M"].value == men
    assert not any(row == foreign for _, row, _ in submission.cells)
    assert submission.form.version.id == {"2016-Q2": "2016-06", "2019-Q4": "2019-07"}[str(period)]
    received = receive(form, path)
    assert not isinstance(received, Refusal)
    assert received.period == period and received.findings == ()
    assert {at: content(cell) for at, cell in received.cells.items()} == {
        at: content(cell) for at, cell in submission.cells.items()
    }
    assert received.layouts == submission.layouts
    book = openpyxl.load_workbook(path, read_only=True)
    texts = {str(cell.value) for row in book["4"].iter_rows() for cell in row}
    assert any("Aran economic region" in text for text in texts)
    assert not any(text.strip() == "Karabakh economic region" for text in texts)


@pytest.mark.parametrize(
    ("written", "rule", "told"),
    [
        pytest.param("2019-Q3", "R022.T03", "corresponds only in part to 45.0.3", id="a ground that was divided"),
        pytest.param("2021-Q3", "R022.T04", "Ganja-Dashkasan economic region", id="regions that were divided"),
    ],
)
def test_rules_over_time_follow_rows_and_say_which_they_cannot(
    form: Form, exports: Path, written: str, rule: str, told: str
) -> None:
    """Every count grows in these exports: no rule may raise an alarm because rows have other codes now."""
    submission = _prepared(form, exports, written)
    assert not [finding for finding in submission.findings if finding.rule.startswith(("R021", "R022", "R026"))]
    (result,) = [result for result in submission.results if result.rule == rule]
    assert result.outcome == RuleOutcome.NOT_EVALUATED and result.failed == 0
    assert result.blocked_by is not None and told in result.blocked_by.en
    others = len(submission.layouts[rule[-3:]].rows)
    assert 0 < result.tested < others


def test_a_fall_is_found_in_a_row_that_has_another_number_now(form: Form, exports: Path) -> None:
    """45.1.9 is what 45.0.9 was: a smaller count than in the quarter before is the finding of that row."""
    order = _order(form, exports, "2019-Q3")
    submission = prepare(order).submission
    cells = {**submission.cells, ("T03", "45.1.9", "T"): Cell(1)}
    past = history.for_rules(order.form, order.period, editions=order.output, exports=order.exports)
    was = past[Period(2019, 2)]
    assert was.cells is not None and was.cells["T03", "45.1.9", "T"].value == sum(
        one["ground"] == "45.0.9" for one in persons(form.of(Period(2019, 2)), "temporary_permits", Period(2019, 2))
    )
    found, results = rules.judge(order.form, order.period, cells, submission.layouts, past)
    fell = [finding for finding in found if finding.message == "fell_below"]
    assert [(finding.place.row, finding.rule) for finding in fell] == [("45.1.9", "R022.T03")]
    (result,) = [result for result in results if result.rule == "R022.T03"]
    assert result.outcome == RuleOutcome.FAIL and result.failed == 1


def test_quarters_are_added_up_over_a_change_of_the_version(form: Form, exports: Path) -> None:
    """Exports that cover their quarter alone: those of the first half-year have the numbers of then."""
    of_period = form.of(Period(2019, 3))
    coverage = of_period.source_of("T03").coverage[0].model_copy(update={"since": "2015-Q1", "covers": "quarter"})
    entries = tuple(
        source.model_copy(update={"coverage": (coverage,)}) if source.table == "T03" else source
        for source in of_period.sources.source
    )
    sources = of_period.sources.model_copy(update={"source": entries})
    changed = replace(of_period, sources=sources)
    from form1.build.assemble import fill

    period = Period(2019, 3)
    filled = fill(changed, period, gather(changed, exports, period).counts)
    # What was divided cannot be added to either part: that is an error with its address, and never a guess.
    homeless = [finding for finding in filled.findings if finding.severity == Severity.ERROR]
    assert {(finding.message, finding.place.row) for finding in homeless} == {("code_without_place", "45.0.3")}
    wanted = sum(
        one["ground"].rpartition(".")[2] == "9"
        for quarter in (1, 2, 3)
        for one in persons(form.of(Period(2019, quarter)), "temporary_permits", Period(2019, quarter))
    )
    assert filled.cells["T03", "45.1.9", "T"].value == wanted


@pytest.mark.parametrize(
    ("laid_out", "claimed", "tables", "told"),
    [
        pytest.param("2019-Q2", "2019-Q3", ["T03"], "version of June 2018", id="grounds of before"),
        pytest.param("2019-Q3", "2018-Q4", ["T03"], "version of July 2019", id="grounds of later"),
        pytest.param("2021-Q2", "2021-Q3", ["T04"], "version of July 2019", id="ten regions"),
        pytest.param("2021-Q3", "2021-Q2", ["T04"], "version of July 2021", id="fourteen regions too early"),
        pytest.param("2019-Q2", "2018-Q4", [], "", id="another version that prints the same rows"),
    ],
)
def test_a_form_in_the_wrong_version_is_told_so(
    few: Form, exports: Path, tmp_path: Path, laid_out: str, claimed: str, tables: list[str], told: str
) -> None:
    """Marks of notes behind the labels, which are those of the other period, hide nothing."""
    path = tmp_path / "sent.xlsx"
    submission = _prepared(few, exports, laid_out)
    assert any(spot.where == "row" for spot in submission.marks.by_spot)
    path.write_bytes(draw(submission))
    received = receive(few, path, Period.parse(claimed))
    assert not isinstance(received, Refusal)
    found = [finding for finding in received.findings if finding.message == "received_other_version"]
    assert [finding.place.table for finding in found] == tables
    assert all(told in say(few, finding, "en") and finding.severity == Severity.ERROR for finding in found)


def test_a_form_of_a_period_without_a_version_is_refused_in_words(
    few: Form, exports: Path, tmp_path: Path, capsys
) -> None:
    path = tmp_path / "sent.xlsx"
    path.write_bytes(draw(_prepared(few, exports, "2016-Q2")))
    assert run(["check", str(path), "--period", "2015-Q2", "--lang", "en"]) == 4
    assert "no version of the form was in force then" in capsys.readouterr().out


@pytest.fixture(scope="module")
def archive(few: Form, exports: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders with the cells of several periods, as editions have them."""
    from form1.archive import store
    from form1.render.data import cells_csv

    output = tmp_path_factory.mktemp("output")
    for written in PERIODS:
        folder = output / written / "r1"
        folder.mkdir(parents=True)
        (folder / store.CELLS).write_bytes(cells_csv(_prepared(few, exports, written).cells))
        (folder / store.MANIFEST).write_text(json.dumps({"period": written, "outputs": []}), encoding="utf-8")
    return output


def test_compare_puts_rows_of_two_versions_beside_each_other(archive: Path, capsys) -> None:
    assert run(["compare", "2019-Q2", "2019-Q3", "--output", str(archive), "--lang", "en"]) == 0
    shown = capsys.readouterr().out.splitlines()
    part = shown[next(n for n, line in enumerate(shown) if line.startswith("T03")) :]
    (changed,) = [line for line in part if line.startswith("  45.1.9 / T:")]
    assert "no cell" not in changed
    assert not any(line.startswith(("  45.0.", "  45.1.3 ", "  45.1.3-1 ")) for line in part)
    told = [line for line in shown if line.startswith("not evaluated: T03")]
    assert [
        code for code in ("45.1.3 ", "45.1.3-1", "45.1.7-1", "45.1.10-1", "45.1.10-2") if any(code in t for t in told)
    ]
    assert len(told) == 5


def test_series_over_the_archive(archive: Path, form: Form, capsys) -> None:
    def series(*arguments: str) -> list[dict[str, str]]:
        assert run(["series", *arguments, "--output", str(archive), "--format", "csv", "--lang", "en"]) == 0
        return list(csv.DictReader(capsys.readouterr().out.splitlines()))

    told = series("T03/45.1.8/M")
    assert [point["period"] for point in told] == PERIODS
    assert [point["says"] for point in told[:3]] == ["then 45.0.8"] * 3
    for point in told:
        period = Period.parse(point["period"])
        drawn = persons(form.of(period), "temporary_permits", period)
        assert point["value"] == str(sum(o["ground"][-2:] == ".8" and o["sex"] == "M" for o in drawn))
    members = {
        entry.code for entry in form.codelists["admin_units"].on(Period(2021, 3).last_day) if entry.parent == "ER10"
    }
    for point in series("T04/ER10"):
        period = Period.parse(point["period"])
        drawn = persons(form.of(period), "temporary_permits", period)
        assert point["value"] == str(sum(one["place"] in members for one in drawn))
    assert [point["value"] for point in series("T03/45.1.7-1/T")][:3] == [""] * 3
    assert run(["series", "T03/45.0.8", "--output", str(archive)]) == 2
    assert "it goes on as 45.1.8" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        pytest.param(["build", "2015-Q2"], 2, "no version of the form is in force at the end of 2015-Q2", id="build"),
        pytest.param(["template", "2015-Q1"], 2, "no version of the form is in force", id="template"),
        pytest.param(["explain", "2015-Q2/T03/45.0.8"], 2, "no version of the form is in force", id="explain"),
        pytest.param(["changes", "2015-Q2", "2026"], 2, "no version of the form is in force", id="changes"),
        pytest.param(["changes", "2015-08", "2026"], 2, "neither a version of the form", id="no such version"),
        pytest.param(["series", "T03"], 2, "no such address", id="series without a row"),
        pytest.param(["series", "T03/45.1.8", "--as-of", "2015-Q2"], 2, "no version of the form", id="series"),
    ],
)
def test_a_period_before_the_first_version_is_a_wrong_call(arguments, code: int, told: str, tmp_path, capsys) -> None:
    assert run([*arguments, "--output", str(tmp_path)]) == code
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("shape", ["text", "markdown", "json"])
@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_changes_are_printed(shape: str, language: str, capsys) -> None:
    assert run(["changes", "2015-Q3", "2026", "--lang", language, "--format", shape]) == 0
    shown = capsys.readouterr().out
    assert "45.0.1" in shown and "1386" in shown and "{" not in (shown if shape != "json" else "")
    if shape == "json":
        content = json.loads(shown)
        assert (content["from"], content["to"]) == ("2015-07", "2025-01") and len(content["acts"]) == 7


def test_status_and_runs_pass_over_exports_of_before_the_first_version(
    form: Form, exports: Path, tmp_path: Path, capsys
) -> None:
    early = tmp_path / "exports" / "2015-Q1"
    early.mkdir(parents=True)
    (early / "registered_by_citizenship.csv").write_text("x\n", encoding="utf-8")
    assert run(["status", "--exports", str(early.parent), "--output", str(tmp_path / "output"), "--lang", "en"]) == 0
    assert "2015-Q1" not in capsys.readouterr().out
