"""Replays certificates. Shares nothing with the search that found them: a reader who trusts this file trusts the proofs.

`check` accepts a certificate or raises `Rejected`. Polynomials are those of ``sympy.polys.rings`` over the rationals, where
equality is exact. What makes a claim true is stated at each rule. A relation says that its sides are defined, too: rules that
conclude something on an expression with denominators show that each of them is nonzero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields, is_dataclass
from functools import lru_cache
from typing import Any

from sympy import Add, And, Eq, Expr, Ge, Gt, Integer, Le, Lt, Mul, Ne, Or, Pow, Rational, Symbol, false, true
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean
from sympy.polys.domains import QQ
from sympy.polys.rings import PolyElement, PolyRing

from derive.certificates import (
    Assumed,
    Cases,
    Certificate,
    Conjunction,
    Contradiction,
    Denominator,
    Eliminated,
    Factors,
    Opposed,
    Products,
    Slack,
    Using,
)

# The signs that a relation allows its ``left - right`` to have, and back.
SIGNS: dict[type, frozenset[int]] = {
    Gt: frozenset({1}),
    Ge: frozenset({0, 1}),
    Lt: frozenset({-1}),
    Le: frozenset({-1, 0}),
    Eq: frozenset({0}),
    Ne: frozenset({-1, 1}),
}
DENIAL = {Gt: Le, Ge: Lt, Lt: Ge, Le: Gt, Eq: Ne, Ne: Eq}
ANY = frozenset({-1, 0, 1})


class Rejected(Exception):
    """The certificate does not establish its claim; the message says why."""


def check(certificate: Certificate) -> None:
    """Accept `certificate`: its claim holds wherever its given relations hold. Raises `Rejected`."""
    symbols: set[Symbol] = set()
    _collect(certificate, symbols)
    session = _Session(_ring(tuple(sorted(symbols, key=lambda s: s.name))))
    if len({s.name for s in symbols}) != len(symbols):
        raise Rejected("two symbols of one name")
    _replay(session, certificate, frozenset(_flat(certificate.given)))


# --- rational functions ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fraction:
    """``top / product(bottom)``; `divisors` are all polynomials by which evaluating the expression divides."""

    top: PolyElement
    bottom: tuple[tuple[PolyElement, int], ...] = ()
    divisors: frozenset[PolyElement] = frozenset()


@dataclass(frozen=True)
class _Session:
    ring: PolyRing
    memory: dict[Expr, Fraction] = field(default_factory=dict)

    def fraction(self, expression: Expr, values: dict[Symbol, Fraction] | None = None) -> Fraction:
        """`expression`, with the symbols in `values` replaced. Raises `Rejected` if it is not a rational function."""
        if values is None:
            if expression not in self.memory:
                self.memory[expression] = self._read(expression, {})
            return self.memory[expression]
        return self._read(expression, values)

    def _read(self, expression: Expr, values: dict[Symbol, Fraction]) -> Fraction:
        if isinstance(expression, Symbol):
            return values.get(expression) or Fraction(self.ring(expression))
        if isinstance(expression, Rational) and expression.is_finite:
            return Fraction(self.ring(QQ(int(expression.p), int(expression.q))))
        if isinstance(expression, Add | Mul):
            total = Fraction(self.ring(0 if isinstance(expression, Add) else 1))
            for part in expression.args:
                total = (_add if isinstance(expression, Add) else _multiply)(total, self._read(part, values))
            return total
        if isinstance(expression, Pow) and isinstance(expression.exp, Integer):
            return _power(self._read(expression.base, values), int(expression.exp))
        raise Rejected(f"not a rational function: {expression}")

    def difference(self, claim: Boolean) -> Fraction:
        """``left - right`` of a relation."""
        if not isinstance(claim, Relational):
            raise Rejected(f"not a relation: {claim}")
        left = self.fraction(claim.lhs)
        return left if claim.rhs == 0 else _add(left, _multiply(self.fraction(claim.rhs), Fraction(self.ring(-1))))

    def polynomial(self, claim: Boolean) -> PolyElement:
        """``left - right`` of a relation without denominators."""
        value = self.difference(claim)
        if value.divisors:
            raise Rejected(f"has a denominator: {claim}")
        return value.top


def _product(ring: PolyRing, powers: Iterable[tuple[PolyElement, int]]) -> PolyElement:
    total = ring(1)
    for base, exponent in powers:
        total *= base**exponent
    return total


def _add(a: Fraction, b: Fraction) -> Fraction:
    first, second = dict(a.bottom), dict(b.bottom)
    common = {base: max(first.get(base, 0), second.get(base, 0)) for base in (*first, *second)}
    ring = a.top.ring
    top = a.top * _product(ring, ((p, e - first.get(p, 0)) for p, e in common.items()))
    top += b.top * _product(ring, ((p, e - second.get(p, 0)) for p, e in common.items()))
    return Fraction(top, tuple(common.items()), a.divisors | b.divisors)


def _multiply(a: Fraction, b: Fraction) -> Fraction:
    bottom = dict(a.bottom)
    for base, exponent in b.bottom:
        bottom[base] = bottom.get(base, 0) + exponent
    return Fraction(a.top * b.top, tuple(bottom.items()), a.divisors | b.divisors)


def _power(a: Fraction, exponent: int) -> Fraction:
    if abs(exponent) > 1000:
        raise Rejected("exponent too large")
    if exponent >= 0:
        return Fraction(a.top**exponent, tuple((p, e * exponent) for p, e in a.bottom if exponent), a.divisors)
    if not a.top:
        raise Rejected("division by zero")
    ring, scale = a.top.ring, a.top.LC
    top = _product(ring, ((p, -e * exponent) for p, e in a.bottom)) * (1 / scale) ** -exponent
    if a.top.is_ground:
        return Fraction(top, (), a.divisors)
    base = a.top.monic()
    return Fraction(top, ((base, -exponent),), a.divisors | {base})


def _ratio(a: Fraction, b: Fraction) -> int:
    """1 or -1 when ``a`` is that times a positive number times ``b``. Raises `Rejected` otherwise."""
    ring = a.top.ring
    first, second = dict(a.bottom), dict(b.bottom)
    left = a.top * _product(ring, ((p, max(e - first.get(p, 0), 0)) for p, e in second.items()))
    right = b.top * _product(ring, ((p, max(e - second.get(p, 0), 0)) for p, e in first.items()))
    if not left or not right:
        if left == right:
            return 1
        raise Rejected("expressions differ")
    scale = left.LC / right.LC
    if left != right * scale:
        raise Rejected("expressions differ")
    return 1 if scale > 0 else -1


def _equal(a: Fraction, b: Fraction) -> bool:
    return not _add(a, Fraction(-b.top, b.bottom)).top


def _defined(a: Fraction, b: Fraction) -> None:
    """Where ``b`` is defined, ``a`` is."""
    if not a.divisors <= b.divisors:
        raise Rejected("defined on less")


def _signs_of(session: _Session, certificate: Certificate, expression: Expr) -> frozenset[int]:
    """The signs that the claim of a (replayed) certificate leaves to `expression`, which it also shows to be defined."""
    claim = certificate.claim
    signs = SIGNS.get(type(claim))
    if signs is None:
        raise Rejected(f"not a sign: {claim}")
    if claim.lhs == expression and claim.rhs == 0:
        session.fraction(expression)
        return signs
    own, other = session.fraction(expression), session.difference(claim)
    _defined(own, other)
    turn = _ratio(own, other)
    return frozenset(turn * s for s in signs)


def _one_signed(polynomial: PolyElement, slacks: dict[int, bool]) -> tuple[int, bool]:
    """Common sign of all terms, and whether some term is surely nonzero.

    `slacks` maps generators known to be nonnegative to whether they are positive; other generators may only occur squared.
    """
    sign, strict = 0, False
    for monomial, coefficient in polynomial.terms():
        here = 1 if coefficient > 0 else -1
        if sign not in (0, here) or any(e % 2 and i not in slacks for i, e in enumerate(monomial)):
            raise Rejected("terms of both signs")
        sign = here
        strict = strict or all(slacks.get(i, False) for i, e in enumerate(monomial) if e)
    return sign, strict


# --- the rules -------------------------------------------------------------------------------------------------------

Known = frozenset[Boolean]


def _replay(session: _Session, certificate: Certificate, known: Known) -> None:
    rule = RULES.get(type(certificate))
    if rule is None:
        raise Rejected(f"no rule for {type(certificate).__name__}")
    here = frozenset(_flat(certificate.given))
    if not here <= known:
        raise Rejected("supposes what is not given")
    rule(session, certificate, here)


def _part(session: _Session, certificate: Certificate, known: Known, claim: Boolean) -> None:
    if certificate.claim != claim:
        raise Rejected(f"a part proves {certificate.claim} instead of {claim}")
    _replay(session, certificate, known)


def _need(fact: Boolean, known: Known) -> None:
    if fact not in known:
        raise Rejected(f"not given: {fact}")


def _assumed(session: _Session, c: Assumed, known: Known) -> None:
    """A positive multiple of something given has its sign; what is positive is also nonnegative and nonzero."""
    _need(c.fact, known)
    if c.claim == c.fact:
        return
    if type(c.fact) not in SIGNS or type(c.claim) not in SIGNS:
        raise Rejected("not relations")
    own, other = session.difference(c.claim), session.difference(c.fact)
    _defined(own, other)
    turn = _ratio(own, other)
    if not {turn * s for s in SIGNS[type(c.fact)]} <= SIGNS[type(c.claim)]:
        raise Rejected("the claim is stronger than the fact")


def _denominator(session: _Session, c: Denominator, known: Known) -> None:
    """A relation holds only where its sides are defined, so no divisor of them vanishes, nor any factor of a divisor."""
    _need(c.fact, known)
    if not isinstance(c.claim, Ne):
        raise Rejected("not an inequation")
    own = session.polynomial(c.claim)
    if not own or not any(not divisor.rem(own) for divisor in session.difference(c.fact).divisors):
        raise Rejected("not a factor of a denominator")


def _factors(session: _Session, c: Factors, known: Known) -> None:
    """Rule of signs for products; and each divisor of the claim is a product of nonzero factors."""
    allowed = SIGNS.get(type(c.claim))
    if allowed is None:
        raise Rejected("not a relation")
    difference = session.difference(c.claim)
    product = session.fraction(c.coefficient)
    signs = frozenset({int(bool(c.coefficient > 0)) - int(bool(c.coefficient < 0))})
    nonzero = []
    for factor in c.factors:
        base = session.fraction(factor.base)
        if factor.sign is not None:
            _replay(session, factor.sign, known)
            own = _signs_of(session, factor.sign, factor.base)
        elif base.divisors:
            raise Rejected("a factor that may be undefined")
        else:
            own = ANY
        if 0 not in own and not base.divisors:
            nonzero.append(base.top)
        elif factor.exponent <= 0 and 0 in own:
            raise Rejected("a denominator that may vanish")
        product = _multiply(product, _power(base, factor.exponent))
        own = frozenset(s**abs(factor.exponent) for s in own)
        signs = frozenset(a * b for a in signs for b in own)
    if not _equal(difference, product):
        raise Rejected("the product is not the difference of the sides")
    if not signs <= allowed:
        raise Rejected("the signs of the factors do not give the claim")
    for divisor in difference.divisors:
        rest = divisor
        for base in nonzero:
            while not base.is_ground and not rest.is_ground and not rest.rem(base):
                rest = rest.quo(base)
        if not rest.is_ground:
            raise Rejected("a denominator is not shown to be nonzero")


def _slack(session: _Session, c: Slack, known: Known) -> None:
    """At each admissible point let the slacks have their meaning. Each is then nonnegative (positive if strict), and the symbols
    have the values of the substitution; so the claim's difference is numerator/denominator, whose terms have one sign."""
    allowed = SIGNS.get(type(c.claim), ANY)
    session.polynomial(c.claim)
    gens = {symbol: session.ring.symbols.index(symbol) for symbol in session.ring.symbols}
    used = c.claim.free_symbols.union(*(fact.free_symbols for fact in known))
    meanings: dict[Symbol, Fraction] = {}
    slacks: dict[int, bool] = {}
    for slack in c.slacks:
        if slack.symbol in used or slack.symbol in meanings:
            raise Rejected("a slack variable is not fresh")
        _replay(session, slack.sign, known)
        signs = _signs_of(session, slack.sign, slack.meaning)
        if not signs <= (SIGNS[Gt] if slack.strict else SIGNS[Ge]):
            raise Rejected("a slack variable of unproved sign")
        meanings[slack.symbol] = session.fraction(slack.meaning)
        slacks[gens[slack.symbol]] = slack.strict
    if any(slack.meaning.free_symbols & set(meanings) for slack in c.slacks):
        raise Rejected("a meaning uses slack variables")
    replaced: set[Symbol] = set()
    for symbol, value in c.substitution:
        replaced.add(symbol)
        if value.free_symbols & replaced or symbol in meanings or len(replaced) == 0:
            raise Rejected("a substitution uses what it replaces")
        if not _equal(session.fraction(value, meanings), session.fraction(symbol)):
            raise Rejected(f"the substitution does not give {symbol} back")
    values: dict[Symbol, Fraction] = {}
    for symbol, value in reversed(c.substitution):
        values[symbol] = session.fraction(value, values)
    left, right = session.fraction(c.claim.lhs, values), session.fraction(c.claim.rhs, values)
    result = _add(left, _multiply(right, Fraction(session.ring(-1))))
    for divisor in result.divisors.union(*(value.divisors for value in values.values())):
        if not _one_signed(divisor, slacks)[1]:
            raise Rejected("a denominator of the substitution may vanish")
    top, bottom = session.fraction(c.numerator), session.fraction(c.denominator)
    if top.divisors or bottom.divisors or not _equal(_multiply(result, bottom), top):
        raise Rejected("numerator/denominator is not what the claim becomes")
    sign, strict = _one_signed(top.top, slacks)
    below, sure = _one_signed(bottom.top, slacks)
    if not sure:
        raise Rejected("the denominator may vanish")
    if not ({sign * below} if strict else {0, sign * below}) <= allowed:
        raise Rejected("the signs of the terms do not give the claim")


