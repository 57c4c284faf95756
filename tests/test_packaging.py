"""Pins with hashes, and metadata that agree with what is imported and stated elsewhere."""

import re
import tomllib

import pytest

import form1
from tests.making import REPOSITORY

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
FILES = sorted((REPOSITORY / "requirements").glob("*.txt"))


def _pins(name: str) -> dict[str, str]:
    """What a file pins, by name, with the rest of the requirement; lines of run.txt are those of run.txt."""
    text = (REPOSITORY / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    lines = text.replace("\\\n", "").splitlines()
    own = dict(line.split("==", 1) for line in lines if line and not line.startswith(("#", "-r")))
    return (_pins("run") if "-r run.txt" in lines else {}) | own


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_pin_has_hashes_and_names_no_host(file):
    assert _pins(file.stem)
    for name, rest in _pins(file.stem).items():
        assert re.fullmatch(r"[^\s;]+( ; [^#]+?)?(\s+--hash=sha256:[0-9a-f]{64})+", rest), name
    assert "://" not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "file, declared",
    [
        ("run", PROJECT["project"]["dependencies"]),
        *PROJECT["project"]["optional-dependencies"].items(),
        *PROJECT["dependency-groups"].items(),
        ("build", PROJECT["build-system"]["requires"]),
    ],
)
def test_what_is_declared_is_pinned(file, declared):
    assert {re.match(r"[A-Za-z0-9._-]+", line)[0] for line in declared} <= set(_pins(file))


def test_the_version_stands_in_one_place():
    assert PROJECT["project"]["dynamic"] == ["version"]
    assert PROJECT["tool"]["hatch"]["version"]["path"] == "form1/__init__.py"
    assert re.fullmatch(r"\d+\.\d+\.\d+", form1.__version__)


def test_editors_and_ruff_agree_on_the_length_of_a_line():
    length = PROJECT["tool"]["ruff"]["line-length"]
    assert f"max_line_length = {length}\n" in (REPOSITORY / ".editorconfig").read_text(encoding="utf-8")
