"""Options that several commands share, and what they stand for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

if TYPE_CHECKING:
    from form1.definition import Form
    from form1.texts import Language

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True)
class Settings:
    """The configuration with the options of the call on top of it."""

    form: Form
    exports: Path
    output: Path
    language: Language
    signatories: dict[str, str]
    accepted: Path | None = None


def shared(command: Command) -> Command:
    """Add --exports, --output, --lang, --config and --reference."""
    for option in reversed(
        [
            click.option(
                "--exports",
                type=click.Path(path_type=Path),
                help="Folder with one folder of exports per period.",
            ),
            click.option("--output", type=click.Path(path_type=Path), help="Folder of the published editions."),
            click.option(
                "--lang",
                type=click.Choice(["az", "en", "ru"]),
                help="Language of the form and of the findings.",
            ),
            click.option(
                "--config",
                type=click.Path(path_type=Path),
                help="Configuration file (default: form1.toml, when there).",
            ),
            click.option(
                "--reference",
                type=click.Path(path_type=Path),
                help="Definition of the form (default: the one installed).",
            ),
        ]
    ):
        command = option(command)
    return command


def settle(
    exports: Path | None, output: Path | None, lang: str | None, config: Path | None, reference: Path | None
) -> Settings:
    """Return what a call works with: options first, then the configuration, then the defaults."""
    from form1.configuration import read_configuration
    from form1.definition import load
    from form1.definition.audit import require_sound

    configuration = read_configuration(config)
    form = load(reference or configuration.reference)
    require_sound(form)
    return Settings(
        form=form,
        exports=exports or configuration.exports,
        output=output or configuration.output,
        language=cast("Language", lang or configuration.language),
        signatories=configuration.signature.model_dump(),
        accepted=configuration.accepted,
    )
