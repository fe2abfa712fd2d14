"""SymPy's order of the arguments of sums and products as keys, which are compared without calling SymPy again.

The keys are in the order of `Basic.compare`: by classes, then by how much there is inside, then by what is inside.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sympy import Basic
from sympy.core.basic import ordering_of_classes

Key = tuple[Any, ...]

_UNLISTED = len(ordering_of_classes) + 1
_LISTED = {name: place for place, name in reversed(list(enumerate(ordering_of_classes)))}


@lru_cache(maxsize=1 << 14)
def key(expr: Basic) -> Key:
    """Less or greater than that of another expression as SymPy sorts the two."""
    return joined(type(expr), [key(part) if isinstance(part, Basic) else part for part in expr._hashable_content()])


def joined(kind: type[Basic], parts: Sequence[Any]) -> Key:
    """The key of an expression of a class with the keys of its arguments."""
    name = kind.__name__
    return (_LISTED.get(name, _UNLISTED), name, len(parts), *parts)
