"""The command line: ``python -m derive``. Computing libraries are imported only in the processes that compute."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from derive.errors import Refusal, StatementError

DONE, CONTRADICTED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130


def parser() -> argparse.ArgumentParser:
    """The grammar of the command line."""
    top = argparse.ArgumentParser(
        prog="python -m derive",
        description="Derive the equilibria of game-theoretic models: LaTeX proof, numeric evaluator, audit.",
        epilog="exit codes: 0 done; 1 a check or a printed figure is contradicted beyond the recorded errata; 2 bad input",
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    root = argparse.ArgumentParser(add_help=False)
    root.add_argument("--root", type=Path, default=None, metavar="DIR", help="the folder that holds models/ and generated/")
    computing = argparse.ArgumentParser(add_help=False, parents=[root])
    computing.add_argument("--budget", type=_positive, default=900.0, metavar="S", help="seconds per model (default 900)")
    computing.add_argument("--memory", type=_positive, default=3072, metavar="MB", help="memory per model (default 3072)")
    computing.add_argument("--jobs", type=int, default=2, metavar="N", help="models derived at the same time (default 2)")
    computing.add_argument("--fresh", action="store_true", help="derive again even what is known from an earlier run")
    computing.add_argument("--trace", action="store_true", help="show the traceback of an internal error")
    writing = argparse.ArgumentParser(add_help=False, parents=[computing])
    writing.add_argument("--force", action="store_true", help="overwrite generated files that were edited by hand")
    model = argparse.ArgumentParser(add_help=False)
    model.add_argument("key", metavar="KEY", help="a model's key, or the path of a .py file that states one")

    commands.add_parser("list", parents=[root], help="every model, its title and whether its output is up to date")
    commands.add_parser("show", parents=[model, computing], help="the regimes of a model and their formulas")
    commands.add_parser("run", parents=[model, writing], help="derive one model and write its outputs")
    check = commands.add_parser("check", parents=[computing], help="re-verify models, and that generated/ is what they give")
    check.add_argument("keys", metavar="KEY", nargs="*", help="models (default: all)")
    check.add_argument("--json", action="store_true", help="tell what was verified as JSON")
    replay = commands.add_parser(
        "replay", parents=[computing], help="check the certificates that audits left, without the prover"
    )
    replay.add_argument("keys", metavar="KEY", nargs="*", help="models (default: all)")
    commands.add_parser("audit", parents=[model, computing], help="what a paper got right and wrong")
    commands.add_parser("explore", parents=[model, computing], help="comparative statics, and the protocols compared")
    explain = commands.add_parser("explain", parents=[model, computing], help="the argument of one protocol in plain text")
    explain.add_argument("protocol", metavar="PROTOCOL")
    plot = commands.add_parser(
        "plot", parents=[model, computing], help="draw a protocol's choices and payoffs over one parameter into build/plot/"
    )
    plot.add_argument(
        "protocol", metavar="PROTOCOL", help="a protocol, with the law of demand where there are several: tdc_uniform"
    )
    plot.add_argument("parameter", metavar="PARAMETER", help="the parameter along which to draw")
    plot.add_argument("--of", type=_names, default=(), metavar="NAMES", help="quantities, with commas (default: all that move)")
    plot.add_argument("--from", dest="low", type=_number, default=None, metavar="X", help="where to begin")
    plot.add_argument("--to", dest="high", type=_number, default=None, metavar="X", help="where to end")
    plot.add_argument(
        "--at",
        type=_setting,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="fix another parameter, 3/8 or 0.375; those not fixed get simple admissible values, which the figure names",
    )
    commands.add_parser("derive", parents=[writing], help="derive every model and write generated/")
    gallery = commands.add_parser("gallery", parents=[computing], help="derive the classic models and tell what was solved")
    gallery.add_argument("--write", action="store_true", help="write the table to docs/gallery.md")
    pdf = commands.add_parser("pdf", parents=[root], help="compile derivations into build/pdf/")
    pdf.add_argument("keys", metavar="KEY", nargs="*", help="models (default: all that are derived)")
    pdf.add_argument("--require-tex", action="store_true", help="fail where there is no pdflatex instead of saying so")
    new = commands.add_parser("new", parents=[root], help="write a commented model to start from")
    new.add_argument("key", metavar="KEY", help="the key of the new model: letters, digits and _")
    return top


def _positive(text: str) -> float:
    value = float(text)
    if value <= 0:
        raise argparse.ArgumentTypeError("must be positive")
    return value


def _number(text: str) -> float:
    try:
        value = float(Fraction(text))
    except (ValueError, ZeroDivisionError):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from None
    return value


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _setting(text: str) -> tuple[str, float]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name.strip(), _number(value)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. Bad input is one line on stderr and exit code 2, never a traceback."""
    parsed = parser().parse_args(arguments)
    from derive import commands

    signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGINT))
    try:
        return commands.COMMANDS[parsed.command](parsed)
    except (StatementError, Refusal) as error:
        print(f"error: {error}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print("interrupted; generated/ is as it was", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return DONE
