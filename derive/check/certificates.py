"""Replays certificates. Shares nothing with the search that found them: a reader who trusts this file trusts the proofs.

`check` accepts a certificate or raises `Rejected`. Polynomials are those of ``sympy.polys.rings`` over the rationals, where
equality is exact. What makes a claim true is stated at each rule. A relation says that its sides are defined, too: rules that
conclude something on an expression with denominators show that each of them is nonzero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from sympy import Eq, Expr, Ge, Gt, Le, Lt, Ne, Symbol, false
from sympy.logic.boolalg import Boolean
from sympy.polys.domains import QQ

from derive.certificates import (
    Alternatives,
    Assumed,
    Cases,
    Certificate,
    Conjunction,
    Contradiction,
    Denominator,
    Eliminated,
    Enclosed,
    Factors,
    Member,
    Named,
    Opposed,
    Products,
    Slack,
    Squares,
    Switched,
    Using,
)
from derive.check.balls import enclosed, switched
from derive.check.connectives import alternatives, cases, conjunction, flat, member
from derive.check.fractions import (
    ANY,
    DENIAL,
    SIGNS,
    Fraction,
    Known,
    Rejected,
    Session,
    add,
    covered,
    defined,
    equal,
    inequations,
    multiply,
    one_signed,
    part_of,
    power,
    product_of,
    put,
    ratio,
    session_of,
    symbols_in,
)
from derive.check.powers import OF_POWERS
from derive.check.squares import squares


def check(certificate: Certificate) -> None:
    """Accept `certificate`: its claim holds wherever its given relations hold. Raises `Rejected`."""
    check_all((certificate,))


def check_all(certificates: Iterable[Certificate]) -> None:
    """Accept all of `certificates`, parts that they share once. Raises `Rejected`."""
    sessions: dict[tuple[Symbol, ...], Session] = {}
    spoken: dict[int, frozenset[Symbol]] = {}
    for certificate in tuple(certificates):
        symbols = symbols_in(certificate, spoken)
        if len({s.name for s in symbols}) != len(symbols):
            raise Rejected("two symbols of one name")
        if symbols not in sessions:
            sessions[symbols] = replace(session_of(symbols, _replay), done={})
        _replay(sessions[symbols], certificate, frozenset(flat(certificate.given)))


def _signs_of(session: Session, certificate: Certificate, expression: Expr) -> frozenset[int]:
    """The signs that the claim of a (replayed) certificate leaves to `expression`, which it also shows to be defined."""
    claim = certificate.claim
    signs = SIGNS.get(type(claim))
    if signs is None:
        raise Rejected(f"not a sign: {claim}")
    if claim.lhs == expression and claim.rhs == 0:
        session.fraction(expression)
        return signs
    own, other = session.fraction(expression), session.difference(claim)
    defined(own, other)
    turn = ratio(own, other)
    return frozenset(turn * s for s in signs)


# --- the rules -------------------------------------------------------------------------------------------------------


def _replay(session: Session, certificate: Certificate, known: Known) -> None:
    rule = RULES.get(type(certificate))
    if rule is None:
        raise Rejected(f"no rule for {type(certificate).__name__}")
    here = frozenset(flat(certificate.given))
    if not here <= known:
        raise Rejected("supposes what is not given")
    if session.done.get(id(certificate)) is not certificate:
        rule(session, certificate, here)
        session.done[id(certificate)] = certificate


def _need(fact: Boolean, known: Known) -> None:
    if fact not in known:
        raise Rejected(f"not given: {fact}")


def _assumed(session: Session, c: Assumed, known: Known) -> None:
    """A positive multiple of something given has its sign; what is positive is also nonnegative and nonzero."""
    _need(c.fact, known)
    if c.claim == c.fact:
        return
    if type(c.fact) not in SIGNS or type(c.claim) not in SIGNS:
        raise Rejected("not relations")
    own, other = session.difference(c.claim), session.difference(c.fact)
    defined(own, other)
    turn = ratio(own, other)
    if not {turn * s for s in SIGNS[type(c.fact)]} <= SIGNS[type(c.claim)]:
        raise Rejected("the claim is stronger than the fact")


def _denominator(session: Session, c: Denominator, known: Known) -> None:
    """A relation holds only where its sides are defined, so no divisor of them vanishes, nor any factor of a divisor."""
    _need(c.fact, known)
    if not isinstance(c.claim, Ne):
        raise Rejected("not an inequation")
    own = session.polynomial(c.claim)
    if not own or not any(not divisor.rem(own) for divisor in session.difference(c.fact).divisors):
        raise Rejected("not a factor of a denominator")


def _factors(session: Session, c: Factors, known: Known) -> None:
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
        product = multiply(product, power(base, factor.exponent))
        own = frozenset(s ** abs(factor.exponent) for s in own)
        signs = frozenset(a * b for a in signs for b in own)
    if not equal(difference, product):
        raise Rejected("the product is not the difference of the sides")
    if not signs <= allowed:
        raise Rejected("the signs of the factors do not give the claim")
    covered(difference, nonzero)


def _slack(session: Session, c: Slack, known: Known) -> None:
    """At each admissible point let the slacks have their meaning. Each is then nonnegative (positive if strict), and the symbols
    have the values of the substitution; so the claim's difference is numerator/denominator, whose terms have one sign."""
    allowed = SIGNS.get(type(c.claim), ANY)
    session.polynomial(c.claim)
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
        slacks[session.places[slack.symbol]] = slack.strict
    if any(slack.meaning.free_symbols & set(meanings) for slack in c.slacks):
        raise Rejected("a meaning uses slack variables")
    moves = (c.substitution, tuple((slack.symbol, slack.meaning) for slack in c.slacks))
    if moves not in session.moves:
        session.moves[moves] = _moved(session, c.substitution, meanings)
    values = session.moves[moves]
    left, right = session.fraction(c.claim.lhs, values), session.fraction(c.claim.rhs, values)
    result = add(left, multiply(right, Fraction(session.ring(-1))))
    for divisor in result.divisors.union(*(value.divisors for value in values.values())):
        if not one_signed(divisor, slacks)[1]:
            raise Rejected("a denominator of the substitution may vanish")
    top, below = session.fraction(c.numerator), session.fraction(1 / c.denominator)
    if top.divisors or not equal(result, multiply(top, below)):
        raise Rejected("numerator/denominator is not what the claim becomes")
    sign, strict = one_signed(top.top, slacks)
    for part, exponent in ((below.top, 1), *below.bottom):
        own, sure = one_signed(part, slacks)
        if not sure:
            raise Rejected("the denominator may vanish")
        sign *= own**exponent
    if not ({sign} if strict else {0, sign}) <= allowed:
        raise Rejected("the signs of the terms do not give the claim")


