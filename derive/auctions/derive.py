"""From the statement of an auction to its symmetric equilibrium, format by format: who bids, what they expect, what they bid."""

from __future__ import annotations

from dataclasses import dataclass

import sympy
from sympy import Expr, Integer, Symbol
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import oriented, power
from derive.algebra.shape import readable
from derive.auctions.ir import Auction, Format
from derive.auctions.steps import AllPay, BiddingTypes, EnvelopePayoff, ExpectedPayments, TruthfulBid, WinnerPays, WinningChance
from derive.auctions.types import rules_of, types_of
from derive.auctions.validate import validate_auction
from derive.certificates import Certificate
from derive.decision.problem import Journal, unique
from derive.errors import Refusal
from derive.field import normal
from derive.prove import prove, refute, required
from derive.solution import Case, Proposition, Regime, Solution

__all__ = ["derive_auction"]

Pairs = tuple[tuple[Symbol, Expr], ...]
Signed = tuple[tuple[Boolean, Certificate | None], ...]


def derive_auction(auction: Auction) -> tuple[Solution, ...]:
    """The symmetric equilibrium under each format. Raises StatementError and Refusal."""
    validate_auction(auction)
    found = []
    for one in auction.formats:
        try:
            found.append(_Argument(auction, one).solution())
        except Refusal as refusal:
            raise refusal.located(model=auction.key, protocol=one.key) from None
    return tuple(found)


@dataclass(frozen=True)
class _Entry:
    """Who bids on a region of the parameters: the types better than a cut-off; nobody where that is None."""

    region: tuple[Boolean, ...]
    cutoff: Expr | None


@dataclass(frozen=True)
class _Start:
    """The worst type that bids: its distance from the worst of all, that times its chance to win, and the chance that nobody bids
    but for one exponent: the share of types that stay away, to the number of bidders."""

    distance: Expr
    reached: Expr
    share: Expr


