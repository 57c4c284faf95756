"""A folder of one period with small files, one good layout per table and one fault at a time."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from form1.build.contract import check
from form1.build.sources import read_period
from form1.core.findings import Finding
from form1.core.periods import Period
from form1.definition import Form
from form1.model.exports import Export, label_of
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
        read = read_period(self.form, self.exports, PERIOD, tables or None)
        return dict(read.exports), [*read.findings, *read.missing.values()], list(read.inputs)

    def check(self, table: str) -> list[Finding]:
        """Read one table and hold it against its contract; most cases here have one sex alone, which is no matter."""
        exports, findings, _ = self.read(table)
        if table in exports:
            findings += check(self.form, self.form.tables[table], PERIOD, exports[table])[1]
        return [finding for finding in findings if finding.message != "code_left_out"]

    def one(self, table: str) -> Export:
        """Read one table that must be without a fault."""
        exports, findings, _ = self.read(table)
        assert findings == []
        return exports[table]


def texts(export: Export, *columns: str) -> list[tuple[object, ...]]:
    """Lines of an export: labels by dimension, the count as `persons`."""
    known = {"line": "line", "cell": "cell", "persons": "written"}
    return export.lines.select([known.get(column, label_of(column)) for column in columns]).rows()


@pytest.fixture
def folder(form: Form, tmp_path: Path) -> Folder:
    (tmp_path / "exports" / str(PERIOD)).mkdir(parents=True)
    return Folder(form, tmp_path / "exports")
