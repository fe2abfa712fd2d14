"""What the verifiers of coalition arguments share: the statement's worths, exact comparison, and what premises establish."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from typing import Any

import sympy
from sympy import Expr, Rational, S, Symbol
from sympy.logic.boolalg import And, Boolean

from derive.check.coalition_whole import Numbers, by_coalition
from derive.check.zero import is_zero
from derive.coalition import steps as kinds
from derive.coalition.ir import CoalitionGame
from derive.steps import Step

Group = frozenset[str]


class Rejected(Exception):
    """A step that does not hold, with the reason."""


@dataclass
class Context:
    """The statement, what it assumes for the solution at hand, and the steps verified so far."""

    game: CoalitionGame
    assumptions: tuple[Boolean, ...]
    known: dict[str, Step] = field(default_factory=dict)
    memo: dict[tuple[str, str], Any] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The players' names."""
        return tuple(member.name for member in self.game.players)

    @property
    def sign(self) -> int:
        """+1 for worths that are earned, -1 for costs."""
        return 1 if self.game.kind == "value" else -1


def require(condition: object, reason: str) -> None:
    """Raise `Rejected` with the reason unless the condition is true."""
    if not condition:
        raise Rejected(reason)


def same(left: Expr, right: Expr) -> bool:
    """Whether two expressions are identical as functions."""
    if isinstance(left, Rational) and isinstance(right, Rational):
        return bool(left == right)
    difference = sympy.expand(sympy.sympify(left) - right)
    return bool(difference == 0) or (not difference.is_Rational and is_zero(difference))


# --- the game, from the statement ----------------------------------------------------------------------------------------


def groups(names: tuple[str, ...]) -> Iterator[Group]:
    """All nonempty coalitions."""
    return (frozenset(chosen) for size in range(1, len(names) + 1) for chosen in combinations(names, size))


def stated(game: CoalitionGame) -> dict[Group, Expr]:
    """The worth of every coalition as the statement has it, definitions put in."""
    names = tuple(member.name for member in game.players)
    if game.rule is None:
        worths = {frozenset(coalition): sympy.sympify(worth) for coalition, worth in game.worths}
    else:
        rule = put_in(game.rule, game)
        marks = {member.name: member.indicator for member in game.players if member.indicator is not None}
        numbers = by_coalition(rule, tuple(marks.values())) if rule.free_symbols <= set(marks.values()) else None
        if numbers is not None:
            return {
                frozenset(name for i, name in enumerate(names) if mask >> i & 1): Rational(worth.numerator, worth.denominator)
                for mask, worth in enumerate(numbers)
                if mask
            } | {frozenset(): S.Zero}
        worths = {}
        for group in groups(names):
            inside = {member.indicator: sympy.Integer(member.name in group) for member in game.players}
            worths[group] = rule.xreplace(inside)
    return {group: sympy.expand(put_in(worth, game)) for group, worth in worths.items()} | {frozenset(): S.Zero}


def put_in(expression: Any, game: CoalitionGame) -> Any:
    """An expression or relation with the statement's definitions put in, but for those that stay names."""
    for definition in reversed(game.definitions):
        if definition.symbol not in game.named:
            expression = expression.xreplace({definition.symbol: definition.value})
    return expression


def written_out(expression: Any, game: CoalitionGame) -> Any:
    """An expression or relation with all definitions put in."""
    for definition in reversed(game.definitions):
        expression = expression.xreplace({definition.symbol: definition.value})
    return expression


def _source(step: Step, context: Context) -> kinds.CharacteristicFunction:
    for label in step.uses:
        source = context.known.get(label)
        if isinstance(source, kinds.CharacteristicFunction):
            return source
    raise Rejected("no characteristic function among its premises")


def worths_of(step: Step, context: Context) -> dict[Group, Expr]:
    """The worths that the step's premises bring in."""
    source = _source(step, context)
    key = ("worths", source.label)
    if key not in context.memo:
        context.memo[key] = {frozenset(group): worth for group, worth in source.worths} | {frozenset(): S.Zero}
    return dict(context.memo[key])


def gains_of(step: Step, context: Context) -> dict[Group, Any]:
    """The worths as gains (costs with a minus sign), as fractions where all are numbers."""
    key = ("gains", _source(step, context).label)
    if key not in context.memo:
        gains = {group: context.sign * worth for group, worth in worths_of(step, context).items()}
        if all(isinstance(gain, Rational) for gain in gains.values()):
            gains = {group: Fraction(int(gain.p), int(gain.q)) for group, gain in gains.items()}
        context.memo[key] = gains
    return dict(context.memo[key])


def numbers_of(step: Step, context: Context) -> Numbers | None:
    """The gains as whole numbers by bit mask; None for symbolic worths."""
    key = ("numbers", _source(step, context).label)
    if key not in context.memo:
        gains = gains_of(step, context)
        plain = all(isinstance(gain, Fraction) for gain in gains.values())
        context.memo[key] = Numbers(gains, context.names) if plain else None
    found: Numbers | None = context.memo[key]
    return found


def expression(value: Expr | Fraction) -> Expr:
    """A fraction as an exact number; expressions as they are."""
    return Rational(value.numerator, value.denominator) if isinstance(value, Fraction) else value


def slack(relation: Boolean) -> Expr:
    """What a relation ``>=`` or ``>`` (or ``=``) claims to be nonnegative (zero)."""
    require(getattr(relation, "rel_op", "") in (">=", ">", "<=", "<", "=="), f"{relation} is not a comparison")
    return relation.lhs - relation.rhs if relation.rel_op in (">=", ">", "==") else relation.rhs - relation.lhs


def strict(relation: Boolean) -> bool:
    """Whether the relation excludes equality."""
    return relation.rel_op in (">", "<")


def facts(relations: Iterable[Boolean]) -> set[Boolean]:
    """The relations with conjunctions taken apart."""
    return {part for relation in relations for part in (relation.args if isinstance(relation, And) else (relation,))}


def established(step: Step, context: Context) -> dict[Symbol, Expr]:
    """The shares that the step's premises establish."""
    found: dict[Symbol, Expr] = {}
    for label in step.uses:
        source = context.known[label]
        if isinstance(source, kinds.ShapleyValue | kinds.BanzhafValue):
            found[source.share] = source.value
        elif isinstance(source, kinds.WeightedRevision):
            found |= {symbol: new for (symbol, _), new in zip(source.shares, source.revised, strict=True)}
        elif isinstance(source, kinds.TauValue | kinds.NucleolusChain):
            found |= dict(source.shares)
    return found
