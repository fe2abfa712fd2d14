"""From the statement of a bargaining problem to its solutions: the point at which each one's balance changes sign."""

from __future__ import annotations

from dataclasses import dataclass, replace

import sympy
from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import oriented, signed_product
from derive.algebra.shape import balanced
from derive.bargaining.balance import balance_of, curve_of, offers_possible, written_out
from derive.bargaining.ir import SOLUTIONS, BargainingProblem
from derive.bargaining.offers import first_offer
from derive.bargaining.steps import Balance, BalanceCorner, BalanceRoot, BargainedPayoffs, Frontier, RationalPart
from derive.bargaining.surds import Surd, root_of
from derive.bargaining.validate import validate_bargaining
from derive.certificates import Certificate
from derive.decision.hill import value_at
from derive.decision.problem import Journal
from derive.errors import Refusal
from derive.field import NotRational, derivative, normal
from derive.play.closedforms import closed_forms
from derive.prove import prove, refute, required
from derive.solution import Case, Implicit, Proposition, Regime, Solution
from derive.steps import Step

__all__ = ["derive_bargaining"]

Pairs = tuple[tuple[Symbol, Expr], ...]
_SHAPE = "What one gains the other loses, and the more one has the dearer is the next bit; acceptable to both is one stretch."


def derive_bargaining(problem: BargainingProblem) -> tuple[Solution, ...]:
    """The solutions asked for, in the order of `SOLUTIONS`; without a request all that can be derived, with a warning for the rest.

    Raises StatementError for an ill-posed statement and Refusal for what was asked for and cannot be derived.
    """
    validate_bargaining(problem)
    made: list[Solution] = []
    refused: list[str] = []
    for key in (one for one in SOLUTIONS if not problem.solutions or one in problem.solutions):
        if key == "alternating_offers" and not problem.solutions and problem.players[0].discount is None:
            continue
        try:
            made.append(_Argument(problem, key).solution())
        except Refusal as refusal:
            if problem.solutions or key == "nash":
                raise refusal.located(model=problem.key, protocol=key) from None
            refused.append(f"{SOLUTIONS[key]}: {refusal.message}")
    return (replace(made[0], warnings=(*made[0].warnings, *refused)), *made[1:])


@dataclass(frozen=True)
class _Point:
    """One regime: where it holds, the agreement, and how far the egalitarian solution throws payoffs away."""

    region: tuple[Boolean, ...]
    name: str
    at: Surd | None
    end: Expr | None
    upper: bool = False


