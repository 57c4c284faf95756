"""From checked counts to the cells of the form: coverage, year to date, corrections, totals, and their lineage."""

from form1.build.assemble.coverage import periods_added_up, remarks
from form1.build.assemble.fill import Filled, fill
from form1.build.assemble.lineage import Contribution, trace

__all__ = ["Contribution", "Filled", "fill", "periods_added_up", "remarks", "trace"]
