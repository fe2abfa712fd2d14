"""Second-order claims: completing the square, ``4 a (a x**2 + b x + c) = (2 a x + b)**2 + (4 a c - b**2)``."""

from __future__ import annotations

from collections.abc import Callable

from flint import fmpq_mpoly
from sympy import Integer, false

from derive.certificates import Certificate, Contradiction, Product, Products, Using
from derive.prove.relations import denial, relation
from derive.prove.saturate import fails_somewhere
from derive.prove.theory import Theory

Prover = Callable[[fmpq_mpoly, str], Certificate | None]


def complete_square(known: Theory, polynomial: fmpq_mpoly, op: str, prove: Prover) -> Certificate | None:
    """Certificate of ``polynomial op 0`` (op one of ``> >= < <=``) for a quadratic in some symbol whose leading coefficient and
    discriminant `prove` can sign."""
    space = known.space
    sign = 1 if op in (">", ">=") else -1
    strict = op in (">", "<")
    for v, degree in enumerate(polynomial.degrees()[: space.size]):
        if degree != 2:
            continue
        parts = space.split(sign * polynomial, v)
        a, b, c = parts[2], parts.get(1, space.zero), parts.get(0, space.zero)
        rest = 4 * a * c - b**2
        if a.is_constant() and a.leading_coefficient() < 0:
            continue
        if fails_somewhere(known, a, ">") or fails_somewhere(known, rest, ">" if strict else ">="):
            continue
        lead = prove(a, ">")
        if lead is None:
            continue
        lemmas = [lead]
        claim = relation(space.expression(polynomial), op)
        given = known.given
        products = [Product(Integer(1), (), space.expression(2 * a * space.variables[v] + b))]
        if not rest.is_zero():
            left = prove(rest, ">" if strict else ">=")
            if left is None:
                continue
            lemmas.append(left)
            products.append(Product(Integer(1), (left.claim,), Integer(1)))
        elif strict:
            continue
        extended = (*given, *(lemma.claim for lemma in lemmas))
        products.append(Product(Integer(4), (lead.claim, denial(claim)), Integer(1)))
        closing = Products(claim=false, given=(*extended, denial(claim)), products=tuple(products))
        proof = Contradiction(claim=claim, given=extended, refutation=closing)
        return Using(claim=claim, given=given, lemmas=tuple(lemmas), proof=proof)
    return None
