"""The operations page: everything that it names exists, and everything that an operator meets is on it."""

import ast
import json
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from pydantic import BaseModel

from form1.cli.main import COMMANDS, group
from form1.core.errors import Form1Error
from form1.definition.configuration import Configuration, read_configuration
from form1.unattended.recipe import PeriodState
from form1.unattended.schedule import Stage
from tests.making import REPOSITORY

PAGE = (REPOSITORY / "docs" / "operations.md").read_text(encoding="utf-8")
DEPLOY = REPOSITORY / "deploy"
UNITS = ("form1.service", "form1.timer")
HARDENED = {
    "NoNewPrivileges": "true", "CapabilityBoundingSet": "", "PrivateNetwork": "true", "ProtectSystem": "strict",
    "ProtectHome": "true", "PrivateTmp": "true", "UMask": "0027", "MemoryMax": "2G", "User": "form1", "Type": "oneshot",
    "ReadWritePaths": "/var/lib/form1/output /var/log/form1", "IPAddressDeny": "any",
}  # fmt: skip


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def section(heading: str) -> str:
    return PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def _code() -> str:
    code = "\n".join(re.findall(r"^```\w*\n.*?^```$|`[^`\n]+`", PAGE, re.DOTALL | re.MULTILINE))
    return re.sub(r"^#.*$", "", code, flags=re.MULTILINE)  # what a comment says is no call


def test_commands_and_options_exist() -> None:
    calls = re.findall(r"(?:(?<![\w/-])|(?<=/bin/))form1 ([a-z]+)\b([^`\n#|]*)", _code())
    assert {name for name, _ in calls} >= {"run", "status", "verify", "doctor", "build"}
    for name, rest in calls:
        command = group.get_command(click.Context(group), name)
        assert name in COMMANDS and command is not None
        known = {spelling for param in command.params for spelling in param.opts} | {"--help"}
        assert set(re.findall(r"(?<!\S)--[a-z]+", rest)) <= known, f"form1 {name}{rest}"


def test_files_of_deploy_are_those_of_the_folder() -> None:
    named = set(re.findall(r"deploy/([\w.-]+)", PAGE))
    assert named == {path.name for path in DEPLOY.iterdir()}


def test_every_exit_code_is_told_and_no_other() -> None:
    def family(error: type[Form1Error]) -> Iterator[int]:
        yield error.exit_code
        for child in error.__subclasses__():
            yield from family(child)

    told = {int(code) for code in re.findall(r"^\| (\d+) \|", section("Exit codes"), re.MULTILINE)}
    assert told == {0, 1, 3, *family(Form1Error)} == {0, 1, 2, 3, 4, 5}


def _keys(model: type[BaseModel], place: str = "") -> Iterator[tuple[str, str]]:
    for name, field in model.model_fields.items():
        inner = next((kind for kind in _models(field.annotation)), None)
        if inner is None:
            yield place, field.alias or name
        else:
            yield from _keys(inner, name)


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    for kind in (annotation, *getattr(annotation, "__args__", ())):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield kind


def _keys_of_the_page() -> set[tuple[str, str]]:
    found, place = set(), ""
    for line in blocks("toml")[0].splitlines():
        if head := re.match(r"(?:# )?\[(\w+)\]", line):
            place = head[1]
        elif key := re.match(r"(?:# )?(\w+) = ", line):
            found.add((place, key[1]))
    return found


def test_every_key_of_the_configuration_is_on_the_page_and_exists() -> None:
    known, told = set(_keys(Configuration)), _keys_of_the_page()
    assert known <= told
    assert told <= known


def test_the_configuration_of_the_page_is_accepted_and_tells_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "form1.toml").write_text(blocks("toml")[0], encoding="utf-8")
    settings, default = read_configuration(tmp_path / "form1.toml"), Configuration()
    assert settings.output == Path("/var/lib/form1/output")
    assert settings.log.file == Path("/var/log/form1/run.jsonl")
    assert settings.calendar.model_copy(update={"since": ""}) == default.calendar
    assert (settings.run, settings.hooks, settings.language) == (default.run, default.hooks, default.language)


def test_the_hooks_of_the_page_are_accepted() -> None:
    hooks = Configuration.model_validate(tomllib.loads(blocks("toml")[1])).hooks
    assert hooks.failure == ("/opt/form1/hooks/form1-mail", "root")


def _events() -> Iterator[str]:
    """The first word of every `log.write` of the program."""
    for path in (REPOSITORY / "form1").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"log.write", "self.log.write"}:
                yield ast.literal_eval(node.args[0])


