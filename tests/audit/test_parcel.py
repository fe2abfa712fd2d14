"""What one process hands to another arrives as it was, down to relations that SymPy would evaluate."""

from __future__ import annotations

import pytest
from sympy import Add, And, Function, Ge, Gt, Integer, Max, Ne, Or, symbols
from sympy.logic.boolalg import Boolean

from derive.audit.parcel import pack, unpack
from derive.certificates import Assumed, Conjunction
from derive.shocks import Cdf

x, y = symbols("x y", real=True)
STATEMENTS = [
    Gt(Integer(2), 0, evaluate=False),
    Ne(x, x, evaluate=False),
    And(x > 0, Gt(x, -1, evaluate=False), evaluate=False),
    Or(Ge(x, 0, evaluate=False), x < 0, evaluate=False),
    Gt(Add(x, -x, evaluate=False), Max(x, y)),
    Gt(Function("F")(x) * Cdf("F", y), 0),
]


@pytest.mark.parametrize("statement", STATEMENTS, ids=str)
def test_statements_arrive_unevaluated(statement: Boolean) -> None:
    proof = Conjunction(
        claim=statement, given=(statement,), parts=(Assumed(claim=statement, given=(statement,), fact=statement),)
    )
    arrived = unpack(pack(proof))
    assert arrived == proof
    assert type(arrived.claim) is type(statement)
    assert str(arrived) == str(proof)
