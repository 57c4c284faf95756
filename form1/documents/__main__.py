"""`python -m form1.documents`: write the generated documents, or with --check say which of them are stale."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from form1.core.errors import Form1Error
from form1.definition import load
from form1.documents import commands, methods

FOLDER = Path(__file__).resolve().parents[2] / "docs"


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 when a document is stale.")
@click.option("--docs", type=click.Path(path_type=Path), default=FOLDER, help="Folder of the documents.")
@click.option("--reference", type=click.Path(path_type=Path), help="Definition of the form.")
def main(check: bool, docs: Path, reference: Path | None) -> None:
    """Write docs/methods.md from reference/ and docs/commands.md from the command line."""
    try:
        wanted = {"methods.md": methods(load(reference)), "commands.md": commands()}
        stale = [name for name, content in wanted.items() if not _stands(docs / name, content)]
        if check and stale:
            click.echo(f"stale in {docs}: {', '.join(stale)}. Run `make docs` and commit the result.", err=True)
            sys.exit(1)
        for name in stale:
            docs.mkdir(parents=True, exist_ok=True)
            (docs / name).write_text(wanted[name], encoding="utf-8", newline="\n")
            click.echo(f"written: {docs / name}")
    except Form1Error as error:
        click.echo(f"form1: {error}", err=True)
        sys.exit(error.exit_code)
    except OSError as error:
        click.echo(f"form1: the documents cannot be written: {error}.", err=True)
        sys.exit(4)


def _stands(path: Path, content: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == content


if __name__ == "__main__":
    main()