def test_every_event_of_the_log_is_told_and_no_other() -> None:
    told = re.findall(r"^\| `(\w+)` \| (`.+?`) \|", section("Log"), re.MULTILINE)
    assert {event for event, _ in told} == set(_events())
    outcomes = {
        word
        for event, words in told
        for word in re.findall(r"\w+", words)
        if event in {"looked_at", "judged", "published"}
    }
    assert outcomes == {str(state) for state in PeriodState}


def test_states_and_stages_are_told() -> None:
    for word in (*PeriodState, *Stage):
        assert f"`{word}`" in PAGE
    for block in blocks("json"):
        json.loads(block)


def test_the_line_of_cron_is_the_one_of_the_file() -> None:
    assert f"\n```\n{(DEPLOY / 'form1.cron').read_text(encoding='utf-8')}```\n" in PAGE


def test_packages_of_the_system_are_those_of_the_setup() -> None:
    install = next(line for line in blocks("sh")[0].splitlines() if line.startswith("apt-get install"))
    setup = (REPOSITORY / "scripts" / "setup.sh").read_text(encoding="utf-8")
    for package in install.split()[3:]:
        assert package in setup or package == "python3-venv"


def _settings(unit: str) -> dict[str, str]:
    lines = (DEPLOY / unit).read_text(encoding="utf-8").splitlines()
    return {key: value for key, _, value in (line.partition("=") for line in lines if not line.startswith(("#", "[")))}


def test_the_service_is_hardened_and_the_timer_persistent() -> None:
    assert HARDENED.items() <= _settings("form1.service").items()
    assert _settings("form1.timer")["Persistent"] == "true"
    assert _settings("form1.timer")["OnCalendar"].endswith("Asia/Baku")
    called = _settings("form1.service")["ExecStart"]
    assert (DEPLOY / "form1.cron").read_text(encoding="utf-8").rstrip().endswith(f" form1 {called}")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
@pytest.mark.parametrize("unit", UNITS)
def test_systemd_accepts_the_unit(unit: str, tmp_path: Path) -> None:
    for name in UNITS:
        text = (DEPLOY / name).read_text(encoding="utf-8")
        program = "/opt/form1/venv/bin/form1"  # not on this machine: systemd looks whether it can be started
        (tmp_path / name).write_text(text.replace(program, shutil.which("true") or "/bin/true"), encoding="utf-8")
    said = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / unit)], capture_output=True, text=True, check=False
    )
    ours = [line for line in said.stderr.splitlines() if unit in line and "file:///" not in line]
    assert (said.returncode, ours) == (0, [])


@pytest.mark.skipif(shutil.which("logrotate") is None, reason="logrotate is not installed")
def test_logrotate_turns_the_log_over(tmp_path: Path) -> None:
    log = tmp_path / "run.jsonl"
    log.write_text("{}\n", encoding="utf-8")
    owner, team = log.owner(), log.group()
    rules = (DEPLOY / "form1.logrotate").read_text(encoding="utf-8").replace("/var/log/form1", str(tmp_path))
    rules = rules.replace("su form1 form1", f"su {owner} {team}").replace("0640 form1 form1", f"0640 {owner} {team}")
    (tmp_path / "rules").write_text(rules, encoding="utf-8")
    (tmp_path / "rules").chmod(0o644)
    tmp_path.chmod(0o750)
    call = ["logrotate", "--state", str(tmp_path / "state")]
    looked = subprocess.run([*call, "-d", str(tmp_path / "rules")], capture_output=True, text=True, check=False)
    assert looked.returncode == 0 and "error:" not in looked.stderr
    subprocess.run([*call, "--force", str(tmp_path / "rules")], check=True)
    assert (tmp_path / "run.jsonl.1").read_text(encoding="utf-8") == "{}\n"
    assert log.read_text(encoding="utf-8") == "" and log.stat().st_mode & 0o777 == 0o640


def test_the_mail_of_the_page_says_how_the_run_ended(tmp_path: Path) -> None:
    mail = tmp_path / "mail"
    mail.write_text(f'#!/bin/sh\nprintf "%s|" "$@" > {tmp_path}/sent\ncat >> {tmp_path}/sent\n', encoding="utf-8")
    mail.chmod(0o755)
    told = json.dumps({"run": "a", "hook": "rejection", "exit_code": 3})
    subprocess.run(
        [str(DEPLOY / "form1-mail"), "root"],
        input=told,
        text=True,
        check=True,
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
    )
    assert (tmp_path / "sent").read_text(encoding="utf-8") == f"-s|form1: rejection|root|{told}\n"