def _moved(
    session: Session, substitution: tuple[tuple[Symbol, Expr], ...], meanings: dict[Symbol, Fraction]
) -> dict[Symbol, Fraction]:
    """The symbols' values by the substitution, which the meanings of the slack variables make true."""
    replaced: set[Symbol] = set()
    for symbol, value in substitution:
        replaced.add(symbol)
        if value.free_symbols & replaced or symbol in meanings:
            raise Rejected("a substitution uses what it replaces")
        if not equal(session.fraction(value, meanings), session.fraction(symbol)):
            raise Rejected(f"the substitution does not give {symbol} back")
    values: dict[Symbol, Fraction] = {}
    for symbol, value in reversed(substitution):
        values[symbol] = session.fraction(value, values)
    return values


def _products(session: Session, c: Products, known: Known) -> None:
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
            value = session.fact(fact)
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
        total += session.fact(fact) * factor.top
    if total:
        raise Rejected("the products do not sum to zero")
    if not strict:
        raise Rejected("no product is positive")


def _contradiction(session: Session, c: Contradiction, known: Known) -> None:
    """A defined relation holds or its denial does; and from what is impossible everything follows."""
    if type(c.claim) in DENIAL:
        try:
            session.polynomial(c.claim)
        except Rejected:
            pass
        else:
            known |= {DENIAL[type(c.claim)](c.claim.lhs, c.claim.rhs, evaluate=False)}
    part_of(session, c.refutation, known, false)


