"""The configuration refuses what it does not understand, and says it in words of the person who wrote it."""

import os
from pathlib import Path

import pytest

from form1.core.errors import ConfigurationError
from form1.definition.configuration import read_configuration


@pytest.mark.parametrize(
    "written, says",
    [
        pytest.param('exportz = "x"', "exportz: no such key (known keys: records, exports, ", id="an unknown key"),
        pytest.param(
            "[run]\nsetle = 5", "run.setle: no such key (known keys: processes, settle, ", id="one of a section"
        ),
        pytest.param("[runs]\nsettle = 5", "runs: no such key", id="an unknown section"),
        pytest.param("exports = 3", "exports: must be a path, in quotation marks.", id="no path"),
        pytest.param(
            'output = ""', "output: must not be empty; leave the key out for its default.", id="an empty path"
        ),
        pytest.param('[log]\nfile = ""', "log.file: must not be empty", id="an empty path of a section"),
        pytest.param('language = "de"', "language: must be 'az', 'en' or 'ru'.", id="no language of ours"),
        pytest.param(
            '[calendar]\nhistory = "12"', "calendar.history: must be a number, without", id="a number as text"
        ),
        pytest.param("[run]\nprocesses = true", "run.processes: must be a number, without", id="true for a number"),
        pytest.param("[calendar]\nhistory = 1.5", "calendar.history: must be a whole number.", id="a fraction"),
        pytest.param("[run]\nsettle = nan", "run.settle: must be less than or equal to 3600.", id="not a number"),
        pytest.param(
            '[calendar]\nsince = "2026-Q5"', "calendar.since: no such period: '2026-Q5'; write", id="no quarter"
        ),
        pytest.param("[calendar]\nweekend = [0]", "calendar.weekend.0: must be greater than or equal", id="no weekday"),
        pytest.param(
            '[calendar]\nholidays = ["soon"]', "holidays.0: must be a day, written as 2027-01-01", id="no day"
        ),
        pytest.param('[run]\nmarker = "a/b"', "run.marker: write the name of a file, without", id="a marker elsewhere"),
        pytest.param(
            '[run]\nmarker = ".."', "run.marker: write the name of a file, without", id="a folder for a marker"
        ),
        pytest.param(
            '[hooks]\nfailure = "mail root"', "hooks.failure: must be a list, as in [ ].", id="a shell's line"
        ),
        pytest.param("[hooks]\ntime_limit = 0", "hooks.time_limit: must be greater than 0.", id="no time for a hook"),
        pytest.param("[signing]\nreason = 'x'", "signing: certificate is missing;", id="no certificate"),
        pytest.param("calendar = 1", "calendar: must be a section of its own, its name in [ ].", id="no section"),
        pytest.param("language", "cannot be read: ", id="no TOML"),
    ],
)
def test_a_wrong_entry_is_named(written: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "form1.toml"
    path.write_text(f"{written}\n", encoding="utf-8")
    with pytest.raises(ConfigurationError) as raised:
        read_configuration(path)
    told = str(raised.value)
    assert told.startswith(str(path)) and says in told
    assert "\n" not in told


def test_a_mark_of_utf_8_is_no_fault(tmp_path: Path) -> None:
    """Editors of Windows write it."""
    path = tmp_path / "form1.toml"
    path.write_text('language = "ru"\n', encoding="utf-8-sig")
    assert read_configuration(path).language == "ru"


def test_a_pipe_keeps_nobody_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "form1.toml")
    with pytest.raises(ConfigurationError, match=r"form1\.toml cannot be read: it is no file"):
        read_configuration(tmp_path / "form1.toml")