def _products(session: _Session, c: Products, known: Known) -> None:
    """Nonnegative terms, one of them positive, and zeros cannot sum to zero."""
    if c.claim != false:
        raise Rejected("products prove only a contradiction")
    total, strict = session.ring(0), False
    for product in c.products:
        if not product.coefficient > 0:
            raise Rejected("a coefficient that is not positive")
        square = session.fraction(product.square)
        if square.divisors:
            raise Rejected("a square with a denominator")
        term = square.top**2 * QQ(int(product.coefficient.p), int(product.coefficient.q))
        positive = square.top.is_ground and bool(square.top)
        for fact in product.facts:
            _need(fact, known)
            value = session.polynomial(fact)
            if type(fact) not in (Gt, Ge, Lt, Le, Ne):
                raise Rejected("a product may use inequalities only")
            term *= value**2 if isinstance(fact, Ne) else -value if isinstance(fact, Lt | Le) else value
            positive = positive and type(fact) in (Gt, Lt, Ne)
        total += term
        strict = strict or positive
    for fact, multiplier in c.equations:
        _need(fact, known)
        factor = session.fraction(multiplier)
        if not isinstance(fact, Eq) or factor.divisors:
            raise Rejected("a free multiplier needs an equation")
        total += session.polynomial(fact) * factor.top
    if total:
        raise Rejected("the products do not sum to zero")
    if not strict:
        raise Rejected("no product is positive")


