"""Root causes of sums that fail: the fewest cells whose change satisfies every equation of the form."""

from form1.check.localise.named import find_named, with_named
from form1.check.localise.search import find_causes
from form1.check.localise.traced import TracedCause, group

__all__ = ["TracedCause", "find_causes", "find_named", "group", "with_named"]
