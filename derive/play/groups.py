"""Groups of identical players: what one member sees, and what is known of sums over a group.

While one member decides, all others of its group make the same choice, under a symbol of its own: a sum over ``n`` members is
one member's term and ``n - 1`` of the others'. Who does not belong to the group sees ``n`` equal terms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Expr, Integer, Symbol, true
from sympy.logic.boolalg import Boolean

from derive.decision.bounds import interval
from derive.decision.hill import value_at
from derive.decision.problem import Journal, restriction, unique
from derive.errors import Refusal
from derive.field import normal
from derive.ir import Decision, Model, Player, Protocol, other
from derive.law.lower import substitute_definitions
from derive.members import Member
from derive.placed import normal_at
from derive.prove import prove

__all__ = ["Group", "group_of", "groups_of", "seen", "seen_sums"]


@dataclass(frozen=True)
class Group:
    """The identical players called `name`: how many they are, what each chooses at `stage`, and the sums spoken of."""

    name: str
    count: Expr
    stage: int
    chooses: tuple[Symbol, ...]
    sums: tuple[tuple[Symbol, Expr], ...]

    @property
    def others(self) -> tuple[tuple[Symbol, Symbol], ...]:
        """Each choice of a member with the symbol for the choice of every other member."""
        return tuple((symbol, other(symbol)) for symbol in self.chooses)

    @property
    def alike(self) -> dict[Symbol, Symbol]:
        """The others' choices replaced by the member's own, as in a symmetric equilibrium."""
        return {theirs: own for own, theirs in self.others}

    def seen_by_member(self) -> dict[Symbol, Expr]:
        """The sums while one member decides: its own term and the others' equal ones."""
        others = dict(self.others)
        return {symbol: of + (self.count - 1) * of.xreplace(others) for symbol, of in self.sums}

    def seen_from_outside(self) -> dict[Symbol, Expr]:
        """The sums where all members choose alike."""
        return {symbol: self.count * of for symbol, of in self.sums}

    def totals(self, values: dict[Symbol, Expr]) -> tuple[tuple[Symbol, Expr], ...]:
        """The sums where every member's choices are `values`."""
        return tuple((symbol, normal_at(value, values)) for symbol, value in self.seen_from_outside().items())

    def apart(self, payoff: Expr, rivals: Sequence[Boolean], given: Sequence[Boolean]) -> tuple[Boolean, ...]:
        """The others' choice above its lower bound, where a member's payoff is not defined if all choose that bound."""
        if len(self.chooses) != 1:
            return ()
        ((own, theirs),) = self.others
        lows = _lower_bounds(theirs, rivals, given)
        return tuple(theirs > low for low in lows if value_at(payoff, {own: low, theirs: low}, given) is None)

    def facts(self, domain: Sequence[Boolean], given: Sequence[Boolean]) -> tuple[Boolean, ...]:
        """What the bounds on a member's choices say of the sums: bounds on a choice hold for the mean, signs of a term for the sum."""
        found: list[Boolean] = []
        for symbol, of in self.sums:
            if of in self.chooses:
                found += [_summed(relation, of, symbol, self.count) for relation in domain if of in relation.free_symbols]
            elif prove(of >= 0, (*given, *domain)) is not None:
                found.append(symbol >= 0)
        return unique(found)


def _lower_bounds(choice: Symbol, domain: Sequence[Boolean], given: Sequence[Boolean]) -> list[Expr]:
    """The values at which closed bounds hold a choice from below."""
    restrictions = [restriction("", relation) for relation in domain if choice in relation.free_symbols]
    return [bound.value for bound in interval(choice, restrictions, given).lower if not bound.strict]


def _summed(relation: Boolean, choice: Symbol, total: Symbol, count: Expr) -> Boolean:
    """A bound on each member's choice as a bound on the sum of all."""
    bound = restriction("", relation)
    slope = bound.slack.diff(choice)
    if choice in slope.free_symbols:
        return true
    slack = normal(slope * total + count * bound.slack.xreplace({choice: Integer(0)}))
    return slack > 0 if bound.strict else slack >= 0


def groups_of(model: Model, protocol: Protocol) -> tuple[Group, ...]:
    """The groups that decide in a protocol. Raises Refusal for one that decides in several stages."""
    found = []
    for player in model.players:
        sums = _sums(model, player.name)
        if player.count == 1 and not sums:
            continue
        moves = [
            (number, decision)
            for number, stage in enumerate(protocol.stages, 1)
            for decision in stage.decisions
            if player.name in decision.by
        ]
        if len(moves) > 1:
            raise Refusal(
                "identical players who decide in several stages are not derived", model=model.key, protocol=protocol.key,
                player=player.name,
            )  # fmt: skip
        for number, decision in moves:
            found.append(Group(player.name, player.count, number, decision.chooses, sums))
    return tuple(found)


def _sums(model: Model, name: str) -> tuple[tuple[Symbol, Expr], ...]:
    return tuple(
        (one.symbol, substitute_definitions(one.of, model.definitions)) for one in model.aggregates if one.over == name
    )


def group_of(decision: Decision, groups: Sequence[Group]) -> Group | None:
    """The group that takes a decision, each member for itself; None for an ordinary decision."""
    return next((group for group in groups if decision.by == (group.name,)), None)


def seen_sums(deciding: Sequence[Group], decision: Decision) -> dict[Symbol, Expr]:
    """The sums over groups that decide at a stage, as those who take one of its decisions see them."""
    found: dict[Symbol, Expr] = {}
    for group in deciding:
        found |= group.seen_by_member() if decision.by == (group.name,) else group.seen_from_outside()
    return found


def seen(deciding: Sequence[Group], decision: Decision, player: Player, payoff: Expr, journal: Journal) -> Expr:
    """The payoff of one of those who take a decision, with the sums over groups that decide at that stage written out."""
    for group in deciding:
        own = decision.by == (group.name,)
        sums = group.seen_by_member() if own else group.seen_from_outside()
        if not payoff.free_symbols & set(sums):
            continue
        after = normal_at(payoff, sums)
        journal.add(
            Member,
            group=group.name,
            count=group.count,
            others=group.others if own else (),
            payoff=player.payoff,
            before=payoff,
            sums=tuple(sums.items()),
            after=after,
        )
        payoff = after
    return payoff
