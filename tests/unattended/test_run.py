"""The unattended run: what is owed is built in order, nothing twice, and what cannot be built says why."""

import csv
import errno
import io
import json
import os
import shutil
import threading
import time
from datetime import datetime
from pathlib import Path

import pytest

from form1.archive.store import Archive, proof
from form1.build.recipe import BuildOrder
from form1.cli.options import Call
from form1.core.errors import DeliveryError, SourceError
from form1.core.periods import Period
from form1.definition import Form
from form1.definition.configuration import Calendar, Run
from form1.unattended import recipe as unattended
from form1.unattended.settling import FolderState, settled
from form1.unattended.status import status
from form1.unattended.wording import attention
from tests.unattended.conftest import NOW, Office

TEN = "exempt_from_work_permit.csv"


def _event_lines(office: Office) -> list[dict[str, object]]:
    return [json.loads(line) for line in (office.output / "log" / "run.jsonl").read_text("utf-8").splitlines()]


def test_what_is_owed_is_built_in_the_order_in_which_it_fell_due(office: Office) -> None:
    office.calendar = Calendar()
    owed = ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2025", "2026-Q1", "2026-Q2", "2026-Q3"]
    assert office.states() == dict.fromkeys(owed, "built")
    published = [line["period"] for line in _event_lines(office) if line["event"] == "published"]
    assert published == owed
    assert list(proof.harms(office.output)) == []


def test_the_second_run_builds_nothing(office: Office) -> None:
    office.run()
    before = {path: path.stat().st_mtime_ns for path in office.output.rglob("*.json*") if "log" not in path.parts}
    outcome = office.run()
    assert [str(result.state) for result in outcome.results] == ["stands", "stands"]
    assert outcome.exit_code == 0 and outcome.is_quiet
    assert {p: p.stat().st_mtime_ns for p in office.output.rglob("*.json*") if "log" not in p.parts} == before


def _move_one_man(path: Path, by: int) -> tuple[int, int]:
    """Change the first count of men in an export of table 10; return what it was and is."""
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
    place = next(number for number, row in enumerate(rows) if row[0] == "M")
    was = int(rows[place][1])
    rows[place][1] = str(was + by)
    path.write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="utf-8")
    return was, was + by


def test_changed_exports_make_a_revision_with_the_cells_that_changed(office: Office) -> None:
    office.run()
    was, now = _move_one_man(office.exports / "2026-Q3" / TEN, 7)
    assert office.states() == {"2026-Q2": "stands", "2026-Q3": "revised"}
    edition = Archive(office.output).latest(Period(2026, 3))
    assert edition is not None and edition.revision == 2
    assert os.readlink(edition.folder.parent / "latest") == "r2"
    lines = list(csv.DictReader(io.StringIO((edition.folder / "changes.csv").read_text("utf-8"))))
    changed = {(line["table"], line["row"], line["column"]): (line["was"], line["now"]) for line in lines}
    assert changed["T10", "T", "M"] == (str(was), str(now))
    assert changed.keys() == {("T10", "T", "M"), ("T10", "T", "T")}
    assert int(changed["T10", "T", "T"][1]) - int(changed["T10", "T", "T"][0]) == 7


def test_an_earlier_quarter_that_changes_revises_the_later_one_made_from_it(office: Office) -> None:
    """T07 covers its quarter alone, so the third quarter is made from the second quarter's export too."""
    office.run()
    path = office.exports / "2026-Q2" / "work_permits_by_residence.xlsx"
    import openpyxl

    book = openpyxl.load_workbook(path)
    book.properties.title = "saved again"
    book.save(path)
    assert office.states() == {"2026-Q2": "revised", "2026-Q3": "revised"}
    edition = Archive(office.output).latest(Period(2026, 3))
    assert edition is not None and edition.manifest["changed_cells"] == 0


def test_a_changed_definition_revises_nothing(office: Office) -> None:
    office.run()
    manifest = Archive(office.output).latest(Period(2026, 3))
    assert manifest is not None
    object.__setattr__(office.form, "sha256", "f" * 64)
    try:
        assert office.states() == {"2026-Q2": "stands", "2026-Q3": "stands"}
    finally:
        object.__setattr__(office.form, "sha256", manifest.manifest["reference_sha256"])


