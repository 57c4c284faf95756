"""From checked counts to the cells of the form: coverage, year to date, corrections, totals, and their lineage."""

from form1.assemble.coverage import pieces
from form1.assemble.fill import Filled, fill
from form1.assemble.lineage import Contribution, trace
from form1.assemble.remarks import remarks

__all__ = ["Contribution", "Filled", "fill", "pieces", "remarks", "trace"]
