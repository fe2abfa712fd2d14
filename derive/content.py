"""Values told apart by what they say: one text for equal statements, a digest of it under which results are kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum
from typing import Any

from sympy import Basic, srepr

from derive.audit.parcel import pack, unpack
from derive.ir import Model, Protocol
from derive.system.store import Drawer


class Unspeakable(ValueError):
    """A value of a kind that has no text."""


def text(value: object) -> str:
    """The text of a value made of dataclasses, tuples, expressions and plain data. Raises `Unspeakable`."""
    if isinstance(value, Basic):
        return str(srepr(value))
    if is_dataclass(value) and not isinstance(value, type):
        parts = (f"{one.name}={text(getattr(value, one.name))}" for one in fields(value))
        return f"{type(value).__qualname__}({','.join(parts)})"
    if isinstance(value, tuple):
        return f"({','.join(map(text, value))})"
    if isinstance(value, frozenset):
        return f"{{{','.join(sorted(map(text, value)))}}}"
    if isinstance(value, str | int | None | Enum):
        return repr(value)
    raise Unspeakable(type(value).__name__)


def solved_part(statement: Any) -> Any:
    """A statement without what is only read once it is solved: claims, printed results, the words about it."""
    silent: dict[str, Any] = {"title": "", "source": "", "abstract": "", "claims": (), "printed": (), "errata": ()}
    return replace(statement, **{name: nothing for name, nothing in silent.items() if hasattr(statement, name)})


def protocol_part(model: Model, protocol: Protocol) -> Model:
    """What of a model the solutions of one protocol depend on."""
    benchmark = protocol.coordinates.benchmark if protocol.coordinates is not None else None
    return replace(solved_part(model), protocols=tuple(one for one in model.protocols if one.key in (protocol.key, benchmark)))


def digest(value: object) -> str:
    """The digest of the text of a value. Raises `Unspeakable`."""
    return hashlib.sha256(text(value).encode()).hexdigest()


@dataclass(frozen=True)
class Kept:
    """Results of earlier runs of this engine, in a drawer, by what they depend on. What has no text is not kept."""

    drawer: Drawer | None = None

    def get(self, kind: str, *about: object) -> Any:
        """The result of that kind about these values; None where there is none."""
        key = self._key(kind, about)
        content = None if self.drawer is None or key is None else self.drawer.get(key)
        return None if content is None else unpack(content)

    def put(self, result: object, kind: str, *about: object) -> None:
        """Keep a result that is not None."""
        key = self._key(kind, about)
        if self.drawer is not None and key is not None:
            self.drawer.put(key, pack(result))

    def about(self, *values: object) -> About:
        """Results about the same values."""
        try:
            return About(self, digest(values) if self.drawer is not None else "")
        except Unspeakable:
            return About(NOTHING_KEPT, "")

    def _key(self, kind: str, about: tuple[object, ...]) -> str | None:
        try:
            return None if self.drawer is None else digest((kind, about))
        except Unspeakable:
            return None


@dataclass(frozen=True)
class About:
    """Kept results that depend on the same values, whose digest is known, and on others."""

    kept: Kept
    digest: str

    def get(self, kind: str, *others: object) -> Any:
        """The result of that kind; None where there is none."""
        return self.kept.get(kind, self.digest, *others)

    def put(self, result: object, kind: str, *others: object) -> None:
        """Keep a result that is not None."""
        self.kept.put(result, kind, self.digest, *others)


NOTHING_KEPT = Kept()
NOTHING_ABOUT = About(NOTHING_KEPT, "")
