"""Stays: permits and registrations of a person joined to spells of residence, and the spells counted; residence.toml.

Counted by Polars whatever engine counts the rest, by shares of the persons so that memory stays bounded. Every record
gets one reason, as in `counting`: it is left out, or it stands for the stay that a table counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import narwhals as nw

from form1.core.findings import Finding, Place
from form1.core.periods import Period
from form1.definition.counting import About, Universe
from form1.definition.form import Form
from form1.definition.residence import Residence, Right, What
from form1.records.tabulate import counting
from form1.records.tabulate.batches import batches, placed, typed
from form1.records.tabulate.opened import PERSON, Opened
from form1.records.tabulate.plan import STATUS, Plan, axes_for, codes_in
from form1.records.tabulate.tally import Tally, require_all

if TYPE_CHECKING:
    import polars as pl

MOST_RECORDS: Final = 2_000_000
"""Records whose persons are looked at at once; with more, the records are gone through once for each share."""
LATE: Final = "entered_late"
NEVER: Final = "never_in_force"
SHORT: Final = "stay_too_short"
ELSEWHERE: Final = "stay_not_counted"
SAME: Final = "same_stay"
_RULES: Final[Mapping[About, str]] = {"span": "any_day", "age_on": "period_end"}
"""What a plan is asked beside its cells: stays are made of records of any day, and look at the end of the period."""
_DAY: Final = timedelta(days=1)
_DAYS: Final = 2**21
"""More than twice the days from 1970 to any date."""


def tallies(form: Form, period: Period, parts: Mapping[str, Sequence[Opened]], as_of: date | None) -> list[Tally]:
    """Count every table of the annex; nothing when there is none."""
    residence = form.residence
    if residence is None:
        return []
    plans = {what: _plan(form, residence, period, table, as_of) for table, what in residence.what.items()}
    plan = next(iter(plans.values()))
    left: Counter[str] = Counter()
    cells: dict[What, Counter[int]] = {what: Counter() for what in plans}
    long = 0
    records = sum(part.rows for right in residence.right for part in parts[right.extract])
    shares = max(1, -(-records // MOST_RECORDS))
    for share in range(shares):
        rights, without = _rights(form, residence, plan, parts, (share, shares))
        left.update(without)
        made, reside = _stays(rights, residence.value("gap"), residence.value("stay"))
        long += len(reside)
        left[SHORT] += made - len(reside)
        left[SAME] += len(rights) - made
        for what in plans:
            counted = reside.filter(_asked(what, period)).group_by("cell").len()
            cells[what].update(dict(counted.iter_rows()))
    found = []
    for what, each in plans.items():
        counted_cells = dict(sorted(cells[what].items()))
        reasons = {**left, ELSEWHERE: long - sum(counted_cells.values())}
        by_table = {table.id: counted_cells for table in each.tables}
        found.append(Tally(each, records, by_table, {why: n for why, n in reasons.items() if n}))
        require_all(found[-1], records, "polars")
    return found


def too_short(form: Form, period: Period, parts: Mapping[str, Sequence[Opened]]) -> Iterator[Finding]:
    """Warn of permits whose records do not go back far enough: old residents would look like arrivals."""
    residence = form.residence
    if residence is None:
        return
    needed = date(period.year - residence.value("history"), 1, 1)
    for right in residence.right:
        if not right.joins:
            continue
        day = form.records.extracts[right.extract].placed_by
        firsts = [
            batch.raw.select(typed(form, part, day).min().alias("first")).collect()["first"][0]
            for part in parts[right.extract]
            for batch in batches(part, [day])
        ]
        first = min(filter(None, firsts), default=None)
        if first is None or first > needed + 31 * _DAY:
            yield Finding.of(
                "residence_history_short", Place(file=right.extract), first=str(first), needed=needed.isoformat()
            )


def _plan(form: Form, residence: Residence, period: Period, table: str, as_of: date | None) -> Plan:
    described = form.tables[table]
    universe = Universe(id=described.universe, extract=residence.right[0].extract, breakdown=tuple(residence.breakdown))
    axes = axes_for(form, universe, described, period.last_day)
    return Plan(
        universe, (described,), axes, {table: axes}, _RULES, period.first_day, period.last_day, as_of,
        form.records.not_before.year, codes_in(form, STATUS), codes_in(form, "decision"),
    )  # fmt: skip


def _rights(
    form: Form, residence: Residence, plan: Plan, parts: Mapping[str, Sequence[Opened]], share: tuple[int, int]
) -> tuple[pl.DataFrame, Counter[str]]:
    """Return the rights of a share of the persons, and how many of their records give none, by reason."""
    import polars as pl

    number, shares = share
    found: list[pl.DataFrame] = []
    left: Counter[str] = Counter()
    for right in residence.right:
        for part in parts[right.extract]:
            named = (PERSON, "recorded_on", right.begins, right.ends, *right.cut_by, *_coded(residence))
            wanted = list(dict.fromkeys(named))
            for batch in batches(part, wanted):
                frame = placed(form, batch, wanted).filter(pl.col(PERSON).hash() % shares == number)
                why = _why(right, plan)
                celled = nw.to_native(nw.from_native(frame).with_columns(_cell=counting.cell(plan)))
                made = celled.select(
                    pl.col(PERSON).alias("person"),
                    pl.col(right.begins).alias("begins"),
                    _ends(right, plan).alias("ends"),
                    pl.lit(right.joins).alias("joins"),
                    pl.col("_cell").alias("cell"),
                    why.alias("why"),
                )
                collected = made.collect(engine="streaming")
                left.update(dict(collected.filter(pl.col("why") != "").group_by("why").len().iter_rows()))
                found.append(collected.filter(pl.col("why") == "").drop("why"))
            part.require_unchanged()
    rights = pl.concat(found).sort("person")
    return rights.with_columns(pl.col("person").rle_id()), left


def _coded(residence: Residence) -> list[str]:
    named = [name for item in residence.breakdown for name in (item.source, item.stateless) if name]
    return list(dict.fromkeys([*named, STATUS]))


def _ends(right: Right, plan: Plan) -> pl.Expr:
    """The last day of a right; an end before its time counts when it is known on the last day of entry."""
    import polars as pl

    cuts = [pl.col(column) for column in right.cut_by]
    if plan.as_of is not None:
        cuts = [pl.when(cut <= plan.as_of).then(cut) for cut in cuts]
    return pl.min_horizontal(pl.col(right.ends), *(cut - pl.duration(days=1) for cut in cuts))


def _why(right: Right, plan: Plan) -> pl.Expr:
    import polars as pl

    why = pl.when(_ends(right, plan) < pl.col(right.begins)).then(pl.lit(NEVER)).otherwise(pl.lit(""))
    if plan.as_of is None:
        return why
    return pl.when(pl.col("recorded_on") > plan.as_of).then(pl.lit(LATE)).otherwise(why)


def _stays(rights: pl.DataFrame, gap: int, stay: int) -> tuple[int, pl.DataFrame]:
    """Join rights to stays; return how many there are, and those that last `stay` months or more.

    First permits are joined over gaps of less than `gap` months; then everything that overlaps or touches. The frame
    has `begins`, the first day `after` the stay, and the `cell` of its last record.
    """
    import polars as pl

    held, spans = _spells(rights.filter("joins"), "begins", "ends", _months("before", "begins") >= gap * 100)
    permits = held.with_columns(
        spans["begins"].gather(held["spell"]).alias("first"), spans["last"].gather(held["spell"]).alias("last")
    )
    others = rights.filter(~pl.col("joins")).with_columns(first="begins", last="ends")
    united, spans = _spells(
        pl.concat([permits.drop("spell"), others]), "first", "last", pl.col("first") > pl.col("before")
    )
    spans = spans.with_columns((pl.col("last") + pl.duration(days=1)).alias("after"))
    spans = spans.with_columns((_months("begins", "after") >= stay * 100).alias("resides")).with_row_index("spell")
    # Of most stays nothing more is asked: only the records of long ones are looked at again.
    records = united.filter(spans["resides"].gather(united["spell"]))
    last = records.group_by("spell").agg(pl.col("cell").sort_by("ends", "begins", "cell").last())
    return len(spans), spans.filter("resides").join(last, on="spell").select("begins", "after", "cell")


def _spells(rights: pl.DataFrame, first: str, last: str, apart: pl.Expr) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Number the spells from 0, person by person; return the rows with `spell`, and `begins` and `last` of each.

    A row begins a spell where it is the first of its person, or `apart` from those before it, which reach up to the day
    `before`. Person and day are one whole number, so that a running maximum finds how far they reach, without groups.
    """
    import polars as pl

    day = pl.col(last).cast(pl.Int32).cast(pl.Int64) + _DAYS // 2
    reach = (pl.col("person").cast(pl.Int64) * _DAYS + day).cum_max()
    up_to = (pl.col("reach").shift(1) % _DAYS - _DAYS // 2 + 1).cast(pl.Int32).cast(pl.Date)
    same = pl.col("person") == pl.col("person").shift(1)
    rows = (
        rights.sort("person", first, last)
        .with_columns(reach.alias("reach"))
        .with_columns(pl.when(same).then(up_to).alias("before"))
        .with_columns((pl.col("before").is_null() | apart).alias("new"))
        .with_columns((pl.col("new").cum_sum().cast(pl.UInt32) - 1).alias("spell"))
    )
    ends = rows.filter(pl.col("new").shift(-1).fill_null(True))["reach"] % _DAYS - _DAYS // 2
    spans = rows.filter("new").select(pl.col(first).alias("begins"))
    spans = spans.with_columns(ends.cast(pl.Int32).cast(pl.Date).alias("last"))
    return rows.drop("reach", "before", "new"), spans


def _months(first: str, second: str) -> pl.Expr:
    """Return the whole months from one day to another, times a hundred, and what is over in days.

    Who begins on 31 January completes a month on 1 March: as ages do on 1 March for those born on 29 February.
    """
    import polars as pl

    def number(column: str) -> pl.Expr:
        day = pl.col(column).dt
        return day.year() * 1200 + day.month().cast(pl.Int32) * 100 + day.day().cast(pl.Int32)

    return number(second) - number(first)


def _asked(what: What, period: Period) -> pl.Expr:
    import polars as pl

    first, last = period.first_day, period.last_day
    match what:
        case "arrivals":
            return pl.col("begins").is_between(first, last)
        case "departures":
            return pl.col("after").is_between(first, last)
        case "residents":
            return (pl.col("begins") <= last) & (pl.col("after") > last)
