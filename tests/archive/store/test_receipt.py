"""Receipts: what was received can be told from every other file."""

import hashlib
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from form1.archive.store.receipt import Receipt, matches, read_receipt, stamp
from form1.archive.store.results import place
from form1.core.errors import DeliveryError


@pytest.fixture
def received(tmp_path: Path) -> tuple[Path, Path]:
    file = tmp_path / "form.xlsx"
    file.write_bytes(b"PK a workbook")
    now = stamp(datetime(2026, 10, 20, 9, 30, tzinfo=ZoneInfo("Asia/Baku")))
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    receipt = Receipt("form.xlsx", 13, digest, now, "2026-Q3", "form1 0.1.0", "a" * 64, "accepted", 0, 0)
    path = tmp_path / "receipt.json"
    path.write_bytes(receipt.to_json())
    return path, file


def test_the_file_received_is_known_again(received: tuple[Path, Path]) -> None:
    receipt = read_receipt(received[0])
    assert receipt.received == "2026-10-20T09:30:00+04:00"
    assert matches(receipt, received[1])
    received[1].write_bytes(b"PK a Workbook")
    assert not matches(receipt, received[1])
    with pytest.raises(DeliveryError, match="is no file"):
        matches(receipt, Path("/dev/zero"))


@pytest.mark.parametrize("was", ['"accepted"', '"2026-Q3"', '"size": 13'])
def test_an_altered_receipt_is_refused(received: tuple[Path, Path], was: str) -> None:
    text = received[0].read_text()
    assert was in text
    received[0].write_text(text.replace(was, was.replace("3", "4").replace("accepted", "rejected")))
    with pytest.raises(DeliveryError, match="seal is broken"):
        read_receipt(received[0])


def test_something_else_is_no_receipt(tmp_path: Path) -> None:
    for content in (b"", b"{}", b"[1]", b"PK"):
        (tmp_path / "x.json").write_bytes(content)
        with pytest.raises(DeliveryError, match="not a receipt"):
            read_receipt(tmp_path / "x.json")


def test_results_are_replaced_whole(tmp_path: Path) -> None:
    place(tmp_path / "checks" / "a", {"receipt.json": b"1", "two.txt": b"2"})
    place(tmp_path / "checks" / "a", {"receipt.json": b"3"})
    assert [path.name for path in (tmp_path / "checks" / "a").iterdir()] == ["receipt.json"]
    assert [path.name for path in (tmp_path / "checks").iterdir()] == ["a"]


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "mine.txt").write_text("mine")
    with pytest.raises(DeliveryError, match="not a folder of results"):
        place(tmp_path / "a", {"receipt.json": b"1"})
    assert (tmp_path / "a" / "mine.txt").read_text() == "mine"
