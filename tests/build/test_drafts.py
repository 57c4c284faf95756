"""Drafts, what a rejected build leaves, and the sign-off of a draft that was seen."""

import hashlib
import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest

from form1.archive.store import disk, proof
from form1.build import drafts
from form1.build.drafts import SignOff
from form1.build.recipe import BuildOrder, BuildOutcome, build
from form1.core.errors import RefusedError
from form1.core.periods import Period
from form1.definition import Form
from tests.making import SAMPLE, of_tables

pytestmark = pytest.mark.usefixtures("quick_drawing")

Q3 = Period(2026, 3)
NOW = datetime.fromisoformat("2026-10-20T06:30:00+04:00")
EXEMPT = "exempt_from_work_permit.csv"


@dataclass
class Office:
    """An office with its own exports of the sample; `order` is what each of its builds begins with."""

    order: BuildOrder

    @property
    def output(self) -> Path:
        return self.order.output

    @property
    def draft(self) -> Path:
        return self.output / "drafts" / "2026-Q3"

    @property
    def rejected(self) -> Path:
        return self.output / "rejected" / "2026-Q3"

    def build(self, **more: object) -> BuildOutcome:
        return build(replace(self.order, **more))  # type: ignore[arg-type]

    def edit(self, was: str, becomes: str) -> None:
        path = self.order.exports / "2026-Q3" / EXEMPT
        text = path.read_text("utf-8-sig")
        assert was in text
        path.write_text(text.replace(was, becomes, 1), encoding="utf-8")

    def sha256(self) -> str:
        return hashlib.sha256((self.draft / "manifest.json").read_bytes()).hexdigest()


@pytest.fixture
def office(form: Form, tmp_path: Path) -> Office:
    (tmp_path / "exports" / "2026-Q3").mkdir(parents=True)
    shutil.copy(SAMPLE / "2026-Q3" / EXEMPT, tmp_path / "exports" / "2026-Q3")
    # One table shows it all, and a build of ten takes ten times as long.
    order = BuildOrder(of_tables(form, ["T10"]), Q3, tmp_path / "exports", tmp_path / "output", "en", now=NOW)
    return Office(order)


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_draft_is_everything_and_publishes_nothing(office: Office) -> None:
    outcome = office.build(draft=True)
    assert (outcome.edition, outcome.draft) == (None, office.draft)
    assert not (office.output / "2026-Q3").exists() and not (office.output / "journal.jsonl").exists()
    stem = "form1-2026-Q3-draft"
    assert _names(office.draft) == sorted(
        ["cells.csv", "findings.json", f"{stem}.pdf", f"{stem}.xlsx", "manifest.json", "report.html"]
    )
    manifest = json.loads((office.draft / "manifest.json").read_bytes())
    assert (manifest["draft"], manifest["journal"], manifest["revision"]) == (True, False, 1)
    assert "draft of revision 1" in (office.draft / "findings.json").read_text()
    assert "draft" not in json.loads((office.build().edition / "manifest.json").read_bytes())  # type: ignore[operator]


def test_the_next_draft_replaces_it_whole(office: Office) -> None:
    office.build(draft=True)
    (office.draft / "older.txt").write_text("left")
    before = office.sha256()
    office.edit("14631", "14640")
    office.build(draft=True)
    assert office.sha256() != before and "older.txt" not in _names(office.draft)
    assert _names(office.output / "drafts") == ["2026-Q3"]


def test_the_last_good_draft_stays_and_is_marked_older(office: Office) -> None:
    office.build(draft=True)
    before = office.sha256()
    office.edit("14631", "14.5")
    outcome = office.build(draft=True)
    assert (outcome.draft, outcome.report) == (None, office.rejected / "report.html")
    assert office.sha256() == before
    assert "2026-10-20 06:30" in (office.draft / "older.txt").read_text(encoding="utf-8")
    assert drafts.find(office.output, Q3) is None


@pytest.mark.parametrize("draft", [False, True], ids=["edition", "draft"])
def test_a_rejected_build_leaves_its_report_until_one_is_accepted(office: Office, draft: bool) -> None:
    office.edit("14631", "14.5")
    outcome = office.build()
    assert (outcome.edition, outcome.report) == (None, office.rejected / "report.html")
    assert _names(office.rejected) == ["findings.json", "findings.txt", "report.html"]
    assert "14.5" in (office.rejected / "findings.txt").read_text(encoding="utf-8")
    office.edit("14.5", "14.6")
    office.build()
    assert "14.6" in (office.rejected / "findings.txt").read_text(encoding="utf-8")
    office.edit("14.6", "14631")
    office.build(draft=draft)
    assert not office.rejected.exists()


def test_a_draft_of_a_period_that_is_not_over_says_so(office: Office) -> None:
    outcome = office.build(draft=True, now=datetime.fromisoformat("2026-09-30T12:00:00+04:00"))
    assert outcome.draft is not None
    assert "period_running" in {finding.message for finding in outcome.submission.findings}


