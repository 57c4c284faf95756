"""`form1 build` with [signing]: what is signed, what stays the same, and what stops it in time."""

import json
import re
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest

from form1.archive import signing
from form1.archive.signing import SignatureCheck, SignatureState, Trust
from form1.archive.store import Archive
from form1.archive.verify import verify
from form1.build.recipe import BuildOrder, build
from form1.cli.main import run
from form1.core.errors import ConfigurationError, MachineError
from form1.core.periods import Period
from form1.definition import Form
from form1.definition.configuration import Signing, read_configuration
from tests.archive.signing.authority import FIRST, PASSPHRASE, SIGNER, issue, later, new_key, write
from tests.archive.signing.conftest import NOW, Office
from tests.making import SAMPLE

pytestmark = pytest.mark.usefixtures("earlier_once")

Q3 = Period(2026, 3)


@pytest.fixture(scope="module")
def editions(form: Form, office: Office, tmp_path_factory: Any, earlier_once: None) -> dict[str, Path]:
    """The same quarter, published without a signature and with one."""
    folders = {}
    for name, settings in [("unsigned", None), ("signed", office.settings)]:
        output = tmp_path_factory.mktemp(name)
        outcome = build(BuildOrder(form, Q3, SAMPLE, output, signing=settings, now=NOW))
        assert outcome.edition is not None
        folders[name] = outcome.edition
    return folders


def test_pdf_and_manifest_are_signed(editions: dict[str, Path], office: Office) -> None:
    folder, trust = editions["signed"], Trust.of(office.settings)
    valid = SignatureCheck(SignatureState.VALID, SIGNER, NOW)
    assert signing.check_pdf((folder / "form1-2026-Q3-r1.pdf").read_bytes(), trust) == valid
    manifest, signature = (folder / "manifest.json").read_bytes(), (folder / "manifest.json.p7s").read_bytes()
    assert signing.check_detached(manifest, signature, trust) == valid


def test_the_manifest_hashes_what_was_signed(editions: dict[str, Path]) -> None:
    edition = Archive(editions["signed"].parents[1]).latest(Q3)
    assert edition is not None and edition.damage() == []
    listed = {file["name"] for file in edition.manifest["outputs"]}
    assert {path.name for path in edition.folder.iterdir()} - listed == {"manifest.json", "manifest.json.p7s"}


def test_only_signed_bytes_differ(editions: dict[str, Path]) -> None:
    unsigned, signed = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in editions.values())
    pdf = "form1-2026-Q3-r1.pdf"
    assert {name for name in unsigned if signed[name] != unsigned[name]} == {pdf, "manifest.json"}
    assert signed.keys() - unsigned.keys() == {"manifest.json.p7s"}
    assert signed[pdf].startswith(unsigned[pdf])
    said = [json.loads(files["manifest.json"]) for files in (unsigned, signed)]
    assert said[0]["fingerprint"] == said[1]["fingerprint"]
    for manifest in said:
        manifest["outputs"] = [file for file in manifest["outputs"] if file["name"] != pdf]
    assert said[0] == said[1]


def test_signing_makes_no_new_revision(editions: dict[str, Path], form: Form, office: Office) -> None:
    for name in ("unsigned", "signed"):
        output = editions[name].parents[1]
        again = build(BuildOrder(form, Q3, SAMPLE, output, signing=office.settings, now=NOW + timedelta(days=200)))
        assert (again.edition, again.is_new) == (editions[name], False)


def test_verify_checks_the_signatures_and_names_the_signer(editions: dict[str, Path], office: Office) -> None:
    proved = verify(editions["signed"].parents[1], "all", Trust.of(office.settings))
    assert proved.harms == ()
    assert [(where, check.outcome, check.signer) for where, check in proved.signatures] == [
        ("2026-Q3/r1/manifest.json", SignatureState.VALID, SIGNER),
        ("2026-Q3/r1/form1-2026-Q3-r1.pdf", SignatureState.VALID, SIGNER),
    ]
    assert verify(editions["unsigned"].parents[1], "all", Trust.of(office.settings)).signatures == ()


