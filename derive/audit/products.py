"""Signs of products from those of their factors, each factor proved once; points of the region come before any proof."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from sympy import Add, Eq, Expr, Mul
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.audit.carry import SignedProduct
from derive.audit.recall import Question, Recall
from derive.audit.scatter import Places
from derive.certificates import Certificate, Factor, Factors
from derive.field import factored
from derive.prove.api import prove_any
from derive.prove.atoms import has_atoms
from derive.prove.effort import allowance
from derive.prove.relations import flatten, operator, relation
from derive.prove.theory import ALLOWS
from derive.prove.verdicts import Proved

WORK, SPLITS = 300, 1  # on the sign of a factor
WORK_ON_THE_SHORT = 1000  # on one that a reader takes in
WORK_ON_THE_SURPRISING = 60  # that a factor, nowhere seen to vanish, may vanish
WORK_WITH_POWERS = 120
MOST_OPERATIONS = 300
MOST_TERMS, MOST_TO_READ = 12, 60  # terms and operations of what a reader takes in
STRICT, WEAK = (">", "<"), (">=", "<=")


@lru_cache(maxsize=1 << 14)
def operations(expression: Expr) -> int:
    """How many operations an expression is written with."""
    if expression.is_Atom:
        return 0
    own = len(expression.args) - 1 if isinstance(expression, Add | Mul) else 1
    return own + sum(map(operations, expression.args))


def readable(base: Expr) -> bool:
    """Whether a reader takes it in."""
    return len(Add.make_args(base)) <= MOST_TERMS and operations(base) <= MOST_TO_READ


def _possible(expression: Expr, factors: tuple[Factor, ...]) -> frozenset[int]:
    """The signs that an expression can have, from those of its factors."""
    signs = frozenset({1 if factored(expression).coefficient > 0 else -1})
    for factor in factors:
        own = ALLOWS[operator(factor.sign.claim)] if factor.sign is not None else frozenset({-1, 0, 1})
        signs = frozenset(one * other ** abs(factor.exponent) for one in signs for other in own)
    return signs


class Proofs:
    """Signs in a region given by relations, with points of it and the factors that were looked at there."""

    def __init__(self, given: tuple[Boolean, ...], places: Places, recall: Recall) -> None:
        self.given = given
        self.rational = tuple(fact for fact in flatten(given) if not has_atoms(fact))
        self.places = places
        self.recall = recall
        self._found: dict[tuple[Expr, str], Certificate | None] = {}
        self._shown: dict[Expr, dict[int, tuple[int, ...]]] = {}

    def shown(self, expression: Expr) -> dict[int, tuple[int, ...]]:
        """The signs of an expression with the first points that show them."""
        if expression not in self._shown:
            self._shown[expression] = self.places.shown(expression)
        return self._shown[expression]

    def varies(self, expression: Expr) -> bool:
        """Whether points show both signs."""
        return {1, -1} <= self.shown(expression).keys()

    def of(self, expression: Expr, op: str) -> Certificate | None:
        """A certificate of ``expression op 0``: from the signs of its factors, else as a whole where these are not all there is."""
        claim = relation(expression, op)
        if has_atoms(claim):
            return self.sought(claim, self.given, WORK_WITH_POWERS)
        factors = tuple(self._signed_factors(expression, op))
        if None not in factors:
            signed = tuple(factor for factor in factors if factor is not None)
            return self._product(claim, signed) if _possible(expression, signed) <= ALLOWS[op] else None
        varying = any(self.varies(base) for base, _ in factored(expression).factors)
        tied = any(isinstance(fact, Eq) or has_atoms(fact) for fact in self.given)
        return self.sought(claim, self.given, WORK) if varying or tied else None

    def _product(self, claim: Relational, factors: tuple[Factor, ...]) -> Certificate:
        split = factored(claim.lhs)
        if split.coefficient == 1 and len(factors) == 1 and factors[0].sign is not None and factors[0].sign.claim == claim:
            return factors[0].sign
        return Factors(claim=claim, given=self.given, coefficient=split.coefficient, factors=factors)

    def _signed_factors(self, expression: Expr, op: str) -> Iterator[Factor | None]:
        """The factors with proofs of their signs; None, and an end, at the first that has none."""
        strict = op in STRICT
        for base, exponent in factored(expression).factors:
            if not strict and exponent > 0 and exponent % 2 == 0:
                yield Factor(base, exponent)
                continue
            proof = self.of_factor(base, strict or exponent < 0)
            if proof is None:
                yield None
                return
            yield Factor(base, exponent, proof)

    def of_factor(self, base: Expr, strict: bool) -> Certificate | None:
        """A certificate of the sign of an irreducible factor; `strict` if it must not vanish."""
        shown = self.shown(base).keys()
        for op in STRICT if strict else (*STRICT, *WEAK):
            if shown <= ALLOWS[op]:
                proof = self._proved(base, op)
                if proof is not None:
                    return proof
        return None

    def _proved(self, base: Expr, op: str) -> Certificate | None:
        if (base, op) not in self._found:
            surprising = op in WEAK and 0 not in self.shown(base)
            work = WORK_ON_THE_SHORT if readable(base) else WORK
            effort = (WORK_ON_THE_SURPRISING, 0) if surprising else (work, SPLITS)
            self._found[base, op] = self.sought(relation(base, op), self.rational, *effort)
        return self._found[base, op]

    def sought(self, claim: Relational, given: tuple[Boolean, ...], work: int, splits: int = 0) -> Certificate | None:
        """A certificate of the claim, searched for with a small effort."""
        if operations(claim.lhs) > MOST_OPERATIONS:
            return None

        def search() -> Proved | None:
            proof = prove_any(claim, given, allowance(work, splits))
            return None if proof is None else Proved(proof)

        found = self.recall.answer(Question(claim, given, ("sign",)), search)
        return found.certificate if isinstance(found, Proved) else None

    def product(self, expression: Expr) -> SignedProduct | None:
        """The factors of an expression with proofs that they are positive or negative."""
        split = factored(expression)
        parts = []
        for base, exponent in split.factors:
            proof = self.of_factor(base, strict=True)
            if proof is None:
                return None
            parts.append(Factor(base, exponent, proof))
        return SignedProduct(split.coefficient, tuple(parts))
