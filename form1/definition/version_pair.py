"""Two versions of the form beside each other, named by themselves or by periods."""

from __future__ import annotations

from datetime import date

from form1.core.errors import UsageError
from form1.core.periods import Period, is_period
from form1.definition import Form
from form1.definition.changes import Step


def step(form: Form, a: str, b: str) -> Step:
    """Return the way from `a` to `b`, each a version (`2019-07`) or a period (`2019-Q4`); UsageError for all else.

    A version is looked at on the day that is nearest to the other, a period on its last day.
    """
    was, now = _form(form, a), _form(form, b)
    backwards = was.version.valid_from > now.version.valid_from
    return Step(was, _day(was, a, first=backwards), now, _day(now, b, first=not backwards))


def _form(form: Form, named: str) -> Form:
    if is_period(named):
        return form.of(Period.parse(named))
    if named not in {version.id for version in form.versions}:
        known = ", ".join(version.id for version in form.versions)
        raise UsageError(f"{named} is neither a version of the form ({known}) nor a period from 2015-Q3 on.")
    return form.in_version(named)


def _day(form: Form, named: str, *, first: bool) -> date:
    if is_period(named):
        return Period.parse(named).last_day
    version = form.version
    return version.valid_from if first or version.valid_to is None else version.valid_to
