"""accepted.toml: warnings that somebody has looked at and accepted, with reason, person, scope and expiry.

A warning that is accepted is shown as known. It is open again when its value leaves the band or the date has passed;
errors cannot be accepted.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from form1.core.errors import ConfigurationError, UsageError
from form1.core.findings import Finding, Place, Severity
from form1.core.periods import Period
from form1.core.validation_errors import first_in_words


class Acceptance(BaseModel):
    """One accepted oddity: which warning, within which values, until when, why, and who answers for it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: str = Field(min_length=1)
    """Identifier of the rule; `R024` stands for `R024.T01` as well."""
    table: str = ""
    row: str = ""
    column: str = ""
    periods: tuple[str, ...] = Field(min_length=1)
    """Periods in which it holds, or `*` for all until the expiry."""
    lowest: int | None = None
    highest: int | None = None
    """The band: the value found must lie in it."""
    expires: date
    reason: str = Field(min_length=10)
    person: str = Field(min_length=2)

    @model_validator(mode="after")
    def _periods_exist(self) -> Acceptance:
        if self.lowest is not None and self.highest is not None and self.lowest > self.highest:
            raise ValueError("lowest is above highest")
        for period in self.periods:
            try:
                Period.parse(period if period != "*" else "2015")
            except UsageError as error:
                raise ValueError(str(error)) from None
        return self

    def fits(self, finding: Finding, period: Period) -> bool:
        """True when the entry speaks of this warning in this period, whatever its value."""
        place = finding.place
        return (
            finding.severity == Severity.WARNING
            and self.rule in {finding.rule or finding.message, finding.rule.split(".")[0]}
            and (self.table in {"", place.table} and self.row in {"", place.row} and self.column in {"", place.column})
            and ("*" in self.periods or str(period) in self.periods)
        )

    def holds(self, finding: Finding) -> bool:
        """True when the value found lies in the band."""
        found = finding.facts.get("found")
        if self.lowest is None and self.highest is None:
            return True
        if not isinstance(found, int):
            return False
        return (self.lowest is None or found >= self.lowest) and (self.highest is None or found <= self.highest)


def read_acceptances(path: Path | None) -> tuple[Acceptance, ...]:
    """Return the entries of accepted.toml; none when no file is named. ConfigurationError names what is wrong."""
    if path is None:
        return ()
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(f"no file of accepted warnings {path}.") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}.") from None
    if set(content) - {"accepted"}:
        raise ConfigurationError(
            f"{path}: unknown key {', '.join(sorted(set(content) - {'accepted'}))}; write [[accepted]]."
        )
    entries = content.get("accepted", [])
    if not isinstance(entries, list):
        raise ConfigurationError(f"{path}: write each entry as [[accepted]].")
    try:
        return tuple(Acceptance.model_validate(entry) for entry in entries)
    except ValidationError as error:
        told = first_in_words(error, tuple(Acceptance.model_fields))
        raise ConfigurationError(f"{path}: {told}.") from None


def accept(
    findings: Iterable[Finding], acceptances: Sequence[Acceptance], period: Period, today: date
) -> list[Finding]:
    """Return the findings with accepted warnings marked as known, and a word about acceptances that no longer hold."""
    result: list[Finding] = []
    for finding in findings:
        fitting = [entry for entry in acceptances if entry.fits(finding, period)]
        good = [entry for entry in fitting if entry.expires >= today and entry.holds(finding)]
        if good:
            result.append(replace(finding, accepted=f"{good[0].reason} ({good[0].person}, {good[0].expires})"))
            continue
        result.append(finding)
        for entry in fitting:
            place = Place(finding.place.table, finding.place.row, finding.place.column)
            rule, level, reason, person = finding.rule, finding.level, entry.reason, entry.person
            result.append(
                Finding.by_rule(
                    rule,
                    Severity.INFORMATION,
                    level,
                    "acceptance_expired",
                    place,
                    reason=reason,
                    person=person,
                    expires=str(entry.expires),
                )
                if entry.expires < today
                else Finding.by_rule(
                    rule, Severity.INFORMATION, level, "acceptance_left_band", place, reason=reason, person=person
                )
            )
    return result
