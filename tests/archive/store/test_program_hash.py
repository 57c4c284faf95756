"""The hash of the program's own code: what changes it, and that it alone makes no revision."""

import hashlib
import importlib
import json
import shutil
from pathlib import Path

import pytest

from form1.build.recipe import BuildOrder, build
from form1.core.periods import Period
from form1.definition import Form
from tests.making import REPOSITORY, SAMPLE

manifest = importlib.import_module("form1.archive.store.manifest")  # the folder gives its function by this name
pytestmark = pytest.mark.usefixtures("quick_drawing")


def _package(folder: Path, **modules: str) -> Path:
    for name, text in modules.items():
        path = folder / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_it_is_the_hash_of_names_and_contents_in_order(tmp_path: Path) -> None:
    package = _package(tmp_path, b="two", a__c="one")
    expected = hashlib.sha256()
    for name, text in (("a/c.py", b"one"), ("b.py", b"two")):
        expected.update(name.encode() + b"\0" + hashlib.sha256(text).digest())
    assert manifest.code_hash(package) == expected.hexdigest()


def test_what_is_no_module_does_not_count(tmp_path: Path) -> None:
    package = _package(tmp_path, a="one")
    before = manifest.code_hash(package)
    (package / "__pycache__").mkdir()
    (package / "__pycache__" / "a.cpython-311.pyc").write_bytes(b"x")
    (package / "_reference").mkdir()
    (package / "_reference" / "form.toml").write_text("x", encoding="utf-8")
    assert manifest.code_hash(package) == before


@pytest.mark.parametrize(
    "modules", [{"a": "other"}, {"a": "one", "b": ""}, {"c": "one"}], ids=["content", "added", "name"]
)
def test_other_code_has_another_hash(tmp_path: Path, modules: dict[str, str]) -> None:
    assert manifest.code_hash(_package(tmp_path / "1", a="one")) != manifest.code_hash(
        _package(tmp_path / "2", **modules)
    )


def test_a_copy_elsewhere_has_the_same_hash(tmp_path: Path) -> None:
    copy = shutil.copytree(REPOSITORY / "form1", tmp_path / "site-packages" / "form1")
    assert manifest.code_hash(Path(copy)) == manifest.program_hash()


def test_another_hash_alone_makes_no_revision(form: Form, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order = BuildOrder(form, Period(2026, 1), SAMPLE, tmp_path)
    first = build(order)
    assert first.edition is not None and first.is_new
    told = json.loads((first.edition / "manifest.json").read_text(encoding="utf-8"))
    assert told["program_sha256"] == manifest.code_hash(REPOSITORY / "form1")
    monkeypatch.setattr(manifest, "program_hash", lambda: "0" * 64)
    again = build(order)
    assert again.edition == first.edition and not again.is_new
