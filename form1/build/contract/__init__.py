"""The contract of each export: labels in force, whole counts, no key twice, totals that are the sum of their detail."""

from form1.build.contract.checking import check

__all__ = ["check"]
