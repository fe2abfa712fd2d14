"""The engines in their order, for polynomial goals: known signs, factors, slack substitution, products, cases."""

from __future__ import annotations

from dataclasses import replace

from flint import fmpq, fmpq_mpoly
from sympy import Ge, Gt, default_sort_key, false
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.certificates import Cases, Certificate, Conjunction, Contradiction, Denominator, Factor, Factors, Opposed
from derive.prove.collect import prove_by_coefficients
from derive.prove.combine import negated, refute_by_products
from derive.prove.effort import Effort, remembered
from derive.prove.oracle import met
from derive.prove.products import premises_of
from derive.prove.quadratic import complete_square
from derive.prove.relations import denial, flatten, relation
from derive.prove.saturate import fails_somewhere, linear_part, parametrisation, points, saturated, short_part, signs_seen
from derive.prove.slack import prove_by_slack
from derive.prove.space import Space, rational
from derive.prove.squares import prove_by_squares
from derive.prove.theory import ALLOWS, Theory, assumed, holds

PRICE, WEIGHT = 5, 20  # of the engines' attempt at one polynomial: a share of its own and one for so many terms times degree
WORTH_ASKING = 100  # work left, below which the searches that an SMT solver's opinion might spare cost less than it
ASKED = 4000  # terms times degree, in all, up to which an SMT solver's opinion is worth its time
_TURN = {">": "<", ">=": "<=", "<": ">", "<=": ">=", "=": "=", "!=": "!="}


def prove_polynomial(known: Theory, polynomial: fmpq_mpoly, op: str, effort: Effort) -> Certificate | None:
    """Certificate whose claim is ``relation(expression(polynomial), op)`` under ``known.given``."""
    key = (known.space.key(polynomial), op, effort.splits)
    return remembered(known.memory, key, effort, lambda: _prove_polynomial(known, polynomial, op, effort))


def _prove_polynomial(known: Theory, polynomial: fmpq_mpoly, op: str, effort: Effort) -> Certificate | None:
    space = known.space
    if known.clash is not None:
        return from_clash(known, relation(space.expression(polynomial), op))
    if op == "=" and not polynomial.is_zero():
        halves = [prove_polynomial(known, polynomial, half, effort) for half in (">=", "<=")]
        if halves[0] is None or halves[1] is None:
            return None
        claim = relation(space.expression(polynomial), op)
        return Conjunction(claim=claim, given=known.given, parts=(halves[0], halves[1]))
    if fails_somewhere(known, polynomial, op):
        return None
    constant, factors = space.factor(polynomial)
    if len(factors) == 1 and factors[0][1] == 1:
        base = factors[0][0]
        sign = prove_irreducible(known, base, op if constant > 0 else _TURN[op], effort)
        if sign is None:
            return None
        claim = relation(space.expression(polynomial), op)
        if sign.claim == claim:
            return sign
        factor = Factor(space.expression(base), 1, sign)
        return Factors(claim=claim, given=known.given, coefficient=rational(constant), factors=(factor,))
    parts = prove_factors(known, constant, factors, op, effort)
    if parts is not None:
        claim = relation(space.expression(polynomial), op)
        return Factors(claim=claim, given=known.given, coefficient=rational(constant), factors=parts)
    return _prove_whole(known, polynomial, op, effort)


def prove_factors(
    known: Theory, constant: fmpq, factors: list[tuple[fmpq_mpoly, int]], op: str, effort: Effort
) -> tuple[Factor, ...] | None:
    """Signs of all factors such that ``constant * product op 0``; None if some sign is not found."""
    if constant == 0:
        return () if holds(constant, op) else None
    positive = constant > 0
    parts = []
    for base, exponent in factors:
        found = _factor(known, base, exponent, op, effort)
        if found is None:
            return None
        parts.append(found[0])
        positive = positive != found[1]
    if op == "!=":
        return tuple(parts)
    if holds(fmpq(1 if positive else -1), op):
        return tuple(parts)
    return _through_zero(known, factors, parts, op, effort)


