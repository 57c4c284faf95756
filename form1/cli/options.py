"""Options that several commands share, and what they stand for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

if TYPE_CHECKING:
    from form1.core.periods import Period
    from form1.core.texts import Language
    from form1.definition import Form
    from form1.definition.configuration import Calendar, Letter, Signing


@dataclass(frozen=True)
class Settings:
    """The configuration with the options of the call on top of it."""

    form: Form
    exports: Path
    output: Path
    language: Language
    signatories: dict[str, str]
    accepted: Path | None = None
    signing: Signing | None = None
    records: Path = Path("records")
    office: Path | None = None
    register: Path | None = None
    calendar: Calendar | None = None
    letter: Letter | None = None
    approval: bool = False


@dataclass(frozen=True)
class Call:
    """The shared options as they were given; `settle` puts them on top of the configuration."""

    exports: Path | None
    output: Path | None
    lang: str | None
    config: Path | None
    reference: Path | None
    annex: tuple[str, ...] = ()
    office: Path | None = None

    def settle(self, period: Period | None = None, *, configured_annexes: bool = True) -> Settings:
        """Return what the call works with: options first, then the configuration, then the defaults.

        For a period the form is in the version that is in force for it; otherwise it is today's.
        """
        from form1.definition import load
        from form1.definition.audit.form import require_sound
        from form1.definition.configuration import read_configuration
        from form1.definition.office import laid_over, read_office

        configuration = read_configuration(self.config)
        annexes = (*(configuration.annexes if configured_annexes else ()), *self.annex)
        form = load(self.reference or configuration.reference, annexes)
        require_sound(form)
        office = self.office or configuration.office
        own = read_office(office) if office else None
        if own is not None:
            form = laid_over(form, own)
        if configuration.run.marker:
            form = form.passing_over(configuration.run.marker)
        return Settings(
            form=form.of(period) if period is not None else form,
            exports=self.exports or configuration.exports,
            output=self.output or configuration.output,
            language=cast("Language", self.lang or configuration.language),
            signatories=configuration.signature.model_dump(),
            accepted=configuration.accepted or (own.accepted if own else None),
            signing=configuration.signing,
            records=configuration.records,
            office=office,
            register=configuration.receptions,
            calendar=configuration.calendar,
            letter=configuration.letter,
            approval=configuration.approval.required,
        )


def shared(command: Callable[..., int]) -> Callable[..., int]:
    """Add the shared options and hand them to the command as one `call`."""

    @wraps(command)
    def gathered(**options: Any) -> int:
        of_call = {field.name: options.pop(field.name) for field in fields(Call)}
        return command(call=Call(**of_call), **options)

    decorated: Callable[..., int] = gathered
    for option in reversed(_SHARED):
        decorated = option(decorated)
    return decorated


_PATH = click.Path(readable=False, path_type=Path)
"""What may not be read is told by what reads it: that is no wrong usage."""
_SHARED = (
    click.option(
        "--exports",
        type=_PATH,
        help="Folder with one folder of exports per period.",
    ),
    click.option("--output", type=_PATH, help="Folder of the published editions."),
    click.option("--lang", type=click.Choice(["az", "en", "ru"]), help="Language of the form and of the findings."),
    click.option(
        "--config",
        type=_PATH,
        help="Configuration file (default: form1.toml, when there).",
    ),
    click.option("--reference", type=_PATH, help="Definition (default: the installed one)."),
    click.option(
        "--office", type=_PATH, help="Folder of what this office says of its exports (default: as configured)."
    ),
    click.option("--annex", multiple=True, metavar="NAME", help="Add the tables of an annex of the definition."),
)
