"""docs/commands.md: the command reference, told from the commands themselves."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from form1.cli.main import group
from form1.documents.markdown import code, table, text


def commands() -> str:
    """Return the command reference as Markdown, the same on every terminal."""
    context = click.Context(group, info_name="form1", **group.context_settings)
    lines = [
        "<!-- Generated from the command line by `make docs`. Do not edit here. -->",
        "",
        "# Commands",
        "",
        *_paragraphs(group),
        *_command(context, "form1 [OPTIONS] COMMAND [ARGS]…"),
    ]
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None  # the group lists what it can give
        inner = click.Context(command, info_name=name, parent=context)
        arguments = [_metavar(param, inner) for param in command.params if isinstance(param, click.Argument)]
        lines += [f"## form1 {name}", "", *_paragraphs(command)]
        lines += _command(inner, " ".join(["form1", name, "[OPTIONS]", *arguments]))
    return "\n".join(lines).rstrip() + "\n"


def _paragraphs(command: click.Command) -> Iterator[str]:
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        yield " ".join(line.strip() for line in paragraph.splitlines())
        yield ""


def _command(context: click.Context, usage: str) -> list[str]:
    options = [param for param in context.command.get_params(context) if isinstance(param, click.Option)]
    rows = [(code(_spelling(option, context)), text(option.help or "")) for option in options]
    return ["```", usage, "```", "", *table(["option", "meaning"], rows)]


def _spelling(option: click.Option, context: click.Context) -> str:
    names = ", ".join(option.opts)
    return names if option.is_flag else f"{names} {_metavar(option, context)}"


def _metavar(param: click.Parameter, context: click.Context) -> str:
    return param.make_metavar(context)
