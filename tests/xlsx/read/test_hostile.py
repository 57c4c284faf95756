"""The hostile set: every file ends as it must, in one line, in time, without a traceback."""

import os
import unicodedata
import warnings
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

import pytest

from form1.build.sources.grid import Unreadable
from form1.build.sources.sheets import read_workbook
from form1.core.texts import LANGUAGES
from form1.definition.wording import say
from form1.recognise import Refusal, receive, sentence
from form1.recognise.workbook import understand
from form1.xlsx.read.gate import inspect
from form1.xlsx.read.package import read_book
from form1.xlsx.read.refusal import Refused
from tests.making import processor_seconds
from tests.xlsx.read.hostile import Hostile, hostile_files
from tests.xlsx.read.hostile_packages import part_within_part

_OPEN = ZipFile.open
FILES = hostile_files()


def test_the_set_is_large_enough() -> None:
    assert len({each.id for each in FILES}) == len(FILES) >= 60


@pytest.mark.parametrize("hostile", FILES, ids=lambda each: each.id)
def test_every_file_ends_as_it_must(form, tmp_path, hostile: Hostile) -> None:
    path = tmp_path / "sent.xlsx"
    path.write_bytes(hostile.make())
    began = processor_seconds()
    result = receive(form, path) if hostile.in_child else _in_this_process(form, path)
    assert processor_seconds() - began < 10
    if isinstance(result, Refusal):
        assert result.message == hostile.refused
        _is_one_line([sentence(form, result, language) for language in LANGUAGES])
        return
    assert not hostile.refused
    assert {finding.message for finding in result.findings} == hostile.findings
    for finding in result.findings:
        _is_one_line([say(form, finding, language, result.layouts) for language in LANGUAGES], longest=2000)


def _reads_on(self: ZipFile, info: ZipInfo, *_: object) -> IO[bytes]:
    if hasattr(info, "_end_offset"):
        info._end_offset = None
    return _OPEN(self, info)


def _refuses(self: ZipFile, info: ZipInfo, *_: object) -> IO[bytes]:
    raise BadZipFile(f"Overlapped entries: {info.filename!r}")


def _warns(self: ZipFile, info: ZipInfo, *_: object) -> IO[bytes]:
    warnings.warn(f"Overlapped entries: {info.filename!r}", stacklevel=1)
    return _reads_on(self, info)


@pytest.mark.parametrize("opens", [_reads_on, _refuses, _warns])
def test_overlapping_entries_are_refused_alike_by_every_python(tmp_path, monkeypatch, opens) -> None:
    (tmp_path / "sent.xlsx").write_bytes(content := part_within_part())
    monkeypatch.setattr(ZipFile, "open", opens)
    assert inspect(tmp_path / "sent.xlsx") == Refusal("received_damaged", {"part": "ZIP"})
    with pytest.raises(Unreadable) as refused:
        read_workbook(content)
    assert refused.value.message == "received_damaged"


def _in_this_process(form, path: Path):
    admitted = inspect(path)
    if isinstance(admitted, Refusal):
        return admitted
    try:
        return understand(form, read_book(admitted.content), admitted)
    except Refused as refused:
        return refused.refusal


def _is_one_line(sentences: list[str], longest: int = 200) -> None:
    for written in sentences:
        assert 0 < len(written) <= longest
        assert not any(unicodedata.category(letter) in {"Cc", "Cf", "Cs"} for letter in written)


def test_links_pipes_and_folders_are_not_opened(form, tmp_path) -> None:
    (tmp_path / "good.xlsx").write_bytes(b"PK")
    (tmp_path / "link.xlsx").symlink_to(tmp_path / "good.xlsx")
    os.mkfifo(tmp_path / "pipe.xlsx")
    for name in ("link.xlsx", "pipe.xlsx", "."):
        result = receive(form, tmp_path / name)
        assert isinstance(result, Refusal)
        assert result.message == "received_not_a_file"
    for name in ("none.xlsx", "good.xlsx/inside", "zero\0byte"):
        assert receive(form, tmp_path / name) == Refusal("received_missing")


def test_a_file_without_permission_is_refused(form, tmp_path) -> None:
    path = tmp_path / "closed.xlsx"
    path.write_bytes(b"PK")
    path.chmod(0)
    if os.geteuid() != 0:
        assert receive(form, path) == Refusal("received_unreadable")


def test_every_refusal_fits_in_one_line_whatever_its_facts(form) -> None:
    for message in form.messages.values():
        if message.id.startswith("received_"):
            for language in LANGUAGES:
                facts = dict.fromkeys(("part", "format", "sheet", "bound"), "\u202e\x1bW" * 300) | {
                    "cell": "XFD1048576"
                }
                try:
                    written = sentence(form, Refusal(message.id, facts), language)
                except KeyError:
                    continue  # a finding, not a refusal
                if "{" in getattr(message, language):
                    assert written.rstrip()[-1] != "\\"
                _is_one_line([written])
