"""Forgeries without the key: whoever writes manifests and journal anew cannot make them look signed."""

import hashlib
import io
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from form1.archive import signing
from form1.archive.signing import SignatureState, Trust
from form1.archive.store import RunStamp, journal, publish
from form1.archive.verify import Proved, verify
from form1.core.errors import ConfigurationError
from form1.core.periods import Period
from form1.definition.configuration import Signing
from tests.archive.signing.authority import SIGNER, issue, write
from tests.archive.signing.conftest import NOW, Office
from tests.archive.store.archives import edition

Q1, Q2, Q3 = Period(2026, 1), Period(2026, 2), Period(2026, 3)
ORDER = ((Q1, 1), (Q2, 1), (Q3, 1), (Q3, 2))
"""Only the first is unsigned."""


def _blank() -> bytes:
    made = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(made)
    return made.getvalue()


def _publish(output: Path, key: tuple[Period, int], number: int, settings: Signing | None) -> None:
    """Publish a small edition as the product does, each in a call of its own."""
    period, revision = key
    moment = NOW + timedelta(hours=number)
    sign = signing.signer(settings, moment)
    files = edition(revision, period, journal.read(output).seal)
    manifest = json.loads(files.pop("manifest.json"))
    files = sign({**files, f"form1-{period}-r{revision}.pdf": _blank()})
    manifest["outputs"] = _outputs(files)
    signed = sign({"manifest.json": json.dumps(manifest).encode()})
    publish(output, period, revision, {**files, **signed}, "accepted", RunStamp(moment))


def _outputs(files: dict[str, bytes]) -> list[dict[str, object]]:
    return [
        {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in files.items()
    ]


@pytest.fixture(scope="module")
def archive(office: Office, tmp_path_factory: Any) -> Path:
    output: Path = tmp_path_factory.mktemp("archive")
    for number, key in enumerate(ORDER):
        _publish(output, key, number, office.settings if number else None)
    return output


@pytest.fixture
def output(archive: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(archive, tmp_path / "output", symlinks=True))


def _folder(output: Path, key: tuple[Period, int]) -> Path:
    return output / str(key[0]) / f"r{key[1]}"


def _told_anew(output: Path, key: tuple[Period, int]) -> None:
    """Make the manifest true of the files as they are, and strip its signature."""
    folder = _folder(output, key)
    (folder / "manifest.json.p7s").unlink(missing_ok=True)
    content = json.loads((folder / "manifest.json").read_bytes())
    files = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.name != "manifest.json"}
    (folder / "manifest.json").write_text(json.dumps({**content, "outputs": _outputs(files)}), encoding="utf-8")


def _sealed_anew(output: Path, *more: tuple[str, tuple[Period, int]], without: object = None) -> None:
    """Write the whole journal anew, so that it is true of the editions as they are; a forger can do so.

    An edition without a signature that comes after a change names the line that now stands before it.
    """
    entries = [json.loads(line) for line in (output / "journal.jsonl").read_bytes().splitlines()]
    template = entries[-1]
    entries = [entry for entry in entries if (Period.parse(entry["period"]), entry["revision"]) != without]
    later = (NOW + timedelta(days=1)).isoformat(timespec="seconds")
    entries += [
        {**template, "event": event, "period": str(period), "revision": revision, "time": later}
        for event, (period, revision) in more
    ]
    previous, lines = "0" * 64, []
    for number, entry in enumerate(entries, start=1):
        entry.pop("seal")
        folder = _folder(output, (Period.parse(entry["period"]), entry["revision"]))
        entry |= {"number": number, "previous": previous}
        if folder.exists():
            signature = folder / "manifest.json.p7s"
            if not signature.exists():
                path = folder / "manifest.json"
                path.write_text(json.dumps({**json.loads(path.read_bytes()), "previous": previous}), encoding="utf-8")
            entry["manifest_sha256"] = hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()
            found = hashlib.sha256(signature.read_bytes()).hexdigest() if signature.exists() else ""
            entry["signature_sha256"] = found
        previous = hashlib.sha256(json.dumps(entry, ensure_ascii=False).encode()).hexdigest()
        lines.append(json.dumps({**entry, "seal": previous}, ensure_ascii=False).encode() + b"\n")
    (output / "journal.jsonl").write_bytes(b"".join(lines))


def _found(proved: Proved) -> set[tuple[str, str]]:
    return {(str(harm.kind), harm.where) for harm in proved.harms}


def test_an_archive_that_nobody_touched_is_proved(archive: Path, office: Office) -> None:
    proved = verify(archive, "all", Trust.of(office.settings))
    assert proved.harms == () and proved.unsigned == ("2026-Q1/r1",)
    assert {check.outcome for _, check in proved.signatures} == {SignatureState.VALID}
    assert len(proved.signatures) == 6
    assert (proved.lines, proved.seal) == (4, journal.read(archive).entries[-1].seal)


def _unsigned_again(output: Path, key: tuple[Period, int] = ORDER[3]) -> None:
    folder = _folder(output, key)
    (folder / f"form1-{key[0]}-r{key[1]}.pdf").write_bytes(_blank())
    (folder / "cells.csv").write_bytes(b"table,row,column,value,status\nT10,T,T,77,number\n")
    _told_anew(output, key)


