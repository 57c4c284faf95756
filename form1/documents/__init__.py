"""The generated documents: docs/methods.md from reference/, docs/commands.md from the command line.

Nothing about the form is written here: what the documents say is read from the definition, and what they say about the
commands from the commands themselves. `python -m form1.documents` writes them, `--check` fails when they are stale.
"""

from form1.documents.commands import commands
from form1.documents.methods import methods

__all__ = ["commands", "methods"]
