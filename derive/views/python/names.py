"""Names of a statement as Python names: a whitelist, a fixed renaming of the few reserved words, collisions refused."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable

from derive.errors import StatementError

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
# What the generated module itself calls; a symbol of that name gets a trailing underscore, like a keyword does.
_RESERVED = frozenset({"np", "math", "threading", "annotations", "on_invalid", "regime", "size", "work", "inputs", "outputs"})
_BUILTINS = frozenset(name for name in dir(builtins) if name.islower())


def safe_name(name: str) -> str:
    """`name` as a Python identifier: itself, or with a trailing underscore where it is reserved.

    Raises `StatementError` for anything but letters, digits and underscores after a letter (at most 64 characters).
    """
    if not _PLAIN.fullmatch(name) or "__" in name:
        raise StatementError(
            f"the name {name!r} cannot stand in a program: use a letter, then letters, digits and single underscores",
            symbol=name,
        )
    taken = keyword.iskeyword(name) or keyword.issoftkeyword(name) or name in _RESERVED or name in _BUILTINS
    return name + "_" if taken else name


def safe_names(names: Iterable[str]) -> dict[str, str]:
    """Each name with its Python identifier; `StatementError` when two of them would become the same identifier."""
    owner: dict[str, str] = {}
    for name in dict.fromkeys(names):
        identifier = safe_name(name)
        if identifier in owner:
            raise StatementError(
                f"the names {owner[identifier]!r} and {name!r} are both {identifier!r} in a program: rename one", symbol=name
            )
        owner[identifier] = name
    return {name: identifier for identifier, name in owner.items()}


def function_name(protocol: str, instance: str) -> str:
    """The function of a protocol (and instance): its keys in lower case, joined by underscores."""
    key = "_".join(part for part in (protocol, instance) if part)
    return safe_name(re.sub(r"[-. ]+", "_", key).lower())


def class_name(function: str, names: Iterable[str] = ()) -> str:
    """The result class of a function: ``tdc_uniform`` returns a ``TdcUniform``. None of the statement's `names`: a function whose
    argument has the name of its result class could not make one."""
    name = "".join(part.capitalize() for part in function.split("_") if part)
    taken = {"Any", "NamedTuple", *names}
    while keyword.iskeyword(name) or hasattr(builtins, name) or name in taken:
        name += "Result"
    return name


def temporary_prefix(names: Iterable[str], *taken: str) -> str:
    """A prefix that, followed by digits, meets no name of the statement; other than those `taken`."""
    known = set(names)
    for prefix in ("t", "x", "u", "h", "temporary", "intermediate"):
        if prefix not in taken and not any(re.fullmatch(prefix + r"\d+", name) for name in known):
            return prefix
    raise StatementError("the names of the statement leave none for intermediate results")


def plain(text: str) -> str:
    """Text of a statement as it may stand in a docstring or comment: one line, no quote or backslash that could end either."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).replace("\\", "/").replace('"', "'").split())