class _Argument:
    """The argument for one format."""

    def __init__(self, auction: Auction, one: Format) -> None:
        self.auction, self.format = auction, one
        self.types, self.rules = types_of(auction), rules_of(auction, one)
        self.theta, self.b = auction.type.symbol, auction.bid.symbol
        self.journal = Journal(one.key)
        low, high = (sympy.sympify(end) for end in auction.support)
        self.support = (self.theta >= low, self.theta <= high)
        self.given = unique((*auction.assumptions, low < high, self.types.bidders >= 2))
        self.inside = unique((*self.given, self.theta > low, self.theta < high))

    def solution(self) -> Solution:
        self.journal.add(
            WinningChance,
            type=self.theta,
            law=self.auction.type.law,
            bidders=self.types.bidders,
            lowest_wins=self.auction.lowest_wins,
            worth=self.rules.worth,
            slope=self.rules.slope,
            worst=self.types.worst,
            chance=self.types.chance,
        )
        self.prices()
        first = self.journal.taken()
        truthful = self.truthful() if self.rules.own == 0 and self.rules.loses == 0 else None
        cases = [case for entry in self.entries() for case in self.cases(entry, truthful)]
        regimes = tuple(Regime(str(i), region, values, active=active) for i, (region, values, active) in enumerate(cases, 1))
        key = self.format.key
        theorem = tuple(Case(regime.region, regime.values) for regime in regimes)
        argument = (
            Proposition(f"{key}.chance", "lemma", "The chance to win", self.told(), (), first),
            Proposition(
                f"{key}.equilibrium",
                "theorem",
                self.format.title,
                "In the symmetric equilibrium",
                theorem,
                self.journal.taken()[len(first) :],
            ),
        )
        return Solution(self.auction.key, key, "", (*self.given, *self.support), regimes, argument)

    def told(self) -> str:
        what = "lower" if self.auction.lowest_wins else "higher"
        return f"If all bid by the same function of their type, and {what} types more keenly, the keenest type wins."

    def prices(self) -> None:
        """Bids are paid by winner or loser, none is paid for. Raises Refusal where that is not proved."""
        rules, side = self.rules, self.types.side
        for value in (rules.own, rules.rival, rules.loses):
            if value != 0:
                told = (
                    "it is not shown that a keener bid costs more"
                    if side > 0
                    else "it is not shown that a keener bid earns less"
                )
                required(side * value < 0, self.given, told)
        if rules.own == rules.rival == rules.loses == 0:
            raise Refusal("nobody pays for a bid", symbol=self.b.name)
        if rules.loses != 0 and rules.rival != 0:
            raise Refusal("losers pay their bids and winners a rival's: no closed form is known", symbol=self.b.name)

    # --- who bids

    def entries(self) -> list[_Entry]:
        """Who bids, by cases of the reserve price."""
        if self.auction.reserve is None:
            return [_Entry((), self.types.worst)]
        levels = self.levels()
        everybody, nobody = sympy.Ge(levels[0], 0), sympy.Le(levels[1], 0)
        some = (sympy.Lt(levels[0], 0), sympy.Gt(levels[1], 0))
        found = []
        for relations, cutoff in (((everybody,), self.types.worst), (some, self.marginal()), ((nobody,), None)):
            left = [r for r in relations if r != sympy.true and (r == sympy.false or prove(r, self.given) is None)]
            if sympy.false in left or (left and refute((*self.given, *left)) is not None):
                continue
            found.append(_Entry(tuple(readable(r, self.given) for r in left), cutoff))
        return found

    def levels(self) -> tuple[Expr, Expr]:
        """What has the sign of what the worst and the best type earn by the least admissible bid if no other bids."""
        rules, reserve = self.rules, sympy.sympify(self.auction.reserve)
        ends = [self.types.of(rules.worth, end) for end in (self.types.worst, self.types.best)]
        if rules.loses == 0:
            return normal(ends[0] + (rules.own + rules.rival) * reserve), normal(ends[1] + (rules.own + rules.rival) * reserve)
        if normal(rules.own - rules.loses) != 0 or normal(ends[0]) != 0:
            raise Refusal("with payments by losers and a reserve price who bids has no closed form", symbol=self.b.name)
        required(sympy.sympify(reserve) > 0, self.given, "the reserve price is not shown to be positive")
        return normal(rules.loses * reserve), normal(ends[1] + rules.loses * reserve)

    def marginal(self) -> Expr:
        """The type that earns nothing by the least admissible bid."""
        rules, types, reserve = self.rules, self.types, sympy.sympify(self.auction.reserve)
        steep = abs(rules.slope)
        if rules.loses == 0:
            price = -(rules.own + rules.rival) * reserve
            return types.at(normal((price - types.of(rules.worth, types.worst)) / steep))
        level, more = types.length**types.power, normal(types.power + 1)
        return types.worst + types.side * power(self.least_paid(), 1 / more, self.given) * power(level, 1 / more, self.given)

    # --- one case

    def cases(self, entry: _Entry, truthful: Expr | None) -> list[tuple[tuple[Boolean, ...], Pairs, tuple[str, ...]]]:
        """The regimes of one case of the parameters: the types that bid, and those that stay away."""
        auction, types = self.auction, self.types
        here = (*self.given, *entry.region)
        if auction.reserve is not None:
            self.bidding(entry, here)
        if entry.cutoff is None:
            return [(entry.region, self.reported(None, Integer(0), Integer(0)), ("nobody bids",))]
        start = self.start(entry.cutoff)
        earned = self.earned(entry, start)
        bid = truthful if truthful is not None else self.bid(entry, start, earned)
        value = self.payments(entry, start, earned)
        beyond = self.theta >= entry.cutoff if types.side > 0 else self.theta <= entry.cutoff
        if entry.cutoff == types.worst:
            return [(entry.region, self.reported(bid, earned, value), ())]
        away = self.theta < entry.cutoff if types.side > 0 else self.theta > entry.cutoff
        told = (*entry.region, away), self.reported(None, Integer(0), value), ("stays away",)
        return [((*entry.region, beyond), self.reported(bid, earned, value), ()), told]

    def bidding(self, entry: _Entry, here: tuple[Boolean, ...]) -> None:
        levels, types = self.levels(), self.types
        if entry.cutoff is None:
            claims: tuple[Boolean, ...] = (sympy.Le(levels[1], 0),)
        elif entry.cutoff == types.worst:
            claims = (sympy.Ge(levels[0], 0),)
        else:
            claims = (sympy.Lt(levels[0], 0), sympy.Gt(levels[1], 0))
        order = tuple((claim, required(claim, here, f"{claim} is not proved")) for claim in claims)
        self.journal.add(
            BiddingTypes,
            given=entry.region,
            type=self.theta,
            win=self.format.win,
            lose=self.format.lose,
            worst=types.worst,
            best=types.best,
            reserve=sympy.sympify(self.auction.reserve),
            levels=levels,
            cutoff=entry.cutoff,
            order=order,
        )

    def region(self, entry: _Entry) -> tuple[Boolean, ...]:
        """What is known of a type that bids."""
        assert entry.cutoff is not None
        if entry.cutoff == self.types.worst:
            return entry.region
        bids = self.theta > entry.cutoff if self.types.side > 0 else self.theta < entry.cutoff
        return (*entry.region, bids)

    def start(self, cutoff: Expr) -> _Start:
        types, zero = self.types, Integer(0)
        if cutoff == types.worst:
            return _Start(zero, zero, zero)
        most = normal(types.power + types.exponent)
        if self.rules.loses == 0:
            away = types.away(cutoff)
            return _Start(away, away ** normal(types.power + 1) / types.length**types.power, (away / types.length) ** most)
        reached = self.least_paid()
        share = (reached / types.length) ** normal(most / (types.power + 1))
        return _Start(types.side * (cutoff - types.worst), reached, share)

    def least_paid(self) -> Expr:
        """What the marginal type pays where losers pay, in units of the slope of the worth."""
        return oriented(normal(-self.rules.loses * sympy.sympify(self.auction.reserve) / abs(self.rules.slope)), self.given)

    def earned(self, entry: _Entry, start: _Start) -> Expr:
        types = self.types
        steep, more = abs(self.rules.slope), normal(types.power + 1)
        value = steep / more * types.distance**more / types.length**types.power - steep / more * start.reached
        self.journal.add(
            EnvelopePayoff,
            given=entry.region,
            type=self.theta,
            cutoff=entry.cutoff,
            slope=self.rules.slope,
            chance=types.chance,
            earned=value,
        )
        return value

    def bid(self, entry: _Entry, start: _Start, earned: Expr) -> Expr:
        if self.rules.loses != 0:
            return self.bid_of_all(entry, start, earned)
        rules, types = self.rules, self.types
        price = normal(rules.own + rules.rival)
        share = normal(price / rules.own)
        steep, more = abs(rules.slope), normal(types.power * share + 1)
        before = start.distance**more / types.distance ** normal(more - 1) if start.distance != 0 else Integer(0)
        margin = steep * (types.distance - before) / more
        value = oriented(normal((steep * types.distance / more - rules.worth) / price), self.inside)
        value -= normal(steep / (more * price)) * before
        self.journal.add(
            WinnerPays,
            given=entry.region,
            type=self.theta,
            cutoff=entry.cutoff,
            win=self.format.win,
            own=self.b,
            rival=self.auction.rival,
            worth=rules.worth,
            slope=rules.slope,
            chance=types.chance,
            earned=earned,
            power=share,
            margin=margin,
            bid=value,
        )
        return value

    def bid_of_all(self, entry: _Entry, start: _Start, earned: Expr) -> Expr:
        rules, types = self.rules, self.types
        chance = types.chance
        least = normal(types.of(rules.worth, types.worst))
        steep, more = abs(rules.slope), normal(types.power + 1)
        moving = types.distance**more / types.length**types.power
        paid = ((least, chance), (normal(steep * types.power / more), moving), (normal(steep / more), start.reached))
        parts = normal(rules.own - rules.loses)
        scale = -rules.loses if parts == 0 else sympy.S.One
        value = sympy.Add(*(normal(rate / scale) * part for rate, part in paid))
        if parts != 0:
            value = -value / (parts * chance + rules.loses)
        claim = sympy.Ge(least, 0)
        certificate = required(claim, (*self.given, *entry.region), "winning is not shown to be worth something to all")
        self.journal.add(
            AllPay,
            given=entry.region,
            type=self.theta,
            win=self.format.win,
            lose=self.format.lose,
            own=self.b,
            rival=self.auction.rival,
            worth=rules.worth,
            slope=rules.slope,
            chance=chance,
            earned=earned,
            least=least,
            certificate=certificate,
            bid=value,
        )
        return value

    def truthful(self) -> Expr:
        rules = self.rules
        value = normal(-rules.worth / rules.rival)
        self.journal.add(TruthfulBid, type=self.theta, win=self.format.win, own=self.b, rival=self.auction.rival, bid=value)
        return value

    def payments(self, entry: _Entry, start: _Start, earned: Expr) -> Expr:
        types, rules = self.types, self.rules
        steep, least = abs(rules.slope), normal(types.of(rules.worth, types.worst))
        a, k, y, length = types.exponent, types.power, types.distance, types.length
        most, more = normal(k + a), normal(k + 1)
        # A type pays least*G + steep*k/(k+1)*y*G and a constant; (y/length)**a is the share of worse types.
        rates = normal(a * least / most), normal(a * steep * k / (more * (most + 1)))
        integral = (rates[0] + rates[1] * y) * (y / length) ** most + steep / more * start.reached * (y / length) ** a
        whole = types.side * types.bidders * (rates[0] + rates[1] * length)
        value = oriented(normal(whole), self.given)
        value += normal(types.side * types.bidders * steep / more) * start.reached
        left = rates[0] + (rates[1] + steep / more) * start.distance
        value -= oriented(normal(types.side * types.bidders * left), self.given) * start.share
        self.journal.add(
            ExpectedPayments,
            given=entry.region,
            type=self.theta,
            law=self.auction.type.law,
            bidders=types.bidders,
            lowest_wins=self.auction.lowest_wins,
            worth=rules.worth,
            chance=types.chance,
            earned=earned,
            cutoff=entry.cutoff,
            best=types.best,
            integral=integral,
            payoff=self.auction.seller.payoff,
            value=value,
        )
        return value

    def reported(self, bid: Expr | None, earned: Expr, value: Expr) -> Pairs:
        pairs: list[tuple[Symbol, Expr]] = [] if bid is None else [(self.b, bid)]
        pairs += [(self.auction.bidder.payoff, earned), (self.auction.seller.payoff, value)]
        for item in self.auction.definitions:
            found = sympy.sympify(item.value).xreplace(dict(pairs))
            if self.b not in found.free_symbols:
                pairs.append((item.symbol, normal(found)))
        return tuple(pairs)
