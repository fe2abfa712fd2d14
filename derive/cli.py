"""The command line: ``python -m derive``. SymPy is imported only by the commands that compute."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from derive import catalogue
from derive.errors import Refusal, StatementError

DONE, CONTRADICTED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


def parser() -> argparse.ArgumentParser:
    """The grammar of the command line."""
    top = argparse.ArgumentParser(
        prog="python -m derive",
        description="Derive the equilibria of game-theoretic models: LaTeX proof, numeric evaluator, audit.",
        epilog="exit codes: 0 done, 1 a check or a printed figure is contradicted, 2 bad input",
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("list", help="every model, its title and whether its output is up to date")
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. Never raises for bad input: that is one line on stderr and exit code 2."""
    parsed = parser().parse_args(arguments)
    try:
        if parsed.command == "list":
            for entry in catalogue.entries(catalogue.home()):
                print(f"{entry.key:<40} {entry.title()}")
    except (StatementError, Refusal) as error:
        print(f"error: {error}", file=sys.stderr)
        return BAD_INPUT
    return DONE
