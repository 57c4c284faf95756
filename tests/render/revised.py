"""Forms with a past, for the tests that draw them: so many revisions, so many cells that moved."""

from dataclasses import replace

from form1.core.cells import Cell, gap
from form1.core.values import Status
from form1.model.forms import Edition
from form1.model.revisions import Difference, DifferenceKind, MovedCell, Revision
from tests.render.drawing import HOSTILE

LONG = "Mənbə sistemində təkrar yazılmış qeydlər silinib və saylar yenidən hesablanıb. " * 25


def revised(submission: Edition, last: int, cells: int, *, lost: int = 0, reason: str = HOSTILE) -> Edition:
    """Return the submission as revision `last`, in which the first so many of its cells moved in revision 2 and `last`.

    Revision `lost` is lost. The third cell did not exist before revision 2, the fourth had no number in it.
    """
    revisions = [Revision(1)]
    for number in range(2, last + 1):
        if number == lost:
            revisions.append(Revision(number, changed=None, is_lost=True))
            continue
        because = (
            Difference(DifferenceKind.FILE_CHANGED, f"2026-Q3/{HOSTILE}.csv"),
            Difference(DifferenceKind.FILE_CHANGED, "2026-Q3/exempt_from_work_permit.csv"),
            Difference(DifferenceKind.HISTORY, "2026-Q2"),
        )[: 1 + number % 3]
        text = {2: reason, 3: "", 4: LONG[:1999]}.get(number, f"Düzəliş {number}")
        revisions.append(Revision(number, text, because, cells if number in {2, last} else 0))
    moved = []
    for place, (address, cell) in enumerate(list(submission.cells.items())[:cells]):
        now = cell.value or 0
        each: dict[int, Cell | None] = {1: Cell(now + 7)}
        each |= {number: Cell(now + 1200) for number in range(2, last)}
        each[last] = cell
        if place == 2:
            each[1] = None
        if place == 3 and last > 2:
            each[2] = gap(Status.NOT_AVAILABLE)
        each.pop(lost, None)
        moved.append(MovedCell(address, each))
    return replace(submission, revision=last, revisions=tuple(revisions), moved=tuple(moved), changes=())
