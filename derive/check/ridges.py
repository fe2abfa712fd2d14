"""Lines along which several choices are to be searched: where two cases of a payoff meet, or where a constraint on several choices
binds, no single choice can be improved alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import combinations
from typing import Any

import sympy
from sympy import Expr, Max, Min, Piecewise, Symbol
from sympy.core.relational import Relational

#: A choice and its value, as a function of rows, at which two cases meet.
Ridge = tuple[Symbol, Callable[[Any], Any]]


def ridges(
    worth: Expr,
    chooses: Iterable[Symbol],
    constraints: Iterable[Expr],
    numeric: Callable[[tuple[Expr, ...]], Callable[[Any], Any]],
) -> tuple[tuple[Symbol, Ridge], ...]:
    """Pairs of a choice to be varied and the ridge that another choice of the same decision is kept on meanwhile: `constraints` are
    zero where they bind."""
    own = tuple(chooses)
    found: dict[tuple[Symbol, Symbol, Expr], tuple[Symbol, Ridge]] = {}
    for gap in (*_gaps(worth), *constraints):
        for varied in own:
            for kept in own:
                slope = gap.diff(kept)
                if kept == varied or not {kept, varied} <= gap.free_symbols or kept in slope.free_symbols or slope == 0:
                    continue
                level = sympy.together(kept - gap / slope)
                found.setdefault((varied, kept, level), (varied, (kept, numeric((level,)))))
    return tuple(found.values())


def _gaps(worth: Expr) -> tuple[Expr, ...]:
    found = [sympy.expand(a - b) for atom in worth.atoms(Max, Min) for a, b in combinations(atom.args, 2)]
    found += [sympy.expand(r.lhs - r.rhs) for atom in worth.atoms(Piecewise) for r in atom.atoms(Relational)]
    return tuple(sorted({gap for gap in found if not gap.atoms(Max, Min, Piecewise)}, key=sympy.default_sort_key))
