"""Replays certificates. Shares nothing with the search that found them: a reader who trusts this file trusts the proofs.

`check` accepts a certificate or raises `Rejected`. Polynomials are those of ``sympy.polys.rings`` over the rationals, where
equality is exact. What makes a claim true is stated at each rule. A relation says that its sides are defined, too: rules that
conclude something on an expression with denominators show that each of them is nonzero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from typing import Any

from sympy import And, Derivative, Eq, Expr, Function, Ge, Gt, Le, Lt, Mul, Ne, Or, Pow, Rational, S, Symbol, exp, false, log, true
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean
from sympy.polys.domains import QQ
from sympy.polys.rings import PolyElement

from derive.certificates import (
    Abstracted,
    Alternatives,
    Assumed,
    Atom,
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
from derive.check.fractions import Fraction, Rejected, Session, add, defined, equal, multiply, one_signed, power, product_of, ratio, ring_of

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


def check(certificate: Certificate) -> None:
    """Accept `certificate`: its claim holds wherever its given relations hold. Raises `Rejected`."""
    symbols: set[Symbol] = set()
    _collect(certificate, symbols)
    session = Session(ring_of(tuple(sorted(symbols, key=lambda s: s.name))))
    if len({s.name for s in symbols}) != len(symbols):
        raise Rejected("two symbols of one name")
    _replay(session, certificate, frozenset(_flat(certificate.given)))


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

Known = frozenset[Boolean]


def _replay(session: Session, certificate: Certificate, known: Known) -> None:
    rule = RULES.get(type(certificate))
    if rule is None:
        raise Rejected(f"no rule for {type(certificate).__name__}")
    here = frozenset(_flat(certificate.given))
    if not here <= known:
        raise Rejected("supposes what is not given")
    rule(session, certificate, here)


def _part(session: Session, certificate: Certificate, known: Known, claim: Boolean) -> None:
    if certificate.claim != claim:
        raise Rejected(f"a part proves {certificate.claim} instead of {claim}")
    _replay(session, certificate, known)


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
    _covered(difference, nonzero)


def _covered(value: Fraction, nonzero: list[PolyElement]) -> None:
    """Each divisor of `value` is a product of polynomials known to be nonzero."""
    for divisor in value.divisors:
        rest = divisor
        for base in nonzero:
            while not base.is_ground and not rest.is_ground and not rest.rem(base):
                rest = rest.quo(base)
        if not rest.is_ground:
            raise Rejected("a denominator is not shown to be nonzero")


def _slack(session: Session, c: Slack, known: Known) -> None:
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
        if value.free_symbols & replaced or symbol in meanings:
            raise Rejected("a substitution uses what it replaces")
        if not equal(session.fraction(value, meanings), session.fraction(symbol)):
            raise Rejected(f"the substitution does not give {symbol} back")
    values: dict[Symbol, Fraction] = {}
    for symbol, value in reversed(c.substitution):
        values[symbol] = session.fraction(value, values)
    left, right = session.fraction(c.claim.lhs, values), session.fraction(c.claim.rhs, values)
    result = add(left, multiply(right, Fraction(session.ring(-1))))
    for divisor in result.divisors.union(*(value.divisors for value in values.values())):
        if not one_signed(divisor, slacks)[1]:
            raise Rejected("a denominator of the substitution may vanish")
    top, bottom = session.fraction(c.numerator), session.fraction(c.denominator)
    if top.divisors or bottom.divisors or not equal(multiply(result, bottom), top):
        raise Rejected("numerator/denominator is not what the claim becomes")
    sign, strict = one_signed(top.top, slacks)
    below, sure = one_signed(bottom.top, slacks)
    if not sure:
        raise Rejected("the denominator may vanish")
    if not ({sign * below} if strict else {0, sign * below}) <= allowed:
        raise Rejected("the signs of the terms do not give the claim")


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


def _contradiction(session: Session, c: Contradiction, known: Known) -> None:
    """A defined relation holds or its denial does; and from what is impossible everything follows."""
    if type(c.claim) in DENIAL:
        try:
            session.polynomial(c.claim)
        except Rejected:
            pass
        else:
            known |= {DENIAL[type(c.claim)](c.claim.lhs, c.claim.rhs, evaluate=False)}
    _part(session, c.refutation, known, false)


def _opposed(session: Session, c: Opposed, known: Known) -> None:
    """What is given and what is proved leave no sign to an expression."""
    if c.claim != false:
        raise Rejected("an opposition proves only a contradiction")
    _need(c.fact, known)
    _replay(session, c.denial, known)
    if type(c.fact) not in SIGNS or type(c.denial.claim) not in SIGNS:
        raise Rejected("not relations")
    turn = ratio(session.difference(c.fact), session.difference(c.denial.claim))
    if SIGNS[type(c.fact)] & {turn * s for s in SIGNS[type(c.denial.claim)]}:
        raise Rejected("fact and denial are compatible")


def _cases(session: Session, c: Cases, known: Known) -> None:
    """One of the branches holds at each point, and each of them gives the claim."""
    if c.fact is not None:
        _need(c.fact, known)
        if not isinstance(c.fact, Or) or not set(c.fact.args) <= {condition for condition, _ in c.branches}:
            raise Rejected("a case is missing")
    else:
        first = c.branches[0][0] if c.branches else true
        seen: set[int] = set()
        for condition, _ in c.branches:
            session.polynomial(condition)
            turn = ratio(session.difference(condition), session.difference(first))
            seen |= {turn * s for s in SIGNS[type(condition)]}
        if seen != ANY:
            raise Rejected("the cases are not exhaustive")
    for condition, proof in c.branches:
        _part(session, proof, known | frozenset(_flat((condition,))), c.claim)


def _using(session: Session, c: Using, known: Known) -> None:
    """What has been proved may be used."""
    for lemma in c.lemmas:
        _replay(session, lemma, known)
        known |= frozenset(_flat((lemma.claim,)))
    _part(session, c.proof, known, c.claim)


def _conjunction(session: Session, c: Conjunction, known: Known) -> None:
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
        defined(own, other)
        turn = ratio(own, other)
        left &= {turn * s for s in SIGNS[type(part.claim)]}
    if left != SIGNS[Eq]:
        raise Rejected("the parts do not give equality")


def _alternatives(session: Session, c: Alternatives, known: Known) -> None:
    """Relations that are defined and cannot all fail: at each point one of them holds."""
    if not isinstance(c.claim, Or):
        raise Rejected("not a disjunction")
    shown = []
    for proof in c.defined:
        _replay(session, proof, known)
        if not isinstance(proof.claim, Ne):
            raise Rejected("not an inequation")
        shown.append(session.polynomial(proof.claim))
    denials = set()
    for part in c.claim.args:
        _covered(session.difference(part), shown)
        denials.add(DENIAL[type(part)](part.lhs, part.rhs, evaluate=False))
    _part(session, c.refutation, known | denials, false)


def _eliminated(session: Session, c: Eliminated, known: Known) -> None:
    """Where the equation holds and ``lead != 0``, the symbol has the value; so the claim may be read with the value instead."""
    _need(c.equation, known)
    if not isinstance(c.equation, Eq) or c.symbol in c.value.free_symbols | c.lead.free_symbols:
        raise Rejected("not an equation solved for the symbol")
    _part(session, c.nonzero, known, Ne(c.lead, 0, evaluate=False))
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
    inner = frozenset(_put(fact, {c.symbol: c.value}) for fact in known) | {c.nonzero.claim}
    _part(session, c.proof, inner, _put(c.claim, {c.symbol: c.value}))


def _abstracted(session: Session, c: Abstracted, known: Known) -> None:
    """Powers of one base multiply as their exponents add; a power of a positive base and an exponential are positive; a root
    has its defining equation. Beyond that an atom is any real number."""
    used = c.claim.free_symbols.union(*(fact.free_symbols for fact in known))
    atoms = {atom.symbol: atom for atom in c.atoms}
    if len(atoms) != len(c.atoms) or used & set(atoms):
        raise Rejected("the symbol of an atom is not fresh")
    safe = {atom.symbol: _atom(session, atom, known) for atom in c.atoms}
    table: dict[Expr, Expr] = {}
    for kernel in c.kernels:
        base, exponent = _tower(kernel.expression)
        own = session.fraction(exponent)
        total, product, shown = session.fraction(S.Zero), [], []
        for piece, count in kernel.powers:
            if piece in atoms:
                inner, part = _tower(atoms[piece].expression)
                shown += safe[piece]
                product.append(piece**count)
            elif piece == base and isinstance(kernel.expression, Pow) and len(kernel.powers) > 1:
                inner, part = base, S.One
                product.append(base.xreplace(table) ** count)
            else:
                raise Rejected("a kernel uses an unknown atom")
            if inner != base:
                raise Rejected("a kernel mixes bases")
            total = add(total, multiply(session.fraction(part), session.fraction(Rational(count))))
        if not equal(total, own):
            raise Rejected("exponents do not add up")
        _covered(own, shown)
        table[kernel.expression] = Mul(*product)
    facts = [fact for atom in c.atoms for fact in _atom_facts(atom, table)]
    inner_known = frozenset(_put(fact, table) for fact in known).union(facts)
    _part(session, c.proof, inner_known, _put(c.claim, table))


def _tower(expression: Expr) -> tuple[Expr, Expr]:
    """``(base, exponent)``; a value is its own base."""
    if isinstance(expression, Pow):
        return expression.base, expression.exp
    if isinstance(expression, exp):
        return S.Exp1, expression.args[0]
    if isinstance(expression, Function | Derivative):
        return expression, S.One
    raise Rejected(f"not an atom: {expression}")


def _atom(session: Session, atom: Atom, known: Known) -> list[PolyElement]:
    """Check that the atom is a defined real number; the polynomials shown to be nonzero for that."""
    shown = []
    for proof in atom.defined:
        _replay(session, proof, known)
        if not isinstance(proof.claim, Ne):
            raise Rejected("not an inequation")
        shown.append(session.polynomial(proof.claim))
    base, exponent = _tower(atom.expression)
    if isinstance(atom.expression, Pow | log):
        base = atom.expression.args[0]
        root = isinstance(atom.expression, Pow) and isinstance(exponent, Rational)
        if root and (exponent.p != 1 or exponent.q < 2):
            raise Rejected("not a simple root")
        proof = atom.premise
        if proof is None or not isinstance(proof.claim, Gt | Ge) or proof.claim.lhs != base or proof.claim.rhs != 0:
            raise Rejected("a base of unproved sign")
        if isinstance(proof.claim, Ge) and not root:
            raise Rejected("a base that may vanish")
        _replay(session, proof, known)
    elif not isinstance(atom.expression, exp | AppliedUndef | Derivative) and atom.expression.is_real is not True:
        raise Rejected("not known to be real")
    for part in (exponent, *(() if isinstance(atom.expression, Pow | log | Derivative) else atom.expression.args)):
        if isinstance(part, Expr):
            _covered(session.fraction(part), shown)
    return shown


def _atom_facts(atom: Atom, table: dict[Expr, Expr]) -> list[Boolean]:
    expression = atom.expression
    if isinstance(expression, exp) or (isinstance(expression, Pow) and not isinstance(expression.exp, Rational)):
        return [Gt(atom.symbol, 0, evaluate=False)]
    if isinstance(expression, Pow):
        power_of = Eq(atom.symbol ** int(expression.exp.q), expression.base.xreplace(table), evaluate=False)
        return [power_of, Ge(atom.symbol, 0, evaluate=False)]
    return []


def _put(claim: Boolean, table: dict[Expr, Expr]) -> Boolean:
    if isinstance(claim, Relational):
        return type(claim)(claim.lhs.xreplace(table), claim.rhs.xreplace(table), evaluate=False)
    if isinstance(claim, And | Or):
        return type(claim)(*(_put(part, table) for part in claim.args), evaluate=False)
    if claim in (true, false):
        return claim
    raise Rejected(f"unknown statement {claim}")


RULES: dict[type, Callable[[Session, Any, Known], None]] = {
    Abstracted: _abstracted,
    Alternatives: _alternatives,
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
