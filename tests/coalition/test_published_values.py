"""Games of other packages' own tests and of textbooks, with the values published there.

Sources: Ferguson, Game Theory, part IV (nucleolus, also in the tests of the R package CoopGame); CoopGame's tests 15.1 and 15.2
(Shapley value, the second a glove game); the R package coopProductGame (a linear production game); CooperativeGames.jl.
"""

from __future__ import annotations

import pytest
from sympy import Rational

from derive.coalition import CoalitionGame, Member
from derive.ir import symbols
from derive.pipeline import derive_statement

MEMBERS = tuple(Member(name, symbols(f"s_{name}")[0]) for name in "123")
COALITIONS = (("1",), ("2",), ("3",), ("1", "2"), ("1", "3"), ("2", "3"), ("1", "2", "3"))

PUBLISHED = [
    ("Ferguson", "nucleolus", (-1, 0, 1, 3, 4, 2, 5), ("8/3", "2/3", "5/3")),
    ("CoopGame 15.1", "shapley", (2, 4, 5, 18, 14, 9, 24), ("19/2", "8", "13/2")),
    ("CoopGame 15.2", "shapley", (0, 0, 0, 1, 1, 0, 1), ("2/3", "1/6", "1/6")),
    ("coopProductGame", "shapley", (68, 102, 0, 170, 710, 762, 992), ("229", "272", "491")),
    ("CooperativeGames.jl", "shapley", (1, 2, 0, 3, 3, 2, 4), ("5/3", "5/3", "2/3")),
]


@pytest.mark.parametrize(("source", "concept", "worths", "shares"), PUBLISHED, ids=[row[0] for row in PUBLISHED])
def test_the_published_value_is_derived(source: str, concept: str, worths: tuple[int, ...], shares: tuple[str, ...]) -> None:
    stated = tuple((members, Rational(worth)) for members, worth in zip(COALITIONS, worths, strict=True))
    game = CoalitionGame("published", source, source, MEMBERS, worths=stated, concepts=(concept,))
    (solution,) = (found for found in derive_statement(game) if found.protocol == concept)
    (regime,) = solution.regimes
    assert [regime.resolved()[member.share] for member in MEMBERS] == [Rational(share) for share in shares]
