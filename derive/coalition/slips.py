"""What slip of the pen turns a derived Shapley value into the digits that a paper prints.

The table that authors fill in by hand has one column per coalition of the others: worth with the player, worth without,
the difference, the weight, the product. Every single slip in it is tried, then every pair of slips in different columns. What
is returned reproduces the digits; that it is what happened is more than arithmetic can show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import factorial

from derive.coalition.ir import CoalitionGame
from derive.coalition.table import Table, members, table
from derive.coalition.values import shapley_fractions
from derive.ir import PrintedNumber

__all__ = ["Slip", "explain", "misprint", "rounds_to", "slips"]

#: Kinds of slip, from the likeliest: what a reader should be told first.
KINDS = (
    "subtraction omitted",
    "another coalition's worth subtracted",
    "another coalition's worth taken",
    "a player's value taken for a worth",
    "weight of another size",
    "column left out",
    "column counted twice",
    "subtracted with the wrong sign",
    "two figures interchanged",
    "division by another number",
)


@dataclass(frozen=True)
class Slip:
    """One slip: what was done at which coalition (of the others, a mask), with what, and the value that results.

    `places` are the coalitions in whose columns it was made, as they are printed.
    """

    kind: str
    player: int
    coalition: int | None
    detail: str
    value: Fraction
    places: tuple[str, ...] = ()


def rounds_to(value: Fraction, digits: str) -> bool:
    """Whether the value, rounded to as many decimals as are printed, gives the printed digits (half-way cases either way)."""
    places = max(0, -int(Decimal(digits).as_tuple().exponent))
    return abs(value - Fraction(digits)) <= Fraction(1, 2 * 10**places)


def explain(game: Table, player: int, digits: str) -> tuple[tuple[Slip, ...], ...]:
    """The fewest slips in a player's table that reproduce the printed digits: all single ones, or all pairs if there is none.

    Likely kinds come first. Empty when the digits are right, or when no two slips explain them. Raises ValueError for symbolic
    worths.
    """
    right = _sum(_rows(game.fractions(), game.n, player))
    if rounds_to(right, digits):
        return ()
    every = tuple(slips(game, player))
    single = [(slip,) for slip in every if rounds_to(slip.value, digits)]
    if single:
        return tuple(sorted(single, key=_likely))
    inside = [slip for slip in every if slip.coalition is not None and slip.kind != "two figures interchanged"]
    pairs = [
        (one, two)
        for one, two in combinations(inside, 2)
        if one.coalition != two.coalition and rounds_to(one.value + two.value - right, digits)
    ]
    return tuple(sorted(pairs, key=_likely))


def _likely(explanation: tuple[Slip, ...]) -> tuple[tuple[int | str, ...], ...]:
    return tuple((KINDS.index(slip.kind), slip.coalition or 0, *slip.places, slip.detail) for slip in explanation)


def misprint(game: CoalitionGame, item: PrintedNumber) -> str:
    """Why a printed Shapley share cannot be right, and the fewest slips that turn the derived one into the printed digits.

    Empty for other quantities, for a point that leaves worths symbolic, and for digits that are right.
    """
    position = next((i for i, member in enumerate(game.players) if member.share == item.symbol), None)
    symbolic = table(game)
    numbers = replace(symbolic, worths=tuple(worth.xreplace(dict(item.at)) for worth in symbolic.worths))
    if position is None or item.protocol != "shapley" or not numbers.numeric:
        return ""
    shares = shapley_fractions(numbers.fractions())
    if rounds_to(shares[position], item.digits):
        return ""
    total = numbers.fractions()[-1]
    with_it = sum(shares, Fraction(item.digits)) - shares[position]
    text = f"any Shapley value sums to V(N) = {total}; with {item.digits} in place of {shares[position]} the sum is {_decimal(with_it)}. "
    found = explain(numbers, position, item.digits)
    if not found:
        return text + "No one or two slips in the table of marginal contributions give the printed digits."
    tried = len(tuple(slips(numbers, position)))
    kind = "single slip" if len(found[0]) == 1 else "pair of slips"
    which = f"The only {kind}" if len(found) == 1 else f"The likeliest of {len(found)} {kind}s"
    details = "; and ".join(f"{slip.kind}, {_where(slip)}{slip.detail}" for slip in found[0])
    return f"{text}{which} that gives the printed digits, with {tried} single ones tried: {details}."


def _where(slip: Slip) -> str:
    """In the column of which coalition a slip was made, in words; nothing where it was made in none."""
    joined = " and ".join("nobody" if place == "{}" else place for place in slip.places)
    return f"where the player joins {joined}, " if joined else ""


def _decimal(value: Fraction) -> str:
    """A fraction as a decimal where it is one, else as it is."""
    scaled = value * 10**6
    return f"{float(value):g}" if scaled.denominator == 1 and abs(value) < 10**5 else str(value)


@dataclass(frozen=True)
class _Row:
    coalition: int
    joined: Fraction
    alone: Fraction
    weight: Fraction

    @property
    def product(self) -> Fraction:
        return (self.joined - self.alone) * self.weight


def _rows(worths: tuple[Fraction, ...], n: int, player: int) -> tuple[_Row, ...]:
    bit = 1 << player
    return tuple(
        _Row(mask, worths[mask | bit], worths[mask], _weight(mask.bit_count(), n))
        for mask in sorted((mask for mask in range(1 << n) if not mask & bit), key=lambda mask: (mask.bit_count(), mask))
    )


def _weight(size: int, n: int) -> Fraction:
    return Fraction(factorial(size) * factorial(n - 1 - size), factorial(n))


def _sum(rows: tuple[_Row, ...]) -> Fraction:
    return sum((row.product for row in rows), Fraction(0))


def slips(game: Table, player: int) -> Iterator[Slip]:
    """Every single slip in the player's table that changes the value, with the value that results."""
    worths = game.fractions()
    rows = _rows(worths, game.n, player)
    right = _sum(rows)
    shares = shapley_fractions(worths)
    bit = 1 << player

    def name(mask: int) -> str:
        return "{" + ", ".join(game.players[i] for i in members(mask)) + "}"

    for row in rows:
        rest = right - row.product
        at = row.coalition

        def made(kind: str, detail: str, product: Fraction, rest: Fraction = rest, at: int = at) -> Slip:
            return Slip(kind, player, at, detail, rest + product, (name(at),))

        if row.alone:
            detail = f"V{name(at)} not subtracted from V{name(at | bit)}"
            yield made("subtraction omitted", detail, row.joined * row.weight)
            detail = f"V{name(at)} added to V{name(at | bit)} instead of subtracted"
            yield made("subtracted with the wrong sign", detail, (row.joined + row.alone) * row.weight)
        for other in range(1, len(worths)):
            if worths[other] != row.alone and other not in (at, at | bit):
                detail = f"V{name(other)} subtracted instead of V{name(at)}"
                yield made("another coalition's worth subtracted", detail, (row.joined - worths[other]) * row.weight)
            if worths[other] != row.joined and other != at | bit:
                detail = f"V{name(other)} taken instead of V{name(at | bit)}"
                yield made("another coalition's worth taken", detail, (worths[other] - row.alone) * row.weight)
        for other, share in enumerate(shares):
            if other != player and share not in (row.joined, row.alone):
                detail = f"the value {share} of {game.players[other]} stands for V{name(at | bit)}"
                yield made("a player's value taken for a worth", detail, (share - row.alone) * row.weight)
                if row.alone:
                    detail = f"the value {share} of {game.players[other]} stands for V{name(at)}"
                    yield made("a player's value taken for a worth", detail, (row.joined - share) * row.weight)
        for size in range(game.n):
            weight = _weight(size, game.n)
            if weight != row.weight:
                detail = f"weight {weight} of coalitions of size {size} instead of {row.weight}"
                yield made("weight of another size", detail, (row.joined - row.alone) * weight)
        if row.product:
            yield made("column left out", "not added", Fraction(0))
            yield made("column counted twice", "added twice", 2 * row.product)
    yield from _interchanged(rows, player, right, name)
    for divisor in range(1, factorial(game.n) + 1):
        if right and divisor not in (0, factorial(game.n)):
            value = right * factorial(game.n) / divisor
            yield Slip("division by another number", player, None, f"divided by {divisor} instead of n!", value)


def _interchanged(rows: tuple[_Row, ...], player: int, right: Fraction, name: Callable[[int], str]) -> Iterator[Slip]:
    for i, one in enumerate(rows):
        for two in rows[i + 1 :]:
            rest = right - one.product - two.product
            places = (name(one.coalition), name(two.coalition))
            swapped = (one.joined - two.alone) * one.weight + (two.joined - one.alone) * two.weight
            if swapped != one.product + two.product:
                yield Slip("two figures interchanged", player, one.coalition, "worths subtracted", rest + swapped, places)
            crossed = (one.joined - one.alone) * two.weight + (two.joined - two.alone) * one.weight
            if crossed != one.product + two.product:
                yield Slip("two figures interchanged", player, one.coalition, "weights", rest + crossed, places)
