"""Everything this package raises on purpose: each error says what, where, and what to do.

Form1Error
├── UsageError         the call is wrong                         (the caller mends it; exit 2)
├── DefinitionError    reference/ contradicts itself             (a maintainer mends it; exit 4)
├── ConfigurationError form1.toml cannot be used                 (an operator mends it; exit 4)
├── SourceError        the exports folder cannot be read         (the sender mends it; exit 4)
├── MachineError       a system library or a font is missing     (an operator mends it; exit 4)
├── DeliveryError      the result could not be put in place      (an operator mends it; exit 4)
├── RefusedError       an act that is not allowed as things stand (whoever acts looks again; exit 3)
└── LockedError        another run holds the output folder       (wait; exit 5)

Wrong data is not an error of the program: it becomes a `Finding` (see `findings.py`).
What an error says to people stands in reference/errors.toml, in the languages of the form (see `sentences.py`).
"""

from __future__ import annotations

from collections.abc import Mapping


class Form1Error(Exception):
    """The root of the family; `exit_code` is what the command line returns for it."""

    exit_code = 4
    said: Mapping[str, str] = {}
    """What it says by language; empty for an error that has one sentence, in English."""

    def spoken(self, language: str) -> str:
        """Return what the error says in a language, where it has a sentence in it."""
        return self.said.get(language, str(self))


class UsageError(Form1Error):
    """The call names a period, an address or an option that does not exist."""

    exit_code = 2


class DefinitionError(Form1Error):
    """reference/ holds something that the loader or the audit refuses."""


class ConfigurationError(Form1Error):
    """The configuration file holds an unknown key or a wrong value."""


class SourceError(Form1Error):
    """The exports folder of the period is missing or cannot be read at all."""


class MachineError(Form1Error):
    """This machine lacks something that the renderer needs."""


class DeliveryError(Form1Error):
    """The edition could not be written or put in its place; nothing was published."""


class RefusedError(Form1Error):
    """An act is not allowed as things stand, such as signing off what is no longer what was seen."""

    exit_code = 3


class LockedError(Form1Error):
    """Another run is publishing into the same output folder."""

    exit_code = 5