def test_a_broken_export_is_rejected_and_leaves_the_edition(office: Office) -> None:
    office.run()
    path = office.exports / "2026-Q3" / TEN
    path.write_text(path.read_text("utf-8").replace("M,", "M,1.", 1), encoding="utf-8")
    outcome = office.run()
    assert outcome.exit_code == 3
    result = outcome.results[-1]
    assert (str(result.state), result.edition) == ("rejected", office.output / "2026-Q3" / "r1")
    assert os.readlink(office.output / "2026-Q3" / "latest") == "r1"
    folder = office.output / "rejected" / "2026-Q3"
    assert result.report == folder / "report.html"
    assert "is not a count" in (folder / "findings.txt").read_text("utf-8")
    assert sorted(path.name for path in folder.iterdir()) == ["findings.json", "findings.txt", "report.html"]
    assert list(proof.harms(office.output)) == []
    # Mended, the findings go.
    path.write_text(path.read_text("utf-8").replace("M,1.", "M,", 1), encoding="utf-8")
    assert office.run().exit_code == 0
    assert not folder.exists()


def test_one_period_that_cannot_be_built_does_not_stop_the_others(office: Office) -> None:
    (office.exports / "2026-Q2" / TEN).unlink()
    outcome = office.run()
    assert {str(r.period): (str(r.state), r.exit_code) for r in outcome.results} == {
        "2026-Q2": ("incomplete", 4),
        "2026-Q3": ("built", 0),
    }
    assert outcome.exit_code == 4 and not outcome.is_quiet


@pytest.mark.parametrize(
    ("day", "code"),
    [
        pytest.param(datetime(2026, 10, 1, 2), 0, id="open: silent"),
        pytest.param(datetime(2026, 10, 15, 2), 0, id="ten days before: in the log"),
        pytest.param(datetime(2026, 10, 21, 23), 0, id="four days before"),
        pytest.param(datetime(2026, 10, 22, 0), 4, id="three days before: somebody must act"),
        pytest.param(datetime(2026, 10, 25, 23), 4, id="the last day"),
        pytest.param(datetime(2026, 10, 26, 0), 4, id="overdue"),
    ],
)
def test_no_exports_near_the_deadline(office: Office, day: datetime, code: int) -> None:
    office.run(NOW.replace(month=9))
    shutil.rmtree(office.exports / "2026-Q3")
    outcome = office.run(day.replace(tzinfo=NOW.tzinfo))
    assert (str(outcome.results[-1].state), outcome.exit_code) == ("awaited", code)
    assert _event_lines(office)[-1]["stage"] == str(outcome.results[-1].obligation.stage)


def test_a_folder_of_exports_that_is_not_mounted_is_no_peace(office: Office) -> None:
    office.run()
    shutil.rmtree(office.exports)
    with pytest.raises(SourceError, match=r"the exports folder .* cannot be read: No such file or directory"):
        office.run()


def test_a_period_that_cannot_be_looked_into_is_not_awaited(office: Office) -> None:
    shutil.rmtree(office.exports / "2026-Q3")
    (office.exports / "2026-Q3").write_text("no folder", encoding="utf-8")
    assert office.states() == {"2026-Q2": "built", "2026-Q3": "incomplete"}


