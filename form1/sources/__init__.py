"""Reading: the exports of a period, in any of their formats and layouts, as text and nothing but text."""

from form1.sources.reading import read_period

__all__ = ["read_period"]
