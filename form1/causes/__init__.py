"""Root causes of sums that fail: the fewest cells whose change satisfies every equation of the form."""

from form1.causes.search import find_causes
from form1.causes.traced import TracedCause, group

__all__ = ["TracedCause", "find_causes", "group"]
