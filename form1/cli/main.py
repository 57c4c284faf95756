"""The group of commands, and the one place where an exception becomes a line and an exit code."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from typing import Final, NoReturn

import click

from form1 import __version__

COMMANDS: Final = {
    "build": "Make the submission of a period from its exports.",
    "look": "Show what was taken for what in exports, before anything is built.",
    "tabulate": "Count the records of the information system into the ten exports.",
    "sample-records": "Invent a register, for trials and training.",
    "run": "Build what is owed, nobody watching (for cron).",
    "status": "Show what is owed, what was published, and what is missing.",
    "template": "Make a blank form that is filled in by hand.",
    "check": "Judge a received form, or every form in a folder.",
    "accept": "Accept a received form: it is the history of later checks.",
    "alias": "Let a label of this office stand for a code.",
    "questions": "Show what the notes leave open, and where to answer.",
    "explain": "Show where a number comes from.",
    "compare": "Show the cells in which two editions or workbooks differ.",
    "series": "Show one number over all published periods, across versions of the form.",
    "changes": "Show what changed between two versions of the form.",
    "render": "Draw an edition in another language.",
    "verify": "Prove that editions, or a received file, are what they were.",
    "doctor": "Look whether this machine and this definition can make a form.",
}
"""Commands and their line of help; their modules are imported when they are called."""


class LazyGroup(click.Group):
    """A group whose commands are imported only when they run, so that --help answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"form1.cli.{cmd_name.replace('-', '_')}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="form1")
def group() -> None:
    """Make Official Statistics Report Form No. 1 (Migration) of Azerbaijan, and show where its numbers come from.

    Exit codes: 0 done; 2 wrong usage; 3 the data have errors, nothing was published; 4 cannot run (a source is
    missing or unreadable, the configuration or the definition is wrong, the output cannot be written); 5 another run
    holds the output folder; 1 a bug.
    """


def main() -> NoReturn:
    """Run the command line and leave with its exit code; no traceback reaches a user."""
    os.umask(0o027)  # folders 0750 and files 0640, whatever umask cron or a shell brings along
    gc.set_threshold(20_000, 20, 20)  # a short life with many values and few cycles: looking for them costs a tenth
    code = run(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # The renderer's objects take most of a second to tear down; nothing is left to be saved here.
    os._exit(code)


def run(arguments: list[str]) -> int:
    """Run the command line with `arguments` and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # Under cron there is no locale; Azerbaijani letters must not end a run.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        result = group.main(arguments, prog_name="form1", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        click.echo("form1: stopped.", err=True)
        return 130
    except Exception as error:  # the last line of defence: whatever it is, it becomes one line
        return _explain(error, _language(arguments))


def _language(arguments: list[str]) -> str:
    """Return the language of the office before anything is loaded: that of the call, else that of form1.toml."""
    import tomllib

    def given(option: str) -> str:
        for place, argument in enumerate(arguments):
            if argument == option and arguments[place + 1 :]:
                return arguments[place + 1]
            if argument.startswith(f"{option}="):
                return argument.partition("=")[2]
        return ""

    if language := given("--lang"):
        return language
    try:
        with open(given("--config") or "form1.toml", "rb") as file:
            return str(tomllib.load(file).get("language", "az"))
    except (OSError, ValueError):
        return "az"


def _explain(error: Exception, language: str) -> int:
    from form1.core.errors import Form1Error

    if isinstance(error, Form1Error):
        from form1.core.literal import plain

        click.echo(f"form1: {plain(error.spoken(language))}", err=True)
        return error.exit_code
    if isinstance(error, BrokenPipeError):
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - lives until the process ends
        return 0
    if os.environ.get("FORM1_DEBUG"):
        raise error
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{os.path.basename(place.tb_frame.f_code.co_filename)}:{place.tb_lineno}" if place else "unknown place"
    click.echo(
        f"form1: this is a bug: {type(error).__name__}: {str(error)[:200]} ({where}). "
        "Nothing was published. Please report this line; FORM1_DEBUG=1 shows more.",
        err=True,
    )
    return 1
