"""Symmetric rent-seeking contest whose success function has an exponent (Tullock 1980): when does a pure equilibrium exist?"""

from sympy import Eq

from derive.ir import (
    Aggregate,
    At,
    Claim,
    Decision,
    Definition,
    Exists,
    Model,
    Parameter,
    Player,
    Protocol,
    Slope,
    Stage,
    Variable,
    symbols,
)

n, r, V, x, X, Z, U, dissipation = symbols("n r V x X Z U dissipation")

CONTEST = "contest"
PURE = r * (n - 1) <= n

model = Model(
    key="tullock_contest_exponent",
    title="Symmetric contest with an exponent, any number of contestants",
    source="Tullock, G. (1980) Efficient rent seeking; Perez-Castrillo, D. and Verdier, T. (1992) A general analysis of "
    "rent-seeking games, Public Choice 73, 335-350",
    parameters=(
        Parameter(n, "number of contestants", integer=True),
        Parameter(r, "exponent of the success function"),
        Parameter(V, "prize"),
    ),
    assumptions=(n >= 2, r > 0, V > 0),
    variables=(Variable(x, "effort", (x >= 0,)),),
    aggregates=(
        Aggregate(Z, x**r, "contestants", "sum of all impacts"),
        Aggregate(X, x, "contestants", "total effort"),
    ),
    definitions=(Definition(dissipation, X / V, "share of the prize that is dissipated"),),
    players=(Player("contestants", V * x**r / Z - x, U, count=n),),
    protocols=(Protocol(CONTEST, "The contest", (Stage((Decision(("contestants",), (x,)),)),)),),
    claims=(
        Claim(
            "a",
            "The first-order condition characterises a symmetric pure equilibrium.",
            Eq(Exists(CONTEST), 1),
        ),
        Claim(
            "b",
            "Total effort never exceeds the prize in the pure equilibrium.",
            At(dissipation, CONTEST) <= 1,
            given=(PURE,),
        ),
        Claim(
            "d",
            "Individual effort decreases with the number of contestants.",
            Slope(At(x, CONTEST), n) < 0,
            given=(PURE, n >= 3),
        ),
    ),
)