@pytest.mark.parametrize(
    ("harm", "kinds"),
    [
        pytest.param("deleted", {"missing"}, id="a signature that is gone"),
        pytest.param("last byte", {"changed"}, id="any byte of it"),
        pytest.param("added", {"extra"}, id="a signature where none was"),
    ],
)
def test_the_journal_knows_the_signature(
    editions: dict[str, Path], office: Office, tmp_path: Path, harm: str, kinds: set[str]
) -> None:
    name = "unsigned" if harm == "added" else "signed"
    output = Path(shutil.copytree(editions[name].parents[1], tmp_path / "output", symlinks=True))
    path = output / "2026-Q3" / "r1" / "manifest.json.p7s"
    if harm == "deleted":
        path.unlink()
    elif harm == "added":
        path.write_bytes((editions["signed"] / path.name).read_bytes())
    else:
        path.write_bytes(path.read_bytes()[:-1] + bytes([path.read_bytes()[-1] ^ 1]))
    found = {(str(h.kind), h.where) for h in verify(output, "all", Trust.of(office.settings)).harms}
    assert {(kind, "2026-Q3/r1/manifest.json.p7s") for kind in kinds} <= found


SECRET = "MIGHAgEAMBMGByqGSM49"  # how the private key in key.pem begins, whatever it is
CASES = {
    "another passphrase": ("passphrase_file = 'wrong.txt'\ncertificate = 'own.p12'", "the passphrase in .*wrong.txt is wrong"),
    "no passphrase": ("certificate = 'own.p12'", "needs a passphrase"),
    "no such passphrase file": ("certificate = 'own.p12'\npassphrase_file = 'no.txt'", "no.txt cannot be read: No such file"),
    "no such certificate": ("certificate = 'no.p12'", "no.p12 cannot be read: No such file"),
    "a folder": ("certificate = '.'", "cannot be read: Is a directory"),
    "no such key": ("certificate = 'own.pem'\nkey = 'no.pem'", "no.pem cannot be read: No such file"),
    "no key at all": ("certificate = 'own.pem'", "own.pem holds no private key"),
    "the key of another": ("certificate = 'own.pem'\nkey = 'other.key'", "other.key does not belong to"),
    "a locked key": ("certificate = 'own.pem'\nkey = 'locked.key'", "locked.key is encrypted"),
    "a locked key and another passphrase": ("certificate = 'own.pem'\nkey = 'locked.key'\npassphrase_file = 'wrong.txt'", "the passphrase in .*wrong.txt is wrong"),
    "a key beside PKCS#12": ("certificate = 'own.p12'\nkey = 'own.key'", "key goes with a certificate in PEM"),
    "a certificate that is none": ("certificate = 'wrong.txt'", "neither PKCS#12 nor PEM"),
    "a certificate that is only a key": ("certificate = 'own.key'", "own.key holds no certificate in PEM"),
    "a damaged key": ("certificate = 'own.pem'\nkey = 'damaged.key'", "damaged.key cannot be opened"),
    "expired": ("certificate = 'old.pem'\nkey = 'own.key'", "is valid from 2026-01-01 to 2026-01-31, and it is 20"),
    "not yet in force": ("certificate = 'young.pem'\nkey = 'own.key'", "is valid from 2996-01-01"),
    "trust that is none": ("certificate = 'own.pem'\nkey = 'own.key'\ntrust = ['own.key']", "own.key holds no certificate"),
    "no such trust": ("certificate = 'own.pem'\nkey = 'own.key'\ntrust = ['no.pem']", "trust: .*no.pem cannot be read"),
    "not trusted by itself": ("certificate = 'own.pem'\nkey = 'own.key'\ntrust = ['other.pem']", "is not trusted for signatures"),
    "an unknown key": ("certificate = 'own.pem'\npasphrase_file = 'p.txt'", "signing.pasphrase_file: .*known keys: certificate, key, passphrase_file"),
    "no certificate": ("reason = 'x'", "signing: certificate is missing"),
}  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with certificates and keys, good and bad, and no configuration yet."""
    key = new_key()
    last = FIRST.replace(year=2990)
    own, other = issue(key=key, last=last), issue("Başqası", last=last)
    write(
        tmp_path, own_p12=own.p12(PASSPHRASE), own_pem=own.pem(), own_key=own.key_pem(), locked_key=own.key_pem(PASSPHRASE),
        other_pem=other.pem(), other_key=other.key_pem(), right_txt=PASSPHRASE.encode(), wrong_txt=b"not the passphrase",
        old_pem=issue(key=key, last=later(days=30)).pem(), damaged_key=own.key_pem()[:100] + b"\n-----END PRIVATE KEY-----\n",
        young_pem=issue(key=key, first=FIRST.replace(year=2996), last=FIRST.replace(year=2999)).pem(),
    )  # fmt: skip
    return tmp_path


@pytest.fixture
def nothing_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test in which the build comes as far as drawing fails."""

    def drawn(*arguments: object) -> NoReturn:
        raise AssertionError("something was drawn")

    monkeypatch.setattr(sys.modules["form1.build.recipe"], "draw", drawn)


