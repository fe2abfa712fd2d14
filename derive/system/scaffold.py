"""A new model to start from: short, commented, and it runs."""

from __future__ import annotations

from pathlib import Path

from derive.errors import StatementError
from derive.system.catalogue import NAME, entries


def scaffold(root: Path, key: str) -> Path:
    """Write ``models/<key>/model.py`` and return its path. Raises StatementError for a key that is taken or not a name."""
    if not NAME.fullmatch(key):
        raise StatementError(f"{key!r} is not a key: a letter, then letters, digits or _, at most 64")
    if key in {entry.key for entry in entries(root)} or (root / "models" / key).exists():
        raise StatementError("there is a model of that key already", model=key)
    from derive.render import render_text

    path = root / "models" / key / "model.py"
    path.parent.mkdir(parents=True)
    path.write_text(render_text("new_model.py.j2", {"key": key}), "utf-8")
    return path
