"""The command line: one file per command; options, exit codes, console; no statistics."""

from form1.cli.main import main

__all__ = ["main"]
