"""A signature in words."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from form1.archive.signing.outcome import SignatureCheck
from form1.core.literal import plain
from form1.core.texts import Language
from form1.definition import Form


def tell(check: SignatureCheck, form: Form, language: Language) -> str:
    """Return how a signature stands, whose it is and when it was made, as one line."""
    sentence = form.word(check.word, language)
    if not check.signer:
        return sentence
    time = check.time.astimezone(ZoneInfo("Asia/Baku")).isoformat(" ", "minutes") if check.time else "…"
    signed = form.word("signature_of", language).format(signer=plain(check.signer), time=time)
    return f"{sentence} ({signed})"
