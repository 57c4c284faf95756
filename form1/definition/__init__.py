"""reference/ as frozen records: loading it, asking it questions, and auditing that it agrees with itself."""

from form1.definition.form import Form
from form1.definition.load import load

__all__ = ["Form", "load"]
