"""What a verifier may conclude from what is known at a step."""

from __future__ import annotations

import pytest
import sympy
from sympy import Eq

from derive.check.certificates import Rejected
from derive.check.context import Context
from derive.ir import symbols

a, b, k, y = symbols("a b k y")


@pytest.mark.parametrize("known", [(Eq(k, 0),), (k >= 0, k <= 0), (k >= 0, -k >= 0), (k >= y, k <= y, Eq(y, 0))])
def test_what_is_known_to_be_a_value_is_that_value(known: tuple[sympy.Basic, ...]) -> None:
    Context(None, known, ()).equal(a * k - k**2 / b, a * k, "the same where k = 0")
    with pytest.raises(Rejected):
        Context(None, known, ()).equal(a * k + b, a * k, "not the same")