def _opposed(session: Session, c: Opposed, known: Known) -> None:
    """What is given and what is proved leave no sign to an expression."""
    if c.claim != false:
        raise Rejected("an opposition proves only a contradiction")
    _need(c.fact, known)
    _replay(session, c.denial, known)
    if type(c.fact) not in SIGNS or type(c.denial.claim) not in SIGNS:
        raise Rejected("not relations")
    same = c.fact.args == c.denial.claim.args
    turn = 1 if same else ratio(session.difference(c.fact), session.difference(c.denial.claim))
    if SIGNS[type(c.fact)] & {turn * s for s in SIGNS[type(c.denial.claim)]}:
        raise Rejected("fact and denial are compatible")


def _using(session: Session, c: Using, known: Known) -> None:
    """What has been proved may be used."""
    for lemma in c.lemmas:
        _replay(session, lemma, known)
        known |= frozenset(flat((lemma.claim,)))
    part_of(session, c.proof, known, c.claim)


def _eliminated(session: Session, c: Eliminated, known: Known) -> None:
    """Where the equation holds and ``lead != 0``, the symbol has the value; so the claim may be read with the value instead."""
    _need(c.equation, known)
    if not isinstance(c.equation, Eq) or c.symbol in c.value.free_symbols | c.lead.free_symbols:
        raise Rejected("not an equation solved for the symbol")
    part_of(session, c.nonzero, known, Ne(c.lead, 0, evaluate=False))
    lead, value, symbol = session.fraction(c.lead), session.fraction(c.value), session.fraction(c.symbol)
    solved = multiply(lead, add(symbol, Fraction(-value.top, value.bottom)))
    equation = session.difference(c.equation)
    if lead.divisors or any(lead.top.rem(divisor) for divisor in value.divisors):
        raise Rejected("a denominator of the value does not divide the lead")
    target, rest = solved.top.div(product_of(session.ring, solved.bottom))
    if rest:
        raise Rejected("lead times value has a denominator")
    if not equation.top or (target * product_of(session.ring, equation.bottom)).rem(equation.top):
        raise Rejected("the equation does not give the value")
    inner = frozenset(put(fact, {c.symbol: c.value}) for fact in known) | {c.nonzero.claim}
    part_of(session, c.proof, inner, put(c.claim, {c.symbol: c.value}))


def _named(session: Session, c: Named, known: Known) -> None:
    """At each admissible point let the symbol, of which nothing else is known or said, have the value, which is defined there."""
    spoken = c.claim.free_symbols.union(c.value.free_symbols, *(fact.free_symbols for fact in known))
    if c.symbol in spoken:
        raise Rejected("a name that is taken")
    covered(session.fraction(c.value), inequations(session, c.defined, known))
    part_of(session, c.proof, known | {Eq(c.symbol, c.value, evaluate=False)}, c.claim)


RULES: dict[type, Callable[[Session, Any, Known], None]] = {
    **OF_POWERS,
    Alternatives: alternatives,
    Assumed: _assumed,
    Denominator: _denominator,
    Factors: _factors,
    Slack: _slack,
    Squares: squares,
    Switched: switched,
    Products: _products,
    Contradiction: _contradiction,
    Opposed: _opposed,
    Cases: cases,
    Using: _using,
    Conjunction: conjunction,
    Member: member,
    Eliminated: _eliminated,
    Named: _named,
    Enclosed: enclosed,
}
