"""The engines: how each of them brings records into the one shape that `counting` knows, and hands back small results.

All that an engine does by itself stands here: reading files, and what a code or a date is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, get_args

from form1.core.errors import MachineError
from form1.core.quiet import quiet
from form1.definition.codelists import codes_of
from form1.definition.form import Form
from form1.records.tabulate.opened import Opened

if TYPE_CHECKING:
    import narwhals as nw

Engine = Literal["polars", "duckdb", "spark"]
ENGINES: Final[tuple[Engine, ...]] = get_args(Engine)

Counted = dict[tuple[int, int], int]
"""Records by table and key; see `counting.margins`."""


class Source(Protocol):
    """The records of one extract as an engine holds them."""

    def frame(self, parts: Sequence[Opened], columns: Sequence[str]) -> nw.LazyFrame[Any]:
        """Return the parts as one frame with these columns."""
        ...

    def counts(self, frame: nw.LazyFrame[Any]) -> Counted:
        """Return the three columns of a small frame as a dictionary."""
        ...


def how(form: Form, parts: Sequence[Opened], columns: Sequence[str]) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return each column that the parts have, with its type and, for a code, the codes of its list."""
    described = form.records.columns
    found: list[tuple[str, str, tuple[str, ...]]] = []
    for column in columns:
        if column in parts[0].headers:
            codes = described[column].codes
            found.append((column, described[column].type, codes_of(form.codelists[codes]) if codes else ()))
    return found


@dataclass(frozen=True)
class DuckDB:
    """DuckDB in this process."""

    form: Form
    connection: Any

    def frame(self, parts: Sequence[Opened], columns: Sequence[str]) -> nw.LazyFrame[Any]:
        """Return the parts as one relation."""
        import narwhals as nw

        shape = how(self.form, parts, columns)
        selects = [
            f"SELECT {', '.join(self._column(part, *item) for item in shape)} FROM {_read(part)}" for part in parts
        ]
        frame: nw.LazyFrame[Any] = nw.from_native(self.connection.sql(" UNION ALL ".join(selects))).lazy()
        return frame

    def counts(self, frame: nw.LazyFrame[Any]) -> Counted:
        """Fetch the result."""
        return {(int(table), int(key)): int(records) for table, key, records in frame.to_native().fetchall()}

    def _column(self, part: Opened, column: str, kind: str, codes: tuple[str, ...]) -> str:
        header, written = _name(part.name_of(column)), part.written[column]
        if kind == "code":
            members = ", ".join(map(_text, codes))
            value = f"enum_code(TRY_CAST({header}::VARCHAR AS ENUM({members})))::BIGINT"
        elif kind == "identifier":
            value = f"{header}::VARCHAR"
        elif written == "text":
            value = f"try_strptime({header}, {_text(part.date_format)})::DATE"
        else:
            value = f"{header}::DATE"
        return f"{value} AS {_name(column)}"


def _read(part: Opened) -> str:
    path = _text(re.sub(r"[\[*?]", r"[\g<0>]", str(part.part.path)))  # one file and no pattern
    if part.part.kind == ".parquet":
        return f"read_parquet({path}, hive_partitioning=false)"
    columns = ", ".join(f"{_text(name)}: 'VARCHAR'" for name in part.names)
    return (
        f"read_csv({path}, delim={_text(part.delimiter)}, quote='\"', escape='\"', header=true, auto_detect=false, "
        f"nullstr='', columns={{{columns}}})"
    )


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@dataclass(frozen=True)
class Spark:
    """Apache Spark, on this machine or on the cluster that its own configuration names."""

    form: Form
    session: Any

    def frame(self, parts: Sequence[Opened], columns: Sequence[str]) -> nw.LazyFrame[Any]:
        """Return the parts as one data frame."""
        from functools import reduce

        import narwhals as nw

        shape = how(self.form, parts, columns)
        frames = [self._read(part).select(*(self._column(part, *item) for item in shape)) for part in parts]
        frame: nw.LazyFrame[Any] = nw.from_native(reduce(lambda one, other: one.unionByName(other), frames)).lazy()
        return frame

    def counts(self, frame: nw.LazyFrame[Any]) -> Counted:
        """Collect the result."""
        return {(int(table), int(key)): int(records) for table, key, records in frame.to_native().collect()}

    def _read(self, part: Opened) -> Any:
        # A path as it is, not as a URI: `%20` would be part of its name. One file and no pattern.
        path = "file://" + re.sub(r"[\[\]{}*?\\]", r"\\\g<0>", part.part.path.resolve().as_posix())
        if part.part.kind == ".parquet":
            return self.session.read.parquet(path)
        options = {"header": True, "sep": part.delimiter, "quote": '"', "escape": '"', "encoding": "UTF-8"}
        schema = ", ".join(f"{name} STRING" for name in part.names)
        return self.session.read.options(**options).schema(schema).csv(path)

    def _column(self, part: Opened, column: str, kind: str, codes: tuple[str, ...]) -> Any:
        from pyspark.sql import functions as F

        value = F.col("`" + part.name_of(column).replace("`", "``") + "`")
        if kind == "code":
            place = F.array_position(F.lit(list(codes)), value)  # from 1; 0 when it is not there
            value = F.nullif(place, F.lit(0).cast("bigint")) - F.lit(1).cast("bigint")
        elif kind == "identifier":
            value = value.cast("string")
        elif part.written[column] == "text":
            value = F.to_date(value, {"%Y-%m-%d": "yyyy-MM-dd", "%d.%m.%Y": "dd.MM.yyyy"}[part.date_format])
        else:
            value = value.cast("date")
        return value.alias(column)


@contextmanager
def started(form: Form, engine: Engine) -> Iterator[Source]:
    """Start DuckDB or Spark for a while; MachineError says what is missing."""
    starts: dict[str, Callable[[Form], Iterator[Source]]] = {"duckdb": _duckdb, "spark": _spark}
    yield from starts[engine](form)


def _duckdb(form: Form) -> Iterator[Source]:
    try:
        import duckdb
    except ImportError:
        raise MachineError("the engine duckdb is not installed: pip install 'form1[duckdb]'.") from None
    # Nothing is fetched and nothing else of the machine is looked at than the files that are named.
    connection = duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false"})
    try:
        yield DuckDB(form, connection)
    finally:
        connection.close()


def _spark(form: Form) -> Iterator[Source]:
    import shutil
    from os import environ

    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise MachineError("the engine spark is not installed: pip install 'form1[spark]'.") from None
    if not (shutil.which("java") or environ.get("JAVA_HOME")):
        raise MachineError("the engine spark needs Java 17: apt-get install openjdk-17-jre-headless.")
    ours = SparkSession.getActiveSession() is None
    builder = SparkSession.builder.appName("form1 tabulate")
    for key, value in SETTINGS.items():
        builder = builder.config(key, value)
    with quiet():  # what the virtual machine says about itself while it starts
        session = builder.getOrCreate()
    try:
        yield Spark(form, session)
    finally:
        if ours:
            session.stop()


SETTINGS: Final[Mapping[str, str]] = {
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.ansi.enabled": "false",
}
"""What a session must have so that a day is a day and a code that is not known is empty."""
