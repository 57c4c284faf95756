"""`python -m tests.records.tabulate.independent [RECORDS]`: the program against plain Python, on every engine, cell by cell.

With 100,000 records by default, for three periods. Says what differs and ends with 1 when anything does.
"""

import os
import sys
import tempfile
from pathlib import Path

from form1.core.periods import Period
from form1.definition import Form, load
from form1.definition.codelists import codes_of
from form1.records.recipe import TabulateOrder, tabulate
from form1.records.tabulate.engines import ENGINES, Engine
from tests.records.tabulate import plain
from tests.records.tabulate.making import by_chance

PERIODS = ("2026-Q1", "2026-Q3", "2026")


def expected(form: Form, records: Path, period: Period) -> dict[str, plain.Table]:
    """The ten tables by plain Python."""
    places = {entry.code: entry.counted_as for entry in form.codelists["admin_units"].codes if entry.counted_as}
    lists = {"legal_status": "legal_status", "citizenship": "countries", "sex": "sex", "ground": "trp_grounds_art45",
             "place": "admin_units", "ages_permanent": "ages_permanent", "ages_work": "ages_work",
             "activity": "nace_sections", "education": "education_levels"}  # fmt: skip
    orders = {name: list(codes_of(form.codelists[codelist])) for name, codelist in lists.items()}
    return plain.count(records, period.first_day, period.last_day, places, orders)


def differences(form: Form, records: Path, exports: Path, period: Period, engine: Engine) -> list[str]:
    """What the exports say otherwise than plain Python."""
    outcome = tabulate(TabulateOrder(form, period, records, exports, engine))
    if outcome.placed is None:
        return [str(finding) for finding in outcome.findings]
    found, wanted = plain.written(exports, str(period)), expected(form, records, period)
    return [
        f"{period} {engine} {table} {'/'.join(cell)}: {found[table][cell]}, plain Python {wanted[table][cell]}"
        for table in wanted
        for cell in sorted({*found[table], *wanted[table]})
        if found[table][cell] != wanted[table][cell]
    ]


def main(records: int) -> int:
    """Compare and report."""
    os.environ.setdefault("PYSPARK_SUBMIT_ARGS", "--master local[2] pyspark-shell")
    form, wrong = load(), 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = by_chance(form, Path(scratch, "records"), records)
        for engine in ENGINES:
            for written in PERIODS:
                faults = differences(form, folder, Path(scratch, engine), Period.parse(written), engine)
                wrong += len(faults)
                print(f"{engine} {written}: {len(faults)} cells differ", *faults[:5], sep="\n  ", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 100_000))