@pytest.mark.parametrize("is_listed", [pytest.param(False, id="not even listed"), pytest.param(True, id="listed")])
@pytest.mark.parametrize("marker", [pytest.param("", id="no marker"), pytest.param("COMPLETE", id="marker")])
def test_exports_that_this_user_may_not_read(
    office: Office, monkeypatch: pytest.MonkeyPatch, is_listed: bool, marker: str
) -> None:
    """Root may read everything, so the system's answer to a service user is given here."""
    closed, stat, listdir = f"{office.exports / '2026-Q3'}", os.stat, os.listdir

    def refuse(path: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    monkeypatch.setattr(
        os, "stat", lambda path, **how: refuse(path) if f"{path}".startswith(f"{closed}/") else stat(path, **how)
    )
    if not is_listed:
        monkeypatch.setattr(os, "listdir", lambda path: refuse(path) if f"{path}" == closed else listdir(path))
        monkeypatch.setattr(
            os, "scandir", lambda path, kept=os.scandir: refuse(path) if f"{path}" == closed else kept(path)
        )
    office.calendar = Calendar(since="2026-Q3")
    office.settings = Run(settle=0, marker=marker)
    for period in ("2026-Q1", "2026-Q2"):
        (office.exports / period / "COMPLETE").touch()
    outcome = office.run()
    assert [(str(r.state), r.exit_code) for r in outcome.results] == [("incomplete", 4)]


def test_a_period_that_cannot_be_put_in_its_place_does_not_stop_the_others(office: Office) -> None:
    (office.output / "2026-Q2").parent.mkdir(parents=True)
    (office.output / "2026-Q2").write_text("in the way", encoding="utf-8")
    outcome = office.run()
    assert [(str(r.state), r.exit_code) for r in outcome.results] == [("failed", 4), ("built", 0)]
    assert "File exists. Nothing was published" in outcome.results[0].why
    (office.output / "2026-Q2").unlink()
    assert office.states() == {"2026-Q2": "built", "2026-Q3": "stands"}


def test_a_reason_and_a_marker_beside_the_exports_are_no_change(office: Office) -> None:
    settings = Run(settle=0, marker="COMPLETE")
    office.settings = settings
    for period in ("2026-Q1", "2026-Q2", "2026-Q3"):
        (office.exports / period / "COMPLETE").touch()
    office.run()
    (office.exports / "2026-Q3" / "revision.txt").write_text("səbəb", encoding="utf-8")
    order = BuildOrder(office.form, Period(2026), office.exports, office.output, "en", {}, NOW)
    assert [(s.period, s.state) for s in status(order, office.calendar, settings)] == [
        ("2026-Q2", "published"),
        ("2026-Q3", "published"),
        ("2026-Q4", "running"),
    ]


def test_exports_taken_away_leave_the_edition(office: Office) -> None:
    office.run()
    shutil.rmtree(office.exports / "2026-Q3")
    outcome = office.run(NOW.replace(day=30))
    assert (str(outcome.results[-1].state), outcome.exit_code) == ("stands", 0)


def test_the_marker_of_the_configuration_is_no_stray_file(tmp_path: Path) -> None:
    path = tmp_path / "form1.toml"
    path.write_text('[run]\nmarker = "COMPLETE"\n', encoding="utf-8")
    form = Call(None, None, None, path, None).settle().form
    for period in (Period(2026, 3), Period(2016, 2)):
        assert "COMPLETE" in form.of(period).sources.ignored_files


def test_exports_without_their_marker_are_awaited(office: Office) -> None:
    office.settings = Run(settle=0, marker="COMPLETE")
    assert office.states() == {"2026-Q2": "awaited", "2026-Q3": "awaited"}
    for period in ("2026-Q1", "2026-Q3"):
        (office.exports / period / "COMPLETE").touch()
    outcome = office.run()
    assert [(str(r.state), r.exit_code) for r in outcome.results] == [("awaited", 4), ("unsettled", 4)]
    assert "2026-Q2 has no COMPLETE" in outcome.results[1].why  # its work permits count in the year to date of 2026-Q3
    (office.exports / "2026-Q2" / "COMPLETE").touch()
    assert office.states() == {"2026-Q2": "built", "2026-Q3": "built"}
    assert office.states() == {"2026-Q2": "stands", "2026-Q3": "stands"}


def test_exports_that_are_still_being_written_wait_for_the_next_run(office: Office) -> None:
    office.settings = Run(settle=0.4, patience=1.2)
    stop = threading.Event()

    def write() -> None:
        with (office.exports / "2026-Q3" / "late.csv").open("w") as file:
            while not stop.is_set():
                file.write("1\n")
                file.flush()
                time.sleep(0.05)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        time.sleep(0.1)
        outcome = office.run()
    finally:
        stop.set()
        writer.join()
    assert [(str(r.state), r.exit_code) for r in outcome.results] == [("built", 0), ("unsettled", 4)]
    (office.exports / "2026-Q3" / "late.csv").unlink()
    assert office.states() == {"2026-Q2": "stands", "2026-Q3": "built"}


@pytest.mark.parametrize(
    "harm, says",
    [
        pytest.param(
            lambda folder: (folder / "cells.csv").unlink(),
            "was changed after it was published (cells.csv)",
            id="a file is gone",
        ),
        pytest.param(
            lambda folder: (folder / "manifest.json").unlink(), "manifest.json is gone", id="the manifest is gone"
        ),
    ],
)
def test_a_harmed_edition_is_told_although_nothing_has_changed(office: Office, harm, says: str) -> None:
    """The exports are as they were, so nothing is owed: the edition that people read is not there all the same."""
    office.calendar = Calendar(since="2026-Q3")
    office.run()
    harm(office.output / "2026-Q3" / "r1")
    outcome = office.run()
    assert (str(outcome.results[0].state), outcome.exit_code) == ("harmed", 4)
    assert says in outcome.results[0].why


def test_an_empty_journal_lets_nothing_be_published(office: Office) -> None:
    office.calendar = Calendar(since="2026-Q3")
    office.run()
    (office.output / "journal.jsonl").write_bytes(b"")
    with pytest.raises(DeliveryError, match=r"was cut: it lacks .*2026-Q3/r1\. Restore it from a backup"):
        office.run()


def test_a_form_waits_for_the_earlier_quarters_that_it_adds_up(office: Office) -> None:
    """Half of an earlier export, read while it is copied, would make a wrong year to date that looks right."""
    office.run()
    early = office.exports / "2026-Q1" / "work_permits_by_residence.csv"  # before the first period that is owed
    lines = early.read_bytes().splitlines(keepends=True)
    early.write_bytes(b"".join(lines[: len(lines) // 2]))
    office.settings = Run(settle=60, patience=0)
    assert [(str(r.state), r.exit_code) for r in office.run().results] == [("unsettled", 4)] * 2
    office.settings = Run(settle=0)
    assert office.states() == {"2026-Q2": "revised", "2026-Q3": "revised"}


def test_exports_that_change_after_they_have_settled_are_not_published(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def settled_too_early(*given: object) -> dict[Path, FolderState]:
        quiet = settled(*given)  # type: ignore[arg-type]
        _move_one_man(office.exports / "2026-Q3" / TEN, 7)
        return quiet

    monkeypatch.setattr(unattended, "settled", settled_too_early)
    assert office.states() == {"2026-Q2": "built", "2026-Q3": "unsettled"}


def test_a_harmed_period_is_left_alone_and_the_others_go_on(office: Office) -> None:
    office.run()
    shutil.rmtree(office.output / "2026-Q2" / "r1")
    _move_one_man(office.exports / "2026-Q3" / TEN, 1)
    outcome = office.run()
    assert [(str(r.state), r.exit_code) for r in outcome.results] == [("harmed", 4), ("revised", 0)]
    assert "is gone. Restore it from a backup" in outcome.results[0].why


def test_the_log_has_no_counts_of_persons_and_no_names(office: Office) -> None:
    office.run()
    path = office.exports / "2026-Q3" / TEN
    path.write_text(path.read_text("utf-8").replace("M,", "M,1.", 1), encoding="utf-8")
    office.run()
    allowed = {
        "run", "began", "after", "event", "period", "outcome", "seconds", "verdict", "findings", "tables", "inputs",
        "revision", "stage", "why", "exit_code", "hook",
    }  # fmt: skip
    lines = _event_lines(office)
    assert lines and all(line.keys() <= allowed for line in lines)
    cells = Archive(office.output).latest(Period(2026, 3))
    assert cells is not None
    counts = {cell.value for cell in cells.cells().values() if cell.value is not None and cell.value > 100}
    numbers = {line["tables"] for line in lines if "tables" in line} | {
        line["inputs"] for line in lines if "inputs" in line
    }
    assert numbers and not numbers & counts


def test_only_the_last_periods_are_looked_after(office: Office) -> None:
    office.calendar = Calendar(history=2)
    assert list(office.states()) == ["2026-Q2", "2026-Q3"]
    office.calendar = Calendar(since="2026-Q3")
    assert list(office.states()) == ["2026-Q3"]


def test_where_drafts_are_signed_off_a_run_stops_at_a_draft(office: Office, form: Form) -> None:
    shutil.rmtree(office.exports / "2026-Q3")
    office.approval = True
    first = office.run()
    (of_q2,) = (result for result in first.results if str(result.period) == "2026-Q2")
    folder = office.output / "drafts" / "2026-Q2"
    assert (of_q2.state, of_q2.draft, of_q2.edition) == ("drafted", folder, None)
    assert of_q2.exit_code == 4, "the deadline of 25 July is over"
    assert str(folder) in attention(form, "en", first)
    assert not (office.output / "2026-Q2").exists()
    drawn = (folder / "manifest.json").stat().st_mtime_ns
    assert office.states()["2026-Q2"] == "drafted"
    assert (folder / "manifest.json").stat().st_mtime_ns == drawn, "the same draft is not drawn again"
    order = BuildOrder(form, Period(2026, 2), office.exports, office.output, "en", now=NOW, approval=True)
    standing = {one.period: one.state for one in status(order, office.calendar, office.settings)}
    assert standing["2026-Q2"] == "drafted"
