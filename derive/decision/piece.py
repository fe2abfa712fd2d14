"""A leader's problem where its followers respond in one way: one formula for the payoff, on one part of its choices."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.algebra.shape import closed
from derive.decision.problem import Nothing, Optimum, Problem, Restriction, relation_at, restriction, unique
from derive.field import normal
from derive.placed import normal_at


@dataclass(frozen=True)
class Piece:
    """The leader's problem where its followers respond in one way.

    `seams` names the restrictions of the problem that delimit the piece, closed; `region` states them as they are, and `others`
    what the piece asks of everything but the leader's choices (part of the problem's `given`). `ties` are choices that equality
    constraints make functions of the problem's variables.
    """

    problem: Problem
    seams: tuple[str, ...]
    region: tuple[Boolean, ...]
    others: tuple[Boolean, ...] = ()
    ties: tuple[tuple[Symbol, Expr], ...] = ()

    def without_seams(self) -> Problem:
        """The same payoff on all choices that the leader's own constraints allow."""
        return replace(self.problem, restrictions=tuple(r for r in self.problem.restrictions if r.name not in self.seams))

    def with_edges(self) -> Problem:
        """The problem with the edges of what the piece asks of everything else: a best choice of it says itself where it is best."""
        asked = set(self.others)
        return replace(self.problem, given=tuple(closed(r) if r in asked else r for r in self.problem.given))

    def seams_as_stated(self) -> tuple[Restriction, ...]:
        """The seams as restrictions of the problem, strict where the piece does not contain them."""
        strict = {name: restriction(name, relation).strict for name, relation in zip(self.seams, self.region, strict=True)}
        return tuple(replace(r, strict=strict[r.name]) for r in self.problem.restrictions if r.name in strict)

    def domain(self) -> tuple[Boolean, ...]:
        """Everything that holds at a choice on the piece."""
        return self.problem.domain

    def within(self, region: tuple[Boolean, ...]) -> Piece:
        """The piece where more is known of everything that is given."""
        return replace(self, problem=replace(self.problem, given=unique((*self.problem.given, *region))))

    def at(self, values: dict[Symbol, Expr]) -> Piece:
        """The piece with symbols that are not its variables replaced."""
        problem = self.problem
        return replace(
            self,
            problem=replace(
                problem,
                objective=normal_at(problem.objective, values),
                restrictions=tuple(r.at(values) for r in problem.restrictions),
                given=unique(relation_at(r, values) for r in problem.given),
            ),
            region=tuple(relation_at(r, values) for r in self.region),
            others=unique(relation_at(r, values) for r in self.others),
        )

    def is_flat(self) -> bool:
        """Whether the payoff does not depend on the leader's choices."""
        return not normal(self.problem.objective).free_symbols & set(self.problem.variables)


@dataclass(frozen=True)
class Placed:
    """An optimum together with the piece (by number) whose followers' response goes with it.

    One that is not `sure` is best on its piece only: elsewhere something may pay more.
    """

    piece: int
    optimum: Optimum
    sure: bool = True


@dataclass(frozen=True)
class Settlement:
    """The best choices over all pieces by region, and the regions where there is none or none is known."""

    placed: tuple[Placed, ...]
    nothing: tuple[Nothing, ...] = ()
