"""`form1 --help` answers at once: the heavy libraries are left to the commands that need them."""

import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from form1.archive import locking

HEAVY = ("polars", "pandera", "openpyxl", "weasyprint", "jinja2", "pydantic", "babel", "pikepdf", "rich", "filelock")

DRAWING = {*HEAVY, "asyncio", "highspy", "matplotlib", "numpy"} - {"babel", "pydantic"}
"""What makes exports into frames, draws, signs or solves."""

_ASK = """
import os, sys
leave = os._exit
def tell(code):
    sys.stdout.write("\\nIMPORTED " + " ".join(sorted({name.partition(".")[0] for name in sys.modules})))
    sys.stdout.flush()
    leave(code)
os._exit = tell
from form1.cli import main
main()
"""
"""The command line leaves by `os._exit`; the names of what was imported are told on the way out."""


def _start(*arguments: str) -> tuple[int, str, set[str]]:
    """Return the exit code of a fresh process, what it printed, and the packages that it imported."""
    ended = subprocess.run([sys.executable, "-c", _ASK, *arguments], capture_output=True, encoding="utf-8", check=False)
    printed, _, imported = ended.stdout.rpartition("\nIMPORTED ")
    assert imported, ended.stderr
    return ended.returncode, printed, set(imported.split())


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["--version"]], ids=" ".join)
def test_the_start_leaves_heavy_libraries_alone(arguments: list[str]) -> None:
    code, printed, imported = _start(*arguments)
    assert code == 0
    assert "form1" in printed
    assert "click" in imported
    assert imported.isdisjoint(HEAVY)


@pytest.mark.parametrize("command", ["build", "explain", "doctor"])
def test_the_help_of_a_command_leaves_them_alone_too(command: str) -> None:
    code, printed, imported = _start(command, "--help")
    assert code == 0
    assert f"form1 {command}" in printed
    assert imported.isdisjoint(HEAVY)


def test_wrong_usage_leaves_them_alone_too() -> None:
    code, _, imported = _start("no-such-command")
    assert code == 2
    assert imported.isdisjoint(HEAVY)


def test_a_check_without_results_leaves_what_draws_alone() -> None:
    workbook = Path(__file__).parents[2] / "sample_data" / "received" / "good.xlsx"
    code, printed, imported = _start("check", str(workbook), "--exports", "nowhere", "--editions", "nowhere")
    assert code == 0
    assert "good.xlsx" in printed
    assert "pydantic" in imported
    assert imported.isdisjoint(DRAWING)


def test_a_run_that_must_leave_leaves_them_alone_too(tmp_path: Path) -> None:
    """Thirty starts at once leave in less than a second only because each of them is light."""
    with locking.hold(tmp_path, "form1 run", datetime(2026, 10, 20, 2, 0)):
        code, _, imported = _start("run", "--output", str(tmp_path))
    assert code == 5
    assert imported.isdisjoint(HEAVY)
