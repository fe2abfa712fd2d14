"""The checker refuses certificates that prove nothing: one forged field at a time, for every kind of certificate."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import pytest
from sympy import (
    Abs,
    And,
    E,
    Eq,
    Expr,
    Function,
    Ge,
    Gt,
    Integer,
    LambertW,
    Le,
    Lt,
    Max,
    Min,
    Ne,
    Or,
    Rational,
    Symbol,
    erf,
    exp,
    false,
    log,
    pi,
    sqrt,
    true,
)
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

import derive.certificates as kinds
from derive.certificates import (
    Abstracted,
    Alternatives,
    Assumed,
    Atom,
    Cases,
    Certificate,
    Chain,
    Conjunction,
    Contradiction,
    Denominator,
    Eliminated,
    Factor,
    Factors,
    Kernel,
    KnownBound,
    Member,
    Named,
    Opposed,
    PowerOrder,
    PowerTangent,
    Product,
    Products,
    Slack,
    SlackVariable,
    Squares,
    Switched,
    Using,
)
from derive.check.certificates import RULES, Rejected, check
from derive.ir import symbols
from derive.prooftext import Unreadable
from derive.prove import from_text, prove, refute, to_text
from derive.prove.enclose import prove_by_balls

a, b, g, h, p, t, x, y, z = symbols("a b gamma h p t x y z")
one = Integer(1)
F = Function("F")


def assume(fact: Relational, *given: Boolean) -> Assumed:
    return Assumed(claim=fact, given=(fact, *given), fact=fact)


def relation(kind: type, left: Expr, right: Expr | int = 0) -> Relational:
    return kind(left, right, evaluate=False)


def parts(value: object) -> Iterator[Certificate]:
    """All certificates inside a certificate, itself included."""
    if isinstance(value, Certificate):
        yield value
    if isinstance(value, tuple):
        for part in value:
            yield from parts(part)
    elif is_dataclass(value):
        for each in fields(value):
            yield from parts(getattr(value, each.name))


GENUINE = {
    "logarithm beside one": prove(x > y * log(x / y) + y, [x > y, y > 0]),
    "number": prove(x * E > 2 * x, [x > 0]),
    "number alone": prove(x / E > 0, [x > 0]),
    "factors": prove(x * y > 0, [x > 0, y > 0]),
    "slack": prove(b * b - g - 1 > 0, [b > g + 1, g > 0]),
    "products": refute([x > y, y > z, z > x]),
    "contradiction": prove(x**2 + y**2 + z**2 >= x * y + y * z + z * x, []),
    "opposed": refute([x > 0, Le(x, 0, evaluate=False)]),
    "denominator": prove(Ne(x, 0), [1 / x > y]),
    "cases": prove(x >= y, [Or(x >= y + 1, x >= 2 * y), y >= 0]),
    "conjunction": prove(And(x > 0, y > 0), [x > 1, y > 1]),
    "equality": prove(Eq(x, y), [x >= y, y >= x]),
    "eliminated": prove(x > 1 / y, [Eq(x * y, 2), y > 0]),
    "abstracted": prove(a * p ** (g - b) > 0, [p > 0, a > 0]),
    "root": prove(sqrt(x + 1) > 1, [x > 0]),
    "alternatives": prove(Or(x > 0, x < 1), []),
    "fractional": prove(x / (x + y) < 1, [x > 0, y > 0]),
    "order of powers": prove(p ** (g - b) + z > z ** (g - b) + p, [p < z, p > 0, b > g + 1]),
    "chain": prove(p ** (g - b) > z ** (g - b), [p < z, p > 0, b > g + 1]),
    "tangent of a power": prove(x**b + y**b >= 2 * ((x + y) / 2) ** b, [x > 0, y > 0, b > 1]),
    "squares": prove(x**4 + y**4 + 3 > 3 * x * y, []),
    "enclosed": prove_by_balls(x**x > Rational(69, 100), [x > 0, x <= 1]),
    "logarithm": prove(log(x / y) > 0, [x > y, y > 0]),
    "Lambert": prove(LambertW(x) + 1 > 0, [x > 0]),
    "error function": prove(erf(x) + 2 > 0, []),
    "interval": prove(x * y < z * y, [x > 0, x < z, y > 0]),
}


@pytest.mark.parametrize("name", GENUINE)
def test_genuine_certificates_are_accepted(name: str) -> None:
    certificate = GENUINE[name]
    assert certificate is not None
    check(certificate)


def test_every_kind_has_a_rule_and_a_genuine_example() -> None:
    declared = {k for k in vars(kinds).values() if isinstance(k, type) and issubclass(k, Certificate) and k is not Certificate}
    assert declared == set(RULES)
    seen = {type(part) for certificate in GENUINE.values() for part in parts(certificate)}
    by_hand = {Using, Opposed, Switched, Named, Member}
    assert declared - seen <= by_hand, declared - seen


DENIALS = {Gt: Le, Ge: Lt, Lt: Ge, Le: Gt, Eq: Ne, Ne: Eq}


@pytest.mark.parametrize("name", GENUINE)
def test_the_opposite_claim_is_refused(name: str) -> None:
    certificate = GENUINE[name]
    assert certificate is not None
    claim = certificate.claim
    if claim == false:
        opposite: Boolean = relation(Gt, x, y + 17)
    elif isinstance(claim, And | Or):
        opposite = type(claim)(*(DENIALS[type(part)](*part.args, evaluate=False) for part in claim.args), evaluate=False)
    else:
        opposite = DENIALS[type(claim)](claim.lhs, claim.rhs, evaluate=False)
    with pytest.raises(Rejected):
        check(replace(certificate, claim=opposite))


@pytest.mark.parametrize("name", [name for name, c in GENUINE.items() if c is not None and c.given])
def test_dropping_what_was_given_is_refused(name: str) -> None:
    certificate = GENUINE[name]
    assert certificate is not None
    with pytest.raises(Rejected):
        check(replace(certificate, given=()))


def _slack() -> Slack:
    proof = next(part for part in parts(GENUINE["slack"]) if isinstance(part, Slack))
    check(proof)
    return proof


def test_forged_slack_substitutions() -> None:
    genuine = _slack()
    first, second = genuine.slacks
    (symbol, value), *others = genuine.substitution
    forged = [
        replace(genuine, substitution=((symbol, value + 1), *others)),
        replace(genuine, substitution=tuple(others)),
        replace(genuine, slacks=(replace(first, meaning=first.meaning + 1), second)),
        replace(genuine, slacks=(first,)),
        replace(genuine, slacks=(replace(first, sign=assume(relation(Gt, first.meaning))), second)),
        replace(genuine, numerator=genuine.numerator + 1),
        replace(genuine, denominator=Integer(-1), numerator=-genuine.numerator, claim=relation(Lt, genuine.claim.lhs)),
        replace(genuine, claim=relation(Gt, genuine.claim.lhs - 5)),
    ]
    for certificate in forged:
        with pytest.raises(Rejected):
            check(certificate)


def test_a_slack_that_may_vanish_proves_nothing_strict() -> None:
    given = (x >= 0,)
    slack = SlackVariable(t, x, True, assume(x >= 0))
    forged = Slack(claim=x > 0, given=given, substitution=((x, t),), slacks=(slack,), numerator=t, denominator=one)
    with pytest.raises(Rejected):
        check(forged)
    with pytest.raises(Rejected):
        check(replace(forged, slacks=(replace(slack, strict=False),)))
    check(replace(forged, claim=x >= 0, slacks=(replace(slack, strict=False),)))


def test_a_substitution_that_misses_part_of_the_admissible_set() -> None:
    given = (x > 0,)
    slack = SlackVariable(t, x, True, assume(x > 0))
    for value in (1 + t, t / (1 + t), t**2):
        forged = Slack(
            claim=x > Rational(-1, 2),
            given=given,
            substitution=((x, value),),
            slacks=(slack,),
            numerator=value + Rational(1, 2),
            denominator=one,
        )
        with pytest.raises(Rejected):
            check(forged)


def test_free_symbols_need_even_powers() -> None:
    forged = Slack(claim=relation(Ge, x), given=(), substitution=(), slacks=(), numerator=x, denominator=one)
    with pytest.raises(Rejected):
        check(forged)
    check(replace(forged, claim=relation(Ge, x**2), numerator=x**2))
    with pytest.raises(Rejected):
        check(replace(forged, claim=relation(Gt, x**2), numerator=x**2))


def test_forged_products() -> None:
    genuine = GENUINE["products"]
    assert isinstance(genuine, Products)
    first, *rest = genuine.products
    forged = [
        replace(genuine, products=(replace(first, coefficient=-first.coefficient), *rest)),
        replace(genuine, products=tuple(rest)),
        replace(genuine, products=()),
        replace(genuine, products=(replace(first, facts=(relation(Gt, x, z),)), *rest)),
        replace(genuine, products=(replace(first, square=x), *rest)),
        replace(genuine, equations=((relation(Eq, x, y), one),)),
        replace(genuine, claim=relation(Gt, x)),
    ]
    for certificate in forged:
        with pytest.raises(Rejected):
            check(certificate)


def test_products_without_a_positive_term_contradict_nothing() -> None:
    given = (x >= y, y >= x)
    forged = Products(claim=false, given=given, products=(Product(one, (x >= y,), one), Product(one, (y >= x,), one)))
    with pytest.raises(Rejected):
        check(forged)
    vanishing = Products(
        claim=false,
        given=(Eq(x, 0),),
        products=(Product(one, (), x),),
        equations=((Eq(x, 0), -x),),
    )
    with pytest.raises(Rejected):
        check(vanishing)


def test_a_fact_may_have_a_denominator_that_cancels_and_no_other() -> None:
    """What holds is defined: ``x**2 = z (y**2/z + z)`` says ``x**2 = y**2 + z**2``."""
    fact, other = Eq(x**2, z * (y**2 / z + z)), Eq(x**2, y**2 / z + z)
    negative = Lt(x**2, 0, evaluate=False)
    products = (Product(one, (negative,), one), Product(one, (), y), Product(one, (), z))
    check(Products(claim=false, given=(fact, negative), products=products, equations=((fact, one),)))
    with pytest.raises(Rejected, match="denominator"):
        check(Products(claim=false, given=(other, negative), products=products, equations=((other, one),)))


def test_an_inequality_is_no_equation() -> None:
    given = (x > 0,)
    forged = Products(claim=false, given=given, products=(Product(one, (), one),), equations=((x > 0, -1 / x),))
    with pytest.raises(Rejected):
        check(forged)
    forged = Products(claim=false, given=given, products=(Product(one, (x > 0,), one),), equations=((x > 0, -one),))
    with pytest.raises(Rejected):
        check(forged)


def test_forged_factors() -> None:
    positive = Factor(x, 1, assume(x > 0, y > 0))
    given = (x > 0, y > 0)
    forged = [
        Factors(claim=x * y > 0, given=given, coefficient=one, factors=(positive,)),
        Factors(claim=x * y > 0, given=given, coefficient=one, factors=(positive, Factor(y, 1))),
        Factors(claim=x * y > 0, given=given, coefficient=Integer(-1), factors=(positive, Factor(y, 1, assume(y > 0, x > 0)))),
        # an even factor dropped, or kept without a proof that it does not vanish
        Factors(claim=x * (y - 1) ** 2 > 0, given=given, coefficient=one, factors=(positive,)),
        Factors(claim=x * (y - 1) ** 2 > 0, given=given, coefficient=one, factors=(positive, Factor(y - 1, 2))),
        # a denominator that may vanish
        Factors(claim=x / (y - 1) ** 2 > 0, given=given, coefficient=one, factors=(positive, Factor(y - 1, -2))),
        Factors(claim=relation(Gt, (y**2 - 1) / (y - 1)), given=(y > 0,), coefficient=one, factors=(Factor(y + 1, 1),)),
        Factors(claim=relation(Gt, Integer(-1)), given=(), coefficient=Integer(-1)),
        Factors(claim=relation(Gt, Integer(1)), given=(), coefficient=Integer(2)),
    ]
    for certificate in forged:
        with pytest.raises(Rejected):
            check(certificate)
    check(Factors(claim=relation(Ge, x * (y - 1) ** 2), given=given, coefficient=one, factors=(positive, Factor(y - 1, 2))))


def test_a_cancelled_denominator_still_counts() -> None:
    inside = prove(y + 1 > 0, [y > 0])
    assert inside is not None
    claim = relation(Gt, (y**2 - 1) / (y - 1))
    with pytest.raises(Rejected, match="denominator"):
        check(Factors(claim=claim, given=(y > 0,), coefficient=one, factors=(Factor(y + 1, 1, inside),)))


def test_forged_assumptions() -> None:
    for claim, fact in (
        (x > 0, x >= 0),
        (x > 1, x > 0),
        (relation(Gt, -x), x > 0),
        (relation(Eq, x), x >= 0),
        (Ne(x, 0), x >= 0),
        (relation(Gt, x / y), relation(Gt, x / y**2)),
        (relation(Gt, x / y * y), relation(Gt, y)),
    ):
        with pytest.raises(Rejected):
            check(Assumed(claim=claim, given=(fact,), fact=fact))
        with pytest.raises(Rejected):
            check(Assumed(claim=claim, given=(fact,), fact=claim))
    for claim, fact in ((x >= 0, x > 0), (relation(Lt, -2 * x), x > 0), (Ne(x, 0), relation(Lt, x))):
        check(Assumed(claim=claim, given=(fact,), fact=fact))


def test_forged_denominators() -> None:
    with pytest.raises(Rejected):
        check(Denominator(claim=Ne(x, 0), given=(relation(Gt, x / y),), fact=relation(Gt, x / y)))
    with pytest.raises(Rejected):
        check(Denominator(claim=relation(Gt, y), given=(relation(Gt, x / y),), fact=relation(Gt, x / y)))
    check(Denominator(claim=Ne(y, 0), given=(relation(Gt, x / y),), fact=relation(Gt, x / y)))


def test_forged_cases() -> None:
    up, down = relation(Gt, x), relation(Lt, x)
    claim = relation(Gt, x**2)
    squares = [
        Factors(claim=claim, given=(case,), coefficient=one, factors=(Factor(x, 2, assume(case)),)) for case in (up, down)
    ]
    with pytest.raises(Rejected, match="exhaustive"):
        check(Cases(claim=claim, given=(), branches=((up, squares[0]), (down, squares[1]))))
    with pytest.raises(Rejected):
        check(Cases(claim=claim, given=(), branches=((up, squares[0]), (relation(Le, x), squares[1]))))
    with pytest.raises(Rejected):
        check(Cases(claim=claim, given=(Or(up, down),), branches=((up, squares[0]),), fact=Or(up, down)))
    with pytest.raises(Rejected):
        check(Cases(claim=claim, given=(), branches=((up, squares[0]), (down, squares[1])), fact=Or(up, down)))
    with pytest.raises(Rejected):
        check(Cases(claim=claim, given=(), branches=()))
    check(Cases(claim=claim, given=(Or(up, down),), branches=((up, squares[0]), (down, squares[1])), fact=Or(up, down)))


def test_forged_eliminations() -> None:
    genuine = GENUINE["eliminated"]
    assert isinstance(genuine, Eliminated)
    forged = [
        replace(genuine, value=genuine.value + 1),
        replace(genuine, lead=genuine.lead + 1),
        replace(genuine, symbol=y if genuine.symbol == x else x),
        replace(genuine, equation=relation(Eq, x * y, 3)),
        replace(genuine, nonzero=assume(Ne(genuine.lead, 0))),
    ]
    for certificate in forged:
        with pytest.raises(Rejected):
            check(certificate)


def _member() -> Member:
    """For x above one, its square is; so that, or x below nought, holds."""
    part = prove(x**2 > 1, (x > 1,))
    assert part is not None
    return Member(claim=Or(x < 0, x**2 > 1, evaluate=False), given=(x > 1,), part=part)


def test_forged_members() -> None:
    genuine = _member()
    check(genuine)
    forged = [
        replace(genuine, claim=Or(x < 0, x**2 > 2, evaluate=False)),
        replace(genuine, claim=And(x > 0, x**2 > 1, evaluate=False)),
        replace(genuine, given=(x > 0,)),
        replace(genuine, part=assume(x < 0)),
    ]
    for certificate in forged:
        with pytest.raises(Rejected):
            check(certificate)


def _named() -> Named:
    """For positive x, ``h = 1/x`` is positive; ``1/(1 + h)`` is then below one, and so is ``x/(1 + x)``."""
    given = (x > 0,)
    equation = relation(Eq, h, 1 / x)
    inner = prove(x / (1 + x) < 1, [*given, equation])
    nonzero = prove(Ne(x, 0), given)
    assert inner is not None
    assert nonzero is not None
    claim = x / (1 + x) < 1
    return Named(
        claim=claim, given=given, symbol=h, value=1 / x, defined=(nonzero,), proof=replace(inner, given=(*given, equation))
    )


def test_forged_names() -> None:
    genuine = _named()
    check(genuine)
    nothing = assume(Ne(x, 0))
    forged = [
        replace(genuine, value=2 / x),
        replace(genuine, defined=()),
        replace(genuine, defined=(nothing,)),
        replace(genuine, symbol=x),
        replace(genuine, given=(x > 0, h > 5)),
        replace(genuine, claim=h < 1),
    ]
    for certificate in forged:
        with pytest.raises(Rejected):
            check(certificate)


def test_a_name_that_is_taken_proves_nothing() -> None:
    """Two values for one name would make everything true."""
    given = (Eq(h, 1),)
    both = (Eq(h, 1), relation(Eq, h, Integer(2)))
    absurd = refute(both)
    assert absurd is not None
    with pytest.raises(Rejected):
        check(Named(claim=false, given=given, symbol=h, value=Integer(2), defined=(), proof=replace(absurd, given=both)))


def test_division_by_a_lead_that_may_vanish() -> None:
    """From x*y = 0 alone nothing follows for x, although 0/y = 0."""
    with pytest.raises(Rejected):
        check(
            Eliminated(
                claim=relation(Ge, x),
                given=(Eq(x * y, 0),),
                symbol=x,
                value=Integer(0),
                equation=Eq(x * y, 0),
                lead=y,
                nonzero=assume(Ne(y, 0)),
                proof=Factors(claim=relation(Ge, Integer(0)), given=(), coefficient=Integer(0)),
            )
        )


def test_forged_lemmas_and_parts() -> None:
    lemma = assume(x > 0)
    goal = Assumed(claim=x > 0, given=(x > 0,), fact=x > 0)
    with pytest.raises(Rejected):
        check(Using(claim=x > 0, given=(), lemmas=(lemma,), proof=goal))
    with pytest.raises(Rejected):
        check(Using(claim=y > 0, given=(x > 0,), lemmas=(lemma,), proof=goal))
    with pytest.raises(Rejected):
        check(Conjunction(claim=And(x > 0, y > 0), given=(x > 0,), parts=(goal,)))
    with pytest.raises(Rejected):
        check(Conjunction(claim=relation(Eq, x), given=(x >= 0,), parts=(assume(x >= 0),)))
    check(Conjunction(claim=true, given=(), parts=()))


def test_forged_contradictions() -> None:
    with pytest.raises(Rejected):
        check(Contradiction(claim=x > 0, given=(y > 0,), refutation=assume(y > 0)))
    with pytest.raises(Rejected):
        check(Opposed(claim=false, given=(x >= 0,), fact=x >= 0, denial=assume(relation(Ge, x))))
    empty = Products(claim=false, given=(relation(Le, 1 / x),), products=(Product(one, (), one),))
    with pytest.raises(Rejected):
        check(Contradiction(claim=relation(Gt, 1 / x), given=(), refutation=empty))


def test_forged_alternatives() -> None:
    genuine = GENUINE["alternatives"]
    assert isinstance(genuine, Alternatives)
    with pytest.raises(Rejected):
        check(replace(genuine, claim=Or(relation(Gt, x), relation(Lt, x), evaluate=False)))
    with pytest.raises(Rejected):
        check(replace(genuine, claim=Or(relation(Gt, 1 / x), relation(Lt, x, 1), evaluate=False)))


def test_forged_atoms() -> None:
    genuine, root = GENUINE["abstracted"], GENUINE["root"]
    assert isinstance(genuine, Abstracted)
    assert isinstance(root, Abstracted)
    atom, *more = genuine.atoms
    kernel, *kernels = genuine.kernels
    forged = [
        replace(genuine, atoms=(replace(atom, premise=None), *more)),
        replace(genuine, atoms=(replace(atom, expression=p ** (2 * b)), *more)),
        replace(genuine, atoms=(replace(atom, expression=a * p), *more)),
        replace(genuine, atoms=(replace(atom, expression=F(p)), *more)),
        replace(genuine, atoms=(replace(atom, symbol=a), *more)),
        replace(genuine, atoms=tuple(more)),
        replace(genuine, kernels=(replace(kernel, powers=kernel.powers[:1]), *kernels)),
        replace(genuine, kernels=()),
        replace(root, atoms=tuple(replace(atom, premise=None) for atom in root.atoms)),
        replace(root, atoms=tuple(replace(atom, expression=exp(x)) for atom in root.atoms)),
        replace(root, atoms=tuple(replace(atom, expression=(x + 2) ** Rational(1, 2)) for atom in root.atoms)),
    ]
    for certificate in forged:
        with pytest.raises(Rejected):
            check(certificate)


def test_a_power_of_what_may_vanish_needs_a_positive_exponent() -> None:
    """Where ``x >= 0`` a power with a positive exponent is not negative; it may be zero, and no quotient is made of it."""
    given = (relation(Ge, x), relation(Gt, b))
    genuine = prove(relation(Ge, a * x**b), (*given, relation(Gt, a)))
    assert genuine is not None
    check(genuine)
    assert prove(relation(Gt, x**b), given) is None
    assert prove(relation(Ge, x**b), given[:1]) is None
    (power,) = [part for part in parts(genuine) if isinstance(part, Abstracted)]
    (atom,) = power.atoms
    assert atom.rises is not None
    strict = relation(Gt, atom.symbol)
    forged = [
        replace(power, atoms=(replace(atom, rises=None),)),
        replace(power, atoms=(replace(atom, rises=assume(relation(Ge, b), *given)),)),
        replace(power, atoms=(replace(atom, premise=assume(relation(Gt, x), *given)),)),
        replace(power, claim=relation(Gt, x**b), proof=assume(strict, strict)),
    ]
    for certificate in forged:
        with pytest.raises(Rejected):
            check(certificate)


def test_no_quotient_is_made_of_powers_of_what_may_vanish() -> None:
    """``x**(2*b - 1)`` is zero where x is, if 2*b > 1, and ``x**b * x**b / x`` has no value there: x > 0 does not follow from it."""
    given = (relation(Ge, x), relation(Gt, b, 1), relation(Ge, x ** (2 * b - 1)))
    assert prove(relation(Gt, x), given) is None
    assert prove(Ne(x, 0), given) is None
    symbol = Symbol("h_1", real=True)
    atom = Atom(symbol, x**b, assume(relation(Ge, x), *given), (), prove(relation(Gt, b), given))
    inner = (*given[:2], relation(Ge, symbol**2 / x), relation(Ge, symbol))
    apart = Denominator(claim=Ne(x, 0), given=inner, fact=inner[2])
    kernel = Kernel(x ** (2 * b - 1), ((x, -1), (symbol, 2)))
    with pytest.raises(Rejected, match="may vanish"):
        check(Abstracted(claim=Ne(x, 0), given=given, atoms=(atom,), kernels=(kernel,), proof=apart))


def test_forged_sums_of_squares() -> None:
    motzkin = x**4 * y**2 + x**2 * y**4 + 1 - 3 * x**2 * y**2
    proof = prove(relation(Ge, motzkin), [])
    genuine = next(part for part in parts(proof) if isinstance(part, Squares))
    check(genuine)
    (scale, root), *others = genuine.squares
    forged = [
        replace(genuine, claim=relation(Gt, motzkin)),
        replace(genuine, claim=relation(Le, motzkin)),
        replace(genuine, claim=relation(Ge, motzkin - Rational(1, 100))),
        replace(genuine, squares=((-scale, root), *others)),
        replace(genuine, squares=((scale, root + 1), *others)),
        replace(genuine, squares=tuple(others)),
        replace(genuine, squares=((scale, root / x), *others)),
        replace(genuine, weight=((-one, one),)),
        replace(genuine, weight=()),
        replace(genuine, weight=((Rational(0), one),), squares=()),
    ]
    for certificate in forged:
        with pytest.raises(Rejected):
            check(certificate)


def test_a_sum_of_squares_that_may_vanish_is_not_positive() -> None:
    """``x**2 * (x**2 + 1)`` is a sum of squares after multiplication by ``x**2`` as well; that shows nothing strict."""
    forged = Squares(claim=relation(Gt, x**2 + 1), given=(), weight=((one, x),), squares=((one, x**2), (one, x)))
    with pytest.raises(Rejected):
        check(forged)
    check(replace(forged, claim=relation(Ge, x**2 + 1)))


def test_forged_chains() -> None:
    genuine = next(part for part in parts(GENUINE["chain"]) if isinstance(part, Chain))
    check(genuine)
    first, second = genuine.links
    kind = type(genuine.claim)
    low, high = relation(Ge, x, y), relation(Ge, y, z)
    forged = [
        replace(genuine, links=(second, first)),
        replace(genuine, links=(first,)),
        replace(genuine, links=()),
        replace(genuine, claim=relation(kind, genuine.claim.rhs, genuine.claim.lhs)),
        replace(genuine, claim=relation(Eq, *genuine.claim.args)),
        Chain(claim=relation(Gt, x, z), given=(low, high), links=(assume(low), assume(high))),
        Chain(claim=relation(Ge, x, z), given=(low,), links=(assume(low), assume(high))),
        Chain(claim=relation(Ge, x, z), given=(low, relation(Le, y, z)), links=(assume(low), assume(relation(Le, y, z)))),
    ]
    for certificate in forged:
        with pytest.raises(Rejected):
            check(certificate)
    check(Chain(claim=relation(Ge, x, z), given=(low, high), links=(assume(low), assume(high))))


def test_a_tangent_touches_where_the_bases_agree() -> None:
    tangent = next(part for part in parts(GENUINE["tangent of a power"]) if isinstance(part, PowerTangent))
    sharp = relation(Gt, *tangent.claim.args)
    for forged in (replace(tangent, claim=sharp), replace(tangent, claim=sharp, apart=assume(relation(Ne, x, y)))):
        with pytest.raises(Rejected):
            check(forged)


def test_forged_extrema() -> None:
    genuine = prove(relation(Ge, Max(x, y), (x + y) / 2), [])
    assert isinstance(genuine, Abstracted)
    check(genuine)
    (atom,) = genuine.atoms
    for other in (Min(x, y), Max(x, y, z), Max(x, y + 1), Abs(x - y)):
        kernel = replace(genuine.kernels[0], expression=other)
        claim = relation(Ge, other, (x + y) / 2)
        with pytest.raises(Rejected):
            check(replace(genuine, claim=claim, atoms=(replace(atom, expression=other),), kernels=(kernel,)))
    undefined = prove(relation(Ge, Max(x, y), x), [])
    assert isinstance(undefined, Abstracted)
    inside = Max(1 / x, y)
    with pytest.raises(Rejected):
        check(
            replace(
                undefined,
                claim=relation(Ge, inside, 1 / x),
                atoms=(replace(undefined.atoms[0], expression=inside),),
                kernels=(replace(undefined.kernels[0], expression=inside),),
            )
        )


def test_forged_powers() -> None:
    order = next(part for part in parts(GENUINE["order of powers"]) if isinstance(part, PowerOrder))
    tangent = next(part for part in parts(GENUINE["tangent of a power"]) if isinstance(part, PowerTangent))
    check(order)
    check(tangent)
    forged: list[Certificate] = [
        replace(order, claim=DENIALS[type(order.claim)](*order.claim.args, evaluate=False)),
        replace(order, exponent=-order.exponent),
        replace(order, left=order.right, right=order.left),
        replace(order, left=order.left + 1),
        replace(order, positive=(order.positive[1], order.positive[0])),
        replace(order, direction=order.order),
        replace(order, order=order.direction),
        replace(tangent, range=()),
        replace(tangent, exponent=tangent.exponent + 1),
        replace(tangent, claim=relation(Le, *tangent.claim.args)),
        replace(tangent, claim=relation(Gt, *tangent.claim.args)),
        replace(tangent, left=tangent.right, right=tangent.left),
        replace(
            tangent, range=(assume(relation(Ge, tangent.exponent)),), given=(relation(Ge, tangent.exponent), *tangent.given)
        ),
    ]
    for certificate in forged:
        with pytest.raises(Rejected):
            check(certificate)


def test_forged_bounds_of_known_functions() -> None:
    of_log, of_lambert, of_erf = (
        next(part for part in parts(GENUINE[name]) if isinstance(part, KnownBound))
        for name in ("logarithm", "Lambert", "error function")
    )
    upper = relation(Le, log(x / y), x / y - 1)
    strictly = next(part for part in parts(GENUINE["logarithm beside one"]) if isinstance(part, KnownBound) and part.apart)
    check(replace(of_log, claim=upper))
    check(replace(of_lambert, claim=relation(Le, LambertW(x), (1 + x / E) / 2)))
    check(replace(of_lambert, claim=relation(Ge, LambertW(x), (3 - E / x) / 2)))
    forged = [
        replace(of_log, apart=None, claim=relation(Lt, log(x / y), x / y - 1)),
        replace(of_log, claim=relation(Ge, log(x / y))),
        replace(of_log, claim=relation(Le, log(x), x - 1)),
        replace(of_log, node=exp(x)),
        replace(strictly, apart=None),
        replace(strictly, apart=strictly.premise),
        replace(strictly, claim=relation(Gt, log(x / y), x / y - 1)),
        replace(of_log, premise=assume(relation(Gt, x))),
        replace(of_lambert, claim=relation(Gt, LambertW(x), one)),
        replace(of_lambert, claim=relation(Le, LambertW(x), (1 + x / E) / 3)),
        replace(of_lambert, claim=relation(Ge, LambertW(x), (3 - E / x))),
        replace(of_lambert, claim=relation(Ge, LambertW(x), (1 + x / E) / 2)),
        replace(of_lambert, node=LambertW(x, -1), claim=relation(Gt, LambertW(x, -1))),
        replace(of_erf, claim=relation(Gt, erf(x))),
        replace(of_erf, claim=relation(Lt, erf(x), one / 2)),
    ]
    for certificate in forged:
        with pytest.raises(Rejected):
            check(certificate)


def test_forged_bounds_of_numbers() -> None:
    of_number = next(part for part in parts(GENUINE["number"]) if isinstance(part, KnownBound))
    of_lambert = replace(of_number, node=LambertW(one), claim=relation(Lt, LambertW(one), Rational(4, 7)))
    for genuine in (of_number, of_lambert, replace(of_number, node=log(2) * pi, claim=relation(Gt, log(2) * pi, Rational(2)))):
        check(genuine)
    forged = [
        replace(of_number, claim=relation(Lt, E, Rational(27182, 10000))),
        replace(of_number, claim=relation(Gt, E, Rational(27183, 10000))),
        replace(of_number, claim=relation(Gt, E, x)),
        replace(of_number, claim=relation(Gt, pi, Rational(3))),
        replace(of_number, node=pi),
        replace(of_lambert, claim=relation(Gt, LambertW(one), Rational(4, 7))),
        replace(of_lambert, node=LambertW(-one / 4, -1), claim=relation(Lt, LambertW(-one / 4, -1), one)),
        replace(of_number, node=log(-one), claim=relation(Gt, log(-one), one)),
    ]
    for certificate in forged:
        with pytest.raises(Rejected):
            check(certificate)


def test_only_known_kinds_are_accepted() -> None:
    with pytest.raises(Rejected):
        check(Certificate(claim=x > 0, given=(x > 0,)))


def test_text_that_is_no_certificate() -> None:
    certificate = GENUINE["slack"]
    assert certificate is not None
    text = to_text(certificate)
    for broken in (
        "",
        "[]",
        "{}",
        text[:-1],
        text.replace('"Slack"', '"Sneak"'),
        text.replace('"symbol"', '"system"'),
        '{"terms":[["symbol","x"]],"proofs":[],"root":0}',
        '{"terms":[[">",0,0]],"proofs":[],"root":0}',
        '{"terms":[["symbol","x"]],"proofs":[["Factor",0,["i",1],null]],"root":0}',
        '{"terms":[["symbol","x"]],"proofs":[[""],["Assumed",3,-1,0]],"root":1}',
    ):
        with pytest.raises(Unreadable):
            from_text(broken)


def test_the_checker_imports_nothing_of_the_search() -> None:
    root = Path(kinds.__file__).parent
    for path in (
        root / "certificates.py",
        *(root / "check" / name for name in ("certificates.py", "fractions.py", "powers.py")),
    ):
        imported = set()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {name.name for name in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(str(node.module))
        outside = {name.split(".")[0] for name in imported} - {
            "__future__",
            "collections",
            "dataclasses",
            "functools",
            "typing",
        }
        assert outside <= {"sympy", "derive"}
        assert not any(name.startswith("derive.prove") for name in imported)
        assert len(path.read_text(encoding="utf-8").splitlines()) < 400
