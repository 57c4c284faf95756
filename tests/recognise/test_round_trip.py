"""Reading what `build` wrote gives exactly the cells that it wrote."""

import pytest

from form1.core.texts import LANGUAGES
from form1.recognise import ReadForm, receive
from form1.render.workbook import draw
from tests.recognise.round_trip import differences, generated
from tests.xlsx.read.packages import understood


@pytest.mark.parametrize("seed", range(12))
def test_generated_forms_come_back_as_they_were(form, seed: int) -> None:
    submission = generated(form, seed)
    assert differences(submission, understood(draw(submission))) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_way_through_the_gate_and_the_child(form, tmp_path, language: str) -> None:
    submission = generated(form, LANGUAGES.index(language))
    path = tmp_path / "sent.xlsx"
    path.write_bytes(draw(submission))
    received = receive(form, path)
    assert isinstance(received, ReadForm)
    assert differences(submission, received) == []
    assert received.file.size == path.stat().st_size
    assert received.at["T03", "T", "T"] == ("3", "D7")