def test_nothing_beside_the_editions_is_a_harm(office: Office) -> None:
    office.build()
    office.build(draft=True)
    (office.output / "README.md").write_text("what this folder is for")
    for other in ("rejected", "renditions"):
        (office.output / other / "2026-Q3").mkdir(parents=True)
    assert list(proof.harms(office.output)) == []


@pytest.mark.parametrize("killed_after", [1, 2], ids=["the old one is aside", "the new one stands"])
def test_a_killed_replacement_loses_no_draft(
    office: Office, monkeypatch: pytest.MonkeyPatch, killed_after: int
) -> None:
    office.build(draft=True)
    office.edit("14631", "14640")
    renamed: list[Path] = []
    rename = Path.rename

    def fatal(self: Path, target: Path) -> Path:
        if "drafts" in self.parts:
            if len(renamed) == killed_after:
                raise KeyboardInterrupt
            renamed.append(self)
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fatal)
    if killed_after == 1:
        with pytest.raises(KeyboardInterrupt):
            office.build(draft=True)
        assert not office.draft.exists()
    else:
        office.build(draft=True)
        (office.output / "drafts" / f"{disk.UNFINISHED}7-old-2026-Q3").mkdir()
    monkeypatch.undo()
    office.edit("14640", "14.5")
    office.build(draft=True)
    assert _names(office.output / "drafts") == ["2026-Q3"]
    assert "older.txt" in _names(office.draft)


def test_with_approval_a_build_stops_at_a_draft(office: Office) -> None:
    outcome = office.build(approval=True)
    assert (outcome.edition, outcome.draft) == (None, office.draft)
    signed = SignOff(office.sha256(), "B. B.", "A. A.")
    published = office.build(approval=True, sign_off=signed)
    assert published.edition == office.output / "2026-Q3" / "r1"
    assert json.loads((published.edition / "manifest.json").read_bytes())["approval"] == {
        "draft_sha256": signed.draft,
        "signed_off_by": "B. B.",
        "handed_over_by": "A. A.",
        "signed_off_at": "2026-10-20T06:30:00+04:00",
    }
    assert (published.edition / "cells.csv").read_bytes() == (office.draft / "cells.csv").read_bytes()
    assert office.build(approval=True).edition == published.edition


def _other_exports(office: Office) -> BuildOrder:
    office.edit("14631", "14640")
    return office.order


def _other_signatory(office: Office) -> BuildOrder:
    return replace(office.order, signatories={"head": "C. C."})


def _other_language(office: Office) -> BuildOrder:
    return replace(office.order, language="az")


def _published_meanwhile(office: Office) -> BuildOrder:
    build(office.order)
    office.edit("14631", "14640")
    build(office.order)
    office.edit("14640", "14631")
    return office.order


def _changed_draft(office: Office) -> BuildOrder:
    (office.draft / "cells.csv").write_text("")
    return office.order


@pytest.mark.parametrize(
    ("meanwhile", "says"),
    [
        pytest.param(_other_exports, "exempt_from_work_permit.csv", id="exports"),
        pytest.param(_other_signatory, "signatories", id="signatories"),
        pytest.param(_other_language, "language", id="language"),
        pytest.param(_published_meanwhile, "number of the revision", id="another revision came between"),
        pytest.param(_changed_draft, "changed after it was made", id="the draft itself"),
    ],
)
def test_a_sign_off_is_refused_when_something_else_would_be_published(
    office: Office, meanwhile: Callable[[Office], BuildOrder], says: str
) -> None:
    office.build(draft=True)
    signed = SignOff(office.sha256(), "B. B.")
    order = meanwhile(office)
    editions = len(list((office.output / "2026-Q3").glob("r*")))
    with pytest.raises(RefusedError, match=says):
        build(replace(order, sign_off=signed))
    assert len(list((office.output / "2026-Q3").glob("r*"))) == editions


def test_the_program_counts_too(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.build(draft=True)
    signed = SignOff(office.sha256(), "B. B.")
    monkeypatch.setattr(sys.modules["form1.archive.store.manifest"], "program_hash", lambda: "0" * 64)
    with pytest.raises(RefusedError, match="program"):
        office.build(sign_off=signed)


@pytest.mark.parametrize(
    ("sign_off", "says"),
    [
        pytest.param(SignOff("0" * 64, "B. B."), "another one", id="another draft"),
        pytest.param(SignOff("", "B. B.", "B.  B."), "another person", id="own work"),
        pytest.param(SignOff("", " "), "nobody is named", id="nobody"),
    ],
)
def test_a_sign_off_names_the_draft_and_two_persons(office: Office, sign_off: SignOff, says: str) -> None:
    office.build(draft=True)
    with pytest.raises(RefusedError, match=says) as refused:
        office.build(sign_off=sign_off)
    assert refused.value.exit_code == 3
    assert refused.value.spoken("az") != str(refused.value)


def test_without_a_draft_there_is_nothing_to_sign_off(office: Office) -> None:
    with pytest.raises(RefusedError, match="no draft of 2026-Q3"):
        office.build(sign_off=SignOff("0" * 64, "B. B."))
