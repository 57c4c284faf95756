"""Records of each bad kind: what is said, and that nothing is ever counted short in silence."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from form1.build.sources.account import read_account
from form1.cli.main import run
from form1.core.errors import MachineError
from form1.core.periods import Period
from form1.definition import Form, load
from form1.records.recipe import TabulateOrder, tabulate
from form1.records.tabulate import files, opened
from form1.records.tabulate.engines import Engine
from form1.records.tabulate.plan import plans
from form1.records.tabulate.tally import tally
from tests.records.tabulate.making import by_chance, whole, write

PERMITS = "temporary_permits"
GOLDEN = Path(__file__).parents[2] / "golden" / "bad_records.txt"
"""What is printed for a record of each bad kind; FORM1_UPDATE_GOLDEN=1 writes it anew for review."""
Fault = Callable[[Path], object]


@pytest.fixture(scope="module")
def few(form: Form, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return by_chance(form, tmp_path_factory.mktemp("few"), 300)


def field(column: str, written: str) -> Fault:
    """Line 3 of the permits with one field changed."""

    def change(folder: Path) -> None:
        path = folder / f"{PERMITS}.csv"
        lines = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
        lines[2][lines[0].index(column)] = written
        path.write_text("\n".join(map(",".join, lines)) + "\n", encoding="utf-8")

    return change


def text(change: Callable[[str], str], encoding: str = "utf-8") -> Fault:
    """The permits with their text changed."""

    def edit(folder: Path) -> None:
        path = folder / f"{PERMITS}.csv"
        path.write_text(change(path.read_text(encoding="utf-8")), encoding=encoding)

    return edit


def noted(written: str, note: str) -> str:
    """With a further column that nobody asked for."""
    header, *lines = written.splitlines()
    return "\n".join([f"{header},remark", *(f"{line},{note}" for line in lines)]) + "\n"


def frame(folder: Path) -> pl.DataFrame:
    path = folder / f"{PERMITS}.csv"
    permits = pl.read_csv(path, infer_schema=False)
    path.unlink()
    return permits


def parquet(folder: Path) -> Path:
    path = folder / f"{PERMITS}.parquet"
    frame(folder).write_parquet(path)
    return path


def monthly(folder: Path) -> Path:
    permits, parts = frame(folder), folder / PERMITS
    parts.mkdir()
    for (month,), part in permits.group_by(pl.col("decided_on").str.head(7)):
        part.write_csv(parts / f"{month}.csv")
    return parts


def underscored(part: Path) -> None:
    part.rename(part.with_name(f"_{part.name}"))
    part.with_name("_SUCCESS").touch()


def with_underscores(part: Path) -> None:
    part.unlink()
    for other in part.parent.iterdir():
        other.rename(other.with_stem(other.stem.replace("-", "_")))


def part_as_parquet(folder: Path) -> None:
    part = monthly(folder) / "2026-05.csv"
    pl.read_csv(part, infer_schema=False).write_parquet(part.with_suffix(".parquet"))
    part.unlink()


def numbers_for_days(folder: Path) -> None:
    frame(folder).with_columns(pl.lit(45_000).alias("decided_on")).write_parquet(folder / f"{PERMITS}.parquet")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def cut_where_a_line_ends(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[: len(lines) // 2]))


def summed(change: Callable[[Path], object], listed: str = "*.csv") -> Fault:
    """The permits in monthly parts with a list of sums, and then changed."""

    def edit(folder: Path) -> None:
        parts = monthly(folder)
        lines = [
            f"{hashlib.sha256(part.read_bytes()).hexdigest()}  {part.name}\n" for part in sorted(parts.glob(listed))
        ]
        (parts / "SHA256SUMS").write_text("".join(lines))
        change(parts)

    return edit


def thin(folder: Path) -> None:
    """Forty permits of every month, cut in the middle of September where a line ends."""
    frame(folder)
    write(load(), folder, PERMITS, by_month(40)[:-25])


def by_month(each: int) -> list[dict[str, object]]:
    days = [f"2026-{month:02}-{1 + number % 28:02}" for month in range(1, 10) for number in range(each)]
    return [
        {"permit_id": f"P{n}", "person_id": f"N{n}", "decided_on": day, "recorded_on": day, "valid_from": day}
        for n, day in enumerate(days)
    ]


def without_may(folder: Path) -> None:
    permits = frame(folder)
    permits.filter(~pl.col("decided_on").str.starts_with("2026-05")).write_csv(folder / f"{PERMITS}.csv")


BAD = [
    pytest.param(field("citizenship", "UK"), 3, "a code that is not known: UK; for example line 3", id="unknown code"),
    pytest.param(field("citizenship", "Əliyeva Aygün"), 3, "not known: aaaaaaa aaaa…; for", id="a name in the column of a code"),
    pytest.param(field("decided_on", "2026-02-30"), 3, "no such day, or it is not written as 2026-09-30: 2026-02-30", id="30 February"),
    pytest.param(field("decided_on", "01.04.2026"), 3, "not written as 2026-09-30: 01.04.2026", id="a date written otherwise"),
    pytest.param(field("decided_on", "2026-2-5"), 3, "not written as 2026-09-30: 2026-2-5", id="a day without its zeros"),
    pytest.param(field("annulled_on", "2026- 8-05"), 3, "not written as 2026-09-30", id="a blank within a date"),
    pytest.param(field("birth_date", "31.04.1990"), 3, "2026-09-30: •; for example line 3", id="impossible day of birth, not shown"),
    pytest.param(field("birth_date", "1899-12-31"), 3, "a date outside 1900-01-01", id="born in 1899"),
    pytest.param(field("recorded_on", "2001-01-01"), 3, "decided_on is after recorded_on", id="entered before the decision"),
    pytest.param(field("sex", ""), 3, "column sex: 1 record(s) have no value", id="no sex"),
    pytest.param(field("person_id", ""), 3, "column person_id: 1 record(s) have no value", id="no person"),
    pytest.param(field("person_id", "Aygün Əliyeva"), 3, "not of the expected shape", id="a name for a number"),
    pytest.param(field("person_id", "NULL"), 3, "not of the expected shape", id="NULL for a number"),
    pytest.param(field("person_id", "0000000"), 3, "not of the expected shape", id="zeros for a number"),
    pytest.param(text(lambda s: noted(s, "a\rb")), 3, "do not have the 16 fields", id="a carriage return within a field"),
    pytest.param(text(lambda s: noted(s, ' "a,b"')), 3, "do not have the 16 fields", id="a blank before a quote"),
    pytest.param(text(lambda s: noted(s, '"a"b')), 3, "do not have the 16 fields", id="letters after a quote"),
    pytest.param(text(lambda s: s + s.splitlines()[1] + "\n"), 3, "more than once (same permit_id, decided_on); for example line 2 = 302", id="a record twice"),
    pytest.param(text(lambda s: s[:-40]), 3, "do not have the 15 fields of the header; for example line 301", id="last line short"),
    pytest.param(text(lambda s: s[:-3]), 3, "the last line does not end", id="last field cut"),
    pytest.param(text(lambda s: s + "\n"), 3, "do not have the 15 fields", id="an empty line"),
    pytest.param(text(lambda s: s.replace("\nP1,", "\nP1,,", 1)), 3, "do not have the 15 fields", id="a field too many"),
    pytest.param(text(lambda s: s.replace("decided_on", "Beslut", 1)), 3, "the column decided_on is missing (Date of decision); columns that are not known: Beslut", id="a column renamed"),
    pytest.param(text(lambda s: s.replace("ground", "Citizenship", 1)), 3, "are both the column citizenship", id="a column twice"),
    pytest.param(text(lambda s: s.splitlines()[0] + "\n"), 3, "not a single record", id="a header alone"),
    pytest.param(text(lambda s: ""), 4, "the file is empty", id="an empty file"),
    pytest.param(text(str, "utf-16"), 4, "no plain text file", id="UTF-16"),
    pytest.param(lambda folder: (folder / f"{PERMITS}.csv").unlink(), 4, "temporary_permits: no records", id="no extract"),
    pytest.param(lambda folder: cut(parquet(folder)), 4, "damaged or cut short", id="Parquet cut short"),
    pytest.param(numbers_for_days, 3, "column decided_on: cannot be of type", id="numbers for days"),
    pytest.param(lambda folder: shutil.copy(folder / f"{PERMITS}.csv", folder / f"{PERMITS}_2026-10.csv"), 3, "temporary_permits_2026-10.csv: not used", id="records beside those of their name"),
    pytest.param(lambda folder: (folder / "Qeydiyyatlar.csv.gz").write_bytes(b""), 3, "Qeydiyyatlar.csv.gz: not used", id="packed records"),
    pytest.param(lambda folder: with_underscores(monthly(folder) / "2026-04.csv"), 3, "no part for these months: 2026-04", id="a month missing among names like 2026_05"),
    pytest.param(lambda folder: (monthly(folder) / "2026-04.csv").unlink(), 3, "no part for these months: 2026-04", id="a month missing"),
    pytest.param(lambda folder: (monthly(folder) / "2026-02.csv").rename(folder / PERMITS / "rest.csv"), 3, "gives no month", id="a part without a month"),
    pytest.param(part_as_parquet, 3, "of different formats", id="parts of two formats"),
    pytest.param(lambda folder: (monthly(folder) / "2026-05.txt").write_text("x"), 3, "no part of records", id="a part of another kind"),
    pytest.param(lambda folder: (frame(folder), (folder / PERMITS).mkdir()), 4, "the folder holds no part", id="an empty folder"),
    pytest.param(lambda folder: shutil.copy(folder / f"{PERMITS}.csv", folder / "muveqqeti_icazeler.csv"), 3, "there twice", id="an extract twice"),
    pytest.param(summed(lambda parts: cut_where_a_line_ends(parts / "2026-05.csv")), 3, "2026-05.csv: its sha256 is not the one in temporary_permits/SHA256SUMS", id="a part cut where a line ends, with sums"),
    pytest.param(summed(lambda parts: (parts / "2027-01.csv").unlink()), 3, "2027-01.csv: the file is in temporary_permits/SHA256SUMS and not in the folder", id="a part not copied, with sums"),
    pytest.param(summed(lambda parts: None, listed="*[!5].csv"), 3, "the file is not in temporary_permits/SHA256SUMS", id="a part that the sums do not name"),
    pytest.param(summed(lambda parts: (parts / "SHA256SUMS").write_text("2026-05.csv\n"), listed="none"), 3, "is not as sha256sum writes it", id="sums written otherwise"),
    pytest.param(thin, 0, "15 record(s) of 2026-09, and 40 on average of the months beside it", id="cut where a line ends"),
    pytest.param(without_may, 0, "not a single record of these months: 2026-05", id="a month without records"),
]  # fmt: skip


@pytest.mark.parametrize("fault, code, says", BAD)
def test_bad_records(
    few: Path,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
    fault: Fault,
    code: int,
    says: str,
) -> None:
    records = Path(shutil.copytree(few, tmp_path / "records"))
    fault(records)
    call = ["tabulate", "2026-Q3", "--records", str(records), "--exports", str(tmp_path / "exports"), "--lang", "en"]
    assert run(call) == code
    out, err = capfd.readouterr()
    said = (out + err).splitlines()
    assert any(says in line for line in said), said
    assert all(len(line) < 300 for line in said)
    assert "liyev" not in out + err and "1990" not in out + err
    assert (tmp_path / "exports").exists() == (code == 0)
    told = [line for line in said if not line.startswith("T") and str(tmp_path) not in line]
    assert len(told) < 8
    golden(request.node.callspec.id, "\n".join([*told, f"exit code {code}"]))


def golden(fault: str, told: str) -> None:
    """Hold what is printed against the reviewed file, where each fault has its paragraph."""
    text = GOLDEN.read_text(encoding="utf-8") if GOLDEN.exists() else ""
    held = dict(part.split("\n", 1) for part in text.strip().split("\n\n") if part)
    if os.environ.get("FORM1_UPDATE_GOLDEN") == "1":
        held[f"# {fault}"] = told
        order = [f"# {case.id}" for case in BAD]
        parts = [f"{fault}\n{held[fault]}\n" for fault in order if fault in held]
        GOLDEN.write_text("\n".join(parts), encoding="utf-8")
    assert held[f"# {fault}"] == told


def test_every_way_of_writing_gives_the_same_exports(form: Form, few: Path, tmp_path: Path) -> None:
    def counted(name: str, change: Fault) -> dict[str, bytes]:
        records = Path(shutil.copytree(few, tmp_path / name))
        change(records)
        outcome = tabulate(TabulateOrder(form, Period(2026, 3), records, tmp_path / f"{name} exports"))
        assert outcome.placed is not None, outcome.findings
        return {path.name: path.read_bytes() for path in (tmp_path / f"{name} exports" / "2026-Q3").glob("*.csv")}

    def otherwise(folder: Path) -> None:
        permits = frame(folder)
        days = [column for column in permits.columns if form.records.columns[column].type == "date"]
        other = permits.with_columns(pl.col(days).str.to_date().dt.strftime("%d.%m.%Y")).rename(
            {column: form.records.columns[column].name.az for column in permits.columns}
        )
        other.write_csv(
            folder / f"{PERMITS}.csv", separator=";", include_bom=True, line_terminator="\r\n", quote_style="always"
        )

    def as_typed(folder: Path) -> None:
        permits = frame(folder)
        typed = []
        for column in permits.columns:
            described = form.records.columns[column]
            kind = {"date": pl.Date, "code": pl.Categorical, "identifier": pl.String}[described.type]
            typed.append(pl.col(column).str.to_date() if described.type == "date" else pl.col(column).cast(kind))
        permits.select(typed).write_parquet(folder / f"{PERMITS}.parquet")

    plain = counted("plain", lambda folder: None)
    assert counted("otherwise", otherwise) == plain
    assert counted("parquet", parquet) == plain
    assert counted("typed", as_typed) == plain
    assert counted("monthly", monthly) == plain
    assert counted("with an underscore", lambda folder: underscored(monthly(folder) / "2026-04.csv")) == plain


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda april: april.write_text(april.read_text().splitlines()[0] + "\n"), id="a header alone"),
        pytest.param(lambda april: april.write_text(april.read_text().replace("2026-", "2024-")), id="another year"),
    ],
)
def test_a_month_without_records_is_told_and_stands_in_the_form(
    form: Form, few: Path, tmp_path: Path, change: Fault
) -> None:
    records = Path(shutil.copytree(few, tmp_path / "records"))
    change(monthly(records) / "2026-04.csv")
    (told,) = tabulate(TabulateOrder(form, Period(2026, 3), records, tmp_path / "exports")).findings
    assert (told.message, told.place.file, told.facts["months"]) == ("records_month_empty", PERMITS, ("2026-04",))
    assert read_account(form, tmp_path / "exports", Period(2026, 3))[1] == [told]


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_an_engine_that_loses_a_record_writes_nothing(form: Form, few: Path, engine: Engine) -> None:
    parts = {
        extract.id: [opened.open_part(form, extract, files.Part(path, path.name, ".csv"))[0]]
        for extract in form.records.extract
        for path in [few / f"{extract.id}.csv"]
    }
    whole = {extract: [part for part in held if part is not None] for extract, held in parts.items()}
    planned = plans(form, Period(2026, 3))
    assert tally(form, planned, whole, engine)
    whole[PERMITS] = [replace(part, rows=part.rows + 1) for part in whole[PERMITS]]
    with pytest.raises(MachineError, match="300 of the 301 records of temporary_permits"):
        tally(form, planned, whole, engine)


def test_times_of_day_are_left_away_with_a_warning(form: Form, few: Path, tmp_path: Path) -> None:
    """At midnight they are days, and nothing is said."""
    records = Path(shutil.copytree(few, tmp_path / "records"))
    days = frame(records).with_columns(pl.col("decided_on", "recorded_on").str.to_datetime("%Y-%m-%d"))
    days.with_columns(pl.col("recorded_on") + pl.duration(hours=23)).write_parquet(records / f"{PERMITS}.parquet")
    (told,) = tabulate(TabulateOrder(form, Period(2026, 3), records, tmp_path / "exports")).findings
    assert (told.message, told.place.cell) == ("records_moments", "recorded_on")


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_a_path_is_no_pattern(form: Form, few: Path, tmp_path: Path, engine: Engine) -> None:
    records = tmp_path / "sex=F" / "qeydlər [2026]*? %20"
    shutil.copytree(few, tmp_path / "sex=F" / "qeydlər 2 %20")
    parquet(tmp_path / "sex=F" / "qeydlər 2 %20")
    shutil.copytree(tmp_path / "sex=F" / "qeydlər 2 %20", records)
    outcome = tabulate(TabulateOrder(form, Period(2026, 3), records, tmp_path / "exports", engine))
    assert outcome.placed is not None, outcome.findings


def test_slices_make_no_difference(form: Form, few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted and checked in slices of a few records, with keys in buckets and persons in shares: the same numbers and the same findings."""
    from form1.records.tabulate import batches, keys, persons

    def counted(name: str) -> bytes:
        tabulate(TabulateOrder(form, Period(2026, 3), records, tmp_path / name))
        return (tmp_path / name / "2026-Q3" / "tabulation.json").read_bytes()

    records = Path(shutil.copytree(few, tmp_path / "records"))
    parquet(records)
    at_once = counted("at once")
    monkeypatch.setattr(batches, "MOST_RECORDS", 37)
    monkeypatch.setattr(batches, "MOST_BYTES", 2_000)
    monkeypatch.setattr(keys, "IN_MEMORY", 50)
    monkeypatch.setattr(persons, "MOST_PERSONS", 40)
    assert counted("in slices") == at_once
    twice = pl.read_parquet(records / f"{PERMITS}.parquet")
    pl.concat([twice, twice.head(2)]).write_parquet(records / f"{PERMITS}.parquet")
    (finding,) = tabulate(TabulateOrder(form, Period(2026, 3), records, tmp_path / "twice")).findings
    assert finding.message == "records_key_twice"
    assert finding.facts["records"] == 2
    assert finding.facts["lines"] == ("1 = 301", "2 = 302")


def test_exports_stand_are_replaced_and_are_never_overwritten(form: Form, tmp_path: Path) -> None:
    records, exports = whole(form, tmp_path / "records"), tmp_path / "exports"
    call = ["tabulate", "2026-Q3", "--records", str(records), "--exports", str(exports)]
    assert run(call) == 0
    first = (exports / "2026-Q3" / "tabulation.json").read_bytes()
    (exports / "2026-Q3" / "revision.txt").write_text("Gec daxil edilmiş qeydlər")
    whole(form, records, temporary_permits=[{}])
    assert run(call) == 0
    (kept,) = (exports / "replaced" / "2026-Q3").iterdir()
    assert (kept / "tabulation.json").read_bytes() == first
    assert (exports / "2026-Q3" / "revision.txt").is_file()
    stands = (exports / "2026-Q3").stat().st_ino
    assert run([*call, "--engine", "duckdb"]) == 0
    assert (exports / "2026-Q3").stat().st_ino == stands
    by_hand = exports / "2026-Q2" / "temporary_permits_by_citizenship.csv"
    by_hand.parent.mkdir()
    by_hand.write_text("made by hand")
    assert run(["tabulate", "2026-Q2", *call[2:]]) == 4
    assert by_hand.read_text() == "made by hand"


@pytest.mark.parametrize(
    "field, becomes",
    [
        pytest.param("message", "no_such_message", id="a message that nobody knows"),
        pytest.param("severity", "error", id="no warning"),
        pytest.param("facts", {}, id="facts are gone"),
    ],
)
def test_warnings_of_an_account_are_read_strictly(
    form: Form, few: Path, tmp_path: Path, field: str, becomes: object
) -> None:
    records = Path(shutil.copytree(few, tmp_path / "records"))
    (monthly(records) / "2026-04.csv").write_text((few / f"{PERMITS}.csv").read_text().splitlines()[0] + "\n")
    period = Period(2026, 3)
    assert tabulate(TabulateOrder(form, period, records, tmp_path / "exports")).account is not None
    path = tmp_path / "exports" / str(period) / "tabulation.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["warnings"][0][field] = becomes
    path.write_text(json.dumps(content), encoding="utf-8")
    account, findings = read_account(form, tmp_path / "exports", period)
    assert (account, [finding.message for finding in findings]) == (None, ["account_unreadable"])
