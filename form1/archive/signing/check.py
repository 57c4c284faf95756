"""Checking a signature against what was signed and against the certificates that are trusted.

Nothing in a file from outside may end the caller's run: what cannot be read is an outcome, never an exception.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from form1.archive.signing import credentials
from form1.archive.signing.library import is_installed
from form1.archive.signing.outcome import SignatureCheck, SignatureState
from form1.archive.signing.trust import Trust

_MARK = b"/ByteRange"
"""Stands, never compressed, in every PDF that has a signature."""


def check_pdf(content: bytes, trust: Trust) -> SignatureCheck:
    """Judge the last signature in a PDF, which must cover the whole file.

    ConfigurationError when a file of `trust` cannot be read. Valid means: not a byte was changed, and at the time that
    the signer states the certificate was in force and led to a trusted one.
    """
    if _MARK not in content:
        return SignatureCheck(SignatureState.ABSENT)
    if not is_installed():
        return SignatureCheck(SignatureState.NOT_CHECKED)
    anchors = trust.certificates()
    try:
        return _pdf(content, anchors, trust)
    except Exception:  # whatever the library makes of bytes from outside, see above
        return SignatureCheck(SignatureState.UNREADABLE)


def check_detached(content: bytes, signature: bytes | None, trust: Trust) -> SignatureCheck:
    """Judge the signature that stands beside a file, or None where there is none; otherwise as `check_pdf`.

    What CMS carries outside the signature, such as the certificates above the signer's, is not part of the judgement:
    whether the file of the signature itself is the one that was published, only its hash can say.
    """
    if signature is None:
        return SignatureCheck(SignatureState.ABSENT)
    if not is_installed():
        return SignatureCheck(SignatureState.NOT_CHECKED)
    anchors = trust.certificates()
    try:
        return _detached(content, signature, anchors, trust)
    except Exception:  # whatever the library makes of bytes from outside, see above
        return SignatureCheck(SignatureState.UNREADABLE)


def _pdf(content: bytes, anchors: tuple[Any, ...], trust: Trust) -> SignatureCheck:
    import asyncio

    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import async_validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    found = PdfFileReader(io.BytesIO(content)).embedded_regular_signatures
    if not found:
        # A later part of the file hides the signature, whose mark still stands in an earlier one.
        return SignatureCheck(SignatureState.UNREADABLE)
    last = found[-1]
    time = last.self_reported_timestamp
    work = async_validate_pdf_signature(last, _context(anchors, time), key_usage_settings=_usage(), skip_diff=True)
    status = asyncio.run(work)
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    whole = whole and not any(last.pkcs7_content[_length(last.pkcs7_content) :])
    return _judge(last.signer_cert, time, status, trust, whole=whole)


def _detached(content: bytes, signature: bytes, anchors: tuple[Any, ...], trust: Trust) -> SignatureCheck:
    import asyncio

    from asn1crypto.cms import ContentInfo
    from pyhanko.sign.general import extract_certificate_info
    from pyhanko.sign.validation.generic_cms import (
        async_validate_detached_cms,
        extract_self_reported_ts,
        extract_signer_info,
    )

    signed = ContentInfo.load(signature, strict=True)["content"]
    time = extract_self_reported_ts(extract_signer_info(signed))
    work = async_validate_detached_cms(content, signed, _context(anchors, time), key_usage_settings=_usage())
    status = asyncio.run(work)
    return _judge(extract_certificate_info(signed).signer_cert, time, status, trust, whole=True)


def _judge(certificate: Any, time: datetime | None, status: Any, trust: Trust, *, whole: bool) -> SignatureCheck:
    from cryptography.x509 import load_der_x509_certificate

    own = load_der_x509_certificate(certificate.dump())
    signer = credentials.name_of(own)
    if not (whole and status.intact and status.valid):
        return SignatureCheck(SignatureState.ALTERED, signer, time)
    if time is None or not credentials.in_force(own, time):
        return SignatureCheck(SignatureState.UNTRUSTED, signer, time, "signature_out_of_force")
    if not status.trusted:
        return SignatureCheck(SignatureState.UNTRUSTED, signer, time)
    if not trust.counts(own):
        return SignatureCheck(SignatureState.OTHER_SIGNER, signer, time)
    return SignatureCheck(SignatureState.VALID, signer, time)


def _context(anchors: tuple[Any, ...], time: datetime | None) -> Any:
    """Return what a certificate is judged by: these roots, at this time, without a network."""
    from asn1crypto.x509 import Certificate
    from cryptography.hazmat.primitives.serialization import Encoding
    from pyhanko_certvalidator import ValidationContext

    return ValidationContext(
        trust_roots=[Certificate.load(anchor.public_bytes(Encoding.DER)) for anchor in anchors],
        moment=time,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )


def _usage() -> Any:
    """Return the key usages of which a signer's certificate has at least one."""
    from pyhanko.sign.validation import KeyUsageConstraints

    return KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)


def _length(der: bytes) -> int:
    """Return how many bytes a value in DER has; zeros fill the rest of its place in a PDF."""
    from asn1crypto.parser import peek

    return int(peek(der))
