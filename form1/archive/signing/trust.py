"""Whose signatures count: the certificates that the configuration trusts, and nobody else's."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from form1.archive.signing import credentials
from form1.definition.configuration import Signing

if TYPE_CHECKING:
    from cryptography.x509 import Certificate


@dataclass(frozen=True)
class Trust:
    """PEM files of trusted certificates; where there is none, the office's own certificate alone."""

    files: tuple[Path, ...] = ()
    own: Signing | None = None

    @classmethod
    def of(cls, settings: Signing | None) -> Trust:
        """Return what a configuration trusts; without [signing] that is nobody."""
        return cls(settings.trust, settings) if settings else cls()

    def certificates(self) -> tuple[Certificate, ...]:
        """Return the trusted certificates; ConfigurationError when a file cannot be read.

        The chain that comes with the office's own certificate is not trusted by itself: its root certifies others too.
        """
        if self.files:
            return tuple(certificate for path in self.files for certificate in credentials.trusted_in(path))
        return (credentials.certificate_of(self.own),) if self.own else ()
