"""The ten tables counted with the csv module and dates alone: no frame, no engine, none of the program's counting.

The rules are written out here once more, as a reader of reference/counting.toml understands them.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

Record = dict[str, str]
Table = Counter[tuple[str, ...]]


def records(folder: Path, extract: str) -> Iterator[Record]:
    with (folder / f"{extract}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None


def age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def band(record: Record, on: date, bands: list[str]) -> str:
    born = day(record["birth_date"])
    if born is None:
        return "UNK"
    years = age(born, on)
    for name in bands:
        low, _, high = name.rstrip("+").partition("-")
        if int(low) <= years and (not high or years <= int(high)):
            return name
    raise AssertionError(years)


FIVES = [f"{low}-{low + 4}" for low in range(20, 65, 5)] + ["65+"]
PERMANENT = ["0-4", "5-9", "10-14", "15-19", *FIVES]
WORK = ["0-17", "18-19", *FIVES]


def country(record: Record) -> str:
    column = "residence_country" if record["legal_status"] == "stateless" else "citizenship"
    return record[column] or "XXX"


def once(
    candidates: Iterator[tuple[tuple[date, date, int], str, Record]], pick: Callable[..., object]
) -> Iterator[Record]:
    """One record of each person; the number of the record decides nothing that a case here can see."""
    chosen: dict[str, tuple[tuple[date, date, int], Record]] = {}
    for order, person, record in candidates:
        if person not in chosen or pick(order, chosen[person][0]) == order:
            chosen[person] = order, record
    return (record for _, record in chosen.values())


def count(
    folder: Path, first: date, last: date, places: dict[str, str], orders: dict[str, list[str]]
) -> dict[str, Table]:
    """Return the ten tables; `places` maps districts to the city they count as, `orders` gives the codes in form order.

    Of two records of a person that begin and end on the same days, the one whose codes stand first counts (last, for a stock).
    """
    tables: dict[str, Table] = {f"T{number:02}": Counter() for number in range(1, 11)}
    for record in records(folder, "registrations"):
        if first <= date.fromisoformat(record["registered_on"]) <= last:
            tables["T01"][record["legal_status"], country(record), record["sex"]] += 1

    def rank(record: Record, *columns: tuple[str, str]) -> int:
        """Ties go by the codes: the dimension that stands last in the tables weighs most."""
        number = 0
        for column, code in reversed(columns):
            number = number * 1000 + orders[column].index(code)
        return number

    def temporary() -> Iterator[tuple[tuple[date, date, int], str, Record]]:
        for record in records(folder, "temporary_permits"):
            decided = date.fromisoformat(record["decided_on"])
            if first <= decided <= last:
                tie = rank(
                    record, ("legal_status", record["legal_status"]), ("citizenship", country(record)), ("sex", record["sex"]),
                    ("ground", record["ground"]), ("place", record["place"]),
                )  # fmt: skip
                yield (decided, date.fromisoformat(record["valid_to"]), tie), record["person_id"], record

    for record in once(temporary(), min):
        tables["T02"][record["legal_status"], country(record), record["sex"]] += 1
        tables["T03"][record["ground"], record["sex"]] += 1
        tables["T04"][places.get(record["place"], record["place"]), record["sex"]] += 1

    def permanent() -> Iterator[tuple[tuple[date, date, int], str, Record]]:
        for record in records(folder, "permanent_permits"):
            decided = date.fromisoformat(record["decided_on"])
            if first <= decided <= last and record["decision"] == "issued":
                group = orders["ages_permanent"].index(band(record, decided, PERMANENT))
                tie = rank(
                    record,
                    ("sex", record["sex"]),
                    ("legal_status", record["legal_status"]),
                    ("citizenship", country(record)),
                )
                yield (decided, date.fromisoformat(record["valid_to"]), tie * 100 + group), record["person_id"], record

    for record in once(permanent(), min):
        tables["T05"][band(record, date.fromisoformat(record["decided_on"]), PERMANENT), record["sex"]] += 1
        tables["T06"][record["legal_status"], country(record), record["sex"]] += 1

    def valid() -> Iterator[tuple[tuple[date, date, int], str, Record]]:
        for record in records(folder, "work_permits"):
            decided, annulled = date.fromisoformat(record["decided_on"]), day(record["annulled_on"])
            if not first <= decided <= last:
                continue
            tables["T07"][record["residence_country"] or "XXX", record["decision"]] += 1
            ends = date.fromisoformat(record["valid_to"])
            if date.fromisoformat(record["valid_from"]) <= last <= ends and not (annulled and annulled <= last):
                tie = rank(
                    record, ("activity", record["activity"]), ("ages_work", band(record, last, WORK)), ("sex", record["sex"]),
                    ("education", record["education"] or "ED9"),
                )  # fmt: skip
                yield (decided, ends, tie), record["person_id"], record

    for record in once(valid(), max):
        tables["T08"][record["activity"], band(record, last, WORK), record["sex"]] += 1
        tables["T09"][record["activity"], record["education"] or "ED9", record["sex"]] += 1

    def exempt() -> Iterator[tuple[tuple[date, date, int], str, Record]]:
        for record in records(folder, "exempt_persons"):
            begins, ends, left = (day(record[column]) for column in ("registered_on", "valid_to", "deregistered_on"))
            assert begins is not None
            if begins <= last <= (ends or date.max) and not (left and left <= last):
                yield (begins, ends or date.max, rank(record, ("sex", record["sex"]))), record["person_id"], record

    for record in once(exempt(), max):
        tables["T10"][(record["sex"],)] += 1
    return tables


def written(exports: Path, period: str) -> dict[str, Table]:
    """The ten tables as they stand in the exports of a period."""
    import json

    folder = exports / period
    tables: dict[str, Table] = {}
    for file in json.loads((folder / "tabulation.json").read_text(encoding="utf-8"))["exports"]:
        with (folder / file["name"]).open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream))[1:]
        tables[file["table"]] = Counter({tuple(codes): int(persons) for *codes, persons in rows})
        assert len(tables[file["table"]]) == len(rows)
    return tables
