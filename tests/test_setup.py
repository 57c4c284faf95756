"""What scripts/setup.sh finds missing on a machine of the system's own packages."""

import subprocess

import pytest

from tests.making import REPOSITORY

_MACHINE = """
source scripts/setup.sh run
has_venv() { true; }
loads() { [[ " ${*:2} " != *" $LACKS "* ]]; }
apt-cache() { [[ " $KNOWN " != *" $2 "* ]] || seq 100000; }  # more than a pipe holds
missing_here python3
"""
_PANGO = "libpango-1.0-0 libpangoft2-1.0-0"
_SUBSET = "libharfbuzz-subset0"


@pytest.mark.parametrize(
    ("lacks", "known", "missing"),
    [
        pytest.param("nothing", f"{_PANGO} {_SUBSET}", [], id="nothing is missing"),
        pytest.param("libharfbuzz-subset.so.0", f"{_PANGO} {_SUBSET}", [_SUBSET], id="only this one"),
        pytest.param("libharfbuzz-subset.so.0", _PANGO, [], id="a release without it"),
        pytest.param("libharfbuzz-subset.so.0", "", [_SUBSET], id="no lists yet"),
        pytest.param("libpango-1.0.so.0", _PANGO, _PANGO.split(), id="Pango"),
    ],
)
def test_a_missing_library_is_named_by_its_package(lacks: str, known: str, missing: list[str]) -> None:
    told = subprocess.run(
        ["bash", "-c", _MACHINE], cwd=REPOSITORY, capture_output=True, text=True, check=True,
        env={"LACKS": lacks, "KNOWN": known, "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert (told.stdout.split(), told.stderr) == (missing, "")
