"""Independent verification of arguments about coalition games: from the statement, by other formulas than the engine's.

Shapley values come from orders of arrival (from Harsanyi dividends beyond seven players), completeness of the balanced
collections from their published number, the nucleolus from its chain of dual weights. Nothing of the engine is imported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from itertools import combinations, permutations
from math import factorial
from typing import Any

import sympy
from sympy import Expr, Rational, S

from derive.check.coalition_alike import VERIFIERS as OF_PLAYERS_ALIKE
from derive.check.coalition_alike import attack_alike, is_alike
from derive.check.coalition_attack import attack_solution, dividends
from derive.check.coalition_base import (
    Context,
    Group,
    Rejected,
    established,
    expression,
    gains_of,
    groups,
    numbers_of,
    require,
    same,
    stated,
    worths_of,
)
from derive.check.coalition_linear import kink, linear_combination, partition, shown
from derive.check.coalition_nucleolus import nucleolus_chain
from derive.check.coalition_proved import comparison, sign
from derive.check.coalition_tau import tau_value
from derive.coalition import steps as kinds
from derive.coalition.ir import CoalitionGame
from derive.solution import Solution
from derive.steps import Sign, Step

__all__ = ["VERIFIERS", "Context", "Rejected", "verify_solutions", "verify_step"]

#: Number of minimal balanced collections on n players, the grand coalition included (Peleg 1965).
BALANCED_COLLECTIONS = {1: 1, 2: 2, 3: 6, 4: 42}


def verify_solutions(game: CoalitionGame, solutions: Iterable[Solution], points: int = 12) -> tuple[str, ...]:
    """What is wrong with these solutions, in their order: steps that do not hold, regimes that the definitions contradict.

    Empty when every step holds and every regime says, at `points` points, what the concept's definition gives.
    """
    known: dict[str, Step] = {}
    memo: dict[tuple[str, str], Any] = {}
    faults = []
    for solution in solutions:
        context = Context(game, solution.assumptions, known, memo)
        for proposition in solution.argument:
            for step in proposition.proof:
                try:
                    verify_step(step, context)
                except Rejected as reason:
                    faults.append(f"{solution.protocol}, {step.label}: {reason}")
                known[step.label] = step
        faults += attack_alike(game, solution, points) if is_alike(game) else attack_solution(game, solution, points)
    return tuple(faults)


def verify_step(step: Step, context: Context) -> None:
    """Raise `Rejected` unless the step holds in its context."""
    for label in step.uses:
        require(label in context.known, f"uses {label}, which is not shown before")
        earlier = context.known[label]
        require(set(earlier.given) <= set(step.given) | set(context.assumptions), f"uses {label} outside its region")
    require(
        getattr(step, "cost", context.sign < 0) == (context.sign < 0), "worths that are earned taken for costs, or the reverse"
    )
    verifier = VERIFIERS.get(type(step))
    require(verifier is not None, f"no verifier for {type(step).__name__}")
    assert verifier is not None
    verifier(step, context)


def characteristic_function(step: kinds.CharacteristicFunction, context: Context) -> None:
    truth = stated(context.game)
    listed = [frozenset(group) for group, _ in step.worths]
    require(sorted(map(sorted, listed)) == sorted(sorted(g) for g in truth if g), "not exactly every nonempty coalition")
    for choice in step.choices:
        kink(choice, step, context)
    for group, worth in step.worths:
        value = truth[frozenset(group)]
        for choice in step.choices:
            value = value.xreplace({choice.kink: choice.value})
        require(same(value, worth), f"the worth of {sorted(group)} is not the stated one")


def marginal_contributions(step: kinds.MarginalContributions, context: Context) -> None:
    worths = worths_of(step, context)
    n = len(context.names)
    others = [frozenset(), *(group for group in groups(context.names) if step.player not in group)]
    require(sorted(map(sorted, (row[0] for row in step.rows))) == sorted(map(sorted, others)), "not every coalition once")
    for coalition, weight, marginal in step.rows:
        size = len(coalition)
        require(weight == Rational(factorial(size) * factorial(n - 1 - size), factorial(n)), "a weight is wrong")
        joined = worths[frozenset(coalition) | {step.player}]
        require(same(marginal, joined - worths[frozenset(coalition)]), f"what is added to {sorted(coalition)} is wrong")


# --- values ----------------------------------------------------------------------------------------------------------------


def by_arrival(worths: Mapping[Group, Any], names: tuple[str, ...], player: str) -> Any:
    """A player's Shapley value: what it adds on arrival, averaged over all orders."""
    counts: dict[Group, int] = {}
    for order in permutations(names):
        before = frozenset(order[: order.index(player)])
        counts[before] = counts.get(before, 0) + 1
    total = sum((count * (worths[before | {player}] - worths[before]) for before, count in counts.items()), S.Zero)
    return total / factorial(len(names))


