"""The office's folder: its labels, names and corrections are laid over the form, and nothing else of the form moves."""

import json
from datetime import date
from pathlib import Path

import pytest

from form1.cli.main import run
from form1.core.errors import ConfigurationError, UsageError
from form1.core.periods import Period
from form1.definition import Form
from form1.definition.labels import Meaning, labels_of
from form1.definition.notes import Note
from form1.definition.office import Alias, Office, add_alias, laid_over, list_of, read_office
from form1.definition.questions import answers_used

DAY = date(2026, 9, 30)
HEAD = "list,code,label,by,on,note\n"


def resolved(form: Form, table: str, dimension: str, label: str) -> tuple[Meaning, str]:
    found = labels_of(form, form.tables[table], dimension, DAY).resolve(label)
    return found.meaning, found.code


def office(folder: Path, **files: str) -> Office:
    for name, content in files.items():
        (folder / f"{name}.{'csv' if name == 'aliases' else 'toml'}").write_text(content, encoding="utf-8")
    return read_office(folder)


def test_a_folder_that_is_not_there_says_nothing(form: Form, tmp_path: Path) -> None:
    assert laid_over(form, read_office(tmp_path / "none")) is form


def test_a_label_of_the_office_is_known(form: Form, tmp_path: Path) -> None:
    assert resolved(form, "T01", "country", "Osmanlı")[0] is Meaning.UNKNOWN
    own = laid_over(form, office(tmp_path, aliases=HEAD + "countries,TR,Osmanlı,,,\n"))
    assert resolved(own, "T01", "country", "osmanlı") == (Meaning.CODE, "TR")
    assert resolved(own.of(Period.parse("2019-Q4")), "T01", "country", "Osmanlı") == (Meaning.CODE, "TR")


def test_what_the_form_leaves_open_the_office_decides(form: Form, tmp_path: Path) -> None:
    assert resolved(form, "T01", "country", "Koreya")[0] is Meaning.AMBIGUOUS
    own = laid_over(form, office(tmp_path, aliases=HEAD + "countries,KR,Koreya,,2026-10-01,\n"))
    assert resolved(own, "T01", "country", "Koreya") == (Meaning.CODE, "KR")


def test_digits_for_the_sexes_are_declared(form: Form, tmp_path: Path) -> None:
    assert resolved(form, "T01", "sex", "1")[0] is Meaning.UNKNOWN
    own = laid_over(form, office(tmp_path, aliases=HEAD + "sex,M,1,,,\nsex,F,2,,,\n"))
    assert [resolved(own, "T01", "sex", digit)[1] for digit in "12"] == ["M", "F"]


def test_the_sources_of_the_office(form: Form, tmp_path: Path) -> None:
    own = laid_over(
        form,
        office(
            tmp_path,
            sources="""
                measure_headers = ["Nəfər sayı"]
                ignored_files = ["oxu.txt"]
                [[dimension]]
                id = "country"
                headers = ["Hansı ölkədən"]
                [[source]]
                table = "T07"
                also_named = ["Cədvəl 7"]
                covers = "year_to_date"
                since = "2026-Q3"
                complete = false
            """,
        ),
    )
    source, before = own.source_of("T07"), form.source_of("T07")
    assert source.also_named == (*before.also_named, "Cədvəl 7")
    assert [(entry.since, entry.covers) for entry in source.coverage][-1] == ("2026-Q3", "year_to_date")
    assert source.coverage[:-1] == tuple(entry for entry in before.coverage if entry.since < "2026-Q3")
    assert (before.complete, source.complete) == (True, False)
    assert own.dimension("country").headers[-1] == "Hansı ölkədən"
    assert own.sources.measure_headers[-1] == "Nəfər sayı"
    assert own.sources.ignored_files[-1] == "oxu.txt"
    assert own.source_of("T01") == form.source_of("T01")


