"""An office with the sample's exports, an output folder, and quick drawing."""

import shutil
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from form1.build.recipe import BuildOrder
from form1.core.periods import Period
from form1.definition import Form
from form1.definition.configuration import Calendar, Run
from form1.unattended import recipe as unattended
from form1.unattended.events import Log, run_id
from form1.unattended.recipe import RunOrder, RunOutcome, run
from tests.making import SAMPLE
from tests.unattended import quick

NOW = datetime(2026, 10, 20, 2, 0, tzinfo=ZoneInfo("Asia/Baku"))


@dataclass
class Office:
    """Runs with quick drawing over its own exports; `outcome` of each run."""

    form: Form
    root: Path
    calendar: Calendar = field(default_factory=lambda: Calendar(since="2026-Q2"))
    settings: Run = field(default_factory=lambda: Run(settle=0))
    approval: bool = False

    @property
    def exports(self) -> Path:
        return self.root / "exports"

    @property
    def output(self) -> Path:
        return self.root / "output"

    def run(self, now: datetime = NOW) -> RunOutcome:
        order = BuildOrder(self.form, Period(2026), self.exports, self.output, "en", {}, now, approval=self.approval)
        log = Log(self.output / "log" / "run.jsonl", run_id(now), now)
        log.open()
        try:
            return run(RunOrder(order, self.calendar, self.settings, log.run), log)
        finally:
            log.close()

    def states(self, now: datetime = NOW) -> dict[str, str]:
        return {str(result.period): str(result.state) for result in self.run(now).results}


@pytest.fixture
def office(form: Form, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, earlier_once: None) -> Office:
    monkeypatch.setattr(unattended, "draw_all", quick.draw_all)
    shutil.copytree(SAMPLE, tmp_path / "exports")
    return Office(form, tmp_path)
