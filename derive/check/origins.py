"""Where the objectives of an argument come from: each is a player's payoff as stated, the sum of some, or what a step made of one where
that step holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, product

from sympy import Eq, Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive import cases, inverse, members, steps
from derive.check.context import Context, follows, same
from derive.check.objectives import definitions_out
from derive.check.sample import flat
from derive.ir import Model
from derive.solution import Solution

__all__ = ["without_origin"]

MOST_WAYS = 27
Values = tuple[tuple[Symbol, Expr], ...]
Relations = tuple[Boolean, ...]


def without_origin(statement: Model, solution: Solution) -> list[str]:
    """Steps about an objective that neither the statement nor an earlier step gives, or about choices that nobody is found to make; one
    line each."""
    known = _Known(
        (definitions_out(player.objective, statement) for player in statement.players),
        (
            *_at_bounds(statement),
            *(case.values for response in solution.responses for case in response.cases),
            *(case.values for proposition in solution.argument for case in proposition.cases),
            *(values for regime in solution.regimes for values in (regime.values, tuple(regime.resolved().items()))),
        ),
        tuple(_among_values(statement)),
    )
    domain = [relation for variable in statement.variables for relation in variable.domain]
    parameters = frozenset(parameter.symbol for parameter in statement.parameters)
    faults = []
    for step in (step for proposition in solution.argument for step in proposition.proof):
        context = Context(statement, flat((*solution.assumptions, *domain, *step.given)), ())
        strange = [one for one in _taken_up(step) if not known.have(one, context) and not known.give(one, context)]
        if not strange and (not isinstance(step, steps.Anticipation) or known.have(step.before, context)):
            known.learn(step, tuple(r for r in flat(step.given) if r.free_symbols <= parameters))
        faults += [f"{step.label}: neither the statement nor an earlier step gives the objective {one}" for one in strange]
        if isinstance(step, steps.Anticipation):
            faults += [f"{step.label}: nobody chooses {s} = {value}" for s, value in step.replace if not known.found(s, value)]
    return faults


def _at_bounds(statement: Model) -> Iterator[Values]:
    """Every choice at each of its stated bounds."""
    for variable in statement.variables:
        for relation in flat(variable.domain):
            for one, other in ((relation.lhs, relation.rhs), (relation.rhs, relation.lhs)):
                if one == variable.symbol:
                    yield ((variable.symbol, other),)


def _among_values(statement: Model) -> Iterator[Values]:
    """The ways in which choices among values may be taken, some or all of them."""
    listed = [(v.symbol, (None, *v.values)) for v in statement.variables if v.values]
    for taken in islice(product(*(values for _, values in listed)), MOST_WAYS):
        yield tuple((symbol, value) for (symbol, _), value in zip(listed, taken, strict=True) if value is not None)


class _Known:
    """The objectives that are accounted for so far, the values that choices were found to have, and the ways in which choices among
    values may be taken."""

    def __init__(self, objectives: Iterable[Expr], values: Iterable[Values], ways: Sequence[Values]) -> None:
        self.objectives: list[tuple[Expr, Relations]] = [(one, ()) for one in objectives]
        self.values, self.ways = list(values), ways

    def have(self, objective: Expr, context: Context) -> bool:
        """Whether an objective is, where it is spoken of, one of them."""
        return any((one == objective or _same(one, objective)) and _holds(where, context) for one, where in self.objectives)

    def found(self, choice: Symbol, value: Expr) -> bool:
        """Whether that is a value that the choice was found to have."""
        values = [other for pairs in (*self.values, *self.ways) for symbol, other in pairs if symbol == choice]
        if value in values or any(_same(value, other) for other in values):
            return True
        return any(_same(value, other.xreplace(dict(way))) for way in self.ways for other in values)

    def give(self, objective: Expr, context: Context) -> bool:
        """Whether an objective is, where it is spoken of, one of them at known values of choices: of its cases one may be left there."""
        own, given = objective.free_symbols, [(r.lhs, r.rhs) for r in context.known if isinstance(r, Eq)]
        placed = [
            {symbol: value for symbol, value in (*given, *values, *way) if symbol.is_Symbol and symbol not in own}
            for values in ((), *self.values)
            for way in self.ways
        ]
        here = [one for one, where in self.objectives if _holds(where, context)]
        return context.agree(objective, list(dict.fromkeys(one.xreplace(at) for one in here for at in placed)))

    def learn(self, step: steps.Step, where: Relations) -> None:
        """What a step leads to on its part of the parameters, and the values that it finds."""
        self.objectives.extend((one, where) for one in _led_to(step) if (one, where) not in self.objectives)
        values = getattr(step, "values", ())
        if values and all(isinstance(pair, tuple) for pair in values) and values not in self.values:
            self.values.append(values)


def _holds(where: Relations, context: Context) -> bool:
    """Whether relations hold wherever a step does: they are among what it supposes, or fail at none of some points of it."""
    return all(follows(relation, context.known) or not context.fails(relation) for relation in where)


def _same(one: Expr, other: Expr) -> bool:
    return one.free_symbols == other.free_symbols and same(one, other)


def _taken_up(step: steps.Step) -> Iterable[Expr]:
    """The objectives that a step is about: those of expectations are compared with the statement where these are verified, and what is
    anticipated may be any quantity, as what all players earn together."""
    match step:
        case steps.Expectation() | steps.CertaintyEquivalent() | steps.Anticipation():
            return ()
        case steps.Concentration() | inverse.ByResponse() | members.Member():
            return (step.before,)
        case steps.Kink():
            return step.left, step.right
        case cases.ConcaveAcross():
            return tuple(formula for formula, _ in step.pieces)
        case steps.Absorption():
            return step.ignored, step.neighbour
        case steps.OutsideOption():
            return (step.inside,)
    objective = getattr(step, "objective", None)
    return () if objective is None else (objective,)


def _led_to(step: steps.Step) -> Iterator[Expr]:
    """The objectives that a step makes of the one that it is about."""
    match step:
        case steps.Expectation() | steps.CertaintyEquivalent() | steps.JointObjective():
            yield step.result
        case cases.Branching():
            yield from (value for _, value in step.cases)
    yield from (getattr(step, name) for name in ("after", "reduced") if hasattr(step, name))
