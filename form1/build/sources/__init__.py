"""Reading: the exports of a period, in any of their formats and layouts, as text and nothing but text."""

from form1.build.sources.account import edited, read_account
from form1.build.sources.before import what_is_gone
from form1.build.sources.reading import read_period
from form1.build.sources.reason import read_reason
from form1.build.sources.roles import CellRole, ColumnAccount, GridAccount

__all__ = [
    "CellRole",
    "ColumnAccount",
    "GridAccount",
    "edited",
    "read_account",
    "read_period",
    "read_reason",
    "what_is_gone",
]
