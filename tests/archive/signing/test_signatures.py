"""What is signed is valid; one byte later it is not; and only those who are trusted count."""

import hashlib
import io
import random
from datetime import UTC
from pathlib import Path
from typing import Any

import page
import pikepdf
import pytest
from asn1crypto import cms
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from form1.archive import signing
from form1.archive.signing import SignatureCheck, SignatureState, Trust
from form1.definition.configuration import Signing
from tests.archive.signing.authority import FIRST, SIGNER, Holder, issue, later, new_key, write
from tests.archive.signing.conftest import NOW, Office

MANIFEST = b'{"form": "03102111", "verdict": "accepted"}\n'


@pytest.fixture(scope="module")
def signed_pdf(office: Office, form_pdf: bytes) -> bytes:
    return signing.pdf(form_pdf, office.settings, now=NOW)


@pytest.fixture(scope="module")
def signature(office: Office) -> bytes:
    return signing.detached(MANIFEST, office.settings, now=NOW)


def test_a_signed_pdf_is_valid(office: Office, signed_pdf: bytes) -> None:
    assert signing.check_pdf(signed_pdf, Trust.of(office.settings)) == SignatureCheck(SignatureState.VALID, SIGNER, NOW)


def test_a_detached_signature_is_valid(office: Office, signature: bytes) -> None:
    checked = signing.check_detached(MANIFEST, signature, Trust.of(office.settings))
    assert checked == SignatureCheck(SignatureState.VALID, SIGNER, NOW)


def test_a_detached_signature_holds_without_this_program(office: Office, signature: bytes) -> None:
    """The elliptic curve, over the attributes that hold the hash of the manifest and the hash of the certificate."""
    signed = cms.ContentInfo.load(signature)["content"]
    assert signed["encap_content_info"]["content"].native is None
    (signer,) = signed["signer_infos"]
    office.own.key.public_key().verify(
        signer["signature"].native, signer["signed_attrs"].untag().dump(), ec.ECDSA(hashes.SHA256())
    )
    attributes = {entry["type"].native: entry["values"][0].native for entry in signer["signed_attrs"]}
    assert attributes["message_digest"] == hashlib.sha256(MANIFEST).digest()
    assert attributes["signing_time"] == NOW


def test_the_signature_is_appended_and_the_document_stays(form_pdf: bytes, signed_pdf: bytes) -> None:
    assert signed_pdf.startswith(form_pdf)
    with pikepdf.open(io.BytesIO(form_pdf)) as before, pikepdf.open(io.BytesIO(signed_pdf)) as after:
        assert after.pdf_version == before.pdf_version and "/Version" not in after.Root
        assert after.docinfo == before.docinfo
        assert after.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
        assert len(after.pages) == len(before.pages)
        assert after.Root.StructTreeRoot.objgen == before.Root.StructTreeRoot.objgen
        (field,) = after.Root.AcroForm.Fields
        assert field.V.SubFilter == "/ETSI.CAdES.detached"
        assert (str(field.V.M), str(field.V.Reason), str(field.V.Location)) == (
            "D:20261022150200+04'00'", "Rüblük hesabat", "Bakı",
        )  # fmt: skip
        assert after.pages[0].Tabs == "/S"


def test_a_page_without_an_order_of_tabs_gets_one(office: Office) -> None:
    made = io.BytesIO()
    with pikepdf.new() as empty:
        empty.add_blank_page()
        empty.save(made)
    with pikepdf.open(io.BytesIO(signing.pdf(made.getvalue(), office.settings, now=NOW))) as signed:
        assert signed.pages[0].Tabs == "/S"


@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_a_signed_form_is_still_pdf_ua_and_pdf_a(form_pdf: bytes, signed_pdf: bytes, profile: str) -> None:
    for file in (form_pdf, signed_pdf):
        assert not [failure.message for failure in page.validate_pdf_bytes(file, profile=profile).failures]


