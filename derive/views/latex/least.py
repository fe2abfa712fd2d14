"""What any print of an expression takes at least, told from its terms and factors without printing it: in em, as `width` has it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import sympy
from sympy import Add, Expr, Mul, Pow, Rational, Symbol

from derive.views.latex.names import Names
from derive.views.latex.order import drawn_together
from derive.views.latex.width import width

__all__ = ["Least"]

_MARK = width("+")
_DIGIT = width("1")
_SCRIPT = 0.7
_NOTHING = (0.0, 0.0)


@dataclass(frozen=True)
class Least:
    """Lower bounds of widths, with the given names.

    A product may be set as a fraction or in a line, a sum with its sign turned or a common number taken out; powers of one base may
    be drawn together and a number put under a root beside it. What such a choice could leave out is not counted.
    """

    names: Names
    known: dict[Expr, float] = field(default_factory=dict, init=False, compare=False, repr=False)

    def width(self, node: Expr) -> float:
        """No print of the expression is narrower."""
        found = self.known.get(node)
        if found is None:
            found = self.known[node] = self._width(node)
        return found

    def _width(self, node: Expr) -> float:
        if isinstance(node, Symbol):
            return width(self.names.tex(node))
        if isinstance(node, Add):
            return self._sum(node.args) + _MARK * (len(node.args) - 1)
        if isinstance(node, sympy.exp):
            return _SCRIPT * self.width(node.args[0])
        return max(self._halves(node)) if isinstance(node, Mul | Pow | Rational) else 0.0

    def _sum(self, terms: Iterable[Expr]) -> float:
        numbers = [term.as_coeff_Mul()[0] for term in terms]
        shared = all(isinstance(number, Rational) and number.q > 1 for number in numbers)
        return sum(max(self._halves(term, not shared)) for term in terms)

    def _halves(self, term: Expr, numbered: bool = True) -> tuple[float, float]:
        """What stands above and below the line of a fraction, with or without the numbers."""
        above = below = 0.0
        factors = Mul.make_args(term)
        elsewhere = drawn_together(factors)
        exponentials = [factor for factor in factors if isinstance(factor, sympy.exp)]
        joined = (*elsewhere, *(exponentials if len(exponentials) > 1 else ()))
        for factor in factors:
            if factor in joined or (isinstance(factor, Pow) and factor.base in elsewhere):
                continue
            up, down = self._factor(factor, numbered)
            above, below = above + up, below + down
        return above, below

    def _factor(self, factor: Expr, numbered: bool) -> tuple[float, float]:
        if isinstance(factor, Rational):
            return (_digits(factor.p), _digits(factor.q)) if numbered else _NOTHING
        if not isinstance(factor, Pow):
            return self.width(factor), 0.0
        if not factor.exp.is_Rational or factor.base.is_Rational:
            return _NOTHING
        inside = self.width(factor.base) if factor.exp.is_Integer else self._root(factor.base)
        return (inside, 0.0) if factor.exp.p > 0 else (0.0, inside)

    def _root(self, base: Expr) -> float:
        return max(self._halves(base, numbered=False)) if isinstance(base, Mul) else self.width(base)


def _digits(number: int) -> float:
    return _DIGIT * len(str(abs(number))) if abs(number) != 1 else 0.0
