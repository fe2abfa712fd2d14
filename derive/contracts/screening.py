"""From a screening problem with a continuum of types to its menu: rents by the envelope, the best quantity type by type."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import sympy
from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive.algebra.marginal import oriented
from derive.algebra.spread import put_together
from derive.certificates import Certificate
from derive.contracts.ir import SOLUTIONS, Screening
from derive.contracts.schedule import Cell, Stretch, antiderivative, cells
from derive.contracts.steps import ExpectedSurplus, InformationRent, Rents, Schedule, VirtualSurplus
from derive.contracts.validate import validate_screening
from derive.decision.problem import Journal, Problem, restriction, unique
from derive.decision.several import settle
from derive.errors import Refusal
from derive.field import derivative, normal
from derive.ir import PowerDistribution, Uniform
from derive.prove import prove, refute, required
from derive.solution import Case, Proposition, Regime, Solution

__all__ = ["density", "derive_screening", "ratio"]

Pairs = tuple[tuple[Symbol, Expr], ...]


def derive_screening(problem: Screening) -> tuple[Solution, ...]:
    """The menu where the type is observed and where it is hidden. Raises StatementError and Refusal."""
    validate_screening(problem)
    found = []
    for key in SOLUTIONS:
        try:
            found.append(_Argument(problem, key).solution())
        except Refusal as refusal:
            raise refusal.located(model=problem.key, protocol=key) from None
    return tuple(found)


def density(law: Uniform | PowerDistribution, theta: Symbol) -> Expr:
    """The density of the law on its support."""
    if isinstance(law, Uniform):
        return 1 / (law.high - law.low)
    return law.exponent * theta ** (law.exponent - 1) / law.high**law.exponent


def ratio(law: Uniform | PowerDistribution, theta: Symbol, *, below: bool) -> Expr:
    """The share of types below (above) a type over the density there."""
    if isinstance(law, Uniform):
        return theta - law.low if below else law.high - theta
    if below:
        return theta / law.exponent
    return ((law.high / theta) ** law.exponent - 1) * theta / law.exponent


class _Argument:
    """The argument for one solution."""

    def __init__(self, problem: Screening, key: str) -> None:
        self.problem, self.key, self.observed = problem, key, key == "observed"
        self.theta, self.q, self.t = problem.type.symbol, problem.quantity.symbol, problem.transfer.symbol
        self.low, self.high = map(sympy.sympify, problem.support)
        self.journal = Journal(key)
        self.principal, self.agent = (self.written_out(player.objective) for player in problem.players)
        positive = (self.theta > 0,) if isinstance(problem.type.law, PowerDistribution) else ()
        self.support = (self.theta >= self.low, self.theta <= self.high)
        self.given = unique((*problem.assumptions, self.low < self.high))
        self.known = unique((*self.given, *self.support, *positive))

    def written_out(self, value: Expr) -> Expr:
        """An expression without the statement's abbreviations."""
        value = sympy.sympify(value)
        for item in reversed(self.problem.definitions):
            value = value.xreplace({item.symbol: sympy.sympify(item.value)})
        return value

    def at(self, expression: Expr, end: Expr) -> Expr:
        """An expression at a type; positive powers of zero are zero."""
        value = expression.xreplace({self.theta: end})
        empty = {p: sympy.S.Zero for p in value.atoms(sympy.Pow) if p.base == 0 and prove(p.exp > 0, self.given) is not None}
        return value.xreplace(empty)

    # --- the steps

    def solution(self) -> Solution:
        rent = self.rent()
        virtual = self.virtual(rent)
        setting = self.journal.taken()
        problem = Problem(
            virtual.virtual,
            (self.q,),
            tuple(restriction(f"{self.q}: {r}", r) for r in self.problem.quantity.domain),
            self.known,
        )
        outcome = settle(problem, self.journal)
        for item in outcome.nothing:
            raise Refusal(f"for some types nothing is best: {item.reason}", symbol=str(self.q))
        if any(o.implicit or o.free or not o.unique for o in outcome.optima):
            raise Refusal("the best quantity of a type has no closed form or is not the only one", symbol=str(self.q))
        pointwise = self.journal.taken()
        found = cells(outcome.optima, self.theta, self.low, self.high, self.given)
        cases = [case for cell in found for case in self.cell(cell, rent, virtual)]
        regimes = tuple(
            Regime(str(number), region, values, active=active) for number, (region, values, active) in enumerate(cases, 1)
        )
        theorem = tuple(Case(regime.region, regime.values) for regime in regimes)
        best = tuple(Case(o.region, ((self.q, dict(o.values)[self.q]),)) for o in outcome.optima)
        menu = self.journal.taken()[len(pointwise) :]
        told = "With observed types the principal chooses" if self.observed else "The principal's menu is"
        argument = (
            Proposition(f"{self.key}.rents", "lemma", "What the agent is left", self.setting_told(), (), setting),
            Proposition(
                f"{self.key}.pointwise",
                "proposition",
                "Type by type",
                f"The {'' if self.observed else 'virtual '}surplus of each type is largest at",
                best,
                pointwise[len(setting) :],
            ),
            Proposition(f"{self.key}.menu", "theorem", SOLUTIONS[self.key], told, theorem, menu),
        )
        return Solution(self.problem.key, self.key, "", (*self.given, *self.support), regimes, argument)

    def setting_told(self) -> str:
        law = self.problem.type.law
        drawn = f"The type {self.theta} is drawn from the uniform law on [{self.low}, {self.high}]"
        if isinstance(law, PowerDistribution):
            drawn = f"The share of types below {self.theta} is ({self.theta}/{self.high})**({law.exponent})"
        if self.observed:
            return f"{drawn}. Each type is left its reservation payoff, and the principal gets the rest of the surplus."
        return f"{drawn}, and the agent alone knows it. Its rents follow from the quantities."

    def rent(self) -> InformationRent:
        slope = derivative(self.agent, self.theta)
        crossing = derivative(slope, self.q)
        known = (*self.known, *(sympy.Gt(r.gts, r.lts) for r in self.problem.quantity.domain))
        if self.t in slope.free_symbols or derivative(self.agent, self.t).free_symbols:
            raise Refusal("the agent's objective is not linear in the transfer at a rate that is a number", symbol=str(self.t))
        falling, earns = self.signed(slope, known, "whether a higher type earns more or less")
        down, values = self.signed(crossing, known, "whether a higher type values the quantity more or less at the margin")
        found = InformationRent(
            label=f"{self.key}.{len(self.journal.steps) + 1}",
            given=known,
            objective=self.agent,
            type=self.theta,
            quantity=self.q,
            transfer=self.t,
            slope=slope,
            crossing=crossing,
            falling=falling,
            down=down,
            certificates=(earns, values),
            worst=self.high if falling else self.low,
            reservation=sympy.sympify(self.problem.reservation),
        )
        if not self.observed:
            self.journal.steps.append(found)
        return found

    @staticmethod
    def signed(value: Expr, known: Sequence[Boolean], what: str) -> tuple[bool, Certificate | None]:
        """Whether a value is not positive (otherwise it is not negative), with the certificate. Raises Refusal if neither is proved."""
        for negative, claim in ((True, value <= 0), (False, value >= 0)):
            certificate = None if claim in (sympy.true, sympy.false) else prove(claim, tuple(known))
            if claim == sympy.true or certificate is not None:
                return negative, certificate
        raise Refusal(f"it is not settled {what}")

    def virtual(self, rent: InformationRent) -> VirtualSurplus:
        left = Symbol("rent", real=True)
        rate = derivative(self.agent, self.t)
        transfer = (left - self.agent.xreplace({self.t: sympy.Integer(0)})) / rate
        payoffs = {self.problem.agent.payoff: left}
        principal = normal(self.principal.xreplace(payoffs).xreplace({self.t: transfer}))
        weight = normal(-principal.diff(left))
        if weight.free_symbols & {left, self.q, self.theta}:
            raise Refusal("what a rent costs the principal depends on the rent, the quantity or the type")
        certificate = required(weight > 0, self.known, "it is not shown that rents cost the principal something")
        surplus = normal(principal.xreplace({left: sympy.Integer(0)}))
        share = ratio(self.problem.type.law, self.theta, below=rent.falling)
        toward = normal(-rent.slope if rent.falling else rent.slope)
        virtual = surplus if self.observed else normal(surplus - weight * toward * share)
        return self.journal.add(
            VirtualSurplus,
            uses=() if self.observed else (rent.label,),
            given=self.known,
            objective=self.principal.xreplace(payoffs),
            agent=self.agent,
            transfer=self.t,
            type=self.theta,
            rent=left,
            law=self.problem.type.law,
            surplus=surplus,
            weight=weight,
            certificate=certificate,
            slope=rent.slope,
            falling=rent.falling,
            ratio=share,
            virtual=virtual,
            observed=self.observed,
        )

    def cell(
        self, cell: Cell, rent: InformationRent, virtual: VirtualSurplus
    ) -> list[tuple[tuple[Boolean, ...], Pairs, tuple[str, ...]]]:
        """The regimes of one case of the parameters, one for each stretch of types."""
        inside = [self.inside(stretch, cell) for stretch in cell.stretches]
        quantities = [
            oriented(normal(dict(s.optimum.values)[self.q]), (*known, *s.optimum.region))
            for s, known in zip(cell.stretches, inside, strict=True)
        ]
        schedule = self.schedule(cell, quantities, rent)
        here = (*self.given, *cell.region)
        rents = self.rents(cell, quantities, rent)
        rate = derivative(self.agent, self.t)
        alone = self.agent.xreplace({self.t: sympy.Integer(0)})
        transfers = [
            oriented(normal((u - put_together(alone, {self.q: q}, known)) / rate), known)
            for u, q, known in zip(rents, quantities, inside, strict=True)
        ]
        told = self.journal.add(
            Rents,
            uses=(schedule.label,),
            given=here,
            objective=self.agent,
            type=self.theta,
            quantity=self.q,
            transfer=self.t,
            ends=cell.ends,
            rents=tuple(rents),
            transfers=tuple(transfers),
            reservation=rent.reservation,
            observed=self.observed,
        )
        law = self.problem.type.law
        integrals = [
            antiderivative(put_together(virtual.virtual, {self.q: q}, known) * density(law, self.theta), self.theta, known)
            for q, known in zip(quantities, inside, strict=True)
        ]
        parts = [
            self.at(integral, s.high) - self.at(integral, s.low) for integral, s in zip(integrals, cell.stretches, strict=True)
        ]
        value = oriented(normal(sympy.Add(*parts) - virtual.weight * rent.reservation), here)
        self.journal.add(
            ExpectedSurplus,
            uses=(schedule.label, told.label),
            given=here,
            type=self.theta,
            quantity=self.q,
            law=law,
            virtual=virtual.virtual,
            weight=virtual.weight,
            reservation=rent.reservation,
            integrals=tuple(integrals),
            payoff=self.problem.principal.payoff,
            value=value,
        )
        found = []
        for stretch, q, t, u in zip(cell.stretches, quantities, transfers, rents, strict=True):
            region = (*cell.region, *self.between(stretch, cell))
            if refute((*self.known, *region)) is None:
                active = (*stretch.optimum.active,)
                found.append((region, self.reported(q, t, u, value), active))
        return found

    def inside(self, stretch: Stretch, cell: Cell) -> tuple[Boolean, ...]:
        """What is known of a type inside a stretch."""
        return (*self.given, *cell.region, self.theta > stretch.low, self.theta < stretch.high)

    def between(self, stretch: Stretch, cell: Cell) -> tuple[Boolean, ...]:
        """Which types are meant; an end belongs to the stretch above it."""
        bounds: list[Boolean] = []
        if stretch.low != cell.ends[0]:
            bounds.append(self.theta >= stretch.low)
        if stretch.high != cell.ends[-1]:
            bounds.append(self.theta < stretch.high)
        return tuple(bounds)

    def schedule(self, cell: Cell, quantities: Sequence[Expr], rent: InformationRent) -> Schedule:
        here = (*self.given, *cell.region)
        order = [required(a <= b, here, "the order of the cut-offs is not settled") for a, b in self.pairs(cell.ends)]
        slopes = [derivative(q, self.theta) for q in quantities]
        signs: list[Certificate | None] = []
        for slope, stretch in zip(slopes, cell.stretches, strict=True):
            if self.observed:
                break
            claim = slope <= 0 if rent.down else slope >= 0
            which = "fall" if rent.down else "rise"
            told = f"the quantity best type by type need not {which} with the type; types would have to be bunched"
            signs.append(required(claim, self.inside(stretch, cell), told))
        for (left, right), end in zip(self.pairs(quantities), cell.ends[1:-1], strict=True):
            if normal((left - right).xreplace({self.theta: end})) != 0:
                raise Refusal(f"the best quantity jumps at the type {end}", symbol=str(self.q))
        return self.journal.add(
            Schedule,
            uses=tuple(dict.fromkeys(label for s in cell.stretches for label in s.optimum.labels)),
            given=here,
            type=self.theta,
            quantity=self.q,
            ends=cell.ends,
            order=tuple(order),
            quantities=tuple(quantities),
            conditions=tuple(s.optimum.region for s in cell.stretches),
            holds=tuple(s.holds for s in cell.stretches),
            down=rent.down,
            slopes=tuple(slopes),
            signs=tuple(signs),
            observed=self.observed,
        )

    @staticmethod
    def pairs(items: Sequence[Expr]) -> list[tuple[Expr, Expr]]:
        """Neighbours."""
        return list(pairwise(items))

    def rents(self, cell: Cell, quantities: Sequence[Expr], rent: InformationRent) -> list[Expr]:
        """What each type earns, from the worst one on."""
        if self.observed:
            return [rent.reservation] * len(quantities)
        found: list[Expr] = []
        at = rent.reservation
        stretches = list(zip(cell.stretches, quantities, strict=True))
        for stretch, q in reversed(stretches) if rent.falling else stretches:
            near, far = (stretch.high, stretch.low) if rent.falling else (stretch.low, stretch.high)
            known = self.inside(stretch, cell)
            integral = antiderivative(put_together(rent.slope, {self.q: q}, known), self.theta, known)
            own = oriented(normal(at + integral - self.at(integral, near)), known)
            found.append(own)
            at = normal(self.at(own, far))
        return found[::-1] if rent.falling else found

    def reported(self, q: Expr, t: Expr, u: Expr, value: Expr) -> Pairs:
        pairs: list[tuple[Symbol, Expr]] = [
            (self.q, q), (self.t, t), (self.problem.principal.payoff, value), (self.problem.agent.payoff, u)
        ]  # fmt: skip
        for item in self.problem.definitions:
            pairs.append((item.symbol, normal(sympy.sympify(item.value).xreplace(dict(pairs)))))
        return tuple(pairs)
