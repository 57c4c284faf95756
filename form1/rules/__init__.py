"""The rulebook at work: every rule of reference/, and every rule that the tables imply, judged on a frame of cells."""

from form1.model.history import History
from form1.rules.judge import judge, needed_periods, not_over

__all__ = ["History", "judge", "needed_periods", "not_over"]
