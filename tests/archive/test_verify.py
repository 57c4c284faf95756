"""What verify is asked for and what it says: targets, editions that are gone, seals, manifests that are none."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from form1.archive.compare import find
from form1.archive.signing import Trust
from form1.archive.store import Archive, journal
from form1.archive.verify import verify
from form1.cli.main import run
from form1.core.errors import UsageError
from form1.core.periods import Period
from form1.definition import Form
from tests.archive.store.archives import publish_small

NOBODY = Trust.of(None)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """2026-Q2 in one revision, 2026-Q3 in two."""
    folder = tmp_path / "output"
    publish_small(folder, 1, Period(2026, 2))
    publish_small(folder, 1)
    publish_small(folder, 2)
    return folder


def _found(output: Path, named: str) -> set[tuple[str, str]]:
    return {(str(harm.kind), harm.where) for harm in verify(output, named, NOBODY).harms}


def test_each_manifest_names_the_seal_of_the_line_before(output: Path) -> None:
    seals = ["0" * 64, *(entry.seal for entry in journal.read(output).entries)]
    told = [edition.manifest["previous"] for edition in Archive(output).all()]
    assert told == seals[:3]


@pytest.mark.parametrize(
    ("named", "editions"),
    [
        ("all", ["2026-Q2/r1", "2026-Q3/r1", "2026-Q3/r2"]),
        ("2026-Q3", ["2026-Q3/r1", "2026-Q3/r2"]),
        ("2026-Q3/", ["2026-Q3/r1", "2026-Q3/r2"]),
        ("2026-Q3/r1", ["2026-Q3/r1"]),
        ("2026-Q3/latest", ["2026-Q3/r2"]),
    ],
)
def test_a_name_means_the_archive(
    output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str, editions: list[str]
) -> None:
    """Also where a folder of that name stands; its path begins with `./`."""
    other = tmp_path / "elsewhere"
    publish_small(other, 1)
    (other / "2026-Q3" / "r1" / "cells.csv").write_bytes(b"")
    monkeypatch.chdir(other)
    proved = verify(output, named, NOBODY)
    assert [f"{edition.period}/r{edition.revision}" for edition in proved.editions] == editions
    assert proved.harms == () and all(edition.folder.is_relative_to(output) for edition in proved.editions)
    for path in ("./2026-Q3", "./2026-Q3/r1", str(other / "2026-Q3" / "latest")):
        assert _found(output, path) == {("changed", "2026-Q3/r1/cells.csv")}


def test_a_name_means_the_archive_in_compare_too(
    form: Form, output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_small(tmp_path / "elsewhere", 4)
    monkeypatch.chdir(tmp_path / "elsewhere")
    (Path("2026-Q3") / "r1").symlink_to("r4")
    values = [find(form, output, named).cells["T10", "T", "T"].value for named in ("2026-Q3/r1", "./2026-Q3/r1")]
    assert values == [1, 4]
    with pytest.raises(UsageError, match=r"holds no edition 2026-Q3/r4\. A folder of that name is \./2026-Q3/r4"):
        find(form, output, "2026-Q3/r4")


@pytest.mark.parametrize("named", ["2026-Q1", "2026-Q3/r3", "2026-Q3/report", "elsewhere", "2026-Q9", ""])
def test_what_names_nothing_is_said(output: Path, named: str) -> None:
    with pytest.raises(UsageError, match=r"holds no edition|is no edition"):
        verify(output, named, NOBODY)


@pytest.mark.parametrize("named", ["all", "2026-Q3", "2026-Q3/r2", "2026-Q3/latest"])
def test_an_edition_that_is_gone_is_seen(output: Path, named: str) -> None:
    shutil.rmtree(output / "2026-Q3" / "r2")
    assert ("gone", "2026-Q3/r2") in _found(output, named)
    assert _found(output, "2026-Q3/r1") == _found(output, "2026-Q2") == set()


def test_a_period_that_is_gone_as_a_whole_is_seen(output: Path) -> None:
    shutil.rmtree(output / "2026-Q3")
    assert _found(output, "2026-Q3") == {("gone", "2026-Q3/r1"), ("gone", "2026-Q3/r2")}


def test_the_harms_of_a_revision_are_not_those_of_its_namesake(output: Path) -> None:
    for revision in range(3, 11):
        publish_small(output, revision)
    (output / "2026-Q3" / "r10" / "cells.csv").unlink()
    assert _found(output, "2026-Q3/r1") == set()
    assert _found(output, "2026-Q3/r10") == {("missing", "2026-Q3/r10/cells.csv")}


def test_an_edition_of_before_this_was_told_is_proved(output: Path) -> None:
    """Its manifest does not name the line before it."""
    _written(output, b'{"period": "2026-Q3", "revision": 2, "outputs": []}')
    for name in ("cells.csv", "report.html"):
        (output / "2026-Q3" / "r2" / name).unlink()
    assert _found(output, "all") == set()


def _written(output: Path, manifest: bytes) -> None:
    """Put another manifest in the place of the last one, with its line in the journal."""
    (output / "2026-Q3" / "r2" / "manifest.json").write_bytes(manifest)
    path = output / "journal.jsonl"
    *lines, last = path.read_bytes().splitlines()
    entry = {**json.loads(last), "manifest_sha256": hashlib.sha256(manifest).hexdigest()}
    entry.pop("seal")
    seal = hashlib.sha256(json.dumps(entry, ensure_ascii=False).encode()).hexdigest()
    lines.append(json.dumps({**entry, "seal": seal}, ensure_ascii=False).encode())
    path.write_bytes(b"\n".join(lines) + b"\n")


def _manifest(**facts: object) -> bytes:
    """A manifest of the last edition that lists its cells, and says something odd beside."""
    cells = b"table,row,column,value,status\nT10,T,T,2,number\n"
    outputs = [{"name": "cells.csv", "size": len(cells), "sha256": hashlib.sha256(cells).hexdigest()}]
    outputs += [{"name": "report.html", "size": 12, "sha256": hashlib.sha256(b"<html>" * 2).hexdigest()}]
    return json.dumps({"period": "2026-Q3", "revision": 2, "outputs": outputs, **facts}).encode()


TABLE = {"id": "T10", "sheet": "10", "lines": ["1"], "panels": [1]}
ODD = {
    "200,000 brackets": b"[" * 200_000,
    "200,000 brackets within": b'{"outputs": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "nothing": b"",
    "no JSON": b"<html>",
    "no UTF-8": b'{"period": "\xff"}',
    "a list": b"[]",
    "a number of 5,000 digits": b"9" * 5000,
    "no outputs": _manifest(outputs=None),
    "outputs that are text": _manifest(outputs="cells.csv"),
    "outputs without a hash": _manifest(outputs=[{"name": "cells.csv", "size": 1}]),
    "a name that is a number": _manifest(outputs=[{"name": 5, "size": 1, "sha256": ""}]),
    "a name outside the folder": _manifest(outputs=[{"name": "../r1/cells.csv", "size": 1, "sha256": ""}]),
    "a name of 300 letters": _manifest(outputs=[{"name": "a" * 300, "size": 1, "sha256": ""}]),
    "a name with half a letter": _manifest(outputs=[{"name": "\ud800", "size": 1, "sha256": ""}]),
    "a size that is text": _manifest(outputs=[{"name": "cells.csv", "size": "1", "sha256": ""}]),
    "blanks that are a number": _manifest(tables=[TABLE], signs={}, blanks=5),
    "places that are a list": _manifest(tables=[TABLE], signs={}, blanks={"report.html": [1]}),
}


@pytest.mark.parametrize("manifest", ODD.values(), ids=ODD)
def test_a_manifest_that_is_none_is_a_harm(output: Path, manifest: bytes) -> None:
    """Also with a journal that knows it."""
    _written(output, manifest)
    found = _found(output, "all")
    assert found and all(where.startswith("2026-Q3/r2/") for _, where in found)
    assert {kind for kind, _ in found} <= {"unreadable", "numbers"}


def test_verify_prints_the_seal_and_holds_another(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = ["verify", "all", "--output", str(output), "--lang", "en"]
    seals = [entry.seal for entry in journal.read(output).entries]
    assert run(call) == 0
    assert capsys.readouterr().out.splitlines()[-2] == f"Seal of the journal at line 3: {seals[2]}"
    assert run([*call, "--expect", f" {seals[1].upper()}\n"]) == 0
    capsys.readouterr()
    assert run([*call, "--expect", "f" * 64]) == 3
    assert capsys.readouterr().out.startswith("HARM: journal.jsonl: the journal has not the expected seal")
    assert run([*call, "--expect", "f" * 63]) == 2
    assert "is no seal" in capsys.readouterr().err
    shutil.rmtree(output)
    assert run([*call, "--expect", seals[0]]) == 3
