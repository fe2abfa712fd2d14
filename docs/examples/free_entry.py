"""Firms enter a market as long as it pays (Mankiw and Whinston 1986)."""

from sympy import Integer

from derive.ir import Aggregate, Decision, Model, Parameter, Participation, Player, Protocol, Stage, Variable, symbols

a, b, c, K, n, q, Q, Pi, N = symbols("a b c K n q Q Pi N")

model = Model(
    key="free_entry",
    title="Entry into a market",
    source="Mankiw and Whinston (1986)",
    parameters=(
        Parameter(a, "highest price"),
        Parameter(b, "slope of demand"),
        Parameter(c, "unit cost"),
        Parameter(K, "cost of entry"),
    ),
    assumptions=(a > c, b > 0, c >= 0, K > 0),
    variables=(Variable(n, "number of firms", (n >= 1,)), Variable(q, "output of a firm", (q >= 0,))),
    aggregates=(Aggregate(Q, q, "firm", "total output"),),
    # The number of firms is chosen first: as many as do not lose by it, treated as a real number.
    players=(Player("firm", (a - b * Q - c) * q - K, Pi, count=n), Player("entry", n, N, "how many enter")),
    protocols=(
        Protocol(
            "free_entry",
            "Firms enter, then compete in quantities",
            (
                Stage((Decision(("entry",), (n,), (Participation("firm", Integer(0)),)),)),
                Stage((Decision(("firm",), (q,)),)),
            ),
        ),
    ),
)