def _contradiction(session: _Session, c: Contradiction, known: Known) -> None:
    """A defined relation holds or its denial does; and from what is impossible everything follows."""
    if type(c.claim) in DENIAL:
        try:
            session.polynomial(c.claim)
        except Rejected:
            pass
        else:
            known |= {DENIAL[type(c.claim)](c.claim.lhs, c.claim.rhs, evaluate=False)}
    _part(session, c.refutation, known, false)


def _opposed(session: _Session, c: Opposed, known: Known) -> None:
    """What is given and what is proved leave no sign to an expression."""
    if c.claim != false:
        raise Rejected("an opposition proves only a contradiction")
    _need(c.fact, known)
    _replay(session, c.denial, known)
    if type(c.fact) not in SIGNS or type(c.denial.claim) not in SIGNS:
        raise Rejected("not relations")
    turn = _ratio(session.difference(c.fact), session.difference(c.denial.claim))
    if SIGNS[type(c.fact)] & {turn * s for s in SIGNS[type(c.denial.claim)]}:
        raise Rejected("fact and denial are compatible")


def _cases(session: _Session, c: Cases, known: Known) -> None:
    """One of the branches holds at each point, and each of them gives the claim."""
    if c.fact is not None:
        _need(c.fact, known)
        if not isinstance(c.fact, Or) or not set(c.fact.args) <= {condition for condition, _ in c.branches}:
            raise Rejected("a case is missing")
    else:
        first = c.branches[0][0] if c.branches else true
        session.polynomial(first)
        seen: set[int] = set()
        for condition, _ in c.branches:
            turn = _ratio(session.difference(condition), session.difference(first))
            seen |= {turn * s for s in SIGNS[type(condition)]}
        if seen != ANY:
            raise Rejected("the cases are not exhaustive")
    for condition, proof in c.branches:
        _part(session, proof, known | frozenset(_flat((condition,))), c.claim)