def test_a_correction_of_the_office_goes_before_that_of_the_form(form: Form, tmp_path: Path) -> None:
    entry = """
        [[correction]]
        id = "B1"
        period = "2026-Q3"
        table = "T03"
        row = "45.1.9"
        column = "F"
        was = 1204
        becomes = 1240
        reason = {{ az = "Məktub", en = "Letter", ru = "Письмо" }}
        source = "letter of the sender"
        status = "CONFIRMED"
    """.format()
    own = laid_over(form, office(tmp_path, corrections=entry))
    assert [(c.id, c.becomes) for c in own.corrections] == [("B1", 1240)]
    again = laid_over(own, Office(tmp_path, corrections=(own.corrections[0].model_copy(update={"becomes": 1250}),)))
    assert [(c.id, c.becomes) for c in again.corrections] == [("B1", 1250)]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        pytest.param({"aliases": "list,code\n"}, "the first line must be", id="other columns"),
        pytest.param({"aliases": HEAD + "countries,TR\n"}, "6 columns are needed", id="a short line"),
        pytest.param({"aliases": HEAD + "lands,TR,x,,,\n"}, "no code list 'lands'", id="no such list"),
        pytest.param({"aliases": HEAD + "countries,QQ,x,,,\n"}, "has no code 'QQ'", id="no such code"),
        pytest.param({"aliases": HEAD + "countries,GE,Türkiyə,,,\n"}, "is the name of 'TR'", id="the name of another"),
        pytest.param({"aliases": HEAD + "countries,GE,x,,,\ncountries,TR,X,,,\n"}, "stands for 'GE' and for 'TR'", id="twice"),
        pytest.param({"aliases": HEAD + "countries,GE,x,,gestern,\n"}, "on: must be", id="no day"),
        pytest.param({"sources": "[[source]]\ntable = 'T11'\n"}, "no table 'T11'", id="no such table"),
        pytest.param({"sources": "[[dimension]]\nid = 'colour'\nheaders = ['x']\n"}, "no dimension 'colour'", id="no such dimension"),
        pytest.param({"sources": "colour = 1\n"}, "colour: no such key", id="no such key"),
        pytest.param({"sources": "[[source]\n"}, "is not valid TOML", id="no TOML"),
        pytest.param({"corrections": "[[correction]]\nid = 'B1'\n"}, "correction 1: source: is missing", id="half a correction"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_place(form: Form, tmp_path: Path, files: dict[str, str], said: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        laid_over(form, office(tmp_path, **files))
    assert said in str(caught.value)
    assert str(tmp_path / next(iter(files))) in str(caught.value)


def test_an_alias_is_written_once(form: Form, tmp_path: Path) -> None:
    entry = Alias(list="countries", code="TR", label="Osmanlı", by="statistics unit", on=DAY)
    path = add_alias(tmp_path / "office", form, entry)
    written = path.read_bytes()
    assert written.decode() == HEAD + "countries,TR,Osmanlı,statistics unit,2026-09-30,\n"
    add_alias(tmp_path / "office", form, entry)
    assert path.read_bytes() == written
    with pytest.raises(UsageError, match="is the name of"):
        add_alias(tmp_path / "office", form, Alias(list="countries", code="GE", label="Türkiyə"))
    assert path.read_bytes() == written


def test_the_list_follows_from_the_code(form: Form) -> None:
    assert (list_of(form, "TR"), list_of(form, "45.1.8"), list_of(form, "CIS")) == (
        "countries",
        "trp_grounds_art45",
        "country_groups",
    )
    with pytest.raises(UsageError, match="several lists have the code '20-24': ages_permanent, ages_work"):
        list_of(form, "20-24")
    with pytest.raises(UsageError, match="has the code 'QQ'"):
        list_of(form, "QQ")


def test_the_command_makes_a_label_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "form1.toml").write_text('office = "own"\n', encoding="utf-8")
    config = ["--config", str(tmp_path / "form1.toml"), "--lang", "az"]
    assert run(["alias", "Osmanlı", "TR", *config]) == 0
    assert capsys.readouterr().out == f"Osmanlı = TR (Türkiyə): {tmp_path}/own/aliases.csv\n"
    assert run(["alias", "Osmanlı", "GE", *config]) == 2
    assert "stands for 'TR' and for 'GE'" in capsys.readouterr().err
    assert run(["alias", "Osmanlı", "TR"]) == 2
    assert "no folder of the office" in capsys.readouterr().err


def answers(folder: Path, content: str) -> Office:
    return office(folder, answers=content)


def note_of(form: Form, id: str) -> Note:
    return next(note for note in form.notes if note.id == id)


def test_an_answer_becomes_the_note_that_was_not_found(form: Form, tmp_path: Path) -> None:
    said = '[contact_fax]\naz = "012 000 00 00"\nby = "Statistika şöbəsi"\non = 2026-10-01\n'
    own = laid_over(form, answers(tmp_path, said))
    assert not note_of(form, "N-S.1.8").is_printed
    note = note_of(own, "N-S.1.8")
    assert (note.is_printed, note.by_office, note.text.ru) == (True, True, "012 000 00 00")
    assert note.source == "answer of the office, Statistika şöbəsi, 2026-10-01"
    assert own.office_sha256 == ""  # it says nothing of the exports


def test_an_answer_is_added_to_what_a_note_knows_and_settles_the_others(form: Form, tmp_path: Path) -> None:
    own = laid_over(form, answers(tmp_path, '[nakhchivan]\naz = "Daxildir."\nen = "Included."\nru = "Включены."\n'))
    mark, limits = note_of(own, "M.nakhchivan"), note_of(own, "T01.limits")
    assert mark.en == note_of(form, "M.nakhchivan").en + " Included." and mark.by_office and not mark.is_open
    assert limits.text == note_of(form, "T01.limits").text and not limits.is_open and not limits.by_office
    # Table 4 has another open question.
    assert note_of(own, "T04.limits").is_open
    older = note_of(own.of(Period.parse("2018-Q1")), "N-S.13.3.1")
    assert not older.is_open


def test_only_an_answer_that_is_printed_counts(form: Form, tmp_path: Path) -> None:
    own = laid_over(form, answers(tmp_path, '[highly_qualified]\naz = "45.1.11"\n'))
    again = laid_over(form, answers(tmp_path, '[highly_qualified]\naz = "45.1.12"\n'))
    before, after = Period.parse("2024-Q3"), Period.parse("2026-Q3")
    assert answers_used(form, after) == answers_used(own.of(before), before) == ""
    assert len({answers_used(own, after), answers_used(again, after), ""}) == 3


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param('[fax]\naz = "1"', "answers.toml: there is no question 'fax'", id="no such question"),
        pytest.param('[contact_fax]\naz = "1"\nde = "2"', "answers.toml, contact_fax: .*de", id="an unknown key"),
        pytest.param('[contact_fax]\nen = "1"', "answers.toml, contact_fax: .*az", id="nothing in Azerbaijani"),
        pytest.param('contact_fax = "1"', "answers.toml, contact_fax", id="no entry of its own"),
    ],
)
def test_answers_that_are_refused(form: Form, tmp_path: Path, content: str, says: str) -> None:
    with pytest.raises(ConfigurationError, match=says):
        laid_over(form, answers(tmp_path, content))


def test_questions_are_listed_with_their_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers(tmp_path, '[contact_fax]\naz = "012"\n')
    assert run(["questions", "--lang", "en", "--format", "json", "--office", str(tmp_path)]) == 0
    told = {entry["question"]: entry for entry in json.loads(capsys.readouterr().out)}
    assert told["contact_fax"]["answer"] == "012" and told["contact_email"]["answer"] is None
    assert told["counting_unit"]["notes"][0] == "N-S.3.5" and told["counting_unit"]["file"] == str(
        tmp_path / "answers.toml"
    )
    assert "record_layout" not in told  # no table of the form is counted from records
    assert run(["questions", "--lang", "az", "--office", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "contact_fax: Forma üzrə faks nömrəsi hansıdır?\n  İdarənin cavabı: 012\n" in said
    assert said.endswith(f"Açıq suallar: {len(told) - 1}, cavablandırılmış: 1\n")
