"""The revisions of a form as a template draws them."""

from __future__ import annotations

from typing import Any

from form1.core.values import Status, group_digits, show
from form1.model.forms import Edition, FilledForm
from form1.views.revisions import RevisionReport, signed


def values(edition: Edition) -> dict[str, Any]:
    """Return what revisions.html.jinja asks for; `revisions` is None in a first revision."""
    return none(edition) | {"revisions": RevisionReport.of(edition) if edition.revisions else None}


def none(filled: FilledForm) -> dict[str, Any]:
    """Return what revisions.html.jinja asks for where there is nothing to tell of revisions."""
    signs = filled.form.signs()

    def count(value: int | str) -> str:
        return show(value, Status.NUMBER, signs) if isinstance(value, int) else value

    return {"revisions": None, "number": group_digits, "count": count, "signed": signed}
