"""That regions exclude one another and leave nothing out: a search over signs, which ends at lemmas that the prover proves.

The regions speak of the signs of a few expressions. Where the signs chosen so far occur at no point that is known, a contradiction
between some of them is looked for; it becomes a lemma, a clause that every later choice has to respect. What is left to verify are the
lemmas, one by one, and that with them no choice of signs is left: that is logic alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sympy import false
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.certificates import Certificate
from derive.prove.api import refute
from derive.prove.clauses import ANY, Atoms, Clause, Condition, Domains, denied, holds, propagated
from derive.prove.goals import names
from derive.prove.multiples import Multiples, spoken
from derive.prove.oracle import satisfiable
from derive.prove.population import Population, population
from derive.prove.relations import NotARelation, closed, flatten

Region = tuple[Boolean, ...]

NODES = 2000  # choices of signs looked at for one question
WORK = 1000  # of all engines together
HIGHER = (2, 3)  # degrees of multiples above that of the facts, where all signs are chosen
UNTOLD = 2


class Partition:
    """Questions about regions of `given` and about what they leave out; `certificates` of the lemmas found on the way."""

    def __init__(self, given: Region, regions: Sequence[Region]) -> None:
        self.given = flatten(given)
        self._symbols = names((*self.given, *(fact for region in regions for fact in region if fact != false)))
        self._atoms = Atoms(self._symbols)
        self._known = self._atoms.conditions(fact for fact in self.given if isinstance(fact, Relational))
        self._multiples = Multiples(self.given, self._symbols)
        self.certificates: list[Certificate] = []
        self._lemmas: list[Clause] = []
        self._points: dict[tuple[int, ...], tuple[Population, list[NDArray[np.int8]]]] = {}
        self._nodes = 0

    def disjoint(self, first: Region, second: Region) -> bool:
        """Whether two regions are shown to have no point in common."""
        return self._shown((*first, *second), ())

    def covered(self, region: Region, others: Sequence[Region]) -> bool:
        """Whether each point of a region is shown to be in one of the others."""
        return self._shown(region, [other for other in others if false not in other])

    # --- the search

    def _shown(self, inside: Region, outside: Sequence[Region]) -> bool:
        """Whether no point satisfies one conjunction and none of the others."""
        if false in inside:
            return True
        try:
            within = self._atoms.conditions(inside)
            beyond = [denied(self._atoms.conditions(region)) for region in outside]
        except NotARelation:
            return False
        self._nodes = 0
        return self._excluded((ANY,) * len(self._atoms), [*((one,) for one in (*self._known, *within)), *beyond])

    def _excluded(self, domains: Domains, clauses: Sequence[Clause], decided: bool = True) -> bool:
        """Whether no point has signs that satisfy the clauses. False, too, where that is not found out.

        `decided` says that the last sign chosen decides one of the clauses.
        """
        left = propagated(domains, (*clauses, *self._lemmas))
        if left is None:
            return True
        self._nodes += 1
        seen = self._seen(left)
        if not seen and self._contradicted(left):
            return True
        undecided = next((clause for clause in clauses if not holds(clause, left)), None)
        if undecided is not None:
            number, signs = next(one for one in undecided if left[one[0]] & one[1])
            parts = [left[number] & signs, left[number] - signs]
        elif seen or satisfiable((*self.given, *self._facts(left))) is True:
            return False
        elif ANY not in left:
            return any(self._contradicted(left, above) for above in HIGHER) or self._refuted(left)
        else:
            number = min((n for n, signs in enumerate(left) if signs == ANY), key=self._atoms.length)
            parts = [frozenset({1}), frozenset({-1, 0})]
        ways = ((*left[:number], part, *left[number + 1 :]) for part in parts if part)
        if self._nodes <= NODES and all(self._excluded(way, clauses, undecided is not None) for way in ways):
            return True
        return decided and undecided is None and self._refuted(left)

    # --- what is known of some signs

    def _seen(self, domains: Domains) -> bool:
        """Whether some known point has such signs."""
        zero = tuple(number for number, signs in enumerate(domains) if signs == {0})
        found = [np.isin(row, sorted(signs)) for row, signs in zip(self._signs(zero), domains, strict=True) if signs != ANY]
        return bool(np.logical_and.reduce(found).any())

    def _signs(self, zero: tuple[int, ...]) -> list[NDArray[np.int8]]:
        """The signs of all expressions at known points, at which those of these numbers are zero."""
        many, rows = self._points.get(zero) or (None, [])
        if many is None:
            equations = (self._atoms.relation((number, frozenset({0}))) for number in zero)
            many = population((*self.given, *equations), self._symbols)
            self._points[zero] = many, rows
        rows += [self._row(many, number, number in zero) for number in range(len(rows), len(self._atoms))]
        return rows

    def _row(self, many: Population, number: int, zero: bool) -> NDArray[np.int8]:
        if zero:
            return np.zeros(len(many), dtype=np.int8)
        above, below = (many.holds(self._atoms.relation((number, frozenset({sign})))) for sign in (1, -1))
        return np.where(above, 1, np.where(below, -1, UNTOLD)).astype(np.int8)

    def _facts(self, domains: Domains) -> Region:
        """What the signs say beside what is given."""
        told: list[Condition] = []
        for number, signs in enumerate(domains):
            if signs == {0}:
                told += [(number, frozenset({0, 1})), (number, frozenset({-1, 0}))]
            elif signs != ANY and (number, signs) not in self._known:
                told.append((number, signs))
        return tuple(map(self._atoms.relation, told))

    def _contradicted(self, domains: Domains, above: int = 1) -> bool:
        """Whether multiples refute the signs."""
        certificate = self._multiples.refute(self._facts(domains), above)
        if certificate is None:
            return False
        needed = tuple(fact for fact in certificate.given if fact not in self.given)
        weaker = tuple(closed(fact) for fact in needed)
        if weaker != needed:
            certificate = self._multiples.refute(weaker, above) or certificate
        self._learn(certificate)
        return True

    def _refuted(self, domains: Domains) -> bool:
        """Whether any engine refutes the signs."""
        facts = self._facts(domains)
        certificate = refute((*self.given, *facts), work=WORK)
        if certificate is None:
            return False
        heard = set(spoken(certificate))
        needed = tuple(fact for fact in facts if fact in heard)
        if needed != facts:
            certificate = refute((*self.given, *needed), work=WORK) or certificate
        self._learn(certificate)
        return True

    def _learn(self, certificate: Certificate) -> None:
        self.certificates.append(certificate)
        self._lemmas.append(denied(self._atoms.conditions(fact for fact in certificate.given if fact not in self.given)))
