"""Which of the source's equation numbers stand beside which of our formulas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from sympy import Symbol

from derive.ir import PrintedFormula

__all__ = ["Numbers", "number_of_formula", "source_numbers"]

#: The source's number of the formula for a symbol under a protocol, and where it holds: regime names, or none for all of them.
Numbers = Mapping[tuple[str, Symbol], tuple[str, tuple[str, ...]]]


class Compared(Protocol):
    """A printed item that was compared with what was derived."""

    @property
    def where(self) -> str:
        """The source's number of the item."""

    @property
    def quantity(self) -> str:
        """The symbol and the protocol, as ``p under TDC``."""

    @property
    def verdict(self) -> str:
        """``reproduced`` where the printed formula is the derived one."""

    @property
    def holds_in(self) -> tuple[str, ...]:
        """The names of the regimes in which it is."""


def source_numbers(printed: Iterable[object], comparisons: Iterable[Compared]) -> Numbers:
    """The numbers of those printed formulas that were reproduced."""
    kept = {(one.where, one.quantity): one.holds_in for one in comparisons if one.verdict == "reproduced"}
    found: dict[tuple[str, Symbol], tuple[str, tuple[str, ...]]] = {}
    for item in printed:
        if isinstance(item, PrintedFormula) and item.protocol:
            regimes = kept.get((item.equation, f"{item.symbol} under {item.protocol}"))
            if regimes is not None:
                found.setdefault((item.protocol, item.symbol), (item.equation, regimes))
    return found


def number_of_formula(numbers: Numbers, protocol: str, symbol: Symbol, regimes: Iterable[str]) -> str:
    """The source's number of that formula in those regimes, empty where it has none."""
    number, holds_in = numbers.get((protocol, symbol), ("", ()))
    return number if not holds_in or set(regimes) <= set(holds_in) else ""
