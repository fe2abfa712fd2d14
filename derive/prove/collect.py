"""Terms collected by the powers of a positive symbol: a polynomial has the sign that all its coefficients have."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flint import fmpq_mpoly
from sympy import Integer, false

from derive.certificates import Certificate, Contradiction, Product, Products, Using
from derive.prove.relations import denial, relation
from derive.prove.saturate import fails_somewhere
from derive.prove.space import rational
from derive.prove.theory import Theory

Prover = Callable[[fmpq_mpoly, str], Certificate | None]


def prove_by_coefficients(known: Theory, polynomial: fmpq_mpoly, op: str, prove: Prover) -> Certificate | None:
    """Certificate of ``polynomial op 0`` (op one of ``> >= < <=``) from the signs of its coefficients in one positive symbol, which
    `prove` finds. Symbols in which some coefficient has the wrong sign at a known point are passed over."""
    for variable, positive in _positive_symbols(known, polynomial):
        parts = known.space.split(polynomial, variable)
        if len(parts) < 2 or any(fails_somewhere(known, part, op[0] + "=") for part in parts.values()):
            continue
        lemmas = _signs(parts, op, prove)
        if lemmas is not None:
            return _summed(known, polynomial, op, positive, parts, lemmas)
    return None


def _positive_symbols(known: Theory, polynomial: fmpq_mpoly) -> Iterator[tuple[int, Certificate]]:
    """Those that occur, with the proof that they are positive; those with the most coefficients, and the shortest, first."""
    space = known.space
    found = []
    for variable, degree in enumerate(polynomial.degrees()[: space.size]):
        sign = known.signs.get(space.key(space.variables[variable])) if degree > 0 else None
        if sign is not None and sign.op == ">":
            parts = space.split(polynomial, variable)
            found.append((max(map(len, parts.values())), variable, sign))
    for _, variable, sign in sorted(found, key=lambda item: item[:2]):
        yield variable, sign.prove()


def _signs(parts: dict[int, fmpq_mpoly], op: str, prove: Prover) -> dict[int, Certificate | None] | None:
    """Proofs that every coefficient has the sign, of a strict goal one of them strictly; numbers need none."""
    found: dict[int, Certificate | None] = {}
    strict = op in (">=", "<=")
    for power, part in sorted(parts.items(), key=lambda item: (len(item[1]), item[0])):
        if part.is_constant():
            if (rational(part.leading_coefficient()) > 0) is not (op[0] == ">"):
                return None  # no point of the theory may be known at which that would have been seen
            strict = True
            found[power] = None
            continue
        proof = None if strict else prove(part, op)
        strict = strict or proof is not None
        proof = proof or prove(part, op[0] + "=")
        if proof is None:
            return None
        found[power] = proof
    return found if strict else None


def _summed(
    known: Theory,
    polynomial: fmpq_mpoly,
    op: str,
    positive: Certificate,
    parts: dict[int, fmpq_mpoly],
    lemmas: dict[int, Certificate | None],
) -> Certificate:
    claim = relation(known.space.expression(polynomial), op)
    shown = tuple(dict.fromkeys((positive, *(lemma for lemma in lemmas.values() if lemma is not None))))
    extended = (*known.given, *(lemma.claim for lemma in shown))
    against = denial(claim)
    products = [Product(Integer(1), (against,), Integer(1))]
    for power, part in parts.items():
        lemma = lemmas[power]
        powers = (positive.claim,) * power
        if lemma is None:
            products.append(Product(abs(rational(part.leading_coefficient())), powers, Integer(1)))
        else:
            products.append(Product(Integer(1), (lemma.claim, *powers), Integer(1)))
    closing = Products(claim=false, given=(*extended, against), products=tuple(products))
    proof = Contradiction(claim=claim, given=extended, refutation=closing)
    return Using(claim=claim, given=known.given, lemmas=shown, proof=proof)