def _using(session: _Session, c: Using, known: Known) -> None:
    """What has been proved may be used."""
    for lemma in c.lemmas:
        _replay(session, lemma, known)
        known |= frozenset(_flat((lemma.claim,)))
    _part(session, c.proof, known, c.claim)


def _conjunction(session: _Session, c: Conjunction, known: Known) -> None:
    """All members of an And; or two weak inequalities that leave only equality."""
    for part in c.parts:
        _replay(session, part, known)
    if c.claim == true or (isinstance(c.claim, And) and set(c.claim.args) <= {part.claim for part in c.parts}):
        return
    if not isinstance(c.claim, Eq):
        raise Rejected("a member of the conjunction is not proved")
    left = ANY
    for part in c.parts:
        if type(part.claim) not in SIGNS:
            raise Rejected("not a relation")
        own, other = session.difference(c.claim), session.difference(part.claim)
        _defined(own, other)
        turn = _ratio(own, other)
        left &= {turn * s for s in SIGNS[type(part.claim)]}
    if left != SIGNS[Eq]:
        raise Rejected("the parts do not give equality")


def _eliminated(session: _Session, c: Eliminated, known: Known) -> None:
    """Where the equation holds and ``lead != 0``, the symbol has the value; so the claim may be read with the value instead."""
    _need(c.equation, known)
    if not isinstance(c.equation, Eq) or c.symbol in c.value.free_symbols | c.lead.free_symbols:
        raise Rejected("not an equation solved for the symbol")
    _part(session, c.nonzero, known, Ne(c.lead, 0, evaluate=False))
    lead, value, symbol = session.fraction(c.lead), session.fraction(c.value), session.fraction(c.symbol)
    solved = _multiply(lead, _add(symbol, Fraction(-value.top, value.bottom)))
    equation = session.difference(c.equation)
    if lead.divisors or not value.divisors <= {lead.top.monic()}:
        raise Rejected("a denominator of the value is not the lead")
    target = solved.top if not solved.bottom else (solved.top.exquo(_product(session.ring, solved.bottom)))
    if not equation.top or (target * _product(session.ring, equation.bottom)).rem(equation.top):
        raise Rejected("the equation does not give the value")
    inner = frozenset(_put(fact, c.symbol, c.value) for fact in known) | {c.nonzero.claim}
    _part(session, c.proof, inner, _put(c.claim, c.symbol, c.value))


