"""Running a model file to get its statements. Model files are trusted Python; what goes wrong in one is told in one line."""

from __future__ import annotations

import importlib.util
import linecache
import re
import sys
import traceback
import types
from dataclasses import fields, is_dataclass
from pathlib import Path

from derive.auctions.ir import Auction, DoubleAuction
from derive.bargaining.ir import BargainingProblem
from derive.coalition.ir import CoalitionGame
from derive.contracts.ir import Screening
from derive.errors import Refusal, StatementError
from derive.exact import near
from derive.ir import Model
from derive.repeated.ir import RepeatedGame
from derive.statement.numbers import with_exact_numbers
from derive.system.catalogue import NAME, Entry

ATTRIBUTES = ("model", "game")

Statement = Model | CoalitionGame | RepeatedGame | BargainingProblem | Screening | Auction | DoubleAuction


def statements(entry: Entry) -> tuple[Statement, ...]:
    """The statements that a model file makes: its `model`, its `game`, or both, in that order.

    Raises StatementError, naming file and line, for a file that does not run or that states nothing.
    """
    file = shown(entry.path)
    module = _run(entry)
    found = [getattr(module, name) for name in ATTRIBUTES if hasattr(module, name)]
    if not found:
        raise StatementError("states nothing: assign the statement to `model` or `game`", file=file, model=entry.key)
    for value in found:
        if not isinstance(value, Statement):
            raise StatementError(
                f"`model` or `game` is a {type(value).__name__}, not a statement of derive", file=file, model=entry.key
            )
        if entry.path.name == "model.py" and value.key != entry.key:
            raise StatementError(f"its key is {value.key!r}, the folder's name is {entry.key!r}", file=file, model=entry.key)
        if not NAME.fullmatch(str(value.key)):
            raise StatementError(f"{value.key!r} is not a key: letters, digits and _ only, at most 64", file=file)
    return tuple(with_exact_numbers(value) for value in found)


def _run(entry: Entry) -> types.ModuleType:
    """Execute the file as a module of a package of its own, so that it may import data that lies beside it."""
    package = types.ModuleType(f"_statement_{entry.key}")
    package.__path__ = [str(entry.path.parent)]
    name = f"{package.__name__}.{entry.path.stem}"
    spec = importlib.util.spec_from_file_location(name, entry.path)
    if spec is None or spec.loader is None:
        raise StatementError("not a Python file", file=shown(entry.path))
    module = importlib.util.module_from_spec(spec)
    before = set(sys.modules)
    sys.modules[package.__name__] = package
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (StatementError, Refusal) as error:
        raise error.located(file=_where(error, entry), model=entry.key) from None
    except SyntaxError as error:
        raise StatementError(f"syntax: {error.msg}", file=f"{shown(entry.path)}:{error.lineno}", model=entry.key) from None
    except SystemExit as error:
        raise StatementError(
            "ends the program instead of stating a model", file=_where(error, entry), model=entry.key
        ) from None
    except Exception as error:
        raise StatementError(_explained(error, entry), file=_where(error, entry), model=entry.key) from None
    finally:
        for added in set(sys.modules) - before:
            if added.startswith(package.__name__):
                del sys.modules[added]
    return module


def shown(path: Path) -> str:
    """The path as a reader knows it: relative to the current folder, or its last three parts."""
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return "/".join(path.parts[-3:])


def _frame(error: BaseException, entry: Entry) -> traceback.FrameSummary | None:
    folder = str(entry.path.parent)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(folder)]
    return frames[-1] if frames else None


def _where(error: BaseException, entry: Entry) -> str:
    frame = _frame(error, entry)
    return f"{shown(Path(frame.filename))}:{frame.lineno}" if frame else shown(entry.path)


def _explained(error: Exception, entry: Entry) -> str:
    text = " ".join(str(error).split())
    if isinstance(error, NameError):
        return f"unknown name: {text}; every symbol is made by derive.ir.symbols"
    if isinstance(error, TypeError) and "truth value of Relational" in text:
        return "a chain such as `0 <= x <= 1` compares the wrong thing in Python: write two relations, `x >= 0` and `x <= 1`"
    if isinstance(error, TypeError) and "^" in _line(error, entry):
        return f"`^` is not a power here: write `**` ({text})"
    if isinstance(error, ImportError):
        return f"import: {_misimported(error) or text}"
    if isinstance(error, TypeError):
        return _miscalled(text) or f"TypeError: {text}"
    return f"{type(error).__name__}: {text}"


def _misimported(error: ImportError) -> str:
    """A name that a module of this product does not have, with the closest one that it has."""
    module = sys.modules.get(error.name or "")
    found = re.search(r"cannot import name '(\w+)'", str(error))
    if module is None or found is None or not module.__name__.startswith("derive."):
        return ""
    wanted = found[1]
    return f"{module.__name__} has no {wanted!r}{near(wanted, (name for name in dir(module) if not name.startswith('_')))}"


def _miscalled(text: str) -> str:
    """Python's complaint about the arguments of one of the vocabulary's values, in terms of its fields."""
    found = re.match(r"(\w+)\.__init__\(\) (.*)", text)
    kind = _vocabulary().get(found[1]) if found else None
    if found is None or kind is None:
        return ""
    names = [field.name for field in fields(kind)]
    unknown = re.search(r"unexpected keyword argument '(\w+)'", found[2])
    if unknown:
        return f"{found[1]} has no field {unknown[1]!r}{near(unknown[1], names)}"
    missing = re.findall(r"'(\w+)'", found[2]) if "missing" in found[2] else []
    fault = f"needs {' and '.join(missing)}" if missing else found[2]
    return f"{found[1]} {fault}; its fields are, in this order, {', '.join(names)}"


def _vocabulary() -> dict[str, type]:
    modules = [
        sys.modules[name] for name in sorted(sys.modules) if re.fullmatch(r"derive\.(\w+\.)?(ir|sources|benchmark)", name)
    ]
    return {
        name: value
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, type) and is_dataclass(value)
    }


def _line(error: BaseException, entry: Entry) -> str:
    frame = _frame(error, entry)
    return linecache.getline(frame.filename, frame.lineno or 0) if frame else ""