@pytest.mark.parametrize("kind", ["ec", "rsa"])
@pytest.mark.parametrize("files", ["p12", "p12 without a passphrase", "pem", "pem in one file", "encrypted pem"])
def test_kinds_of_keys_and_files(tmp_path: Path, form_pdf: bytes, kind: str, files: str) -> None:
    own = issue(key=new_key(kind))
    word = "açar"
    paths = write(
        tmp_path, word_txt=word.encode(), p12_p12=own.p12(word), open_p12=own.p12(), cert_pem=own.pem(),
        key_pem=own.key_pem(), both_pem=own.pem() + own.key_pem(), locked_pem=own.key_pem(word),
    )  # fmt: skip
    settings = {
        "p12": Signing(certificate=paths["p12_p12"], passphrase_file=paths["word_txt"]),
        "p12 without a passphrase": Signing(certificate=paths["open_p12"]),
        "pem": Signing(certificate=paths["cert_pem"], key=paths["key_pem"]),
        "pem in one file": Signing(certificate=paths["both_pem"]),
        "encrypted pem": Signing(
            certificate=paths["cert_pem"], key=paths["locked_pem"], passphrase_file=paths["word_txt"]
        ),
    }[files]
    assert signing.able(settings, now=NOW).signer == SIGNER
    assert (
        signing.check_pdf(signing.pdf(form_pdf, settings, now=NOW), Trust.of(settings)).outcome == SignatureState.VALID
    )


def test_another_manifest_is_altered(office: Office, signature: bytes) -> None:
    other = MANIFEST.replace(b"accepted", b"rejected")
    assert signing.check_detached(other, signature, Trust.of(office.settings)).outcome == SignatureState.ALTERED


def test_a_flipped_byte_of_the_document_is_altered(office: Office, form_pdf: bytes, signed_pdf: bytes) -> None:
    dice = random.Random(4)
    found = {}
    for place in (dice.randrange(len(form_pdf) - 2_000) for _ in range(40)):
        harmed = bytearray(signed_pdf)
        harmed[place] ^= 1 << dice.randrange(8)
        found[place] = signing.check_pdf(bytes(harmed), Trust.of(office.settings)).outcome
    assert {place for place, outcome in found.items() if outcome == SignatureState.VALID} == set()
    assert SignatureState.ALTERED in found.values()


def test_a_number_changed_in_the_last_bytes_is_altered(office: Office, signed_pdf: bytes) -> None:
    harmed = signed_pdf.replace(b"/Reason", b"/Raeson")
    assert signing.check_pdf(harmed, Trust.of(office.settings)).outcome == SignatureState.ALTERED


def test_bytes_in_the_padding_of_the_signature_are_altered(office: Office, signed_pdf: bytes) -> None:
    harmed = signed_pdf.replace(b"0000>", b"00A0>")
    assert harmed != signed_pdf
    assert signing.check_pdf(harmed, Trust.of(office.settings)).outcome == SignatureState.ALTERED


def test_something_appended_after_the_signature_is_altered(office: Office, signed_pdf: bytes) -> None:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(signed_pdf))
    writer.root["/Lang"] = writer.root["/Lang"]
    writer.update_root()
    longer = io.BytesIO()
    writer.write(longer)
    assert longer.getvalue().startswith(signed_pdf)
    assert signing.check_pdf(longer.getvalue(), Trust.of(office.settings)).outcome == SignatureState.ALTERED
    assert signing.check_pdf(signed_pdf + b"\n", Trust.of(office.settings)).outcome == SignatureState.ALTERED


def test_a_flipped_byte_of_what_is_signed_in_a_signature_is_never_valid(office: Office, signature: bytes) -> None:
    """The attributes and the signature itself, which stand at the end; every byte of them."""
    (signer,) = cms.ContentInfo.load(signature)["content"]["signer_infos"]
    part = signer["signed_attrs"].dump()
    first = signature.index(part)
    places = [
        *range(first, first + len(part), 3),
        *range(len(signature) - len(signer["signature"].native), len(signature)),
    ]
    survived = []
    for place in places:
        harmed = bytearray(signature)
        harmed[place] ^= 1
        if signing.check_detached(MANIFEST, bytes(harmed), Trust.of(office.settings)).outcome == SignatureState.VALID:
            survived.append(place)
    assert survived == []


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.7 /ByteRange", b"/ByteRange" + bytes(range(256)) * 20, b"\x30\x80", b"\x30\x84\xff\xff\xff\xff"],
    ids=["nothing", "a head alone", "noise", "a sequence without an end", "a sequence of 4 GiB"],
)
def test_rubbish_is_an_outcome(office: Office, content: bytes) -> None:
    trust = Trust.of(office.settings)
    assert signing.check_pdf(content, trust).outcome in {SignatureState.ABSENT, SignatureState.UNREADABLE}
    assert signing.check_detached(MANIFEST, content, trust) == SignatureCheck(SignatureState.UNREADABLE)


