"""Signing: a PDF with a signature inside, any other file with one beside it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from form1.archive.signing import credentials
from form1.archive.signing.check import check_detached
from form1.archive.signing.credentials import Credentials
from form1.archive.signing.library import require_library
from form1.archive.signing.outcome import SignatureState
from form1.archive.signing.trust import Trust
from form1.core.errors import ConfigurationError
from form1.definition.configuration import Signing

if TYPE_CHECKING:
    from pyhanko.sign.signers import SimpleSigner

_DIGEST: Final = "sha256"
_FIELD: Final = "form1"
_DAY: Final = 86_400


@dataclass(frozen=True)
class Ability:
    """With whose certificate an office signs, and for how many whole days it is still in force."""

    signer: str
    days: int


def able(settings: Signing, *, now: datetime) -> Ability:
    """Return with what the office signs, after a trial signature.

    ConfigurationError when certificate, key or passphrase cannot be used or the office would not trust its own
    signature; MachineError without pyHanko.
    """
    require_library()
    found = _read(settings, now)
    trial = b"trial"
    try:
        signature = _detached(trial, found, now)
    except Exception as error:
        raise _failed(settings, error) from None
    checked = check_detached(trial, signature, Trust.of(settings))
    if checked.outcome == SignatureState.OTHER_SIGNER:
        raise ConfigurationError(
            f"the certificate in {settings.certificate_file} is of another name than [signing] signer says. Write the "
            "name as the certificate has it, or name the right certificate."
        )
    if checked.outcome != SignatureState.VALID:
        raise ConfigurationError(
            f"the certificate in {settings.certificate_file} is not trusted for signatures "
            "by the files under [signing] trust. Add the certificate of its issuer there, and those between "
            "to the certificate's own file; its key usage must allow signatures."
        )
    left = found.certificate.not_valid_after_utc - now
    return Ability(credentials.name_of(found.certificate), int(left.total_seconds() // _DAY))


def pdf(content: bytes, settings: Signing, *, now: datetime) -> bytes:
    """Return a PDF with an invisible signature (PAdES B-B) appended; what was there stays byte for byte.

    `now` carries a time zone and becomes the time of signing. Errors as in `able`.
    """
    require_library()
    found = _read(settings, now)
    try:
        return _pdf(content, found, settings, now)
    except Exception as error:
        raise _failed(settings, error) from None


def detached(content: bytes, settings: Signing, *, now: datetime) -> bytes:
    """Return the signature of a file as it stands beside it (CMS in DER, .p7s); errors as in `able`."""
    require_library()
    found = _read(settings, now)
    try:
        return _detached(content, found, now)
    except Exception as error:
        raise _failed(settings, error) from None


def _pdf(content: bytes, found: Credentials, settings: Signing, now: datetime) -> bytes:
    from pyhanko.pdf_utils.generic import NameObject
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    class Writer(IncrementalPdfFileWriter):  # type: ignore[misc]
        """Leaves metadata and version alone: they are those of the document that is signed, of PDF/A and PDF/UA."""

        def _update_meta(self) -> None:
            """Write neither the library's name nor the time of the machine."""

        def ensure_output_version(self, version: tuple[int, int]) -> None:
            """Stay with the version of the document, which must be 1.x: elliptic curves would make it 2.0."""

        def register_extension(self, ext: Any) -> None:
            """Name the extension for PAdES, and none of PDF 2.0."""
            if ext.base_version == "/1.7":
                super().register_extension(ext)

    class Signer(signers.PdfSigner):  # type: ignore[misc]
        """Takes the time of signing from the caller, not from the machine."""

        def init_signing_session(self, *arguments: Any, **options: Any) -> Any:
            session = super().init_signing_session(*arguments, **options)
            session.system_time = now
            return session

    writer = Writer(io.BytesIO(content))
    page, _ = writer.find_page_for_modification(0)
    if "/Tabs" not in page.get_object():
        # PDF/UA wants an order for every page with an annotation, and the signature is one, though nobody sees it.
        page.get_object()["/Tabs"] = NameObject("/S")
        writer.mark_update(page)
    field = fields.SigFieldSpec(
        _FIELD,
        # PDF/A forbids to hide it, PDF/UA to have it untagged on the page: so it lies off the page.
        invis_sig_settings=fields.InvisSigSettings(box_out_of_bounds=True),
    )
    meta = signers.PdfSignatureMetadata(
        field_name=_FIELD,
        md_algorithm=_DIGEST,
        subfilter=fields.SigSeedSubFilter.PADES,
        reason=settings.reason or None,
        location=settings.place or None,
    )
    signed: bytes = Signer(meta, signer=_signer(found), new_field_spec=field).sign_pdf(writer).getvalue()
    return signed


def _detached(content: bytes, found: Credentials, now: datetime) -> bytes:
    import asyncio

    from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes

    attributes = PdfCMSSignedAttributes(signing_time=now)
    work = _signer(found).async_sign_general_data(
        content, _DIGEST, detached=True, use_cades=True, signed_attr_settings=attributes
    )
    signature: bytes = asyncio.run(work).dump()
    return signature


def _failed(settings: Signing, error: Exception) -> ConfigurationError:
    """Whatever the library could not do, in one line, and without its words: they could hold what is secret."""
    return ConfigurationError(
        f"signing with the key of {settings.certificate_file} failed ({type(error).__name__}). Keys of RSA, of the "
        "NIST curves and Ed25519 can sign; name a certificate with such a key under [signing]."
    )


def _read(settings: Signing, now: datetime) -> Credentials:
    found = credentials.read(settings)
    if not credentials.in_force(found.certificate, now):
        first, last = found.certificate.not_valid_before_utc, found.certificate.not_valid_after_utc
        raise ConfigurationError(
            f"the certificate in {settings.certificate_file} is valid from "  # whose it is stays out of logs
            f"{first:%Y-%m-%d} to {last:%Y-%m-%d}, and it is {now:%Y-%m-%d}. Name one that is in force under [signing]."
        )
    return found


def _signer(found: Credentials) -> SimpleSigner:
    from asn1crypto.keys import PrivateKeyInfo
    from asn1crypto.x509 import Certificate
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    store = SimpleCertificateStore()
    for certificate in found.chain:
        store.register(Certificate.load(certificate.public_bytes(Encoding.DER)))
    key = found.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    own = Certificate.load(found.certificate.public_bytes(Encoding.DER))
    return SimpleSigner(own, PrivateKeyInfo.load(key), store)