class _Argument:
    """The argument for one solution."""

    def __init__(self, problem: BargainingProblem, key: str) -> None:
        self.problem = problem
        self.key = key
        self.curve = curve_of(problem)
        self.x = self.curve.x
        self.journal = Journal(key)
        self.assumptions = tuple(written_out_relation(problem, relation) for relation in problem.assumptions)

    def solution(self) -> Solution:
        self.powers_in_range()
        interior = self.frontier()
        low, high = self.rational_part()
        shape = self.journal.taken()
        if self.key == "alternating_offers" and self.problem.rounds is not None:
            return self.finite_offers(low, high, shape)
        ends = (relation for relation, end in ((self.x > low, low), (self.x < high, high)) if not _radical(end))
        interior = tuple(dict.fromkeys((*interior, *ends)))
        balance = self.balance(interior, low, high)
        rule = self.journal.taken()
        points = self.points(balance, low, high)
        cases: list[Case] = []
        regimes: list[Regime] = []
        for point in points:
            values, implicit = self.values(point, balance, low, high)
            cases.append(Case(point.region, values))
            regimes.append(Regime(point.name, point.region, values, implicit))
        title = SOLUTIONS[self.key]
        told = f"{title}: what decides changes sign at most once along the frontier."
        argument = (
            Proposition(f"{self.key}.frontier", "lemma", "The frontier", _SHAPE, (), shape),
            Proposition(f"{self.key}.balance", "lemma", title, told, (), rule[len(shape) :]),
            Proposition(
                f"{self.key}.agreement",
                "theorem",
                title,
                "The players agree on",
                tuple(cases),
                self.journal.taken()[len(rule) :],
            ),
        )
        closed = closed_forms(self.key, self.assumptions, regimes)
        return Solution(self.problem.key, self.key, "", self.assumptions, tuple(regimes), (*argument, *closed))

    def finite_offers(self, low: Expr, high: Expr, shape: tuple[Step, ...]) -> Solution:
        """The offers of finitely many rounds, the last one first."""
        offers_possible(self.problem, self.curve, low, high)
        offer = first_offer(self.problem, self.curve, high, self.assumptions, self.journal)
        found = [self.put(payoff, offer) for payoff in self.curve.payoffs]
        one, two = (value if value.atoms(sympy.Pow) else oriented(value, self.assumptions) for value in found)
        values = self.reported(offer, (one, two), (), self.journal.steps[-1].label)
        proof = self.journal.taken()[len(shape) :]
        cases = (Case((), values),)
        argument = (
            Proposition(f"{self.key}.frontier", "lemma", "The frontier", _SHAPE, (), shape),
            Proposition(f"{self.key}.agreement", "theorem", SOLUTIONS[self.key], "The players agree at once on", cases, proof),
        )
        return Solution(self.problem.key, self.key, "", self.assumptions, (Regime("all", (), values),), argument)

    def powers_in_range(self) -> None:
        """Raises Refusal where a weight, or a discount factor, that the solution uses is not proved to be inside of its range."""
        for player in self.problem.players:
            if self.key == "nash":
                weight = written_out(self.problem, player.weight)
                required(sympy.Gt(weight, 0), self.assumptions, f"the weight of {player.name} is not shown to be positive")
            if self.key == "alternating_offers" and player.discount is not None:
                factor = written_out(self.problem, player.discount)
                for bound in (sympy.Gt(factor, 0), sympy.Lt(factor, 1)):
                    reason = f"the discount factor of {player.name} is not shown to lie strictly between 0 and 1"
                    required(bound, self.assumptions, reason)

    # --- the frontier

    def frontier(self) -> tuple[Boolean, ...]:
        """What may be assumed at an agreement that both gain from, and the step on the frontier's shape."""
        bounds = tuple(sympy.Gt(r.gts, r.lts) for r in self.domain())
        gains = tuple(gain > 0 for gain in self.curve.gains if gain != 0)
        given = (*self.assumptions, *bounds)
        rising, falling, bend = self.curve.slope(0), self.curve.slope(1), self.curve.bend()
        named = [player.name for player in self.problem.players]
        inner = (*given, *gains)
        certificates = (
            required(rising > 0, inner, f"the payoff of {named[0]} is not shown to rise along the frontier"),
            required(falling < 0, inner, f"the payoff of {named[1]} is not shown to fall along the frontier"),
            required(sympy.Le(bend, 0), inner, "the frontier is not shown to be concave"),
        )
        self.journal.add(
            Frontier,
            given=(*bounds, *gains),
            variable=self.x,
            rising=rising,
            falling=falling,
            bend=bend,
            certificates=certificates,
        )
        return inner

    def domain(self) -> tuple[Boolean, ...]:
        return tuple(written_out_relation(self.problem, relation) for relation in self.problem.along.domain)

    def bound(self, *, lower: bool) -> Expr | None:
        """The frontier's own end on that side."""
        found = [r.lts if lower else r.gts for r in self.domain() if (r.gts if lower else r.lts) == self.x]
        if len(found) > 1:
            raise Refusal("the coordinate of the frontier has two bounds on one side", symbol=str(self.x))
        return found[0] if found else None

    def rational_part(self) -> tuple[Expr, Expr]:
        ends: list[Expr] = []
        certificates: list[Certificate | None] = []
        for player, lower in ((0, True), (1, False)):
            end, certificate = self.end(player, lower=lower)
            ends.append(end)
            certificates.append(certificate)
        gains = []
        for player, end in ((1, ends[0]), (0, ends[1])):
            gain = self.at(self.curve.gains[player], end)
            name = self.problem.players[player].name
            gains.append(required(gain > 0, self.assumptions, f"it is not shown that {name} can gain from an agreement"))
        self.journal.add(
            RationalPart,
            variable=self.x,
            low=ends[0],
            high=ends[1],
            ends=(certificates[0], certificates[1]),
            gains=(gains[0], gains[1]),
        )
        return ends[0], ends[1]

    def end(self, player: int, *, lower: bool) -> tuple[Expr, Certificate | None]:
        """Where the agreements acceptable to the player end: the frontier's end, or where the player gains nothing."""
        bound = self.bound(lower=lower)
        gain = self.curve.gains[player]
        if bound is not None:
            there = self.at(gain, bound)
            if there == 0:
                return bound, None
            certificate = prove(there >= 0, self.assumptions) if not there.is_Rational else None
            if certificate is not None or (there.is_Rational and there > 0):
                return bound, certificate
            certificate = required(
                sympy.Le(there, 0),
                self.assumptions,
                f"it is not settled whether all agreements are acceptable to {self.name(player)}",
            )
        root = root_of(gain, self.x, self.assumptions, falling=player == 1)
        if root is None or (bound is None and root.factor != 0):
            raise Refusal(f"the agreement at which {self.name(player)} gains nothing has no closed form")
        return root.expression(self.assumptions), None if bound is None else certificate

    def name(self, player: int) -> str:
        return self.problem.players[player].name

    def at(self, expression: Expr, value: Expr) -> Expr:
        """An expression at a value of the coordinate, where a power of zero may be zero."""
        found = value_at(expression, {self.x: value}, self.assumptions)
        try:
            return normal(expression.xreplace({self.x: value}) if found is None else found)
        except NotRational:
            raise Refusal(f"{expression} is not finite at the end {value} of the frontier") from None

    # --- the balance and where it changes sign

    def balance(self, interior: tuple[Boolean, ...], low: Expr, high: Expr) -> Expr:
        raw = balance_of(self.problem, self.key, self.curve, low, high)
        split = signed_product(raw, interior)
        candidates = [(split.positive, split.core, split.certificate), (sympy.Integer(1), normal(raw), None)]
        for positive, core, positivity in candidates:
            slope = derivative(core, self.x)
            if slope == 0:
                if core == 0:
                    raise Refusal("every agreement is as good as any other: it does not choose")
                continue
            certificate = prove(slope < 0, interior) if not slope.is_Rational else None
            if certificate is None and not (slope.is_Rational and slope < 0):
                continue
            self.journal.add(
                Balance,
                given=tuple(one for one in interior if one not in self.assumptions),
                solution=self.key,
                variable=self.x,
                positive=positive,
                core=core,
                slope=slope,
                positivity=positivity,
                certificate=certificate,
            )
            return core
        raise Refusal("the balance of the solution is not shown to fall along the frontier")

    def points(self, core: Expr, low: Expr, high: Expr) -> list[_Point]:
        """The regimes: the sign change lies between the ends, or the core keeps one sign."""
        at_low, at_high = self.at(core, low), self.at(core, high)
        inner: list[Boolean] = []
        found: list[_Point] = []
        for value, end, upper in ((at_low, low, False), (at_high, high, True)):
            inside = value < 0 if upper else value > 0
            beyond = sympy.Ge(value, 0) if upper else sympy.Le(value, 0)
            if inside == sympy.true or (inside != sympy.false and prove(inside, self.assumptions) is not None):
                continue
            found.append(_Point((self.tidy(beyond),), "at the upper end" if upper else "at the lower end", None, end, upper))
            inner.append(self.tidy(inside))
        if sympy.false not in inner and refute((*self.assumptions, *inner)) is None:
            root = root_of(core, self.x, self.assumptions)
            found.insert(0, _Point(tuple(inner), "between the ends" if found else "all", root, None))
        if len(found) == 1:
            found = [replace(found[0], region=() if self.always(found[0].region) else found[0].region)]
        return found

    def tidy(self, relation: Boolean) -> Boolean:
        """The relation without factors of known sign, negative terms moved to the other side."""
        if relation in (sympy.true, sympy.false):
            return relation
        return balanced(signed_product(relation.lhs, self.assumptions).core, relation.rel_op)

    def always(self, region: tuple[Boolean, ...]) -> bool:
        return all(one == sympy.true or prove(one, self.assumptions) is not None for one in region)

    def values(self, point: _Point, core: Expr, low: Expr, high: Expr) -> tuple[Pairs, tuple[Implicit, ...]]:
        """What is reported in a regime, with the steps that lead there."""
        given = (*self.assumptions, *point.region)
        at_low, at_high = self.at(core, low), self.at(core, high)
        premise = self.journal.steps[2].label
        if point.end is not None:
            value = at_high if point.upper else at_low
            claim = sympy.Ge(value, 0) if point.upper else sympy.Le(value, 0)
            certificate = required(claim, given, "the sign of the balance at an end is not settled")
            step = self.journal.add(
                BalanceCorner,
                uses=(premise,),
                given=point.region,
                solution=self.key,
                variable=self.x,
                core=core,
                end=point.end,
                value=value,
                upper=point.upper,
                certificate=certificate,
            )
            return self.reported(point.end, self.at_end(point.end, upper=point.upper), point.region, step.label), ()
        signs = [
            required(claim, given, "the sign of the balance at an end is not settled") for claim in (at_low > 0, at_high < 0)
        ]
        where = point.at.expression(given) if point.at is not None else self.x
        root = self.journal.add(
            BalanceRoot,
            uses=(premise,),
            given=point.region,
            solution=self.key,
            variable=self.x,
            core=core,
            at_low=at_low,
            at_high=at_high,
            root=where,
            certificates=(signs[0], signs[1]),
        )
        if point.at is None:
            implicit = (Implicit(self.x, core, low, high, -1),)
            return self.reported(None, self.curve.payoffs, point.region, root.label), implicit
        surds = [point.at.into(payoff, self.x) for payoff in self.curve.payoffs]
        found = [
            surd.expression(given) if surd is not None else self.put(payoff, where)
            for surd, payoff in zip(surds, self.curve.payoffs, strict=True)
        ]
        return self.reported(where, (found[0], found[1]), point.region, root.label), ()

    def put(self, payoff: Expr, where: Expr) -> Expr:
        """A payoff at the agreement; one with a root is left as it stands."""
        there = payoff.xreplace({self.x: where})
        return there if _radical(where) else normal(there)

    def at_end(self, end: Expr, *, upper: bool) -> tuple[Expr, Expr]:
        """Payoffs at a corner; the egalitarian solution gives nobody more of a gain than the other one has."""
        one, two = (self.at(payoff, end) for payoff in self.curve.payoffs)
        if self.key != "egalitarian":
            return one, two
        none = [written_out(self.problem, player.disagreement) for player in self.problem.players]
        gains = [self.at(gain, end) for gain in self.curve.gains]
        return (one, normal(none[1] + gains[0])) if upper else (normal(none[0] + gains[1]), two)

    def reported(self, where: Expr | None, payoffs: tuple[Expr, Expr], region: tuple[Boolean, ...], label: str) -> Pairs:
        symbols = [player.payoff for player in self.problem.players]
        pairs = tuple(zip(symbols, payoffs, strict=True))
        at = self.x if where is None else where
        self.journal.add(
            BargainedPayoffs, uses=(label,), given=region, solution=self.key, variable=self.x, at=at, payoffs=pairs
        )
        return pairs if where is None else ((self.x, where), *pairs)


def _radical(value: Expr) -> bool:
    """Whether a root occurs in it, with which the prover has little to do."""
    return any(not power.exp.is_Integer for power in value.atoms(sympy.Pow))


def written_out_relation(problem: BargainingProblem, relation: Boolean) -> Boolean:
    """A relation with the problem's definitions put in."""
    for item in reversed(problem.definitions):
        relation = relation.xreplace({item.symbol: item.value})
    return relation
