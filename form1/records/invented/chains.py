"""Records one after the other: when each was decided, from when to when it is valid, and how it ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from form1.records.invented.persons import NOTHING, Calendar, Persons
from form1.records.invented.random_draws import pick, steps
from form1.records.invented.settings import MOST_RECORDS, Chain, Register

if TYPE_CHECKING:
    from form1.records.invented.random_draws import Ints, Mask

LONGEST = 1830
"""Days for which a record can be made to end on the last day of the period."""


@dataclass(frozen=True)
class Links:
    """The records that have the same place, from 0, in the chains of `persons`: days from 1970, NOTHING where none."""

    persons: Persons
    place: int
    decided: Ints
    valid_from: Ints
    valid_to: Ints
    left: Ints
    annulled: Ints
    entered: Ints
    renewed: Mask
    number: Ints
    """The number of the record; unlike `own` that of the record which it renews, where it keeps it."""
    open: Mask
    """True where no last day is recorded."""

    @property
    def own(self) -> Ints:
        """A number that no other record of the extract has, in the order of persons and their records."""
        return self.persons.random_draws.numbers * MOST_RECORDS + self.place

    def among(self, mask: Mask) -> Links:
        """Return those for which `mask` is true."""
        parts = ("decided", "valid_from", "valid_to", "left", "annulled", "entered", "renewed", "number", "open")
        return Links(self.persons.among(mask), self.place, *(getattr(self, part)[mask] for part in parts))


def links(chain: Chain, persons: Persons, register: Register, calendar: Calendar, name: str) -> Iterator[Links]:
    """Yield the first records of all who have such a chain, then their second ones, and so on.

    Records that were decided, or entered in the system, after the extract was taken are not in it.
    """
    import numpy as np

    persons = persons.among(persons.random_draws.happens(chain.share, 100, name, "has"))
    times = 1 + pick(steps(chain.times), persons.random_draws.uniform(name, "times"))
    decided = persons.first_day + persons.random_draws.days(*chain.starts_after, name, "start")
    number = persons.random_draws.numbers * MOST_RECORDS
    begins = decided + persons.random_draws.days(0, 10, name, "lag")
    renewed = np.zeros(len(persons), dtype=np.bool_)
    for place in range(len(chain.times)):
        spans = chain.first_days if place == 0 else chain.next_days or chain.first_days
        made = _made(chain, persons, register, calendar, (name, place), spans, decided, begins, renewed, number)
        yield known(made, calendar)
        goes_on = (times > place + 1) & (made.decided <= calendar.taken) & (made.annulled == NOTHING)
        made = made.among(goes_on)
        persons, times, number = made.persons, times[goes_on], made.number
        anew = persons.random_draws.happens(chain.anew_per_cent, 100, name, place, "anew")
        after = np.where(
            anew,
            persons.random_draws.days(*chain.anew_after, name, place, "break"),
            persons.random_draws.days(*chain.next_after, name, place, "next"),
        )
        decided = np.maximum(made.valid_to + after, made.decided + 1)
        renewed = ~anew & (decided <= made.valid_to)
        begins = np.where(renewed, made.valid_to + 1, decided)
        own = persons.random_draws.numbers * MOST_RECORDS + place + 1
        number = np.where(renewed & chain.keeps_number, number, own)


def following(
    chain: Chain, leaders: Sequence[Links], register: Register, calendar: Calendar, name: str
) -> Iterator[Links]:
    """Yield records that go with those of another chain, decided a little later and ending with them."""
    import numpy as np

    for record in leaders:
        leader = record.among(record.persons.random_draws.happens(chain.share, 100, name, "has"))
        random_draws = leader.persons.random_draws
        decided = np.minimum(leader.decided + random_draws.days(*chain.next_after, name, leader.place), leader.valid_to)
        entered = decided + random_draws.spans(register.entered.days, name, leader.place, "entered")
        annulled = np.where(leader.annulled >= decided, leader.annulled, NOTHING)
        over = (leader.annulled != NOTHING) & (leader.annulled < decided)
        own = leader.own
        made = Links(
            leader.persons, leader.place, decided, np.maximum(leader.valid_from, decided), leader.valid_to,
            leader.left, annulled, entered, leader.renewed, own, leader.open,
        )  # fmt: skip
        yield known(made.among(~over), calendar)


def known(made: Links, calendar: Calendar) -> Links:
    """Return the records that are in the system on the day on which the extract is taken, as they stand then."""
    import numpy as np

    there = made.among(made.entered <= calendar.taken)
    left, annulled = (np.where(day <= calendar.taken, day, NOTHING) for day in (there.left, there.annulled))
    return Links(
        there.persons, there.place, there.decided, there.valid_from, there.valid_to, left, annulled, there.entered,
        there.renewed, there.number, there.open,
    )  # fmt: skip


def _made(
    chain: Chain, persons: Persons, register: Register, calendar: Calendar, name: tuple[str, int],
    spans: tuple[tuple[int, int, int], ...], decided: Ints, begins: Ints, renewed: Mask, number: Ints,
) -> Links:  # fmt: skip
    import numpy as np

    random_draws = persons.random_draws
    ends = begins + random_draws.spans(spans, *name, "days") - 1
    at_period_end = random_draws.happens(register.edges.ends_on_last_day, 1000, *name, "edge")
    can = (calendar.last_day > begins) & (calendar.last_day - begins < LONGEST) & (calendar.last_day > decided)
    ends = np.where(at_period_end & can, calendar.last_day, ends)
    lasting = ends - decided + 1
    leaves = random_draws.happens(chain.left_share, 100, *name, "leaves")
    left = np.where(leaves, decided + (random_draws.uniform(*name, "left") * lasting).astype(np.int64), NOTHING)
    ended = random_draws.happens(chain.annulled_per_mille, 1000, *name, "annulled")
    day = decided + (random_draws.uniform(*name, "annulled on") * lasting).astype(np.int64)
    entered = decided + random_draws.spans(register.entered.days, *name, "entered")
    opened = random_draws.happens(chain.open_share, 100, *name, "open")
    return Links(
        persons, name[1], decided, begins, ends, left, np.where(ended, day, NOTHING), entered, renewed, number, opened
    )
