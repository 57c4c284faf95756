"""What a quiet night compares: hashes that whatever lies among the exports cannot bring to a fall."""

import errno
import os
from pathlib import Path

import pytest

from form1.archive.store import Archive
from form1.core.errors import DeliveryError
from form1.core.periods import Period
from form1.unattended import last_run


def test_a_folder_that_may_not_be_looked_into_has_a_hash_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Listed, but nothing in it may be opened (mode 0744): the run says so, the comparison before it goes on."""
    closed, stat = tmp_path / "2026-Q3", os.stat
    closed.mkdir()
    (closed / "a.csv").write_text("1\n")
    (closed / "r1").mkdir()
    open_to_all = last_run.contents(tmp_path)

    def refuse(path: object, **how: object) -> os.stat_result:
        if f"{path}".startswith(f"{closed}/"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return stat(path, **how)  # type: ignore[arg-type, call-overload, no-any-return]

    monkeypatch.setattr(os, "stat", refuse)
    last_run.archive(tmp_path)
    with pytest.raises(DeliveryError, match=r"2026-Q3 cannot be read: Permission denied\. Mend its owner"):
        Archive(tmp_path).editions(Period(2026, 3))
    assert last_run.contents(tmp_path) not in {open_to_all, last_run.contents(tmp_path / "nothing")}
