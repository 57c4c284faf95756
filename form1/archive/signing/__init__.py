"""Signatures with the office's certificate: the PDF (PAdES) and the manifest (CMS), and the check of both.

pyHanko does the work and is an optional extra (`sign`); nothing is ever fetched from a network.
"""

from form1.archive.signing.check import check_detached, check_pdf
from form1.archive.signing.credentials import exposed
from form1.archive.signing.outcome import SignatureCheck, SignatureState
from form1.archive.signing.sign import Ability, able, detached, pdf
from form1.archive.signing.trust import Trust
from form1.archive.signing.wording import tell

_SUFFIX = ".p7s"


def name(signed: str) -> str:
    """Return the name of the signature that stands beside a file, such as manifest.json.p7s."""
    return signed + _SUFFIX


__all__ = [
    "Ability",
    "SignatureCheck",
    "SignatureState",
    "Trust",
    "able",
    "check_detached",
    "check_pdf",
    "detached",
    "exposed",
    "name",
    "pdf",
    "tell",
]