def _configure(desk: Path, section: str) -> list[str]:
    (desk / "form1.toml").write_text(f"[signing]\n{section}\n", encoding="utf-8")
    return ["--config", str(desk / "form1.toml"), "--output", str(desk / "output")]


@pytest.mark.parametrize(("section", "said"), CASES.values(), ids=CASES)
def test_what_cannot_sign_is_one_line(desk: Path, section: str, said: str) -> None:
    _configure(desk, section)
    with pytest.raises(ConfigurationError) as raised:
        signing.able(read_configuration(desk / "form1.toml").signing or Signing(certificate=desk), now=NOW)
    line = str(raised.value)
    assert re.search(said, line), line
    assert "\n" not in line and raised.value.exit_code == 4
    assert PASSPHRASE not in line and "not the passphrase" not in line and SECRET not in line
    assert SIGNER not in line  # the log and the hooks of a run get the line, and no names


@pytest.mark.parametrize("case", ["another passphrase", "expired", "the key of another", "no such certificate"])
def test_what_cannot_sign_stops_before_anything_is_drawn(
    capsys: Any, nothing_drawn: None, desk: Path, case: str
) -> None:
    section, said = CASES[case]
    assert run(["build", "2026-Q3", "--exports", str(SAMPLE), *_configure(desk, section)]) == 4
    printed = capsys.readouterr()
    (line,) = printed.err.splitlines()
    assert re.search(said, line) and PASSPHRASE not in printed.out + line
    assert list((desk / "output").glob("2026*")) == []


def test_paths_are_taken_from_the_folder_of_the_configuration(desk: Path) -> None:
    _configure(desk, "certificate = 'a.pem'\nkey = '/elsewhere/k.pem'\npassphrase_file = 'p.txt'\ntrust = ['t/r.pem']")
    assert read_configuration(desk / "form1.toml").signing == Signing(
        certificate=desk / "a.pem", key=Path("/elsewhere/k.pem"), passphrase_file=desk / "p.txt", trust=(desk / "t" / "r.pem",)
    )  # fmt: skip


def test_secrets_are_not_in_what_python_shows(desk: Path) -> None:
    from form1.archive.signing import credentials

    settings = Signing(certificate=desk / "own.p12", passphrase_file=desk / "right.txt")
    shown = repr(credentials.read(settings)) + repr(settings) + repr(Trust.of(settings))
    assert PASSPHRASE not in shown and "key=<" not in shown


