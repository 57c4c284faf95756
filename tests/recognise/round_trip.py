"""Generated forms, written as workbooks and read back: exactly the cells that were written.

python -m tests.recognise.round_trip 200     so many forms, with the number that differ
"""

import random
import sys

from form1.core.cells import Address, Cell, gap
from form1.core.findings import Verdict
from form1.core.periods import Period
from form1.core.texts import LANGUAGES
from form1.core.values import Status
from form1.definition.fillable import possible_rows
from form1.definition.form import Form
from form1.definition.layout import lay_out
from form1.model.forms import Edition
from form1.recognise.received import ReadForm
from form1.render.workbook import draw
from tests.xlsx.read.packages import the_form, understood


def generated(form: Form, seed: int) -> Edition:
    """A form that follows from its seed: any language and period, any countries, any counts, gaps of every kind."""
    chance = random.Random(seed)
    language = LANGUAGES[seed % len(LANGUAGES)]
    period = Period(chance.randrange(2015, 2031), chance.randrange(5))
    layouts, cells = {}, dict[Address, Cell]()
    for table in form.tables.values():
        possible = sorted(possible_rows(form, table, period.last_day) | {"0-17"})
        observed = set(chance.sample(possible, chance.randrange(min(40, len(possible)) + 1)))
        layout = lay_out(form, table, period.last_day, observed)
        layouts[table.id] = layout
        for row in layout.rows:
            for column in layout.columns:
                cells[table.id, row.code, column.code] = _any_cell(chance)
    return Edition(
        form=form,
        period=period,
        revision=1,
        language=language,
        cells=cells,
        layouts=layouts,
        findings=(),
        results=(),
        verdict=Verdict.ACCEPTED,
        signatories={},
    )


def differences(submission: Edition, received: ReadForm) -> list[str]:
    """What was written and not read, or read and not written."""
    said = [f"period {received.period}"] if received.period != submission.period else []
    said += [f"language {received.language}"] if received.language != submission.language else []
    said += [finding.message for finding in received.findings if finding.message != "received_gap"]
    for table, layout in submission.layouts.items():
        if received.layouts.get(table) != layout:
            said.append(f"layout of {table}")
    for address in {*submission.cells, *received.cells}:
        was, now = submission.cells.get(address), received.cells.get(address)
        if was is None or now is None or (was.value, was.status) != (now.value, now.status):
            said.append(f"{address}: {was} became {now}")
    return said


def _any_cell(chance: random.Random) -> Cell:
    kind = chance.random()
    if kind < 0.3:
        return Cell(0)
    if kind < 0.36:
        return gap(chance.choice([status for status in Status if status != Status.NUMBER]))
    return Cell(chance.choice([chance.randrange(40), chance.randrange(2000), chance.randrange(10**9)]))


if __name__ == "__main__":
    wanted, broken = int(sys.argv[1]), 0
    for seed in range(wanted):
        submission = generated(the_form(), seed)
        found = differences(submission, understood(draw(submission)))
        broken += bool(found)
        if found:
            print(seed, submission.period, submission.language, found[:5])
    print(f"{wanted} forms, {broken} differ")
