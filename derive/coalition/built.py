"""A characteristic function built from the solved protocols of a model: what the members earn together when they act so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import sympy
from sympy import Expr, Rational
from sympy.logic.boolalg import And

from derive.coalition.ir import CoalitionGame
from derive.coalition.named import gathered, is_rational
from derive.errors import Refusal, StatementError
from derive.field import normal
from derive.ir import Definition, Instance, Model, Player, symbols
from derive.placed import normal_at
from derive.solution import Regime, Solution

__all__ = ["Names", "built", "worths_from_solutions"]

Coalition = tuple[str, ...]


@dataclass
class Names:
    """The quantities named so far, each with the player (or coalition) and the protocol that it is earned under."""

    model: Model | None = None
    taken: set[str] = field(default_factory=set)
    definitions: list[Definition] = field(default_factory=list)

    def of(self, value: Expr, earner: Definition | Player, solution: Solution, which: str) -> Expr:
        """The value itself where it is a rational function of the parameters, else a multiple of a name for it."""
        value = value if is_rational(value) else gathered(value)
        if is_rational(value):
            return value
        for known in self.definitions:
            ratio = normal(gathered(value / known.value))
            if isinstance(ratio, Rational):
                return ratio * known.symbol
        symbol = earner.symbol if isinstance(earner, Definition) else earner.payoff
        name = "_".join(re.sub(r"\W", "", part) for part in (symbol.name, solution.protocol, which) if part)
        while name in self.taken:
            name += "_"
        self.taken.add(name)
        latex = earner.latex
        protocols = self.model.protocols if self.model is not None else ()
        title = next((one.title for one in protocols if one.key == solution.protocol and one.title), solution.protocol)
        (made,) = symbols(name)
        self.definitions.append(
            Definition(
                made,
                value,
                f"{_subject(earner)} under \u201c{title}\u201d" + (f", case {which}" if which else ""),
                earner.unit,
                rf"{latex}^{{\text{{\upshape {re.sub('[^A-Za-z0-9 ]', ' ', solution.protocol)}}}{which}}}"
                if latex and "^" not in latex
                else "",
            )
        )
        return made


def _subject(earner: Definition | Player) -> str:
    return earner.meaning if isinstance(earner, Definition) else f"payoff of {earner.name}"


def worths_from_solutions(
    model: Model, plays: Iterable[tuple[Coalition, Solution]], names: Names
) -> tuple[tuple[Coalition, Expr], ...]:
    """The worth of each coalition: the sum of its members' payoffs in the solution it plays.

    Payments between members that nobody chooses cancel from the sum, though no member's own payoff is reported then. One regime
    gives an expression, several a ``Piecewise`` over their regions. Raises `Refusal` for a solution that leaves part of its domain
    out, knows a payoff only implicitly, or does not report a member's payoff.
    """
    return tuple((coalition, _worth(coalition, model, solution, names)) for coalition, solution in plays)


def _worth(coalition: Coalition, model: Model, solution: Solution, names: Names) -> Expr:
    if not solution.regimes or solution.gaps:
        raise Refusal("the solution leaves part of its domain out, so no worth can be built on it", protocol=solution.protocol)
    several = len(solution.regimes) > 1
    _settled(coalition, model, solution)
    totals = [
        (_total(coalition, model, regime, solution, names, str(k + 1) if several else ""), And(*regime.region))
        for k, regime in enumerate(solution.regimes)
    ]
    return sympy.Piecewise(*totals, evaluate=False) if several else totals[0][0]


def _settled(coalition: Coalition, model: Model, solution: Solution) -> None:
    """Raises `Refusal` where equilibria that stand side by side pay the coalition differently, or one leaves open what it is paid."""
    paid = set()
    for regime in (one for one in solution.regimes if not one.unique or one.free):
        total = _total(coalition, model, regime, solution, Names(), "")
        paid.add(total)
        if len(paid) > 1 or total.free_symbols & set(regime.free):
            raise Refusal("the game has several equilibria, which pay its members differently, so no worth", protocol=solution.protocol)


def _total(coalition: Coalition, model: Model, regime: Regime, solution: Solution, names: Names, which: str) -> Expr:
    if regime.implicit:
        unknown = regime.implicit[0].symbol.name
        raise Refusal("a payoff is known only implicitly, so no exact worth", protocol=solution.protocol, symbol=unknown)
    known = {player.name: player for player in model.players}
    for name in coalition:
        if name not in known:
            raise StatementError("is not a player of the model whose protocols are played", player=name)
    values = regime.resolved()
    members = [known[name] for name in coalition]
    if all(member.payoff in values for member in members):
        return sympy.Add(*(names.of(values[member.payoff], member, solution, which) for member in members))
    total = sympy.Add(*(member.payoff for member in members))
    for item in model.definitions:
        if item.value == total and item.symbol in values:
            return names.of(values[item.symbol], item, solution, which)
    found = None if model.shocks else _cancelled(model, members, regime, solution)
    if found is None:
        missing = next(member for member in members if member.payoff not in values)
        raise Refusal("the solution does not report the payoff", protocol=solution.protocol, player=missing.name)
    (earned,) = symbols("v_" + "_".join(coalition))
    together = Definition(earned, total, f"what {', '.join(coalition)} earn together", members[0].unit, "v")
    return names.of(found, together, solution, which)


def _cancelled(model: Model, members: list[Player], regime: Regime, solution: Solution) -> Expr | None:
    """What the members earn as a function of all choices, if everything that nobody chooses cancels from the sum."""
    values = regime.resolved()
    earned = sympy.Add(*(member.objective for member in members))
    for _ in model.definitions:
        earned = earned.xreplace({item.symbol: item.value for item in model.definitions})
    total = normal_at(earned, values)
    known = {symbol for relation in (*solution.assumptions, *regime.region) for symbol in relation.free_symbols}
    known |= {symbol for value in values.values() for symbol in value.free_symbols}
    return total if total.free_symbols <= known else None


def built(game: CoalitionGame, model: Model | None, solutions: tuple[Solution, ...]) -> CoalitionGame:
    """The game with its worths stated, its parameters and assumptions those of the model beside its own.

    Raises `StatementError` if the model or the solution of a protocol that is played is missing.
    """
    if model is None:
        raise StatementError("the worths are built from protocols: their model is needed", model=game.key)
    plays = tuple(_plays(game, solutions))
    names = Names(model, _taken(game, model))
    worths = worths_from_solutions(model, plays, names)
    instance = next((one for one in model.instances if one.key == game.instance), Instance("", ()))
    assumptions = tuple(dict.fromkeys(fact for _, solution in plays for fact in solution.assumptions))
    used = set().union(*(one.free_symbols for one in (*assumptions, *(worth for _, worth in worths))))
    used |= {symbol for item in names.definitions for symbol in item.value.free_symbols}
    parameters = tuple(parameter for parameter in (*model.parameters, *instance.parameters) if parameter.symbol in used)
    return replace(
        game,
        plays=(),
        instance="",
        worths=worths,
        parameters=(*parameters, *game.parameters),
        assumptions=(*assumptions, *game.assumptions),
        definitions=(*names.definitions, *game.definitions),
        named=(*(item.symbol for item in names.definitions), *game.named),
        abstract=" ".join(part for part in (game.abstract, _provenance(game, model)) if part),
    )


def _plays(game: CoalitionGame, solutions: tuple[Solution, ...]) -> Iterator[tuple[Coalition, Solution]]:
    solved = {solution.protocol: solution for solution in solutions if solution.instance == game.instance}
    for coalition, key in game.plays:
        if key not in solved:
            raise StatementError("no solution of the protocol that a coalition plays", model=game.key, protocol=key)
        yield coalition, solved[key]


def _taken(game: CoalitionGame, model: Model) -> set[str]:
    declared = [one.symbol for one in (*model.parameters, *game.parameters)] + [one.symbol for one in model.variables]
    declared += [one.symbol for one in (*model.definitions, *game.definitions)] + [member.share for member in game.players]
    return {symbol.name for symbol in declared}


def _provenance(game: CoalitionGame, model: Model) -> str:
    """Where the worths come from, in words."""
    titles = {protocol.key: protocol.title or protocol.key for protocol in model.protocols}
    told = "; ".join(f"{', '.join(group)} under \u201c{titles.get(key, key)}\u201d" for group, key in game.plays)
    noted: Mapping[str, str] = {one.key: one.note or one.key for one in model.instances}
    law = f" The random variables' law is {noted[game.instance]}." if game.instance in noted else ""
    return f"The worth of a coalition is what its members earn together in the solved protocol that it plays: {told}.{law}"
