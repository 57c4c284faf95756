"""form1.toml: where the office keeps its exports and editions, its language, who signs, and how it runs unattended."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from form1.core.errors import ConfigurationError
from form1.core.periods import is_period
from form1.core.texts import Language
from form1.core.validation_errors import first_error, first_in_words

DEFAULT_FILE = Path("form1.toml")
_STRICTLY = ConfigDict(frozen=True, extra="forbid")


def _no_conversion(written: object) -> object:
    if isinstance(written, bool | str):
        raise PydanticCustomError("no_number", "must be a number, without quotation marks")
    return written


def _named(written: object) -> object:
    if written == "":
        raise PydanticCustomError("path_empty", "must not be empty; leave the key out for its default")
    return written


Number = Annotated[int, BeforeValidator(_no_conversion)]
Seconds = Annotated[float, BeforeValidator(_no_conversion)]
Location = Annotated[Path, BeforeValidator(_named)]
"""A path; pydantic takes an empty one for the current folder, and true and "12" for numbers."""


class Signature(BaseModel):
    """Who signs; what is empty leaves its line to the pen."""

    model_config = _STRICTLY

    head: str = ""
    compiler: str = ""
    telephone: str = ""
    signed_on: str = ""


class Calendar(BaseModel):
    """What the office owes and when it wants to be warned; the deadlines themselves stand in reference/form.toml."""

    model_config = _STRICTLY

    since: str = ""
    """The first period that is owed; by default the first that has exports or an edition."""
    history: Number = Field(default=12, ge=1, le=200)
    """How many of the last ended periods, quarters and years, a run looks after."""
    notice: Number = Field(default=10, ge=0, le=90)
    """Days before the deadline from which the log speaks of a form that is not there."""
    urgent: Number = Field(default=3, ge=0, le=90)
    """Days before the deadline from which the run itself speaks of it and ends with an error."""
    days_off: Literal["stay", "next", "previous"] = "stay"
    """Where a deadline goes that falls on a day off: it stays, or moves to the next or the last working day before."""
    weekend: tuple[Annotated[Number, Field(ge=1, le=7)], ...] = Field(default=(6, 7), max_length=6)
    """Days of the week that are off, 1 for Monday."""
    holidays: tuple[date, ...] = ()

    def moved(self, day: date) -> date:
        """Return a last day, moved off a day off as the office says."""
        step = {"stay": 0, "next": 1, "previous": -1}[self.days_off]
        while step and (day.isoweekday() in self.weekend or day in self.holidays):
            day += timedelta(days=step)
        return day

    @field_validator("since")
    @classmethod
    def _is_period(cls, written: str) -> str:
        if written and not is_period(written):
            raise ValueError(f"no such period: {written!r}; write a quarter as 2026-Q3 or a year as 2026")
        return written


class Run(BaseModel):
    """How an unattended run goes about its work."""

    model_config = _STRICTLY

    processes: Number = Field(default=0, ge=0, le=64)
    """How many editions are drawn at once; 0 stands for one to each processor."""
    settle: Seconds = Field(default=5, ge=0, le=3600)
    """Seconds for which the files of a period must have been left alone before they are read."""
    patience: Seconds = Field(default=60, ge=0, le=3600)
    """Seconds for which a run waits until they are."""
    marker: str = ""
    """A file that says "the exports of this period are complete"; empty when the office uses none."""

    @field_validator("marker")
    @classmethod
    def _is_name(cls, written: str) -> str:
        if written and (written in {".", ".."} or set(written) & set("/\\\0")):
            raise ValueError("write the name of a file, without a folder")
        return written


class Log(BaseModel):
    """Where the run writes what it did, a line of JSON for each event."""

    model_config = _STRICTLY

    file: Location | None = None
    """By default log/run.jsonl in the output folder."""


class Approval(BaseModel):
    """Whether somebody must sign off a draft before it is published."""

    model_config = _STRICTLY

    required: StrictBool = False


Command = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(max_length=64)]
"""A program and its arguments, as they are: no shell reads them."""


class Hooks(BaseModel):
    """Commands that get the result of a run as JSON on their standard input."""

    model_config = _STRICTLY

    success: Command = ()
    warning: Command = ()
    rejection: Command = ()
    failure: Command = ()
    time_limit: Seconds = Field(default=30, gt=0, le=600)
    """Seconds after which a command is ended."""


class Letter(BaseModel):
    """What the letter to the sender of a received form says of the office; what is empty is not printed."""

    model_config = _STRICTLY

    days: Number | None = Field(default=None, ge=1, le=90)
    """Days from the receipt within which the mended form is asked for."""
    signed_by: str = Field(default="", max_length=120)
    contact: str = Field(default="", max_length=120)


class Signing(BaseModel):
    """With which certificate editions are signed, and whose signatures count.

    `certificate` is PKCS#12, or PEM with the private key in the same file or in `key`. `trust` are PEM files; where it
    is empty, the certificate itself is what is trusted. With `trust` alone signatures are checked and none is made.
    """

    model_config = _STRICTLY

    certificate: Location | None = None
    key: Location | None = None
    passphrase_file: Location | None = None
    trust: tuple[Location, ...] = ()
    signer: str = ""
    """The name in the certificate of the one whose signature counts; empty for everybody who is trusted."""
    signed_since: date | None = None
    """The day from which every edition is signed; without it, the first signed edition of the journal says so."""
    reason: str = ""
    place: str = ""

    @model_validator(mode="after")
    def _has_certificates(self) -> Signing:
        if self.certificate is None and not self.trust:
            raise ValueError("certificate is missing; to check signatures and make none, name trust")
        return self

    @property
    def certificate_file(self) -> Path:
        """The file of the office's own certificate; ConfigurationError when there is none to sign with."""
        if self.certificate is None:
            raise ConfigurationError(
                "[signing] says whose signatures count, but names no certificate to sign with. Name it; or build where "
                "the office signs."
            )
        return self.certificate

    def beside(self, folder: Path) -> Signing:
        """Return the same with paths taken from `folder`."""
        return self.model_copy(
            update={
                "certificate": folder / self.certificate if self.certificate else None,
                "key": folder / self.key if self.key else None,
                "passphrase_file": folder / self.passphrase_file if self.passphrase_file else None,
                "trust": tuple(folder / path for path in self.trust),
            }
        )


