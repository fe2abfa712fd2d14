"""What the engine says about a published model or variant at a point: the regimes there, under the published names.

A protocol of a model has one solution. A game in coalition form has one solution per concept: the published name of a share
is the concept's, an underscore and the player's (``nucleolus_1``); bargaining solutions likewise, with the usual
abbreviations (``ks_1``). A repeated game has one solution per arrangement.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from sympy import Integer, Symbol
from sympy.logic.boolalg import Boolean

from derive.bargaining import BargainingProblem
from derive.coalition import PROPERTIES, CoalitionGame
from derive.solution import Regime, Solution, Without
from tests.gallery.published import Point, drawn, holds

Names = Mapping[Symbol, Symbol]
EXISTS = Symbol("exists", real=True)
ABBREVIATED = {"kalai_smorodinsky": "ks", "egalitarian": "egal", "utilitarian": "util"}


@dataclass(frozen=True)
class Answer:
    """Solutions that answer together, each with the published names of its symbols where they differ."""

    parts: tuple[tuple[Solution, Names], ...]

    def at(self, point: Point) -> list[Regime]:
        """The derived regimes whose region holds at the point; of several solutions, every combination as one regime."""
        known = {**point, **self._rest(point)}
        present = [[regime for regime in outcomes(s) if _inside(regime.region, known)] for s, _ in self.parts]
        return [
            joined(tuple(renamed(regime, names) for regime, (_, names) in zip(chosen, self.parts, strict=True)))
            for chosen in product(*present)
        ]

    def _rest(self, point: Point) -> Point:
        """Admissible values of the parameters that the literature does not speak of (a threshold does not depend on them)."""
        relations = tuple(dict.fromkeys(r for solution, _ in self.parts for r in solution.assumptions))
        spoken = {symbol for relation in relations for symbol in relation.free_symbols}
        missing = sorted(spoken - set(point), key=str)
        rng = random.Random(str(sorted(point.items(), key=str)))
        for _ in range(2000 if missing else 1):
            extra = {symbol: drawn(rng, bool(symbol.is_integer)) for symbol in missing}
            if not missing or _inside(relations, {**point, **extra}):
                return extra
        raise AssertionError(f"no admissible value of {missing} was found at {point}")


def outcomes(solution: Solution) -> Iterator[Regime]:
    """The regimes, and each proved gap as one in which nothing has a value; the literature calls ``exists`` what tells them apart."""
    for regime in solution.regimes:
        yield regime if EXISTS in regime.resolved() else replace(regime, values=(*regime.values, (EXISTS, Integer(1))))
    for gap in solution.gaps:
        if gap.kind is not Without.UNSETTLED:
            yield Regime(gap.kind.value, gap.region, ((EXISTS, Integer(0)),))


def _inside(relations: Iterable[Boolean], at: Mapping[Symbol, Any]) -> bool:
    return all(holds(relation, at) for relation in relations)


def renamed(regime: Regime, names: Names) -> Regime:
    """The regime with its values under other symbols."""
    if not names:
        return regime
    values = tuple((names.get(symbol, symbol), value.xreplace(dict(names))) for symbol, value in regime.values)
    return Regime(regime.name, regime.region, values)


def joined(regimes: tuple[Regime, ...]) -> Regime:
    """Several solutions' regimes as one. Two values of one symbol are an error of the model file: nobody could tell them apart."""
    if len(regimes) == 1:
        return regimes[0]
    symbols = [symbol for regime in regimes for symbol, _ in regime.values if symbol != EXISTS]
    twice = sorted({str(symbol) for symbol in symbols if symbols.count(symbol) > 1})
    assert not twice, f"{', '.join(twice)} is reported by several solutions"
    return Regime(
        "; ".join(regime.name for regime in regimes),
        tuple(relation for regime in regimes for relation in regime.region),
        tuple(pair for regime in regimes for pair in regime.values),
        tuple(item for regime in regimes for item in regime.implicit),
        unique=all(regime.unique for regime in regimes),
    )


def answers(statement: object, solutions: tuple[Solution, ...], variants: Iterable[str]) -> dict[str, Answer]:
    """The answer for every published variant that has one; ``""`` stands for the model itself.

    Variants are protocols of the same name, and the model itself is what is none of them. Variants of a game in coalition form
    are other concepts for the same game.
    """
    mine = tuple(solution for solution in solutions if not solution.instance)
    if isinstance(statement, CoalitionGame):
        whole = Answer(tuple((solution, dict(_shares(statement, solution.protocol))) for solution in mine))
        return dict.fromkeys(("", *variants), whole)
    if isinstance(statement, BargainingProblem):
        return {"": Answer(tuple((solution, _bargained(statement, solution.protocol)) for solution in mine))}
    groups: dict[str, tuple[tuple[Solution, Names], ...]] = {}
    for solution in mine:
        variant = solution.protocol if solution.protocol in variants else ""
        groups[variant] = (*groups.get(variant, ()), (solution, {}))
    return {variant: Answer(parts) for variant, parts in groups.items()}


def _bargained(problem: BargainingProblem, key: str) -> Names:
    prefix = ABBREVIATED.get(key, key)
    names = {player.payoff: Symbol(f"{prefix}_{player.name}", real=True) for player in problem.players}
    return {**names, problem.along.symbol: Symbol(f"{prefix}_{problem.along.symbol}", real=True)}


def _shares(game: CoalitionGame, concept: str) -> Iterator[tuple[Symbol, Symbol]]:
    if concept not in PROPERTIES:
        for member in game.players:
            yield member.share, Symbol(f"{concept}_{member.name}", real=True)
