"""What is wrong with an entry of a file that people write, as they would say it: from pydantic's account of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from pydantic import ValidationError

_SAID: Final = {
    "missing": "is missing",
    "string_type": "must be text, in quotation marks",
    "string_too_short": "must not be empty",
    "path_type": "must be a path, in quotation marks",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "finite_number": "must be a number",
    "bool_type": "must be true or false",
    "date_type": "must be a day, written as 2027-01-01 without quotation marks",
    "date_from_datetime_parsing": "must be a day, written as 2027-01-01 without quotation marks",
    "date_from_datetime_inexact": "must be a day, written as 2027-01-01 without a time",
    "tuple_type": "must be a list, as in [ ]",
    "list_type": "must be a list, as in [ ]",
    "too_long": "has too many entries",
    "model_type": "must be a section of its own, its name in [ ]",
    "dict_type": "must be a section of its own, its name in [ ]",
}
"""By pydantic's type of an error; of others its own words are taken, without its manner of beginning them."""
_BEGINNINGS: Final = re.compile(r"^(Value error, |(Input|String|Tuple|List) should )")


class FirstError(NamedTuple):
    """The first thing that is wrong with an entry, as pydantic has it."""

    location: tuple[int | str, ...]
    kind: str
    message: str
    found: object

    @property
    def key(self) -> str:
        """The key as people write it, `calendar.notice`; empty for the entry as a whole."""
        return ".".join(str(part) for part in self.location)


def first_error(error: ValidationError) -> FirstError:
    """Return the first of the errors."""
    first = error.errors(include_url=False)[0]
    return FirstError(first["loc"], str(first["type"]), str(first["msg"]), first["input"])


def first_in_words(error: ValidationError, known: Sequence[str] = ()) -> str:
    """Return the first of the errors as `key: what is wrong`; `known` are keys that there could be."""
    first = first_error(error)
    if first.kind == "extra_forbidden":
        return f"{first.key}: no such key" + (f" (known keys: {', '.join(known)})" if known else "")
    said = _SAID.get(first.kind) or _BEGINNINGS.sub(lambda found: "must " if found[2] else "", first.message)
    return f"{first.key}: {said}"