def _downgrade(output: Path) -> None:
    _unsigned_again(output)
    _sealed_anew(output)


def _replay_of_another_period(output: Path) -> None:
    shutil.rmtree(_folder(output, ORDER[3]))
    shutil.copytree(_folder(output, ORDER[1]), _folder(output, ORDER[3]))
    _sealed_anew(output)


def _replay_of_an_older_revision(output: Path) -> None:
    shutil.rmtree(_folder(output, ORDER[3]))
    shutil.copytree(_folder(output, ORDER[2]), _folder(output, ORDER[3]))
    _sealed_anew(output)


def _signature_of_the_manifest_stripped(output: Path) -> None:
    """Of the first signed edition, so that the journal says of none before it that it was signed."""
    (_folder(output, ORDER[1]) / "manifest.json.p7s").unlink()
    _sealed_anew(output)


def _bytes_appended(output: Path) -> None:
    path = _folder(output, ORDER[3]) / "form1-2026-Q3-r2.pdf"
    path.write_bytes(path.read_bytes() + b"\n")
    _told_anew(output, ORDER[3])
    _sealed_anew(output)


def _an_edition_is_taken_out(output: Path) -> None:
    shutil.rmtree(output / "2026-Q2")
    _sealed_anew(output, without=ORDER[1])


def _withdrawn_by_a_line(output: Path) -> None:
    shutil.rmtree(output / "2026-Q2")
    _sealed_anew(output, ("withdrawn", ORDER[1]))