def _put(claim: Boolean, symbol: Symbol, value: Expr) -> Boolean:
    if isinstance(claim, Relational):
        return type(claim)(claim.lhs.xreplace({symbol: value}), claim.rhs.xreplace({symbol: value}), evaluate=False)
    if isinstance(claim, And | Or):
        return type(claim)(*(_put(part, symbol, value) for part in claim.args), evaluate=False)
    if claim in (true, false):
        return claim
    raise Rejected(f"unknown statement {claim}")


RULES: dict[type, Callable[[_Session, Any, Known], None]] = {
    Assumed: _assumed,
    Denominator: _denominator,
    Factors: _factors,
    Slack: _slack,
    Products: _products,
    Contradiction: _contradiction,
    Opposed: _opposed,
    Cases: _cases,
    Using: _using,
    Conjunction: _conjunction,
    Eliminated: _eliminated,
}


def _flat(given: Iterable[Boolean]) -> Iterable[Boolean]:
    for fact in given:
        if isinstance(fact, And):
            yield from _flat(fact.args)
        elif fact != true:
            yield fact


def _collect(value: object, symbols: set[Symbol]) -> None:
    if isinstance(value, Expr | Boolean):
        symbols |= value.free_symbols
    elif isinstance(value, tuple):
        for part in value:
            _collect(part, symbols)
    elif is_dataclass(value):
        for each in fields(value):
            _collect(getattr(value, each.name), symbols)


@lru_cache(maxsize=64)
def _ring(symbols: tuple[Symbol, ...]) -> PolyRing:
    return PolyRing(symbols, QQ)
