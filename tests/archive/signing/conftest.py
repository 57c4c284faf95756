"""An office that signs, and something to sign."""

import socket
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import pytest

from form1.definition import Form
from form1.definition.configuration import Signing
from form1.render import pdf
from tests.archive.signing.authority import PASSPHRASE, Holder, issue, write
from tests.render.drawing import filled

NOW = datetime(2026, 10, 22, 15, 2, tzinfo=ZoneInfo("Asia/Baku"))


@dataclass(frozen=True)
class Office:
    """Its authority, the authority between, its own certificate, and the settings that name their files."""

    root: Holder
    between: Holder
    own: Holder
    settings: Signing


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every certificate here names a list of revocations on a host; a test in which somebody asks for it fails."""

    def refuse(*arguments: Any, **options: Any) -> NoReturn:
        raise AssertionError(f"the network was asked: {arguments}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture(scope="session")
def office(tmp_path_factory: Any) -> Office:
    """An office whose certificate two authorities stand above."""
    root = issue("Kök", is_authority=True)
    between = issue("Orta", root, is_authority=True)
    own = issue(by=between)
    folder: Path = tmp_path_factory.mktemp("office")
    paths = write(folder, own_p12=own.p12(PASSPHRASE), passphrase_txt=PASSPHRASE.encode() + b"\n", root_pem=root.pem())
    settings = Signing(
        certificate=paths["own_p12"],
        passphrase_file=paths["passphrase_txt"],
        trust=(paths["root_pem"],),
        reason="Rüblük hesabat",
        place="Bakı",
    )
    return Office(root, between, own, settings)


@pytest.fixture(scope="session")
def form_pdf(form: Form) -> bytes:
    """The PDF of a form, as the product draws it."""
    return pdf.draw(filled(form, tables=["T03", "T10"]))
