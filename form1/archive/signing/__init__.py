"""Signatures with the office's certificate: the PDF (PAdES) and the manifest (CMS), and the check of both.

pyHanko does the work and is an optional extra (`sign`); nothing is ever fetched from a network.
"""

from form1.archive.signing.check import check_detached, check_pdf
from form1.archive.signing.credentials import exposed
from form1.archive.signing.outcome import SignatureCheck, SignatureState
from form1.archive.signing.sign import Ability, able, detached, pdf
from form1.archive.signing.signer import Signer, signer, unsigned
from form1.archive.signing.trust import Trust
from form1.archive.signing.wording import tell

__all__ = [
    "Ability",
    "SignatureCheck",
    "SignatureState",
    "Signer",
    "Trust",
    "able",
    "check_detached",
    "check_pdf",
    "detached",
    "exposed",
    "pdf",
    "signer",
    "tell",
    "unsigned",
]
