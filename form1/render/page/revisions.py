"""The revisions of a form as a template draws them."""

from __future__ import annotations

from typing import Any

from form1.core.values import Status, group_digits, show
from form1.model.submission import Submission
from form1.render.moves import Report, signed


def values(submission: Submission) -> dict[str, Any]:
    """Return what revisions.html.jinja asks for; `revisions` is None in a first revision."""
    signs = submission.form.signs()

    def count(value: int | str) -> str:
        return show(value, Status.NUMBER, signs) if isinstance(value, int) else value

    return {
        "revisions": Report.of(submission) if submission.revisions else None,
        "number": group_digits,
        "count": count,
        "signed": signed,
    }
