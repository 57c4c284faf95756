"""What differs in what two editions were made from: one difference at a time."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from form1.archive.store import differences
from form1.model.revisions import Difference, DifferenceKind

BEFORE: dict[str, Any] = {
    "fingerprint": "f1",
    "language": "az",
    "inputs": [{"name": "2026-Q3/a.csv", "size": 1, "sha256": "a1"}, {"name": "2026-Q3/b.csv", "sha256": "b1"}],
    "history": [{"period": "2026-Q2", "cells_sha256": "h1"}],
    "reference_sha256": "r1",
    "templates_sha256": "t1",
    "signatories_sha256": "s1",
    "program_sha256": "p1",
    "versions": {"form1": "1.0", "python": "3.11"},
}


def _set(*path: Any, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(content: Any) -> None:
        for key in path[:-1]:
            content = content[key]
        content[path[-1]] = to

    return change


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(
            _set("inputs", 0, "sha256", to="a2"), [Difference(DifferenceKind.FILE_CHANGED, "2026-Q3/a.csv")], id="file"
        ),
        pytest.param(
            lambda now: now["inputs"].append({"name": "2026-Q3/c.csv", "sha256": "c"}),
            [Difference(DifferenceKind.FILE_ADDED, "2026-Q3/c.csv")],
            id="file added",
        ),
        pytest.param(
            lambda now: now["inputs"].pop(),
            [Difference(DifferenceKind.FILE_REMOVED, "2026-Q3/b.csv")],
            id="file removed",
        ),
        pytest.param(
            _set("inputs", 0, "name", to="2026-Q3/a.xlsx"),
            [
                Difference(DifferenceKind.FILE_REMOVED, "2026-Q3/a.csv"),
                Difference(DifferenceKind.FILE_ADDED, "2026-Q3/a.xlsx"),
            ],
            id="file in another format",
        ),
        pytest.param(_set("reference_sha256", to="r2"), [Difference(DifferenceKind.DEFINITION)], id="definition"),
        pytest.param(_set("templates_sha256", to="t2"), [Difference(DifferenceKind.TEMPLATES)], id="templates"),
        pytest.param(_set("language", to="en"), [Difference(DifferenceKind.LANGUAGE)], id="language"),
        pytest.param(_set("signatories_sha256", to="s2"), [Difference(DifferenceKind.SIGNATORIES)], id="signatories"),
        pytest.param(_set("versions", "form1", to="1.1"), [Difference(DifferenceKind.PROGRAM)], id="program"),
        pytest.param(
            _set("program_sha256", to="p2"), [Difference(DifferenceKind.PROGRAM)], id="other code of the same version"
        ),
        pytest.param(_set("versions", "python", to="3.12"), [], id="another Python is no reason"),
        pytest.param(
            _set("history", 0, "cells_sha256", to="h2"),
            [Difference(DifferenceKind.HISTORY, "2026-Q2")],
            id="an earlier period",
        ),
        pytest.param(
            lambda now: now["history"].clear(), [Difference(DifferenceKind.HISTORY, "2026-Q2")], id="history gone"
        ),
    ],
)
def test_one_difference(change: Callable[[dict[str, Any]], None], expected: list[Difference]) -> None:
    now = copy.deepcopy(BEFORE)
    now["fingerprint"] = "f2"
    change(now)
    assert set(differences(BEFORE, now)) == set(expected)


def test_signatories_are_named_by_elimination_only() -> None:
    """A manifest of version 0.1.0 does not tell the signatories."""
    before = {key: value for key, value in BEFORE.items() if key != "signatories_sha256"}
    assert differences(before, {**BEFORE, "fingerprint": "f2"}) == (Difference(DifferenceKind.SIGNATORIES),)
    assert differences(before, {**BEFORE, "fingerprint": "f2", "language": "en"}) == (
        Difference(DifferenceKind.LANGUAGE),
    )


def test_a_manifest_that_does_not_tell_the_code_is_no_difference() -> None:
    before = {key: value for key, value in BEFORE.items() if key != "program_sha256"}
    assert differences(before, {**BEFORE, "fingerprint": "f2", "language": "en"}) == (
        Difference(DifferenceKind.LANGUAGE),
    )
