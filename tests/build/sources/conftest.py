"""A folder of one period with small files, one good layout per table and one fault at a time."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from form1.build.sources import read_period
from form1.core.findings import Finding
from form1.core.periods import Period
from form1.definition import Form
from form1.model.exports import Export
from form1.model.forms import InputFile

PERIOD = Period.parse("2026-Q3")


@dataclass
class Folder:
    """The exports of 2026-Q3; `put` writes a file, `read` reads the tables named."""

    form: Form
    exports: Path

    def put(self, name: str, content: str | bytes) -> Path:
        path = self.exports / str(PERIOD) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def read(self, *tables: str) -> tuple[dict[str, Export], list[Finding], list[InputFile]]:
        return read_period(self.form, self.exports, PERIOD, tables or None)

    def one(self, table: str) -> Export:
        """Read one table that must be without a fault."""
        exports, findings, _ = self.read(table)
        assert findings == []
        return exports[table]


@pytest.fixture
def folder(form: Form, tmp_path: Path) -> Folder:
    (tmp_path / "exports" / str(PERIOD)).mkdir(parents=True)
    return Folder(form, tmp_path / "exports")