def shapley_value(step: kinds.ShapleyValue, context: Context) -> None:
    worths = worths_of(step, context)
    names = context.names
    require(context.game.member(step.player).share == step.share, "another player's symbol")
    numbers = numbers_of(step, context) if len(names) > 7 else None
    if len(names) <= 7:
        value = by_arrival(worths, names, step.player)
    elif numbers is not None:
        weights = {size: Fraction(1, size) for size in range(1, len(names) + 1)}
        value = context.sign * expression(numbers.weighted(step.player, weights))
    else:
        parts = dividends(worths, names)
        value = sympy.Add(*(part / len(group) for group, part in parts.items() if step.player in group))
    require(same(step.value, value), f"the Shapley value of {step.player} is not {step.value}")


def banzhaf_value(step: kinds.BanzhafValue, context: Context) -> None:
    numbers = numbers_of(step, context)
    require(context.game.member(step.player).share == step.share, "another player's symbol")
    if numbers is not None:
        weights = {size: Fraction(1, 2 ** (size - 1)) for size in range(1, len(context.names) + 1)}
        value = context.sign * expression(numbers.weighted(step.player, weights))
    else:
        parts = dividends(worths_of(step, context), context.names)
        value = sympy.Add(*(part / 2 ** (len(group) - 1) for group, part in parts.items() if step.player in group))
    require(same(step.value, value), f"the Banzhaf value of {step.player} is not {step.value}")


def efficiency(step: kinds.Efficiency, context: Context) -> None:
    worths = worths_of(step, context)
    require(same(step.total, worths[frozenset(context.names)]), "the total is not the grand coalition's worth")
    known = established(step, context)
    require(tuple(symbol for symbol, _ in step.shares) == tuple(m.share for m in context.game.players), "not all players")
    for symbol, value in step.shares:
        require(symbol in known and same(known[symbol], value), f"{symbol} = {value} is not shown before")
    require(same(sum((value for _, value in step.shares), S.Zero), step.total), "the shares do not sum to the total")


def weighted_revision(step: kinds.WeightedRevision, context: Context) -> None:
    revision = context.game.revision
    require(revision is not None and step.weights == revision.weights, "not the stated weights")
    require(revision is not None and step.domain == revision.assumptions, "not the stated bounds of the weights")
    total = worths_of(step, context)[frozenset(context.names)]
    known = established(step, context)
    n = len(context.names)
    require(len(step.shares) == len(step.revised) == len(step.weights) == n, "not all players")
    require(same(sum(step.weights, S.Zero), S.One), "the weights do not sum to one")
    for (symbol, old), weight, new in zip(step.shares, step.weights, step.revised, strict=True):
        require(symbol in known and same(known[symbol], old), f"{symbol} = {old} is not shown before")
        require(same(n * (new - old), (n * weight - 1) * total), f"the revision of {symbol} is wrong")


# --- properties ------------------------------------------------------------------------------------------------------------


def lowest(row: tuple[Expr, Expr | Fraction], smallest: Fraction) -> None:
    """The one row of a numeric game states its own slack, and that is the smallest of all."""
    stated_slack, own = row
    require(same(stated_slack, expression(own)), f"the slack of {stated_slack} is wrong")
    require(own == smallest, "not the least of all")