class Configuration(BaseModel):
    """The settings of an office; paths are taken from the folder of the file that gives them."""

    model_config = _STRICTLY

    records: Location = Path("records")
    exports: Location = Path("exports")
    output: Location = Path("output")
    reference: Location | None = None
    annexes: tuple[str, ...] = ()
    """Annexes of the definition whose tables are added to those of the form."""
    accepted: Location | None = None
    office: Location | None = None
    """The folder of what this office says of its own exports."""
    receptions: Location | None = Field(default=None, alias="register")
    """The register of receptions; `register` in the file, a name that the models of pydantic have for themselves."""
    language: Language = "az"
    signature: Signature = Signature()
    calendar: Calendar = Calendar()
    letter: Letter = Letter()
    run: Run = Run()
    log: Log = Log()
    hooks: Hooks = Hooks()
    signing: Signing | None = None
    approval: Approval = Approval()


_SECTIONS: dict[str, type[BaseModel]] = {
    "signature": Signature,
    "calendar": Calendar,
    "letter": Letter,
    "run": Run,
    "log": Log,
    "hooks": Hooks,
    "signing": Signing,
    "approval": Approval,
}


def _keys(section: type[BaseModel]) -> tuple[str, ...]:
    return tuple(field.alias or name for name, field in section.model_fields.items())


def read_configuration(path: Path | None) -> Configuration:
    """Return the configuration in `path`, or in form1.toml of the current folder, or the defaults.

    ConfigurationError names the key that is unknown or wrong.
    """
    if path is None:
        if not DEFAULT_FILE.is_file():
            return Configuration()
        path = DEFAULT_FILE
    if path.exists() and not path.is_file():  # a pipe would keep the call waiting for ever
        raise ConfigurationError(f"{path} cannot be read: it is no file.")
    try:
        content: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise ConfigurationError(f"no configuration file {path}.") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}.") from None
    try:
        settings = Configuration.model_validate(content)
    except ValidationError as error:
        place = first_error(error).location
        section = _SECTIONS.get(str(place[0]), Configuration) if place[1:] else Configuration
        raise ConfigurationError(f"{path}: {first_in_words(error, _keys(section))}.") from None
    beside = path.parent
    return settings.model_copy(
        update={
            "records": beside / settings.records,
            "exports": beside / settings.exports,
            "output": beside / settings.output,
            "reference": beside / settings.reference if settings.reference else None,
            "accepted": beside / settings.accepted if settings.accepted else None,
            "office": beside / settings.office if settings.office else None,
            "receptions": beside / settings.receptions if settings.receptions else None,
            "log": Log(file=beside / settings.log.file if settings.log.file else None),
            "signing": settings.signing.beside(beside) if settings.signing else None,
        }
    )