def _through_zero(
    known: Theory, factors: list[tuple[fmpq_mpoly, int]], parts: list[Factor], op: str, effort: Effort
) -> tuple[Factor, ...] | None:
    """The factors with one that may vanish read with its other sign: a product that is zero is ``>= 0`` and ``<= 0``."""
    if op not in (">=", "<="):
        return None
    for place, (base, exponent) in enumerate(factors):
        sign, proof = known.signs.get(known.space.key(base)), parts[place].sign
        if sign is not None and sign.op in ("=", ">=", "<=") and exponent > 0 and exponent % 2 == 1 and proof is not None:
            turned = prove_irreducible(known, base, "<=" if isinstance(proof.claim, Ge | Gt) else ">=", effort)
            if turned is not None:
                return (*parts[:place], replace(parts[place], sign=turned), *parts[place + 1 :])
    return None


def _factor(known: Theory, base: fmpq_mpoly, exponent: int, op: str, effort: Effort) -> tuple[Factor, bool] | None:
    """The factor with its certificate, and whether it makes the product negative."""
    space = known.space
    strict = op in (">", "<", "!=") or exponent <= 0
    if exponent % 2 == 0 and not strict:
        return Factor(space.expression(base), exponent), False
    negative, goal = _guess(known, base, strict)
    if goal is None and op != "!=" and exponent % 2:
        return None  # of either sign
    if goal is None or op == "!=" or exponent % 2 == 0:
        proof = prove_irreducible(known, base, goal or "!=", effort)
        if proof is None and (op == "!=" or exponent % 2 == 0) and goal != "!=":
            proof = prove_irreducible(known, base, "!=", effort)
        if proof is None:
            return None
        return Factor(space.expression(base), exponent, proof), negative and exponent % 2 == 1 and goal is not None
    for attempt in (goal,) if points(known) else (goal, _TURN[goal]):
        proof = prove_irreducible(known, base, attempt, effort)
        if proof is not None:
            return Factor(space.expression(base), exponent, proof), attempt in ("<", "<=")
    return None


def _guess(known: Theory, base: fmpq_mpoly, strict: bool) -> tuple[bool, str | None]:
    sign = known.signs.get(known.space.key(base))
    if sign is not None and sign.op in (">", "<"):
        return sign.op == "<", sign.op
    signs = signs_seen(known, base)
    if signs >= {1, -1}:
        return False, None
    if -1 in signs or (sign is not None and sign.op == "<="):
        return True, "<" if strict else "<="
    return False, ">" if strict else ">="


def prove_irreducible(known: Theory, base: fmpq_mpoly, op: str, effort: Effort) -> Certificate | None:
    """Like `prove_polynomial`, for one irreducible factor."""
    space = known.space
    sign = known.signs.get(space.key(base))
    if sign is not None and ALLOWS[sign.op] <= ALLOWS[op]:
        proof, claim = sign.prove(), relation(space.expression(base), op)
        if proof.claim == claim:
            return proof
        return weaker(known, proof, claim)
    if op == "!=":
        for attempt in (">", "<"):
            if not fails_somewhere(known, base, attempt):
                stronger = prove_irreducible(known, base, attempt, effort)
                if stronger is not None:
                    return weaker(known, stronger, relation(space.expression(base), op))
        return None
    return _prove_whole(known, base, op, effort)


def weaker(known: Theory, proof: Certificate, claim: Relational) -> Certificate:
    """`claim` from a proof of a stronger relation on the same expression."""
    if proof.claim in known.given:
        return assumed(claim, known.given, proof.claim)
    expression = claim.lhs
    return Factors(claim=claim, given=known.given, coefficient=rational(fmpq(1)), factors=(Factor(expression, 1, proof),))


