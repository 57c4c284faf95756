"""The office's certificate and key, read from the files that the configuration names.

No message here repeats what a library said about a key file: its words could hold what must stay secret.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from form1.core.errors import ConfigurationError
from form1.definition.configuration import Signing

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_PEM = b"-----BEGIN "
_LARGEST = 1 << 20
"""Bytes; a file of certificates has a few thousand, so that a larger one is another file."""


@dataclass(frozen=True)
class Credentials:
    """The signer's certificate, the certificates between it and its root, and its private key."""

    certificate: Certificate
    chain: tuple[Certificate, ...]
    key: Any = field(repr=False)


def read(settings: Signing) -> Credentials:
    """Return certificate and key; ConfigurationError when they cannot be read or do not belong together."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    content = content_of(settings.certificate_file, "certificate")
    if _PEM in content:
        certificates = _pem_certificates(content, settings.certificate_file)
        key = _pem_key(settings)
    else:
        if settings.key is not None:
            raise ConfigurationError(
                f"[signing] key goes with a certificate in PEM, but {settings.certificate_file} is none. Take key out "
                "when the file is PKCS#12, which holds its key itself; or give the certificate as PEM."
            )
        certificates, key = _pkcs12(content, settings)
        if key is None:
            raise ConfigurationError(
                f"{settings.certificate_file} holds no private key. Export it again, with its key."
            )
    parts = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    if certificates[0].public_key().public_bytes(*parts) != key.public_key().public_bytes(*parts):
        raise ConfigurationError(
            f"the private key in {settings.key or settings.certificate_file} does not belong to the (first) "
            f"certificate in {settings.certificate_file}. Name the two that were issued together under [signing]."
        )
    return Credentials(certificates[0], certificates[1:], key)


def certificate_of(settings: Signing) -> Certificate:
    """Return the signer's certificate, for which a PEM file needs no key; ConfigurationError when there is none."""
    content = content_of(settings.certificate_file, "certificate")
    if _PEM in content:
        return _pem_certificates(content, settings.certificate_file)[0]
    return _pkcs12(content, settings)[0][0]


def trusted_in(path: Path) -> tuple[Certificate, ...]:
    """Return the certificates in a PEM file of [signing] trust; ConfigurationError when there is none."""
    return _pem_certificates(content_of(path, "trust"), path)


def content_of(path: Path, key: str) -> bytes:
    """Return the bytes of a file that [signing] names; ConfigurationError when it is missing or far too large."""
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        raise ConfigurationError(f"[signing] {key}: {path} cannot be read: {error.strerror}.") from None
    if len(content) > _LARGEST:
        raise ConfigurationError(f"[signing] {key}: {path} is larger than a file of certificates can be.")
    return content


def exposed(settings: Signing) -> Path | None:
    """Return the file that holds the secret when every user of the machine can read it, otherwise None."""
    secret = settings.passphrase_file or settings.key or settings.certificate
    try:
        return secret if secret and secret.stat().st_mode & 0o004 else None
    except OSError:
        return None


def name_of(certificate: Certificate) -> str:
    """Return whose certificate it is, such as `Dövlət Miqrasiya Xidməti` with its organisation where it differs."""
    from cryptography.x509.oid import NameOID

    parts = [
        str(attribute.value)
        for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)
        for attribute in certificate.subject.get_attributes_for_oid(oid)
    ]
    return ", ".join(dict.fromkeys(parts)) or certificate.subject.rfc4514_string()


def is_of(certificate: Certificate, name: str) -> bool:
    """True when a certificate is of that name: its common name, or all that `name_of` says."""
    from cryptography.x509.oid import NameOID

    common = (str(part.value) for part in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME))
    return name in {name_of(certificate), *common}


def in_force(certificate: Certificate, moment: datetime) -> bool:
    """Return whether `moment` (with a time zone) lies within the validity of a certificate."""
    return certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc


def _pem_certificates(content: bytes, path: Path) -> tuple[Certificate, ...]:
    from cryptography.x509 import load_pem_x509_certificates

    try:
        return tuple(load_pem_x509_certificates(content))
    except ValueError:
        raise ConfigurationError(f"{path} holds no certificate in PEM (-----BEGIN CERTIFICATE-----).") from None


def _pem_key(settings: Signing) -> Any:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    path = settings.key or settings.certificate_file
    content = content_of(path, "key")
    if b"PRIVATE KEY-----" not in content:
        raise ConfigurationError(f"{path} holds no private key in PEM. Name its file under [signing] key.")
    passphrase = _passphrase(settings)
    try:
        return load_pem_private_key(content, passphrase if b"ENCRYPTED" in content else None)
    except TypeError:
        raise ConfigurationError(
            f"{path} is encrypted. Name the file with its passphrase under [signing] passphrase_file."
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        raise ConfigurationError(_unopened(path, settings)) from None


def _pkcs12(content: bytes, settings: Signing) -> tuple[tuple[Certificate, ...], Any]:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12

    passphrase = _passphrase(settings)
    store = None
    # Without a passphrase, some programs write none and some an empty one.
    for attempt in (passphrase,) if passphrase else (None, b""):
        try:
            store = load_pkcs12(content, attempt)
            break
        except (ValueError, TypeError, UnsupportedAlgorithm):
            continue
    if store is None:
        raise ConfigurationError(_unopened(settings.certificate_file, settings))
    if store.cert is None:
        raise ConfigurationError(
            f"{settings.certificate_file} holds no certificate with its key. Export it again, with both."
        )
    return (store.cert.certificate, *(other.certificate for other in store.additional_certs)), store.key


def _passphrase(settings: Signing) -> bytes | None:
    if settings.passphrase_file is None:
        return None
    return content_of(settings.passphrase_file, "passphrase_file").rstrip(b"\r\n") or None


def _unopened(path: Path, settings: Signing) -> str:
    if settings.passphrase_file is None:
        return (
            f"{path} cannot be opened: it needs a passphrase (name its file under [signing] passphrase_file), or it is "
            "neither PKCS#12 nor PEM."
        )
    return f"{path} cannot be opened: the passphrase in {settings.passphrase_file} is wrong, or the file is damaged."