@pytest.fixture
def no_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which nobody installed the extra."""
    for name in [name for name in sys.modules if name.partition(".")[0] in {"pyhanko", "pyhanko_certvalidator"}]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyhanko", None)
    monkeypatch.setitem(sys.modules, "pyhanko_certvalidator", None)


def test_without_the_extra_a_build_that_signs_stops(
    capsys: Any, nothing_drawn: None, desk: Path, no_extra: None
) -> None:
    call = _configure(desk, "certificate = 'own.pem'\nkey = 'own.key'")
    assert run(["build", "2026-Q3", "--exports", str(SAMPLE), *call]) == 4
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("form1: signatures need pyHanko") and "pip install 'form1[sign]'" in line
    assert list((desk / "output").glob("2026*")) == []


def test_without_the_extra_nothing_is_checked_and_that_is_said(
    editions: dict[str, Path], form: Form, office: Office, no_extra: None
) -> None:
    folder, trust = editions["signed"], Trust.of(office.settings)
    of_pdf = signing.check_pdf((folder / "form1-2026-Q3-r1.pdf").read_bytes(), trust)
    of_manifest = signing.check_detached(b"", (folder / "manifest.json.p7s").read_bytes(), trust)
    assert of_pdf == of_manifest == SignatureCheck(SignatureState.NOT_CHECKED)
    assert "pip install 'form1[sign]'" in signing.tell(of_pdf, form, "en")
    unsigned = (editions["unsigned"] / "form1-2026-Q3-r1.pdf").read_bytes()
    assert signing.check_pdf(unsigned, trust) == SignatureCheck(SignatureState.ABSENT)
    with pytest.raises(MachineError, match=r"form1\[sign\]"):
        signing.pdf(unsigned, office.settings, now=NOW)


def test_who_does_not_sign_does_not_import_the_extra() -> None:
    ask = "import sys, form1.build.recipe, form1.archive.signing; print(sorted({'pyhanko', 'cryptography', 'asn1crypto'} & set(sys.modules)))"
    ended = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"


def test_the_library_keeps_silent(capsys: Any, caplog: Any, office: Office) -> None:
    assert signing.check_pdf(b"%PDF-1.7\n/ByteRange trailer <<>> startxref 0", Trust.of(office.settings)).outcome in {
        SignatureState.ABSENT,
        SignatureState.UNREADABLE,
    }
    printed = capsys.readouterr()
    assert printed.out + printed.err == "" and caplog.records == []


def test_doctor_names_the_certificate_and_its_days(capsys: Any, desk: Path) -> None:
    call = _configure(desk, "certificate = 'own.p12'\npassphrase_file = 'right.txt'")
    (desk / "exports").mkdir()
    assert run(["doctor", *call]) == 0
    line = capsys.readouterr().out.splitlines()[-1]
    assert re.fullmatch(rf"ok      signing: certificate of {SIGNER}, in force for \d+ days", line)


@pytest.mark.parametrize("case", ["another passphrase", "expired"])
def test_doctor_names_what_is_wrong_with_it(capsys: Any, desk: Path, case: str) -> None:
    section, said = CASES[case]
    assert run(["doctor", *_configure(desk, section)]) == 4
    line = capsys.readouterr().out.splitlines()[-1]
    assert line.startswith("MISSING signing: ") and re.search(said, line)


def test_doctor_names_a_secret_that_everybody_can_read(capsys: Any, desk: Path) -> None:
    (desk / "right.txt").chmod(0o644)
    assert run(["doctor", *_configure(desk, "certificate = 'own.p12'\npassphrase_file = 'right.txt'")]) == 4
    line = capsys.readouterr().out.splitlines()[-1]
    assert line == f"MISSING signing: every user can read {desk / 'right.txt'} — chmod 640 {desk / 'right.txt'}"


@pytest.mark.parametrize("step", ["able", "pdf", "detached"])
def test_what_the_library_cannot_do_is_one_line_without_its_words(
    monkeypatch: pytest.MonkeyPatch, office: Office, step: str
) -> None:
    def fail(found: object) -> NoReturn:
        raise ValueError(f"cannot use {PASSPHRASE}")

    monkeypatch.setattr("form1.archive.signing.sign._signer", fail)
    call = {
        "able": lambda: signing.able(office.settings, now=NOW),
        "pdf": lambda: signing.pdf(b"%PDF-1.7", office.settings, now=NOW),
        "detached": lambda: signing.detached(b"", office.settings, now=NOW),
    }[step]
    with pytest.raises(ConfigurationError, match=r"signing with the key of .* failed") as raised:
        call()
    assert PASSPHRASE not in str(raised.value) and raised.value.__cause__ is None


def test_a_file_far_too_large_is_none_of_certificates(desk: Path) -> None:
    (desk / "huge.pem").write_bytes(b"-----BEGIN " * 200_000)
    with pytest.raises(ConfigurationError, match="larger than"):
        signing.able(Signing(certificate=desk / "huge.pem"), now=NOW)