def test_no_signature_is_absent(office: Office, form_pdf: bytes) -> None:
    trust = Trust.of(office.settings)
    assert signing.check_pdf(form_pdf, trust) == SignatureCheck(SignatureState.ABSENT)
    assert signing.check_detached(MANIFEST, None, trust) == SignatureCheck(SignatureState.ABSENT)


@pytest.mark.parametrize("case", ["another authority", "nobody", "a namesake", "the leaf alone"])
def test_who_is_trusted(tmp_path: Path, office: Office, signed_pdf: bytes, signature: bytes, case: str) -> None:
    other = issue("Kök", is_authority=True)  # of the same name, with another key
    paths = write(
        tmp_path, other_pem=other.pem(), name_pem=issue().pem(), leaf_pem=Holder(office.own.certificate, None).pem()
    )
    trust = {
        "another authority": Trust((paths["other_pem"],)),
        "nobody": Trust.of(None),
        "a namesake": Trust((paths["name_pem"],)),
        "the leaf alone": Trust((paths["leaf_pem"],)),
    }[case]
    expected = SignatureState.VALID if case == "the leaf alone" else SignatureState.UNTRUSTED
    assert signing.check_pdf(signed_pdf, trust) == SignatureCheck(expected, SIGNER, NOW)
    assert signing.check_detached(MANIFEST, signature, trust) == SignatureCheck(expected, SIGNER, NOW)


def test_without_trust_the_root_of_the_chain_is_not_trusted(tmp_path: Path, office: Office) -> None:
    """A national root certifies everybody; who names only the office's certificate means the office."""
    stranger = issue("Başqası", office.between)
    paths = write(tmp_path, own_pem=office.own.pem(), s_pem=stranger.pem(), s_key=stranger.key_pem())
    by_stranger = signing.detached(MANIFEST, Signing(certificate=paths["s_pem"], key=paths["s_key"]), now=NOW)
    own_alone = Trust.of(Signing(certificate=paths["own_pem"]))
    assert signing.check_detached(MANIFEST, by_stranger, own_alone).outcome == SignatureState.UNTRUSTED
    assert signing.check_detached(MANIFEST, by_stranger, Trust.of(office.settings)).outcome == SignatureState.VALID


def test_a_signature_outlives_its_certificate(tmp_path: Path) -> None:
    """What was signed in time stays valid; what claims a time outside the validity is not, though nobody changed it."""
    key = new_key()
    short = issue(key=key, first=FIRST, last=later(days=30))
    paths = write(tmp_path, short_pem=short.pem(), key_pem=short.key_pem())
    settings = Signing(certificate=paths["short_pem"], key=paths["key_pem"])
    signature = signing.detached(MANIFEST, settings, now=later(days=10))
    assert signing.check_detached(MANIFEST, signature, Trust.of(settings)).outcome == SignatureState.VALID


def test_a_time_outside_the_validity_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = issue(last=later(days=30))
    paths = write(tmp_path, own_pem=own.pem(), key_pem=own.key_pem())
    settings = Signing(certificate=paths["own_pem"], key=paths["key_pem"])
    with monkeypatch.context() as careless:
        careless.setattr("form1.archive.signing.credentials.in_force", lambda certificate, moment: True)
        signature = signing.detached(MANIFEST, settings, now=later(days=31))
    checked = signing.check_detached(MANIFEST, signature, Trust.of(settings))
    assert (checked.outcome, checked.word) == (SignatureState.UNTRUSTED, "signature_out_of_force")


def test_a_certificate_for_other_uses_is_not_trusted(tmp_path: Path, office: Office) -> None:
    other = issue("Server", office.between, usage="encryption")
    paths = write(tmp_path, s_pem=other.pem(), s_key=other.key_pem())
    signature = signing.detached(MANIFEST, Signing(certificate=paths["s_pem"], key=paths["s_key"]), now=NOW)
    assert signing.check_detached(MANIFEST, signature, Trust.of(office.settings)).outcome == SignatureState.UNTRUSTED


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_a_signature_in_words(form: Any, language: str) -> None:
    for standing in SignatureState:
        assert signing.tell(SignatureCheck(standing), form, language)
    said = signing.tell(SignatureCheck(SignatureState.VALID, "A\x1b[31m", NOW.astimezone(UTC)), form, language)
    assert "A\\x1b[31m" in said and "2026-10-22 15:02+04:00" in said
