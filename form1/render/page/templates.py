"""The template engine: templates/ filled with values, every value escaped, a misspelt name an error."""

from __future__ import annotations

from functools import cache
from typing import Any, Final, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from form1.core.folders import data_folder
from form1.core.literal import plain
from form1.core.texts import Language
from form1.core.values import Status, group_digits, show
from form1.definition.form import Form
from form1.model.forms import Edition, FilledForm
from form1.views import standing
from form1.views.revisions import RevisionReport, signed

FOLDER: Final = "templates"


class Spoken(Protocol):
    """What a template speaks of: it has the words of a form, in a language."""

    @property
    def form(self) -> Form: ...

    @property
    def language(self) -> Language: ...


def fill(template: str, filled: Spoken, **values: Any) -> str:
    """Return a template of templates/ filled with `identity`, `language`, `word(key)` and further values."""

    def word(key: str) -> str:
        return filled.form.word(key, filled.language)

    return (
        _environment()
        .get_template(template)
        .render(
            identity=filled.form.identity,
            language=filled.language,
            word=word,
            **values,
        )
    )


def style(name: str) -> str:
    """Return a style sheet of templates/."""
    return (data_folder(FOLDER) / name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(data_folder(FOLDER)),
        # select_autoescape() would not escape names that end in .jinja.
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["plain"] = plain
    return environment


def edition_values(edition: Edition) -> dict[str, Any]:
    """Return what a page says of the edition as a whole, and what revisions.html.jinja asks for."""
    return no_edition(edition) | {
        "standing": standing.standing(edition),
        "mark": standing.mark(edition),
        "notice": standing.notice(edition),
        "revisions": RevisionReport.of(edition) if edition.revisions else None,
    }


def no_edition(filled: FilledForm) -> dict[str, Any]:
    """Return the same for a form that became no edition: there is nothing to tell of it."""
    signs = filled.form.signs()

    def count(value: int | str) -> str:
        return show(value, Status.NUMBER, signs) if isinstance(value, int) else value

    return {
        "standing": "",
        "mark": "",
        "notice": "",
        "revisions": None,
        "number": group_digits,
        "count": count,
        "signed": signed,
    }
