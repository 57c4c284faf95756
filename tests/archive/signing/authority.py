"""A throwaway authority: certificates and keys that exist for one test."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
SIGNER = "Dövlət Miqrasiya Xidməti"
PASSPHRASE = "ağ-gül-1926"


@dataclass(frozen=True)
class Holder:
    """A certificate, its private key, and the certificates above it but for the root."""

    certificate: x509.Certificate
    key: Any
    above: tuple[x509.Certificate, ...] = ()

    def pem(self) -> bytes:
        """The certificate and those above it."""
        return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in (self.certificate, *self.above))

    def key_pem(self, passphrase: str = "") -> bytes:
        """The private key, encrypted when there is a passphrase."""
        encryption: Any = serialization.NoEncryption()
        if passphrase:
            encryption = serialization.BestAvailableEncryption(passphrase.encode())
        return bytes(self.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption))

    def p12(self, passphrase: str = "") -> bytes:
        """Certificate and key in PKCS#12."""
        encryption: Any = serialization.NoEncryption()
        if passphrase:
            encryption = serialization.BestAvailableEncryption(passphrase.encode())
        return pkcs12.serialize_key_and_certificates(b"form1", self.key, self.certificate, list(self.above), encryption)


def new_key(kind: str = "ec") -> Any:
    """A fresh private key."""
    return rsa.generate_private_key(65537, 2048) if kind == "rsa" else ec.generate_private_key(ec.SECP256R1())


def issue(
    name: str = SIGNER,
    by: Holder | None = None,
    *,
    is_authority: bool = False,
    first: datetime = FIRST,
    last: datetime = LAST,
    usage: str = "signature",
    key: Any = None,
) -> Holder:
    """A certificate issued by `by`, or by itself. Its points of revocation lead to a host that no test may ask."""
    key = key or new_key()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(first)
        .not_valid_after(last)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(_usage(is_authority, usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if by:
        address = x509.UniformResourceIdentifier("http://revocation.invalid/list.crl")
        point = x509.DistributionPoint([address], None, None, None)
        issuer = by.certificate.public_key()
        builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False).add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer),  # type: ignore[arg-type]
            critical=False,
        )
    certificate = builder.sign(by.key if by else key, hashes.SHA256())
    above = (by.certificate, *by.above) if by and by.certificate.issuer != by.certificate.subject else ()
    return Holder(certificate, key, above)


def write(folder: Path, **files: bytes) -> dict[str, Path]:
    """Put files into a folder; `a_pem=` becomes a.pem."""
    paths = {name: folder / name.replace("_", ".") for name in files}
    for name, content in files.items():
        paths[name].write_bytes(content)
        paths[name].chmod(0o600)
    return paths


def later(**by: float) -> datetime:
    """A moment after the first day of validity."""
    return FIRST + timedelta(**by)


def _usage(is_authority: bool, usage: str) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=usage == "signature",
        content_commitment=False,
        key_encipherment=usage == "encryption",
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )
