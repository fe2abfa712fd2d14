"""What is known of the signs of polynomials, given some relations: facts, their factors, points where all of them hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from flint import fmpq, fmpq_mpoly
from sympy import Integer, Ne, Symbol, false
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.certificates import (
    Assumed,
    Certificate,
    Conjunction,
    Contradiction,
    Denominator,
    Factor,
    Factors,
    Opposed,
    Product,
    Products,
    Using,
)
from derive.prove.effort import Memory
from derive.prove.relations import NotARelation, denial, relation, sides
from derive.prove.space import NotRational, Space, TooLarge, rational, space


@dataclass(frozen=True)
class Fact:
    """``polynomial op 0`` with op one of ``> >= = !=``; `prove` gives its certificate, `stated` the relation it came from when
    that says just this."""

    polynomial: fmpq_mpoly
    op: str
    prove: Callable[[], Certificate]
    stated: Relational | None = None


@dataclass(frozen=True)
class Sign:
    """``base op 0`` for an irreducible polynomial with positive leading coefficient, op one of ``> >= < <= = !=``."""

    op: str
    prove: Callable[[], Certificate]
    base: fmpq_mpoly


class Theory:
    """The consequences of `given` that the search uses. Build with `theory`."""

    def __init__(self, given: tuple[Boolean, ...], symbols: tuple[Symbol, ...]) -> None:
        self.given = given
        self.space: Space = space(symbols)
        self.facts: list[Fact] = []
        self.signs: dict[str, Sign] = {}
        self.clash: Certificate | None = None
        self.memory: Memory[Certificate] = {}
        self.unread: list[Boolean] = []
        self.parametrisations: dict[int, object] = {}
        self.points: tuple[tuple[fmpq, ...], ...] | None = None
        self.parts: dict[int, Theory] = {}
        self.sights: object = None
        self.seen: tuple[Any, ...] | None = None
        for statement in given:
            self._read(statement)
        self.propagate()

    # --- reading

    def _read(self, statement: Boolean) -> None:
        if not isinstance(statement, Relational):
            self.unread.append(statement)
            return
        try:
            left, op, right = sides(statement)
            value = self.space.difference(left, right)
        except (NotARelation, NotRational, TooLarge):
            self.unread.append(statement)
            return
        except ZeroDivisionError:
            self.unread.append(statement)
            return
        for divisor in value.divisors:
            for base, _ in self.space.factor(divisor)[1]:
                self._note_nonzero(base, statement)
        top, bottom = value.numerator, value.denominator
        if bottom.is_one():
            self.facts.append(Fact(top, op, lambda: assumed(statement, self.given), statement))
            return
        constant, factors = self.space.factor(bottom)
        polynomial = top * bottom if op in (">", ">=") else top

        def prove() -> Certificate:
            claim = relation(self.space.expression(polynomial), op)
            difference = left - right
            own = Factor(difference, 1, assumed(relation(difference, op), self.given, statement))
            power = 2 if op in (">", ">=") else 1
            others = tuple(
                Factor(self.space.expression(base), power * e, self._denominator(base, statement)) for base, e in factors
            )
            scale = constant**power
            return Factors(claim=claim, given=self.given, coefficient=rational(scale), factors=(own, *others))

        self.facts.append(Fact(polynomial, op, prove))

    def _denominator(self, base: fmpq_mpoly, statement: Boolean) -> Certificate:
        return Denominator(claim=relation(self.space.expression(base), "!="), given=self.given, fact=statement)

    def _note_nonzero(self, base: fmpq_mpoly, statement: Boolean) -> None:
        key = self.space.key(base)
        if key not in self.signs:
            self.signs[key] = Sign("!=", lambda: self._denominator(base, statement), base)

    # --- consequences

    def propagate(self) -> None:
        """Where all factors of a fact but one have a known sign, the last one gets its sign too."""
        split = [(fact, *self.space.factor(fact.polynomial)) for fact in self.facts]
        self._shift()
        changed = True
        while changed and self.clash is None:
            changed = False
            for fact, constant, factors in split:
                if self._digest(fact, constant, factors):
                    changed = True
            self._shift()

    def _shift(self) -> None:
        """What exceeds a positive number is positive: ``b - 1 > 0`` gives ``b > 0``."""
        for sign in list(self.signs.values()):
            base = sign.base
            up = sign.op in (">", ">=")
            if int(base.total_degree()) != 1 or sign.op in ("=", "!=") or len(base) < 2:
                continue
            constant = base.coeffs()[-1] if not any(base.monoms()[-1]) else fmpq(0)
            if constant == 0 or (constant < 0) != up:
                continue
            scale, ((shifted, _),) = self.space.factor(base - constant)
            key = self.space.key(shifted)
            old = self.signs.get(key)
            if old is None or old.op in (">=", "<=", "!="):
                op = ">" if up else "<"
                if old is None or meet(old.op, op) == op:
                    self.signs[key] = Sign(op, partial(self._shifted, sign, shifted, scale, constant, op), shifted)

    def _shifted(self, sign: Sign, shifted: fmpq_mpoly, scale: fmpq, constant: fmpq, op: str) -> Certificate:
        claim = relation(self.space.expression(shifted), op)
        lemma = sign.prove()
        extended = (*self.given, lemma.claim)
        against = denial(claim)
        closing = Products(
            claim=false,
            given=(*extended, against),
            products=(
                Product(Integer(1), (lemma.claim,), Integer(1)),
                Product(rational(scale), (against,), Integer(1)),
                Product(rational(abs(constant)), (), Integer(1)),
            ),
        )
        proof = Contradiction(claim=claim, given=extended, refutation=closing)
        return Using(claim=claim, given=self.given, lemmas=(lemma,), proof=proof)

    def learn(self, base: fmpq_mpoly, op: str, prove: Callable[[], Certificate]) -> bool:
        """Take in a sign of an irreducible factor proved elsewhere; whether that is news."""
        return self._note(base, Sign(op, prove, base))

    def _note(self, base: fmpq_mpoly, here: Sign) -> bool:
        key = self.space.key(base)
        old = self.signs.get(key)
        if old is None:
            self.signs[key] = here
            return True
        new = meet(old.op, here.op)
        if new is None:
            self.clash = self._sign_clash(old.prove(), here.prove())
            return False
        if new == old.op:
            return False
        self.signs[key] = here if new == here.op else Sign(new, lambda: self._both(old, here, base, new), base)
        return True

    def _digest(self, fact: Fact, constant: fmpq, factors: list[tuple[fmpq_mpoly, int]]) -> bool:
        unknown: list[tuple[fmpq_mpoly, int]] = []
        known: list[tuple[fmpq_mpoly, int, Sign]] = []
        positive = constant > 0
        for base, exponent in factors:
            sign = self.signs.get(self.space.key(base))
            if sign is not None and sign.op in ("<", ">"):
                known.append((base, exponent, sign))
                positive = positive != (sign.op == "<" and exponent % 2 == 1)
            elif sign is not None and sign.op == "!=" and (exponent % 2 == 0 or fact.op in ("=", "!=")):
                known.append((base, exponent, sign))
            else:
                unknown.append((base, exponent))
        if not unknown:
            actual = "=" if constant == 0 else ">" if positive else "<"
            if not possible(actual, fact.op) or (fact.op == "=" and constant != 0):
                self.clash = self._product_clash(fact, constant, known)
            return False
        if len(unknown) > 1 or unknown[0][1] != 1:
            return fact.op in (">", "!=") and self._nonvanishing_factors(fact, unknown)
        op = fact.op if positive or fact.op in ("=", "!=") else fact.op.replace(">", "<")
        return self._learn(unknown[0][0], op, fact, constant, known)

    def _learn(self, base: fmpq_mpoly, op: str, fact: Fact, constant: fmpq, known: list[tuple[fmpq_mpoly, int, Sign]]) -> bool:
        def prove() -> Certificate:
            claim = relation(self.space.expression(base), op)
            if not known and fact.stated is not None:
                return assumed(claim, self.given, fact.stated)
            own = Factor(self.space.expression(fact.polynomial), 1, fact.prove())
            others = tuple(Factor(self.space.expression(b), -e, sign.prove()) for b, e, sign in known)
            return Factors(claim=claim, given=self.given, coefficient=rational(1 / constant), factors=(own, *others))

        return self._note(base, Sign(op, prove, base))

    def _nonvanishing_factors(self, fact: Fact, factors: list[tuple[fmpq_mpoly, int]]) -> bool:
        learned = [self._nonvanishing(base, fact) for base, _ in factors]
        return any(learned)

    def irreducible(self, fact: Fact) -> bool:
        """Whether the fact says more than the signs of its factors."""
        constant, factors = self.space.factor(fact.polynomial)
        positive, strict = constant > 0, True
        for base, exponent in factors:
            sign = self.signs.get(self.space.key(base))
            if sign is None or (sign.op == "!=" and exponent % 2 == 1 and fact.op not in ("=", "!=")):
                return True
            positive = positive != (sign.op in ("<", "<=") and exponent % 2 == 1)
            strict = strict and sign.op in ("<", ">", "!=")
        return fact.op in (">", ">=") and not (positive and (strict or fact.op == ">="))

    def _nonvanishing(self, base: fmpq_mpoly, fact: Fact) -> bool:
        """A factor of something nonzero is nonzero."""

        def prove() -> Certificate:
            own, shown = relation(self.space.expression(base), "!="), fact.prove()
            left, _, right = sides(shown.claim)
            whole = self.space.difference(left, right).numerator
            rest = whole / base if shown.claim.func is not Ne else whole**2 / base
            extended = (*self.given, shown.claim)
            closing = Products(
                claim=false,
                given=(*extended, denial(own)),
                products=(Product(Integer(1), (shown.claim,), Integer(1)),),
                equations=((denial(own), -self.space.expression(rest)),),
            )
            proof = Contradiction(claim=own, given=extended, refutation=closing)
            return Using(claim=own, given=self.given, lemmas=(shown,), proof=proof)

        return self._note(base, Sign("!=", prove, base))

    def _both(self, first: Sign, second: Sign, base: fmpq_mpoly, op: str) -> Certificate:
        """``base op 0`` from two signs that together say it: ``>=`` and ``!=``, or ``>=`` and ``<=``."""
        expression = self.space.expression(base)
        claim = relation(expression, op)
        parts = (first.prove(), second.prove())
        if op == "=":
            return Conjunction(claim=claim, given=self.given, parts=parts)
        extended = (*self.given, *(part.claim for part in parts))
        weak = next(part.claim for part in parts if not isinstance(part.claim, Ne))
        other = next(part.claim for part in parts if isinstance(part.claim, Ne))
        against = denial(claim)
        closing = Products(
            claim=false,
            given=(*extended, against),
            products=(Product(Integer(1), (other,), Integer(1)), Product(Integer(1), (weak, against), Integer(1))),
        )
        proof = Contradiction(claim=claim, given=extended, refutation=closing)
        return Using(claim=claim, given=self.given, lemmas=parts, proof=proof)

    def _sign_clash(self, first: Certificate, second: Certificate) -> Certificate:
        extended = (*self.given, first.claim, second.claim)
        against = Assumed(claim=denial(second.claim), given=extended, fact=first.claim)
        closing = Opposed(claim=false, given=extended, fact=second.claim, denial=against)
        return Using(claim=false, given=self.given, lemmas=(first, second), proof=closing)

    def _product_clash(self, fact: Fact, constant: fmpq, known: list[tuple[fmpq_mpoly, int, Sign]]) -> Certificate:
        proof = fact.prove()
        extended = (*self.given, proof.claim)
        factors = [Factor(self.space.expression(b), e, sign.prove()) for b, e, sign in known]
        left, _, right = sides(proof.claim)
        present = {self.space.key(b) for b, _, _ in known}
        for divisor in self.space.difference(left, right).divisors:
            for base in (b for b, _ in self.space.factor(divisor)[1] if self.space.key(b) not in present):
                present.add(self.space.key(base))
                nonzero = Denominator(claim=relation(self.space.expression(base), "!="), given=extended, fact=proof.claim)
                factors.append(Factor(self.space.expression(base), 0, nonzero))
        against = Factors(
            claim=denial(proof.claim),
            given=extended,
            coefficient=rational(constant) if (left, right) == (proof.claim.lhs, proof.claim.rhs) else rational(-constant),
            factors=tuple(factors),
        )
        closing = Opposed(claim=false, given=extended, fact=proof.claim, denial=against)
        return Using(claim=false, given=self.given, lemmas=(proof,), proof=closing)


def meet(a: str, b: str) -> str | None:
    """The sign that says both `a` and `b`; None when they exclude each other."""
    allowed = ALLOWS[a] & ALLOWS[b]
    return next((op for op, signs in ALLOWS.items() if signs == allowed), None)


ALLOWS = {
    ">": frozenset({1}),
    ">=": frozenset({0, 1}),
    "<": frozenset({-1}),
    "<=": frozenset({-1, 0}),
    "=": frozenset({0}),
    "!=": frozenset({-1, 1}),
}


def possible(a: str, b: str) -> bool:
    """Whether some number has both signs."""
    return bool(ALLOWS[a] & ALLOWS[b])


def holds(value: fmpq, op: str) -> bool:
    """Whether ``value op 0``."""
    return {
        ">": value > 0,
        ">=": value >= 0,
        "<": value < 0,
        "<=": value <= 0,
        "=": value == 0,
        "!=": value != 0,
    }[op]


def assumed(claim: Boolean, given: tuple[Boolean, ...], fact: Boolean | None = None) -> Certificate:
    """`claim` is `fact` (by default itself), one of `given`."""
    return Assumed(claim=claim, given=given, fact=claim if fact is None else fact)


@lru_cache(maxsize=256)
def theory(given: tuple[Boolean, ...], symbols: tuple[Symbol, ...]) -> Theory:
    """The theory of `given` (flattened relations) in the polynomial ring of `symbols`."""
    return Theory(given, symbols)
