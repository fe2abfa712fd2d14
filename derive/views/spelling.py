"""Expressions as plain text, as SymPy spells them; a part that occurs again is not spelled again."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sympy import Basic
from sympy.printing.str import StrPrinter

__all__ = ["spelled"]


class _Speller(StrPrinter):
    def _print(self, expr: Any, **kwargs: Any) -> str:
        return spelled(expr) if isinstance(expr, Basic) and not kwargs else str(super()._print(expr, **kwargs))

    def fresh(self, expr: Basic) -> str:
        """The text of an expression whose parts may be known."""
        return str(super()._print(expr))


@lru_cache(maxsize=1 << 16)
def spelled(expr: Basic) -> str:
    """The same text as ``str(expr)``."""
    return _Speller().fresh(expr)
