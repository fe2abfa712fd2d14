"""Named laws in place of a general one: what depends on the place of an argument in the support, by cases, and in claims."""

from __future__ import annotations

import random
from functools import cache

import numpy as np
import pytest
from sympy import Eq, Min, lambdify
from sympy.logic.boolalg import Boolean

from derive.audit.claims import judgements_on
from derive.audit.judgements import CONDITIONAL, PROVED, REFUTED, UNDECIDED, Judgement
from derive.audit.setting import setting_of
from derive.check.solution import check_solution
from derive.errors import Refusal
from derive.ir import (
    After,
    At,
    Claim,
    Decision,
    Exponential,
    GeneralDistribution,
    Instance,
    Model,
    Parameter,
    Player,
    Protocol,
    Reply,
    Shock,
    Slope,
    Stage,
    Uniform,
    Variable,
    symbols,
)
from derive.pipeline import derive_statement
from derive.solution import Solution

p, c, L, H, mu, K, q, D, Pi = symbols("p c L H mu K q D Pi")
UNIFORM = Instance("uniform", ((D, Uniform(L, H)),))
EXPONENTIAL = Instance("exponential", ((D, Exponential(mu)),))


def stocking(domain: tuple[Boolean, ...], *instances: Instance, given: tuple[Boolean, ...] = ()) -> Model:
    return Model(
        key="stocking",
        title="",
        source="",
        parameters=tuple(Parameter(symbol, "") for symbol in (p, c, L, H, mu, K)),
        assumptions=(c > 0, p > c, L >= 0, H > L, mu > L, mu < H, K > 0, *given),
        variables=(Variable(q, "order", domain),),
        shocks=(Shock(D, GeneralDistribution("F", L, H, mu, igfr=True), "demand"),),
        players=(Player("shop", p * Min(q, D) - c * q, Pi),),
        protocols=(Protocol("P", "", (Stage((Decision(("shop",), (q,)),)),)),),
        instances=instances,
    )


@cache
def solutions(model: Model) -> tuple[Solution, ...]:
    return tuple(derive_statement(model))


@pytest.mark.parametrize("domain", [(q >= 0, q <= K), (q >= K, q <= H)], ids=["at most", "at least"])
def test_a_response_keeps_the_value_that_a_bound_gives_it(domain: tuple[Boolean, ...]) -> None:
    """By brute force: the best order on a grid, for a uniform demand."""
    model = stocking(domain, UNIFORM, given=(K > L, K < H))
    _, uniform = solutions(model)
    assert check_solution(model, uniform, 4).failures == ()
    chance = random.Random(4)
    for _ in range(8):
        low, width, least, cost = (chance.randint(1, 9) for _ in range(4))
        floor = low + width * chance.randint(1, 9) / 10
        at = {L: low, H: low + width, K: floor, c: cost, p: cost + least, q: 0}
        grid = np.linspace(*((floor, low + width) if domain[0] == (q >= K) else (0, floor)), 2001)
        over = np.where(grid > low, (grid - low) ** 2 / (2 * width), 0)
        best = grid[np.argmax(at[p] * (grid - over) - cost * grid)]
        for response in uniform.responses:
            found = next(
                dict(case.values)[q]
                for case in response.cases
                if all(lambdify(tuple(at), relation)(*at.values()) for relation in case.region)
            )
            assert abs(lambdify(tuple(at), found)(*at.values()) - best) <= 1e-2


def test_an_argument_that_may_lie_outside_the_support_is_refused() -> None:
    """A capacity below the least demand leaves nothing over; the formula inside the support says otherwise."""
    with pytest.raises(Refusal, match="on which side of the law's ends K lies"):
        solutions(stocking((q >= 0, q <= K), UNIFORM))
    model = stocking((q >= 0, q <= K), EXPONENTIAL)
    _, exponential = solutions(model)
    assert check_solution(model, exponential, 4).failures == ()


CLAIMS = [
    # Of a uniform demand the mean is in the middle: a quantile of 3/4 is more than that.
    (At(q, "P") > mu, (Eq(p, 4 * c),), (), (PROVED,)),
    (At(q, "P") > mu, (), (), (CONDITIONAL,)),
    (At(q, "P") > mu, (), (Eq(p, 4), Eq(c, 1), Eq(L, 0), Eq(H, 10)), (CONDITIONAL, PROVED)),
    (At(q, "P") > mu, (), (Eq(p, 4), Eq(c, 3), Eq(L, 0), Eq(H, 10)), (CONDITIONAL, REFUTED)),
    (At(q, "P") < (L + H) / 2, (Eq(q, q), mu < 3, mu > 4), (), ("vacuous",)),
    (Slope(At(Pi, "P"), mu) > 0, (), (), (UNDECIDED,)),
    (After(q, "P", 1) > mu, (Eq(p, 4 * c),), (), (PROVED,)),
    (Reply(q, "P") <= mu, (p < 2 * c,), (), (PROVED,)),
]


@pytest.mark.parametrize(("asserts", "given", "window", "verdicts"), CLAIMS, ids=str)
def test_claims_under_a_named_law_know_its_mean(
    asserts: Boolean, given: tuple[Boolean, ...], window: tuple[Boolean, ...], verdicts: tuple[str, ...]
) -> None:
    model = stocking((q >= L, q <= H), UNIFORM)
    facts = tuple(fact for fact in given if fact != True)  # noqa: E712
    found = judgements_on(Claim("c", "", asserts, facts, window, instance="uniform"), setting_of(model, solutions(model)))
    assert tuple(one.status for one in found) == verdicts
    assert all(mu not in dict(witness) for one in found for witness in _witnesses(one))


def _witnesses(judgement: Judgement) -> list:
    return [verdict.witness for _, verdict in judgement.parts if getattr(verdict, "witness", None)]
