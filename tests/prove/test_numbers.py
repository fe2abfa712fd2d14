"""Numbers that equations give: a fact that they make false is a contradiction with these equations alone."""

from __future__ import annotations

from sympy import Eq, Rational

from derive.certificates import Certificate
from derive.check.certificates import check
from derive.ir import symbols
from derive.prove import refute
from derive.prove.api import prove_any
from derive.prove.effort import allowance

a, b, c, x, y = symbols("a b c x y")


def eliminated(proof: Certificate) -> set[str]:
    """The symbols that a proof replaces."""
    found = {str(proof.symbol)} if hasattr(proof, "symbol") else set()
    return found | (eliminated(proof.proof) if hasattr(proof, "proof") else set())


def test_only_the_numbers_of_the_false_fact_are_put_in() -> None:
    given = (x > y, c * x > 1, a * b / (a + b) > 2, Eq(a, 2), Eq(Rational(3), b, evaluate=False), Eq(c, 5), Eq(y, 1))
    proof = refute(given, splits=0)
    assert proof is not None
    assert proof.given == given
    check(proof)
    assert eliminated(proof) == {"a", "b"}


def test_numbers_that_exclude_each_other_are_a_contradiction() -> None:
    proof = refute((x > 0, Eq(x, 2), Eq(x, 3)), splits=0)
    assert proof is not None
    check(proof)


def test_numbers_that_all_facts_admit_are_none() -> None:
    assert prove_any(Eq(a, 0) & Eq(a, 1), (Eq(a, 2),), allowance(100, 0)) is None
    assert refute((a * b > 5, Eq(a, 2), Eq(b, 3)), splits=0) is None
