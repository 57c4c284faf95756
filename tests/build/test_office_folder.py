"""What the office says of its exports decides the figures, and makes another edition only where it moves one."""

import json
import shutil
from pathlib import Path

import pytest

from form1.cli.main import run
from tests.making import SAMPLE

pytestmark = pytest.mark.usefixtures("quick_drawing")
HEAD = "list,code,label,by,on,note\n"


class Desk:
    """Exports, editions and the folder of one office; T10 heads its men by a word that no list has."""

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copytree(SAMPLE, root / "exports")
        path = root / "exports" / "2026-Q3" / "exempt_from_work_permit.csv"
        path.write_text("Cins,Say\nBəylər,14631\nQadın,6633\n", encoding="utf-8")
        (root / "form1.toml").write_text('office = "office"\n', encoding="utf-8")
        (root / "office").mkdir()

    def build(self) -> int:
        return run(["build", "2026-Q3", "--config", str(self.root / "form1.toml"), "--lang", "en"])

    def say(self, name: str, content: str) -> None:
        (self.root / "office" / name).write_text(content, encoding="utf-8")

    @property
    def editions(self) -> list[str]:
        return sorted(path.name for path in (self.root / "output" / "2026-Q3").glob("r*"))

    def manifest(self, revision: str) -> dict:
        return json.loads((self.root / "output" / "2026-Q3" / revision / "manifest.json").read_text(encoding="utf-8"))


def test_the_office_decides_about_its_own_exports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = Desk(tmp_path)
    assert desk.build() == 3
    assert "“Bəylər” is not known" in capsys.readouterr().out

    desk.say("aliases.csv", HEAD + "sex,M,Bəylər,,,\n")
    assert desk.build() == 0
    assert desk.editions == ["r1"]

    desk.say("aliases.csv", HEAD + "sex,M,Bəylər,,,\ncountries,TR,Osmanlı,,,\n")
    assert desk.build() == 0
    assert desk.editions == ["r1"], "a label that no export has makes no revision"

    desk.say(
        "corrections.toml",
        """
        [[correction]]
        id = "B1"
        period = "2026-Q3"
        table = "T10"
        row = "T"
        column = "F"
        was = 6633
        becomes = 6635
        reason = { az = "Məktub", en = "Letter", ru = "Письмо" }
        source = "letter of the sender"
        status = "CONFIRMED"
        """,
    )
    assert desk.build() == 0
    assert desk.editions == ["r1", "r2"]
    told = desk.manifest("r2")
    assert {"what": "office", "name": ""} in told["because"]
    assert told["changed_cells"] == 2  # the women and the total
    assert desk.manifest("r1")["fingerprint"] != told["fingerprint"]


def test_without_an_office_nothing_is_said_of_one(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    shutil.rmtree(desk.root / "office")
    name = "2026-Q3/exempt_from_work_permit.csv"
    shutil.copy(SAMPLE / name, desk.root / "exports" / name)
    assert desk.build() == 0
    assert desk.manifest("r1")["office_sha256"] == ""


def test_a_night_sees_that_the_office_says_something_else(tmp_path: Path) -> None:
    from form1.cli.options import Call
    from form1.cli.run import _parts, _places

    desk = Desk(tmp_path)
    call = Call(None, None, None, desk.root / "form1.toml", None)
    places = _places(call)
    assert places is not None
    before = _parts(call, places)
    desk.say("aliases.csv", HEAD + "sex,M,Bəylər,,,\n")
    assert {key for key, value in _parts(call, places).items() if value != before[key]} == {"office"}
