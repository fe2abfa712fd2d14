"""Quadratic payoffs under linear constraints: the conditions of each set of binding constraints, solved once and for all.

The payoff is ``x'Hx/2 + c'x`` and the constraints are ``a_j'x + b_j >= 0``, with entries in parameters. For a set of binding
constraints the Karush-Kuhn-Tucker conditions are linear, so they have one solution wherever their determinant is not zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import sympy
from flint import fmpq, fmpq_mat
from sympy import Expr, Matrix, Rational, Symbol

from derive.algebra.elimination import solve_linear
from derive.decision.problem import Problem
from derive.field import NotRational, derivative, normal
from derive.placed import normal_at

Active = tuple[int, ...]
Point = dict[Symbol, Rational]


@dataclass(frozen=True)
class Solved:
    """What the conditions say when the constraints `active` bind: choices, multipliers (of `active`), the determinant."""

    active: Active
    values: tuple[Expr, ...]
    multipliers: tuple[Expr, ...]
    determinant: Expr


@dataclass(frozen=True)
class Quadratic:
    """A problem with a quadratic objective and linear restrictions, by its coefficients."""

    problem: Problem
    hessian: tuple[tuple[Expr, ...], ...]
    linear: tuple[Expr, ...]
    gradients: tuple[tuple[Expr, ...], ...]
    offsets: tuple[Expr, ...]

    @property
    def size(self) -> int:
        """The number of choices."""
        return len(self.linear)

    @cached_property
    def symbols(self) -> tuple[Symbol, ...]:
        """The parameters."""
        entries = (*self.linear, *self.offsets, *(e for row in (*self.hessian, *self.gradients) for e in row))
        found = {s for e in entries for s in e.free_symbols} | {s for r in self.problem.given for s in r.free_symbols}
        return tuple(sorted(found, key=str))

    def minor(self, rows: Sequence[int]) -> Expr:
        """The principal minor of the Hessian on these choices."""
        return normal(Matrix([[self.hessian[i][j] for j in rows] for i in rows]).det(method="berkowitz"))

    def system(self, active: Active) -> tuple[list[list[Expr]], list[Expr]]:
        """The conditions with these constraints binding, linear in choices and multipliers: matrix and right-hand side."""
        zero = sympy.Integer(0)
        rows = [[*self.hessian[i], *(self.gradients[j][i] for j in active)] for i in range(self.size)]
        rows += [[*self.gradients[j], *(zero for _ in active)] for j in active]
        return rows, [*(-c for c in self.linear), *(-self.offsets[j] for j in active)]

    def solved(self, active: Active) -> Solved | None:
        """The solution of the conditions; None when they are dependent for all parameters."""
        rows, right = self.system(active)
        found = solve_linear(rows, right)
        if found is None:
            return None
        solution, determinant = found
        return Solved(active, solution[: self.size], solution[self.size :], determinant)

    def slack(self, number: int, values: Sequence[Expr]) -> Expr:
        """How far a constraint is from binding."""
        terms = [a * x for a, x in zip(self.gradients[number], values, strict=True)]
        return normal(sympy.Add(self.offsets[number], *terms))

    def at(self, point: Point) -> Numbers:
        """The same problem with numbers for the parameters. Raises ZeroDivisionError where a coefficient is not defined."""
        return Numbers(
            [[_number(e, point) for e in row] for row in self.hessian],
            [_number(e, point) for e in self.linear],
            [[_number(e, point) for e in row] for row in self.gradients],
            [_number(e, point) for e in self.offsets],
        )


def _number(expr: Expr, point: Point) -> fmpq:
    value = expr.xreplace(point)
    if not value.is_Rational:
        raise ZeroDivisionError(f"{expr} has no rational value")
    return fmpq(int(value.p), int(value.q))


@dataclass(frozen=True)
class Numbers:
    """A quadratic problem in numbers."""

    hessian: list[list[fmpq]]
    linear: list[fmpq]
    gradients: list[list[fmpq]]
    offsets: list[fmpq]

    def satisfies(self, active: Active) -> bool:
        """Whether the conditions with these constraints binding have one solution, and it is admissible."""
        size = len(self.linear)
        rows = [[*self.hessian[i], *(self.gradients[j][i] for j in active)] for i in range(size)]
        rows += [[*self.gradients[j], *(fmpq(0) for _ in active)] for j in active]
        right = [[-c] for c in self.linear] + [[-self.offsets[j]] for j in active]
        try:
            solution = [row[0] for row in fmpq_mat(rows).solve(fmpq_mat(right)).tolist()]
        except ZeroDivisionError:
            return False
        values = solution[:size]
        if any(multiplier < 0 for multiplier in solution[size:]):
            return False
        return all(
            sum((a * x for a, x in zip(row, values, strict=True)), offset) >= 0
            for row, offset in zip(self.gradients, self.offsets, strict=True)
        )

    def clashes(self, active: Active, strict: bool) -> bool:
        """Whether a positive combination of these constraints, in which the choices cancel, is negative (or zero, if `strict`)."""
        rows = fmpq_mat([[self.gradients[j][i] for j in active] for i in range(len(self.linear))])
        reduced, rank = rows.rref()
        if rank != len(active) - 1:
            return False
        pivots = [next(k for k in range(len(active)) if reduced[row, k] != 0) for row in range(rank)]
        free = next(k for k in range(len(active)) if k not in pivots)
        weights = [fmpq(1)] * len(active)
        for row, pivot in enumerate(pivots):
            weights[pivot] = -reduced[row, free]
        total = sum((w * self.offsets[j] for w, j in zip(weights, active, strict=True)), fmpq(0))
        return all(w > 0 for w in weights) and (total <= 0 if strict else total < 0)


def quadratic(problem: Problem) -> Quadratic | None:
    """The problem by its coefficients; None when it is not quadratic with linear restrictions."""
    variables, free = problem.variables, set(problem.variables)
    origin = dict.fromkeys(variables, sympy.Integer(0))
    try:
        hessian = tuple(tuple(derivative(problem.objective, x, y) for y in variables) for x in variables)
        gradients = tuple(tuple(derivative(r.slack, x) for x in variables) for r in problem.restrictions)
        entries = [e for row in (*hessian, *gradients) for e in row]
        if any(e.free_symbols & free for e in entries):
            return None
        linear = tuple(normal(derivative(problem.objective, x).xreplace(origin)) for x in variables)
        offsets = tuple(normal_at(r.slack, origin) for r in problem.restrictions)
    except (NotRational, ZeroDivisionError):
        return None
    if any(e.has(sympy.nan, sympy.zoo, sympy.oo) for e in (*linear, *offsets)):
        return None
    return Quadratic(problem, hessian, linear, gradients, offsets)