def _published_twice(output: Path) -> None:
    _unsigned_again(output, ORDER[2])
    kept = [json.loads(line) for line in (output / "journal.jsonl").read_bytes().splitlines()]
    entry = {**kept[-1], "number": 5, "previous": kept[-1]["seal"], "revision": 1, "signature_sha256": ""}
    path = _folder(output, ORDER[2]) / "manifest.json"
    told = {**json.loads(path.read_bytes()), "previous": kept[-1]["seal"]}
    path.write_text(json.dumps(told), encoding="utf-8")
    entry["manifest_sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    entry.pop("seal")
    seal = hashlib.sha256(json.dumps(entry, ensure_ascii=False).encode()).hexdigest()
    with (output / "journal.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({**entry, "seal": seal}, ensure_ascii=False) + "\n")


FORGERIES: dict[str, tuple[Callable[[Path], None], set[tuple[str, str]]]] = {
    "downgrade to unsigned": (_downgrade, {("unsigned", "2026-Q3/r2")}),
    "replay of another period": (
        _replay_of_another_period,
        {("misplaced", "2026-Q3/r2/manifest.json"), ("chain", "2026-Q3/r2/manifest.json")},
    ),
    "replay of an older revision": (
        _replay_of_an_older_revision,
        {("misplaced", "2026-Q3/r2/manifest.json"), ("chain", "2026-Q3/r2/manifest.json")},
    ),
    "signature of the manifest stripped": (
        _signature_of_the_manifest_stripped,
        {("unsigned", "2026-Q2/r1"), ("chain", "2026-Q3/r1/manifest.json"), ("chain", "2026-Q3/r2/manifest.json")},
    ),
    "bytes appended to the PDF": (
        _bytes_appended,
        {("unsigned", "2026-Q3/r2"), ("signature", "2026-Q3/r2/form1-2026-Q3-r2.pdf")},
    ),
    "an edition taken out of the middle": (
        _an_edition_is_taken_out,
        {("chain", "2026-Q3/r1/manifest.json"), ("chain", "2026-Q3/r2/manifest.json")},
    ),
    "an edition withdrawn by a line": (_withdrawn_by_a_line, {("gone", "2026-Q2/r1")}),
    "an edition published twice": (
        _published_twice,
        {("unsigned", "2026-Q3/r1"), ("other_manifest", "2026-Q3/r1/manifest.json")},
    ),
}


@pytest.mark.parametrize(("forge", "harms"), FORGERIES.values(), ids=FORGERIES)
def test_a_forgery_is_found(
    output: Path, office: Office, forge: Callable[[Path], None], harms: set[tuple[str, str]]
) -> None:
    forge(output)
    found = _found(verify(output, "all", Trust.of(office.settings)))
    assert found >= harms
    assert {kind for kind, _ in found} <= {kind for kind, _ in harms} | {"missing", "changed", "chain"}


def _rolled_back(output: Path) -> None:
    shutil.rmtree(_folder(output, ORDER[3]))
    (output / "2026-Q3" / "latest").unlink()
    (output / "2026-Q3" / "latest").symlink_to("r1")
    _sealed_anew(output, without=ORDER[3])


def _last_one_withdrawn(output: Path) -> None:
    """By a line of the very call that published it, which a run that was killed may leave."""
    kept = [json.loads(line) for line in (output / "journal.jsonl").read_bytes().splitlines()]
    entry = {**kept[-1], "number": 5, "previous": kept[-1]["seal"], "event": "withdrawn"}
    entry.pop("seal")
    seal = hashlib.sha256(json.dumps(entry, ensure_ascii=False).encode()).hexdigest()
    with (output / "journal.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({**entry, "seal": seal}, ensure_ascii=False) + "\n")
    shutil.rmtree(_folder(output, ORDER[3]))
    (output / "2026-Q3" / "latest").unlink()
    (output / "2026-Q3" / "latest").symlink_to("r1")


@pytest.mark.parametrize("forge", [_rolled_back, _last_one_withdrawn])
def test_a_rollback_is_found_by_a_seal_kept_outside(
    output: Path, office: Office, forge: Callable[[Path], None]
) -> None:
    """The last editions taken back with all that was said of them: nothing that is left can tell, but the seal can."""
    trust = Trust.of(office.settings)
    kept = verify(output, "all", trust).seal
    assert verify(output, "all", trust, kept).harms == ()
    forge(output)
    assert verify(output, "all", trust).harms == ()
    for named in ("all", "2026-Q3", "2026-Q2/r1"):
        assert _found(verify(output, named, trust, kept)) == {("rolled_back", "journal.jsonl")}


def test_a_seal_kept_outside_holds_when_the_archive_has_grown(output: Path, office: Office) -> None:
    kept = journal.read(output).entries[1].seal
    assert verify(output, "all", Trust.of(office.settings), kept).harms == ()
    assert verify(output, "2026-Q1", Trust.of(None), "0" * 64).harms != ()


def test_an_archive_emptied_of_signatures_is_found_by_the_day_of_the_configuration(
    output: Path, office: Office
) -> None:
    for key in ORDER[1:]:
        _unsigned_again(output, key)
    _sealed_anew(output)
    proved = verify(output, "all", Trust.of(office.settings))
    assert (proved.harms, len(proved.unsigned)) == ((), 4)
    assert _unsigned_since(output, office, NOW.date()) == {f"{period}/r{revision}" for period, revision in ORDER}
    path = output / "journal.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace("2026-10-22T", "2026-01-01T"), encoding="utf-8")
    _sealed_anew(output)
    assert _unsigned_since(output, office, NOW.date()) == set()
    assert _unsigned_since(output, office, date(2026, 9, 30)) == {"2026-Q3/r1", "2026-Q3/r2"}


def _unsigned_since(output: Path, office: Office, day: date) -> set[str]:
    """What is told as unsigned where all is signed since a day; nothing else may be wrong.

    A line can be dated back, but a period is published after it ends.
    """
    settings = office.settings.model_copy(update={"signed_since": day})
    found = _found(verify(output, "all", Trust.of(settings)))
    assert {kind for kind, _ in found} <= {"unsigned"}
    return {where for _, where in found}


def test_what_nobody_asked_to_be_signed_may_be_unsigned(output: Path) -> None:
    """Signatures that are there are looked at all the same: they are of somebody who is not trusted."""
    proved = verify(output, "2026-Q1", Trust.of(None))
    assert (proved.harms, proved.unsigned, proved.signatures) == ((), (), ())
    found = _found(verify(output, "2026-Q2", Trust.of(None)))
    assert found == {("signature", "2026-Q2/r1/manifest.json"), ("signature", "2026-Q2/r1/form1-2026-Q2-r1.pdf")}


def test_another_valid_signer_does_not_count(output: Path, office: Office, tmp_path: Path) -> None:
    other = issue("Başqası", office.between)
    paths = write(tmp_path, s_pem=other.pem(), s_key=other.key_pem())
    by_other = Signing(certificate=paths["s_pem"], key=paths["s_key"], trust=office.settings.trust)
    _publish(output, (Q2, 2), 9, by_other)
    everybody = Trust.of(office.settings)
    assert verify(output, "all", everybody).harms == ()
    found = _found(verify(output, "all", replace(everybody, signer=SIGNER)))
    assert found == {("signature", "2026-Q2/r2/manifest.json"), ("signature", "2026-Q2/r2/form1-2026-Q2-r2.pdf")}
    with pytest.raises(ConfigurationError, match=r"is of another name than \[signing\] signer says") as raised:
        signing.able(by_other.model_copy(update={"signer": SIGNER}), now=NOW)
    assert SIGNER not in str(raised.value)


def test_signatures_are_checked_where_none_is_made(output: Path, office: Office) -> None:
    settings = Signing(trust=office.settings.trust, signer=SIGNER)
    assert verify(output, "all", Trust.of(settings)).harms == ()
    _downgrade(output)
    assert ("unsigned", "2026-Q3/r2") in _found(verify(output, "all", Trust.of(settings)))
    with pytest.raises(ConfigurationError, match="names no certificate to sign with"):
        signing.signer(settings, NOW)


def test_a_signature_that_a_later_part_of_the_file_hides_is_told(archive: Path, office: Office) -> None:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    signed = (_folder(archive, ORDER[3]) / "form1-2026-Q3-r2.pdf").read_bytes()
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    del writer.root["/AcroForm"]
    writer.update_root()
    hidden = io.BytesIO()
    writer.write(hidden)
    assert signing.check_pdf(hidden.getvalue(), Trust.of(office.settings)).outcome == SignatureState.UNREADABLE
