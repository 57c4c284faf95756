"""Pages on a machine that lacks a library, or whose fontconfig complains: the same bytes, and not a word from C."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from form1.cli.main import run
from form1.render.page import engine
from tests.making import SAMPLE

_HIDE = """
import cffi
found = cffi.FFI.dlopen
def dlopen(self, name, *flags):
    if name and "harfbuzz-subset" in name:
        raise OSError("hidden from the loader")
    return found(self, name, *flags)
cffi.FFI.dlopen = dlopen
"""
_TWO_DAYS = f"""
{_HIDE}
import time
from form1.render.page import engine
clock, first = time.time, engine.write(engine._TRIAL)
time.time = lambda: clock() + 86400
print(first == engine.write(engine._TRIAL))
from weasyprint.text.ffi import harfbuzz_subset
print(harfbuzz_subset, engine.lacking())
"""
_DOCTOR = f"""
{_HIDE}
from form1.cli.main import run
run(["doctor"])
"""
_COMPLAINING = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>/proc/nowhere</cachedir><match><oops/></match></fontconfig>"""


def _ended(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "FONTCONFIG_"))}
    return subprocess.run(
        [sys.executable, "-c", code], env={**kept, **environment}, capture_output=True, text=True, check=True
    )


def test_without_harfbuzz_subset_the_bytes_are_the_same_the_day_after() -> None:
    same, told = _ended(_TWO_DAYS).stdout.splitlines()
    assert same == "True"
    assert told.startswith("None libharfbuzz-subset is not there")


def test_without_harfbuzz_subset_doctor_names_the_package() -> None:
    assert "MISSING page: libharfbuzz-subset is not there" in (said := _ended(_DOCTOR).stdout)
    assert "apt-get install libharfbuzz-subset0" in said


def test_what_fontconfig_has_to_complain_about_is_never_printed(tmp_path: Path) -> None:
    fonts = Path(engine.__file__).parent
    (tmp_path / "fonts.conf").write_text(_COMPLAINING.format(fonts=fonts), encoding="utf-8")
    machine = {"HOME": "/proc/nowhere", "FONTCONFIG_FILE": str(tmp_path / "fonts.conf")}
    ask = "from form1.render.page import engine; print(repr(engine.noise())); engine.write(engine._TRIAL)"
    ended = _ended(ask, **machine)
    assert (ended.stdout, ended.stderr) == ("''\n", "")
    # The machine does complain, where it is asked.
    from_machine = f"from contextlib import nullcontext; import {engine.__name__} as engine; engine._our_font_alone = nullcontext; engine.write(engine._TRIAL)"
    assert "Fontconfig" in _ended(from_machine, **machine).stderr


def test_a_noise_is_overheard_and_told(monkeypatch, capsys) -> None:
    from form1.cli.doctor import _page

    monkeypatch.setattr(engine, "write", lambda page: os.write(2, b"Fontconfig error: no cache\nand more\n"))
    monkeypatch.setattr(engine, "lacking", lambda: "")
    assert engine.noise() == "Fontconfig error: no cache"
    assert not _page().well and _page().seen == "Fontconfig error: no cache"


@pytest.mark.usefixtures("quick_drawing")
def test_build_and_run_say_what_a_new_edition_was_drawn_without(monkeypatch, capsys, tmp_path: Path) -> None:
    monkeypatch.setattr(engine, "lacking", lambda: "libharfbuzz-subset is not there. Install it.")
    order = ["build", "2026-Q3", "--exports", str(SAMPLE), "--output", str(tmp_path / "output"), "--lang", "en"]
    told = "form1: libharfbuzz-subset is not there. Install it.\n"
    assert [(run(order), capsys.readouterr().err) for _ in range(2)] == [(0, told), (0, "")]
    shutil.copytree(SAMPLE / "2026-Q3", tmp_path / "exports" / "2026-Q3")
    night = ["run", "--exports", str(tmp_path / "exports"), "--output", str(tmp_path / "nights")]
    run(night)
    assert "; libharfbuzz-subset is not there. Install it. Log:" in capsys.readouterr().err