def _prove_whole(known: Theory, polynomial: fmpq_mpoly, op: str, effort: Effort) -> Certificate | None:
    if op in ("=", "!=") or polynomial.is_constant():
        return None
    if fails_somewhere(known, polynomial, op):
        return None
    key = (known.space.key(polynomial), op, effort.splits, "as a whole")
    return remembered(known.memory, key, effort, lambda: _engines(known, polynomial, op, effort))


def _engines(known: Theory, polynomial: fmpq_mpoly, op: str, effort: Effort) -> Certificate | None:
    effort.charge(PRICE + _weight(known, polynomial) // WEIGHT)
    base = linear_part(known)
    if base is not known and base.clash is None:
        proof = prove_by_slack(base, parametrisation(base, 0), polynomial, op)
        if proof is not None:
            return proof
    proof = _from_short_facts(known, polynomial, op) or prove_by_slack(known, parametrisation(known, 0), polynomial, op)
    if proof is not None:
        return proof
    tallest = max((int(fact.polynomial.total_degree()) for fact in known.facts), default=1)
    degree = max(int(polynomial.total_degree()), min(tallest, 4))
    if effort.spent():
        return None
    proof = _by_products(known, polynomial, op, degree, 120, False, effort)
    if proof is not None or effort.spent():
        return proof
    if effort.budget.left >= WORTH_ASKING and (_doubted(known, polynomial, op, effort) or effort.spent()):
        return None
    proof = prove_by_coefficients(known, polynomial, op, lambda part, goal: prove_polynomial(known, part, goal, effort))
    if proof is not None or effort.spent():
        return proof
    proof = complete_square(known, polynomial, op, lambda part, goal: prove_polynomial(known, part, goal, effort.less()))
    if proof is not None or effort.spent():
        return proof
    proof = prove_by_squares(known, polynomial, op, effort)
    if proof is not None or effort.spent():
        return proof
    for avoid in (1, 2, 3):
        proof = prove_by_slack(known, parametrisation(known, avoid), polynomial, op)
        if proof is not None:
            return proof
    proof = _by_products(known, polynomial, op, max(degree + 1, 2), 500, True, effort)
    if proof is not None or effort.spent() or effort.splits <= 0:
        return proof
    return _by_cases(known, polynomial, op, effort)


def _from_short_facts(known: Theory, polynomial: fmpq_mpoly, op: str) -> Certificate | None:
    """By slack substitution with the short facts alone, which the choice of bounds among all facts would miss."""
    short = short_part(known)
    if short is known or short is linear_part(known) or short.clash is not None:
        return None
    return prove_by_slack(short, parametrisation(short, 0), polynomial, op)


def _weight(known: Theory, polynomial: fmpq_mpoly) -> int:
    return sum(len(part) * int(part.total_degree()) for part in (polynomial, *(fact.polynomial for fact in known.facts)))


def _doubted(known: Theory, polynomial: fmpq_mpoly, op: str, effort: Effort) -> bool:
    if _weight(known, polynomial) > ASKED:
        return False
    facts = (*premises_of(known), negated(known.space, polynomial, op))
    return met(known.space.symbols, [(fact.polynomial, fact.op) for fact in facts], effort) is True


def _by_products(
    known: Theory, polynomial: fmpq_mpoly, op: str, degree: int, limit: int, squares: bool, effort: Effort
) -> Certificate | None:
    against = negated(known.space, polynomial, op)
    refutation = refute_by_products(known, (against,), max(degree, 1), limit, squares, effort)
    if refutation is None:
        return None
    claim = relation(known.space.expression(polynomial), op)
    return Contradiction(claim=claim, given=known.given, refutation=refutation)


def _by_cases(known: Theory, polynomial: fmpq_mpoly, op: str, effort: Effort) -> Certificate | None:
    """Split on the order of two slacks, or of one slack and 1; both branches must be provable."""
    space = known.space
    used = {i for i, d in enumerate(polynomial.degrees()) if d}
    meanings = [
        sign.base
        for sign in known.signs.values()
        if sign.op in (">", ">=")
        and int(sign.base.total_degree()) == 1
        and all(not d or i in used for i, d in enumerate(sign.base.degrees()))
    ]
    meanings.sort(key=len)
    cuts = [a - b for k, a in enumerate(meanings) for b in meanings[k + 1 :]] + [a - 1 for a in meanings]
    cuts = [cut for cut in cuts if not cut.is_constant() and space.key(space.factor(cut)[1][0][0]) not in known.signs]
    claim = relation(space.expression(polynomial), op)
    for cut in cuts[: 2 * effort.splits]:
        if effort.spent():
            return None
        condition = relation(space.expression(cut), ">=")
        branches = []
        for case in (condition, denial(condition)):
            extended = saturated(flatten((*known.given, case)), space.symbols)
            proof = prove_polynomial(extended, polynomial, op, effort.less())
            if proof is None:
                break
            branches.append((case, proof))
        if len(branches) == 2:
            return Cases(claim=claim, given=known.given, branches=tuple(branches))
    return None


def from_clash(known: Theory, claim: Boolean) -> Certificate:
    """`claim` from facts that exclude each other."""
    clash = known.clash
    assert clash is not None
    if claim == false:
        return clash
    return Contradiction(claim=claim, given=known.given, refutation=clash)


def _short_against_long(known: Theory) -> Certificate | None:
    """A fact that the short facts deny by slack substitution; the longest is looked at first."""
    for fact in sorted(known.facts, key=lambda f: -len(f.polynomial)):
        if fact.stated is not None and fact.op in (">", ">="):
            against = _from_short_facts(known, fact.polynomial, "<=" if fact.op == ">" else "<")
            if against is not None:
                return _opposed(known.space, known.given, fact.stated, against)
    return None


def refute_theory(known: Theory, effort: Effort) -> Certificate | None:
    """Certificate of ``false`` under ``known.given``."""
    if known.clash is not None:
        return known.clash
    proof = refute_by_products(known, (), 1, 60, False, effort) or _short_against_long(known)
    if proof is not None or points(known):
        return proof
    proof = refute_by_products(known, (), 2, 150, False, effort)
    if proof is not None or effort.spent():
        return proof
    if met(known.space.symbols, [(fact.polynomial, fact.op) for fact in premises_of(known)], effort):
        return None
    for fact in sorted(known.facts, key=lambda f: -len(f.polynomial)):
        if fact.stated is None or fact.op not in (">", ">="):
            continue
        rest = tuple(other for other in known.given if other != fact.stated)
        smaller = saturated(rest, known.space.symbols)
        opposite = "<=" if fact.op == ">" else "<"
        proof = prove_polynomial(smaller, fact.polynomial, opposite, effort.with_splits(min(effort.splits, 1)))
        if proof is not None:
            return _opposed(known.space, known.given, fact.stated, proof)
        if effort.spent():
            return None
    for degree, limit, squares in ((3, 400, True), (4, 600, True)):
        proof = refute_by_products(known, (), degree, limit, squares, effort)
        if proof is not None or effort.spent():
            return proof
    return None


def _opposed(space: Space, given: tuple[Boolean, ...], fact: Relational, proof: Certificate) -> Certificate:
    claim = denial(fact)
    if proof.claim != claim:
        difference = space.difference(claim.lhs, claim.rhs)
        same = difference.numerator == space.fraction(proof.claim.lhs).numerator
        bases = {space.expression(base) for divisor in difference.divisors for base, _ in space.factor(divisor)[1]}
        cancelled = tuple(
            Factor(base, 0, Denominator(claim=relation(base, "!="), given=given, fact=fact))
            for base in sorted(bases, key=default_sort_key)
        )
        factors = (Factor(proof.claim.lhs, 1, proof), *cancelled)
        needed = given if cancelled else proof.given
        proof = Factors(claim=claim, given=needed, coefficient=rational(fmpq(1 if same else -1)), factors=factors)
    return Opposed(claim=false, given=given, fact=fact, denial=proof)
