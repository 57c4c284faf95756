"""Reading the numbers of an edition back from its workbook and its PDF, by what its own manifest says of its tables.

Nothing here asks the definition: an edition is proved years later, when `reference/` says something else.
"""

from form1.archive.readback.attached import first_other_inside
from form1.archive.readback.blank import first_other_in_blank
from form1.archive.readback.expected import Described, Expected, described, expected
from form1.archive.readback.pdf import first_missing
from form1.archive.readback.workbook import first_other

__all__ = [
    "Described",
    "Expected",
    "described",
    "expected",
    "first_missing",
    "first_other",
    "first_other_in_blank",
    "first_other_inside",
]