def listed(rows: dict[Any, Expr], truth: Mapping[Any, Any], least: bool) -> None:
    """The rows are all of the truth; or, with ``least``, one of the smallest."""
    require(least or set(rows) == set(truth), "not every requirement is listed")
    require(not least or (len(rows) == 1 and set(rows) <= set(truth)), "not one of the requirements")
    for key, value in rows.items():
        require(same(value, expression(truth[key])), f"the slack of {value} is wrong")
    if least:
        smallest = min(truth.values())
        require(all(same(value, expression(smallest)) for value in rows.values()), "not the least of all")


def superadditivity(step: kinds.Superadditivity, context: Context) -> None:
    gains = gains_of(step, context)
    numbers = numbers_of(step, context)
    if step.least and numbers is not None:
        require(len(step.rows) == 1, "not one of the requirements")
        one, two = (frozenset(group) for group in step.rows[0][:2])
        require(bool(one) and bool(two) and not one & two, "not one of the requirements")
        lowest((step.rows[0][2], gains[one | two] - gains[one] - gains[two]), numbers.least_joining())
        return
    everyone = list(groups(context.names))
    truth = {
        frozenset((one, two)): gains[one | two] - gains[one] - gains[two]
        for one, two in combinations(everyone, 2)
        if not one & two
    }
    rows = {frozenset((frozenset(one), frozenset(two))): value for one, two, value in step.rows}
    require(len(rows) == len(step.rows), "a pair is listed twice")
    listed(rows, truth, step.least)


def convexity(step: kinds.Convexity, context: Context) -> None:
    gains = gains_of(step, context)
    names = context.names
    numbers = numbers_of(step, context)
    if step.least and numbers is not None:
        require(len(step.rows) == 1, "not one of the requirements")
        one, two = (frozenset(group) for group in step.rows[0][:2])
        require(len(one - two) == len(two - one) == 1, "not one of the requirements")
        lowest((step.rows[0][2], gains[one | two] - gains[one] - gains[two] + gains[one & two]), numbers.least_bend())
        return
    truth = {}
    for base in (frozenset(), *groups(names)):
        for i, j in combinations([name for name in names if name not in base], 2):
            one, two = base | {i}, base | {j}
            truth[frozenset((one, two))] = gains[one | two] - gains[one] - gains[two] + gains[base]
    rows = {frozenset((frozenset(one), frozenset(two))): value for one, two, value in step.rows}
    require(len(rows) == len(step.rows), "a pair is listed twice")
    listed(rows, truth, step.least)


def core_membership(step: kinds.CoreMembership, context: Context) -> None:
    gains = gains_of(step, context)
    require(tuple(symbol for symbol, _ in step.shares) == tuple(m.share for m in context.game.players), "not all players")
    shares = dict(zip(context.names, (value for _, value in step.shares), strict=True))
    if all(isinstance(value, Rational) for value in shares.values()):
        exact = {name: Fraction(int(value.p), int(value.q)) for name, value in shares.items()}
    else:
        exact = shares
    grand = frozenset(context.names)
    numbers = numbers_of(step, context)
    if step.least and numbers is not None and exact is not shares:
        require(len(step.rows) == 1, "not one of the requirements")
        paid = {name: context.sign * share for name, share in exact.items()}
        require(sum(paid.values()) == gains[grand], "the allocation is not efficient")
        group = frozenset(step.rows[0][0])
        require(bool(group) and group != grand, "not one of the requirements")
        own = sum((paid[name] for name in group), Fraction(0)) - gains[group]
        lowest((step.rows[0][1], own), numbers.least_kept([paid[name] for name in context.names]))
        return
    kept = {group: context.sign * sum(exact[name] for name in sorted(group)) for group in groups(context.names)}
    require(same(expression(kept[grand]), expression(gains[grand])), "the allocation is not efficient")
    truth = {group: total - gains[group] for group, total in kept.items() if group != grand}
    rows = {frozenset(group): value for group, value in step.rows}
    require(len(rows) == len(step.rows), "a coalition is listed twice")
    listed(rows, truth, step.least)


