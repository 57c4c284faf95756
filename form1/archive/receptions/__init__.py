"""The register of receptions: what was received of each period, when, with which verdict, and what was accepted."""

from form1.archive.receptions.proof import harms
from form1.archive.receptions.record import Acceptance, Arrival, Reception, Register
from form1.archive.receptions.recording import accept, enter, mend

__all__ = ["Acceptance", "Arrival", "Reception", "Register", "accept", "enter", "harms", "mend"]
