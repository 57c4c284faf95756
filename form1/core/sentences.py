"""What errors say to people: the sentences of reference/errors.toml, in the languages of the form."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from typing import TypeVar

from form1.core.errors import DefinitionError, Form1Error
from form1.core.folders import data_folder

E = TypeVar("E", bound=Form1Error)


def says(kind: type[E], sentence: str, /, **facts: object) -> E:
    """Return an error of a kind that says a sentence of errors.toml, filled with facts; as a string it is English.

    A fact that is a text has its own words in each language.
    """
    said = {
        language: text.format(**{name: getattr(fact, language, fact) for name, fact in facts.items()})
        for language, text in _sentences()[sentence].items()
    }
    error = kind(said["en"])
    error.said = said
    return error


@lru_cache(maxsize=1)
def _sentences() -> Mapping[str, Mapping[str, str]]:
    """The program's own errors.toml, read when the first such error is raised."""
    path = data_folder("reference") / "errors.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DefinitionError(f"{path} cannot be used: {error}.") from None