def balanced(collection: Iterable[Group], weights: Iterable[Expr], names: tuple[str, ...]) -> bool:
    """Whether positive weights cover every player exactly once."""
    pairs = list(zip(collection, weights, strict=True))
    covered = all(sum((weight for group, weight in pairs if name in group), S.Zero) == 1 for name in names)
    return covered and all(weight > 0 for _, weight in pairs)


def balancedness(step: kinds.Balancedness, context: Context) -> None:
    gains = gains_of(step, context)
    names = context.names
    grand = frozenset(names)
    require(len(names) in BALANCED_COLLECTIONS, "the number of minimal balanced collections is not known here")
    seen = set()
    for coalitions, weights, value in step.rows:
        collection = [frozenset(group) for group in coalitions]
        require(balanced(collection, weights, names), "a collection is not balanced by its weights")
        matrix = sympy.Matrix([[int(name in group) for name in names] for group in collection])
        require(matrix.rank() == len(collection) and grand not in collection, "a collection is not minimal")
        seen.add(frozenset(collection))
        total = sum((weight * expression(gains[group]) for group, weight in zip(collection, weights, strict=True)), S.Zero)
        require(same(value, expression(gains[grand]) - total), "a slack is wrong")
    complete = len(seen) == len(step.rows) == BALANCED_COLLECTIONS[len(names)] - 1
    require(complete, "not every minimal balanced collection is listed once")


def core_element(step: kinds.CoreElement, context: Context) -> None:
    numbers = numbers_of(step, context)
    require(numbers is not None and all(isinstance(share, Rational) for share in step.point), "not a division of numbers")
    assert numbers is not None
    require(len(step.point) == len(context.names), "not all players")
    shares = [context.sign * Fraction(int(share.p), int(share.q)) for share in step.point]
    require(sum(shares) == numbers.exact[-1], "the total is off")
    require(len(shares) == 1 or numbers.least_kept(shares) >= 0, "a coalition does better alone")


def empty_core(step: kinds.EmptyCore, context: Context) -> None:
    gains = gains_of(step, context)
    collection = [frozenset(group) for group in step.coalitions]
    require(balanced(collection, step.weights, context.names), "the weights do not balance")
    total = sum((weight * expression(gains[group]) for group, weight in zip(collection, step.weights, strict=True)), S.Zero)
    require(same(step.excess, total - expression(gains[frozenset(context.names)])), "the excess is wrong")
    require(step.excess.is_Rational and step.excess > 0, "there is no excess")


def core_of_convex(step: kinds.CoreOfConvex, context: Context) -> None:
    """Every slack that convexity asks for is shown not to be negative, by a premise or as it stands."""
    premises = [context.known[label] for label in step.uses]
    criterion = next((one for one in premises if isinstance(one, kinds.Convexity)), None)
    require(criterion is not None, "convexity is not among the premises")
    assert criterion is not None
    require(not criterion.least, "not every requirement is listed")
    proofs = [one for one in premises if isinstance(one, kinds.Comparison | kinds.LinearCombination | Sign)]
    relations = (*(one.relation for one in proofs), *context.assumptions, *step.given)
    for _, _, value in criterion.rows:
        require(shown(sympy.Ge(value, 0), relations), f"{value} is not shown to be at least zero")


VERIFIERS: dict[type[Step], Callable[[Any, Context], None]] = {
    kinds.Balancedness: balancedness,
    kinds.BanzhafValue: banzhaf_value,
    kinds.CharacteristicFunction: characteristic_function,
    kinds.Comparison: comparison,
    kinds.Convexity: convexity,
    kinds.CoreElement: core_element,
    kinds.CoreMembership: core_membership,
    kinds.CoreOfConvex: core_of_convex,
    kinds.Efficiency: efficiency,
    kinds.EmptyCore: empty_core,
    kinds.LinearCombination: linear_combination,
    kinds.MarginalContributions: marginal_contributions,
    kinds.NucleolusChain: nucleolus_chain,
    kinds.Partition: partition,
    kinds.ShapleyValue: shapley_value,
    Sign: sign,
    kinds.Superadditivity: superadditivity,
    kinds.TauValue: tau_value,
    kinds.WeightedRevision: weighted_revision,
    **OF_PLAYERS_ALIKE,
}
