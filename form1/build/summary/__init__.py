"""The summary: figures computed once from the cells of a form and of earlier periods, to be drawn by anybody."""

from form1.build.summary.summarise import needed, summarise

__all__ = ["needed", "summarise"]
