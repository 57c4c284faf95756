"""The board of the register: of each period when it was due, what was received, how it was judged, who accepted it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from form1.archive.receptions import Register
from form1.archive.store.journal import UNREAD
from form1.core.periods import Period
from form1.core.texts import Language
from form1.definition.configuration import Calendar
from form1.definition.form import Form
from form1.definition.wording import day_in_words
from form1.unattended import schedule


@dataclass(frozen=True, kw_only=True)
class BoardLine:
    """One period, or what was received without one."""

    period: str | None
    due: str | None
    """ISO 8601; None without a period."""
    receptions: int
    received: str | None = None
    """When the last reception came, ISO 8601."""
    late: bool
    """That the last reception was late; where there is none, that the period is overdue."""
    verdict: str | None = None
    """Of the last reception."""
    accepted: int | None = None
    """Number of the reception that is accepted."""
    accepted_by: str | None = None
    accepted_on: str | None = None

    def as_json(self) -> dict[str, object]:
        """Return the line for machines."""
        return asdict(self)

    def in_words(self, form: Form, language: Language) -> list[str]:
        """Return the columns of the line."""

        def word(key: str) -> str:
            return form.word(key, language)

        came = datetime.fromisoformat(self.received).strftime("%d.%m.%Y %H:%M") if self.received else ""
        late = word("received_late" if self.late else "received_in_time") if self.received and self.due else ""
        if not self.received:
            came, late = word("nothing_received"), word("overdue") if self.late else ""
        on = self.accepted_on[:10] if self.accepted_on else ""
        return [
            self.period or word("without_period"),
            day_in_words(date.fromisoformat(self.due), language) if self.due else "",
            str(self.receptions),
            came,
            late,
            word(self.verdict) if self.verdict else "",
            f"№ {self.accepted}, {self.accepted_by}, {on}" if self.accepted is not None else "",
        ]


def board(form: Form, folder: Path, calendar: Calendar, today: date) -> list[BoardLine]:
    """Return every period that is owed, and every other that something was received of; last what tells no period."""
    register = Register(folder)
    homes = register.homes()
    received = [Period.parse(home) for home in homes if home != UNREAD]
    owed = {each.period for each in schedule.obligations(form, calendar, today, received)}
    periods = sorted({*owed, *(period for period in received if form.covers(period))}, key=lambda p: p.in_time)
    names = [*map(str, periods), *(home for home in homes if home == UNREAD)]
    return [_line(register, home, form, calendar, today) for home in names]


def _line(register: Register, home: str, form: Form, calendar: Calendar, today: date) -> BoardLine:
    receptions, acceptances = register.receptions(home), register.acceptances(home)
    period = Period.parse(home) if home != UNREAD else None
    due = schedule.deadline(form, calendar, period) if period is not None else None
    last = receptions[-1] if receptions else None
    accepted = acceptances[-1] if acceptances else None
    return BoardLine(
        period=home if period is not None else None,
        due=due.isoformat() if due is not None else None,
        receptions=len(receptions),
        received=last.received.isoformat(timespec="seconds") if last is not None else None,
        late=last.is_late if last is not None else due is not None and today > due,
        verdict=last.verdict if last is not None else None,
        accepted=accepted.reception if accepted is not None else None,
        accepted_by=accepted.by if accepted is not None else None,
        accepted_on=accepted.time if accepted is not None else None,
    )
