"""Where a product is positive: where those of its factors say so whose signs vary, or found for it as a whole."""

from __future__ import annotations

from sympy import Expr, Mul
from sympy.core.relational import Relational

from derive.audit.carry import SignedProduct, bordered, carried, itself, solved
from derive.audit.conditions import Condition, exact_condition, from_boolean
from derive.audit.products import WORK_WITH_POWERS, Proofs, operations, readable
from derive.audit.recall import Question
from derive.certificates import Certificate, Factor
from derive.field import coefficients, factored, normal
from derive.prove.atoms import has_atoms
from derive.prove.converse import prove_needed
from derive.prove.relations import operator, relation
from derive.prove.verdicts import HoldsIff
from derive.tree import free_symbols

WORK_ON_A_CONDITION = 600
MOST_OPEN = 3  # factors of varying sign, of which a condition speaks
MOST_FOR_A_CONDITION = 150  # operations
_STRICT = {">=": ">", "<=": "<"}
Found = tuple[tuple[Certificate, ...], Condition]


class Conditions:
    """Conditions for the signs of expressions in one region, each looked for once."""

    def __init__(self, proofs: Proofs) -> None:
        self._proofs = proofs
        self._found: dict[Relational, HoldsIff | None] = {}

    def of(self, claim: Relational) -> Found | None:
        """Where an expression has a sign, with the proofs that it has it there and nowhere else."""
        return self._by_factors(claim) or self._as_a_whole(claim)

    def _as_a_whole(self, claim: Relational) -> Found | None:
        found = None if has_atoms(claim) else self._condition(claim)
        return None if found is None else ((found.sufficient, found.necessary), from_boolean(found.condition))

    def _by_factors(self, claim: Relational) -> Found | None:
        """The condition on the varying factors, carried over to their product with the others."""
        core = self._core(claim.lhs)
        if core is None:
            return None
        together = int(self._proofs.places.signs(core.base)[self._proofs.shown(claim.lhs)[1][0]])
        found = self._condition(relation(core.base, ">" if together > 0 else "<")) if together else None
        if found is not None:
            found = self._carried_by_prover(claim, found) if has_atoms(claim) else self._carried(claim, core, found)
        return None if found is None else ((found.sufficient, found.necessary), from_boolean(found.condition))

    def _core(self, expression: Expr) -> Factor | None:
        """The factors of varying sign, as one."""
        varying = [(base, exponent) for base, exponent in factored(expression).factors if self._proofs.varies(base)]
        exponents = {exponent for _, exponent in varying}
        if not 0 < len(varying) <= MOST_OPEN or exponents not in ({1}, {-1}):
            return None
        core = Mul(*(base for base, _ in varying))
        return None if has_atoms(relation(core, ">")) else Factor(core, exponents.pop())

    def _carried(self, claim: Relational, core: Factor, found: HoldsIff) -> HoldsIff | None:
        """Where the claim holds, from where the core has its sign: there, unless another factor may vanish."""
        split = factored(claim.lhs)
        rest: list[Factor] = []
        borders: list[tuple[Factor, HoldsIff]] = []
        for base, exponent in split.factors:
            if self._proofs.varies(base):
                continue
            strict = self._proofs.of_factor(base, strict=True)
            weak = self._proofs.of_factor(base, strict=False) if strict is None and exponent == core.exponent == 1 else None
            if strict is not None:
                rest.append(Factor(base, exponent, strict))
                continue
            bound = self._condition(relation(base, _STRICT[operator(weak.claim)])) if weak is not None else None
            if bound is None:
                return None
            borders.append((Factor(base, exponent, weak), bound))
        others = SignedProduct(split.coefficient, tuple(rest))
        if not borders:
            return carried(claim, core, others, found, self._proofs.given)
        if not all(isinstance(one.condition, Relational) for one in (found, *(bound for _, bound in borders))):
            return None
        return bordered(claim, found, tuple(borders), others, self._proofs.given)

    def _carried_by_prover(self, claim: Relational, found: HoldsIff) -> HoldsIff | None:
        """The same for an expression with powers and other functions, where the condition is one relation."""
        bound, given = found.condition, self._proofs.given
        if not isinstance(bound, Relational):
            return None
        sufficient = self._proofs.sought(claim, (*given, bound), WORK_WITH_POWERS)
        if sufficient is None:
            return None
        necessary = prove_needed(bound, claim, given, work=WORK_WITH_POWERS)
        return None if necessary is None else HoldsIff(bound, sufficient, necessary, ())

    def _condition(self, asserts: Relational) -> HoldsIff | None:
        if asserts not in self._found:
            self._found[asserts] = self._condition_sought(asserts)
        return self._found[asserts]

    def _condition_sought(self, asserts: Relational) -> HoldsIff | None:
        if len(factored(asserts.lhs).factors) == 1:
            return self._solved(asserts) if readable(asserts.lhs) else None
        if operations(asserts.lhs) > MOST_FOR_A_CONDITION:
            return None
        given = self._proofs.rational
        found = self._proofs.recall.answer(
            Question(asserts, given, ("where",)), lambda: exact_condition(asserts, given, (), WORK_ON_A_CONDITION)
        )
        return found if isinstance(found, HoldsIff) else None

    def _solved(self, asserts: Relational) -> HoldsIff:
        """A relation on an irreducible polynomial, solved for a symbol where that reads more easily."""
        base, plain = asserts.lhs, operations(asserts.lhs)
        found = []
        for symbol in sorted(free_symbols(base), key=lambda one: one.name):
            rest, *leads = coefficients(base, symbol) or (base,)
            lead = self._proofs.product(leads[0]) if len(leads) == 1 else None
            if lead is not None:
                value = normal(-rest / leads[0])
                if operations(value) <= plain + 3:
                    found.append(((not leads[0].is_Rational, operations(value), symbol.name), symbol, value, lead))
        if not found:
            return itself(asserts, self._proofs.rational)
        _, symbol, value, lead = min(found, key=lambda option: option[0])
        return solved(asserts, symbol, value, lead, self._proofs.rational)
