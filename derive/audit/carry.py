"""Conditions for a sign, with certificates put together from the signs of factors: nothing is searched for here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sympy import And, Expr, Rational, Symbol, false
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.certificates import Assumed, Certificate, Conjunction, Contradiction, Factor, Factors, Opposed, Using
from derive.prove.relations import TURN, denial, operator, relation
from derive.prove.verdicts import HoldsIff


@dataclass(frozen=True)
class SignedProduct:
    """``coefficient * product(base**exponent)``, every base with a proof that it is positive or that it is negative."""

    coefficient: Rational
    factors: tuple[Factor, ...]

    def positive(self) -> bool:
        """Whether the product is."""
        turns = [f for f in self.factors if f.exponent % 2 and f.sign is not None and operator(f.sign.claim) != ">"]
        return bool(self.coefficient > 0) == (len(turns) % 2 == 0)

    def to_the(self, power: int) -> SignedProduct:
        """A power of the product."""
        return SignedProduct(self.coefficient**power, tuple(replace(f, exponent=f.exponent * power) for f in self.factors))


def itself(asserts: Relational, given: tuple[Boolean, ...]) -> HoldsIff:
    """The claim as its own condition."""
    proof = Assumed(claim=asserts, given=(*given, asserts), fact=asserts)
    return HoldsIff(asserts, proof, proof, ())


def solved(asserts: Relational, symbol: Symbol, value: Expr, lead: SignedProduct, given: tuple[Boolean, ...]) -> HoldsIff:
    """``lead * (symbol - value) > 0`` (or ``<``), which `asserts` says of the product multiplied out, as a bound of the symbol."""
    op = operator(asserts)
    bound = relation(symbol, op if lead.positive() else TURN[op], value)
    there, here = (*given, bound), (*given, asserts)
    if not lead.factors:
        return HoldsIff(
            bound,
            Assumed(claim=asserts, given=there, fact=bound),
            Assumed(claim=bound, given=here, fact=asserts),
            (),
        )
    distance = Assumed(claim=relation(symbol - value, operator(bound)), given=there, fact=bound)
    factors = (Factor(symbol - value, 1, distance), *lead.factors)
    sufficient = Factors(claim=asserts, given=there, coefficient=lead.coefficient, factors=factors)
    whole, under = Factor(asserts.lhs, 1, Assumed(claim=asserts, given=here, fact=asserts)), lead.to_the(-1)
    necessary = Factors(claim=bound, given=here, coefficient=under.coefficient, factors=(whole, *under.factors))
    return HoldsIff(bound, sufficient, necessary, ())


def carried(claim: Relational, core: Factor, rest: SignedProduct, found: HoldsIff, given: tuple[Boolean, ...]) -> HoldsIff:
    """What is `found` of the core of ``core * rest > 0`` said of the product: the condition suffices, and is needed.

    The exponent of the core is 1 or -1.
    """
    there, here = (*given, found.condition), (*given, claim)
    product = (replace(core, sign=found.sufficient), *rest.factors)
    sufficient = Factors(claim=claim, given=there, coefficient=rest.coefficient, factors=product)
    turned = rest.to_the(-core.exponent)
    whole = Factor(claim.lhs, core.exponent, Assumed(claim=claim, given=here, fact=claim))
    of_core = Factors(
        claim=found.sufficient.claim, given=here, coefficient=turned.coefficient, factors=(whole, *turned.factors)
    )
    necessary = Using(claim=found.necessary.claim, given=here, lemmas=(of_core,), proof=found.necessary)
    return HoldsIff(found.condition, sufficient, necessary, ())


def bordered(
    claim: Relational,
    core: HoldsIff,
    borders: tuple[tuple[Factor, HoldsIff], ...],
    rest: SignedProduct,
    given: tuple[Boolean, ...],
) -> HoldsIff:
    """Where ``core * borders * rest > 0``: where the core has its sign and none of the `borders` vanishes, which have weak signs.

    Of the core and of each border it is known where it has its strict sign, in one relation each. That they must have it is shown
    one by one: if the core had not, or a border then, the product would not be positive.
    """
    known = (core, *(found for _, found in borders))
    bases = (core.sufficient.claim.lhs, *(factor.base for factor, _ in borders))
    weak = [factor.sign for factor, _ in borders]

    def product(stated: Relational, facts: tuple[Boolean, ...], signs: Sequence[Certificate | None]) -> Certificate:
        parts = tuple(Factor(base, 1, sign) for base, sign in zip(bases, signs, strict=True))
        return Factors(claim=stated, given=facts, coefficient=rest.coefficient, factors=(*parts, *rest.factors))

    condition = And(*(found.condition for found in known), evaluate=False)
    sufficient = product(claim, (*given, condition), [found.sufficient for found in known])
    facts: tuple[Boolean, ...] = (*given, claim)
    lemmas: list[Certificate] = []
    for place, found in enumerate(known):
        stated = found.sufficient.claim
        against = denial(stated)
        beyond = (*facts, against)
        of_core = known[0].sufficient.claim if place else against
        signs = [Assumed(claim=of_core, given=beyond, fact=of_core), *weak]
        signs[place] = Assumed(claim=against, given=beyond, fact=against)
        opposed = Opposed(claim=false, given=beyond, fact=claim, denial=product(denial(claim), beyond, signs))
        lemmas.append(Contradiction(claim=stated, given=facts, refutation=opposed))
        facts = (*facts, stated)
    both = Conjunction(claim=condition, given=facts, parts=tuple(found.necessary for found in known))
    return HoldsIff(condition, sufficient, Using(claim=condition, given=(*given, claim), lemmas=tuple(lemmas), proof=both), ())
