"""The reason for a revision: what is taken, what is not, and how either is said."""

import os
from pathlib import Path

import pytest

from form1.build.sources import read_period, read_reason
from form1.core.findings import Severity
from form1.core.periods import Period
from form1.definition import Form
from form1.definition.wording import say
from tests.making import SAMPLE, edited

Q3 = Period(2026, 3)
OLD = {2: "Səhv sətir", 3: ""}


def _read(form: Form, folder: Path, content: bytes | None) -> tuple[str, list]:
    (folder / "2026-Q3").mkdir()
    if content is not None:
        (folder / "2026-Q3" / "revision.txt").write_bytes(content)
    return read_reason(form, folder, Q3, OLD)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param("Düzəliş".encode(), "Düzəliş", id="plain"),
        pytest.param(b"\xef\xbb\xbf" + "Düzəliş\r\n".encode(), "Düzəliş", id="mark of UTF-8 and end of line"),
        pytest.param(b"one\n\n  two\tthree", "one two three", id="several lines become one"),
        pytest.param(b"a\x1b[31mb\x07", "a\\x1b[31mb\\x07", id="control characters"),
        pytest.param("a\u202eb".encode(), "a\\u202eb", id="direction of writing turned round"),
        pytest.param(b"=1+1", "=1+1", id="formula is text"),
        pytest.param(("ə" * 2000).encode(), "ə" * 2000, id="as long as it may be"),
        pytest.param(("ə" * 2000).encode("utf-16"), "ə" * 2000, id="as long as it may be, in UTF-16"),
        pytest.param("Səhv sətir düzəldildi".encode("utf-16"), "Səhv sətir düzəldildi", id="UTF-16"),
        pytest.param("Səhv sütun".encode("utf-16-be"), "Səhv sütun", id="UTF-16 without its mark"),
        pytest.param("Türk ölkələri üçün".replace("ə", "ä").encode("cp1254"), "Türk ölkäläri üçün", id="cp1254"),
        pytest.param("ошибка в графе Мужчины".encode("cp1251"), "ошибка в графе Мужчины", id="cp1251"),
        pytest.param("ошибка в графе Мужчины".encode("cp866"), "ошибка в графе Мужчины", id="cp866"),
    ],
)
def test_taken(form: Form, tmp_path: Path, content: bytes, reason: str) -> None:
    assert _read(form, tmp_path, content) == (reason, [])


@pytest.mark.parametrize(
    ("content", "message", "severity"),
    [
        pytest.param(None, "revision_without_reason", Severity.INFORMATION, id="missing"),
        pytest.param(b"", "revision_reason_empty", Severity.WARNING, id="empty"),
        pytest.param(b"\xef\xbb\xbf \r\n", "revision_reason_empty", Severity.WARNING, id="blank"),
        pytest.param(b"x" * 2001, "revision_reason_long", Severity.ERROR, id="a letter too long"),
        pytest.param(b"x" * 10_000_000, "revision_reason_long", Severity.ERROR, id="far too long"),
        pytest.param(b"PK\x03\x04\x00\x00reason", "revision_reason_binary", Severity.ERROR, id="no text"),
        pytest.param(
            "Səhv sətir\n".encode(), "revision_reason_repeated", Severity.INFORMATION, id="of an earlier revision"
        ),
    ],
)
def test_not_taken(form: Form, tmp_path: Path, content: bytes | None, message: str, severity: Severity) -> None:
    reason, (finding,) = _read(form, tmp_path, content)
    assert (reason, finding.message, finding.severity) == ("", message, severity)
    for language in ("az", "en", "ru"):
        assert "2026-Q3/revision.txt: " in say(form, finding, language)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["folder", "link", "pipe"])
def test_not_an_ordinary_file(form: Form, tmp_path: Path, kind: str) -> None:
    (tmp_path / "2026-Q3").mkdir()
    path = tmp_path / "2026-Q3" / "revision.txt"
    if kind == "folder":
        path.mkdir()
    elif kind == "link":
        path.symlink_to("/etc/hostname")
    else:
        os.mkfifo(path)
    reason, (finding,) = read_reason(form, tmp_path, Q3, {})
    assert (reason, finding.message, finding.severity) == ("", "revision_reason_unreadable", Severity.ERROR)


def test_it_is_no_export(form: Form, tmp_path: Path) -> None:
    folder = tmp_path / "2026-Q3"
    folder.mkdir()
    (folder / "exempt_from_work_permit.csv").write_bytes(
        (SAMPLE / "2026-Q3" / "exempt_from_work_permit.csv").read_bytes()
    )
    (folder / "Revision.TXT").write_text("reason")
    read = read_period(form, tmp_path, Q3)
    assert [file.name for file in read.inputs] == ["2026-Q3/exempt_from_work_permit.csv"]
    assert "file_not_used" not in {finding.message for finding in read.findings}


def test_its_name_is_data(tmp_path: Path) -> None:
    form = edited(tmp_path, "sources.toml", 'revision_note = "revision.txt"', 'revision_note = "səbəb.txt"')
    (tmp_path / "2026-Q3").mkdir()
    (tmp_path / "2026-Q3" / "səbəb.txt").write_text("Düzəliş", encoding="utf-8")
    assert read_reason(form, tmp_path, Q3, {}) == ("Düzəliş", [])
