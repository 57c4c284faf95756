"""What is wrong with an entry of a file that people write, as they would say it: from pydantic's account of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

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


def first(errors: Sequence[Mapping[str, Any]], known: Sequence[str] = ()) -> str:
    """Return the first of `ValidationError.errors()` as `key: what is wrong`; `known` are keys that there could be."""
    error = errors[0]
    key = ".".join(str(part) for part in error["loc"])
    kind = str(error["type"])
    if kind == "extra_forbidden":
        return f"{key}: no such key" + (f" (known keys: {', '.join(known)})" if known else "")
    said = _SAID.get(kind) or _BEGINNINGS.sub(lambda found: "must " if found[2] else "", str(error["msg"]))
    return f"{key}: {said}"
