"""form1.toml: where the office keeps its exports and editions, its language, and who signs."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from form1.errors import ConfigurationError
from form1.texts import Language

DEFAULT_FILE = Path("form1.toml")


class Signature(BaseModel):
    """Who signs; what is empty leaves its line to the pen."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    head: str = ""
    compiler: str = ""
    telephone: str = ""
    signed_on: str = ""


class Signing(BaseModel):
    """With which certificate editions are signed, and whose signatures count.

    `certificate` is PKCS#12, or PEM with the private key in the same file or in `key`. `trust` are PEM files; where it
    is empty, the certificate itself is what is trusted.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    certificate: Path
    key: Path | None = None
    passphrase_file: Path | None = None
    trust: tuple[Path, ...] = ()
    reason: str = ""
    place: str = ""

    def beside(self, folder: Path) -> Signing:
        """Return the same with paths taken from `folder`."""
        return self.model_copy(
            update={
                "certificate": folder / self.certificate,
                "key": folder / self.key if self.key else None,
                "passphrase_file": folder / self.passphrase_file if self.passphrase_file else None,
                "trust": tuple(folder / path for path in self.trust),
            }
        )


class Configuration(BaseModel):
    """The settings of an office; paths are taken from the folder of the file that gives them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    exports: Path = Path("exports")
    output: Path = Path("output")
    reference: Path | None = None
    accepted: Path | None = None
    language: Language = "az"
    signature: Signature = Signature()
    signing: Signing | None = None


_SECTIONS: dict[str, type[BaseModel]] = {"signature": Signature, "signing": Signing}


def read_configuration(path: Path | None) -> Configuration:
    """Return the configuration in `path`, or in form1.toml of the current folder, or the defaults.

    ConfigurationError names the key that is unknown or wrong.
    """
    if path is None:
        if not DEFAULT_FILE.is_file():
            return Configuration()
        path = DEFAULT_FILE
    try:
        content: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(f"no configuration file {path}.") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}.") from None
    try:
        settings = Configuration.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        section = _SECTIONS.get(str(first["loc"][0]), Configuration) if first["loc"][1:] else Configuration
        known = ", ".join(section.model_fields)
        raise ConfigurationError(f"{path}: {key}: {first['msg']} (known keys: {known}).") from None
    beside = path.parent
    return settings.model_copy(
        update={
            "exports": beside / settings.exports,
            "output": beside / settings.output,
            "reference": beside / settings.reference if settings.reference else None,
            "accepted": beside / settings.accepted if settings.accepted else None,
            "signing": settings.signing.beside(beside) if settings.signing else None,
        }
    )
