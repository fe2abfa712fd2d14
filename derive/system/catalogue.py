"""Finding models: a model is a folder ``models/<key>`` or ``models/gallery/<key>`` that holds a ``model.py``.

Nothing here imports a model (that imports SymPy); `derive.system.load` does.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from derive.errors import StatementError

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")

_CHECKOUT = Path(__file__).resolve().parents[2]
_PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Entry:
    """A model on disk: its key and the file that states it."""

    key: str
    path: Path

    @property
    def in_gallery(self) -> bool:
        """Whether it is one of the classic models of ``models/gallery``."""
        return self.path.parent.parent.name == "gallery"

    def sources(self) -> tuple[Path, ...]:
        """Every file that the statement is made of, sorted: the model's whole folder, or the lone file given by path."""
        if self.path.name != "model.py":
            return (self.path,)
        kept = (".py", ".bib", ".csv", ".json", ".toml")
        found = (file for file in self.path.parent.rglob("*") if file.suffix in kept and "__pycache__" not in file.parts)
        return tuple(sorted(found))

    def size(self) -> int:
        """How many bytes of Python and data state it: what there is to derive goes with it, roughly."""
        return sum(path.stat().st_size for path in self.sources())

    def title(self) -> str:
        """The title as the file states it, read without running the file; empty when it is not a plain string."""
        try:
            tree = ast.parse(self.path.read_bytes())
        except (SyntaxError, ValueError):
            return ""
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg == "title" and isinstance(node.value, ast.Constant):
                return str(node.value.value)
        return ""


def home() -> Path:
    """The folder that holds ``models``, ``templates`` and ``generated``: the checkout, or the installed package."""
    return _CHECKOUT if (_CHECKOUT / "pyproject.toml").is_file() else _PACKAGE


def entries(root: Path) -> tuple[Entry, ...]:
    """Every model below ``root/models``, the papers before the gallery, each sorted by key.

    Raises StatementError for a folder name that is not a name and for a key that occurs twice.
    """
    models = root / "models"
    found = [*sorted(models.glob("*/model.py")), *sorted(models.glob("gallery/*/model.py"))]
    seen: dict[str, Path] = {}
    for path in found:
        key = path.parent.name
        if not NAME.fullmatch(key):
            raise StatementError(f"the folder name {key!r} is not a key: letters, digits and _ only", file=str(path))
        if key in seen:
            raise StatementError(f"two models have this key; the other is {seen[key]}", file=str(path), model=key)
        seen[key] = path
    return tuple(Entry(key, path) for key, path in seen.items())


def find(root: Path, given: str) -> Entry:
    """The model of that key, or of that path to a ``.py`` file. Raises StatementError naming near misses."""
    if given.endswith(".py"):
        path = Path(given).resolve()
        if not path.is_file():
            raise StatementError("no such file", file=given)
        key = path.parent.name if path.name == "model.py" else path.stem
        if not NAME.fullmatch(key):
            raise StatementError(f"{key!r} is not a key: letters, digits and _ only, at most 64", file=given)
        return Entry(key, path)
    known = {entry.key: entry for entry in entries(root)}
    if given in known:
        return known[given]
    near = _near(given, tuple(known))
    raise StatementError(f"there is no model {given!r}" + (f"; did you mean {near}?" if near else "; `list` shows them"))


def _near(given: str, known: tuple[str, ...]) -> str:
    import difflib

    close = difflib.get_close_matches(given, known, n=1)
    return close[0] if close else ""
