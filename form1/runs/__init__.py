"""The recipes: what happens in which order. Each step is a function from values to values and knows no other step."""

from form1.runs.build import Order, Outcome, Progress, build, lineage
from form1.runs.compare import cells_of, compare
from form1.runs.revisions import history
from form1.runs.wording import sentences

__all__ = ["Order", "Outcome", "Progress", "build", "cells_of", "compare", "history", "lineage", "sentences"]
