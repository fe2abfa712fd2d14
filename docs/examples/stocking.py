"""A shop orders before it knows demand, of which only the mean and the shape are known. States a general law and an instance."""

from sympy import Min

from derive.ir import (
    Decision,
    GeneralDistribution,
    Instance,
    Model,
    Parameter,
    Player,
    Protocol,
    Shock,
    Stage,
    Uniform,
    Variable,
    symbols,
)

p, c, L, H, mu = symbols("p c L H mu")
q, D, Pi = symbols("q D Pi")

model = Model(
    key="stocking",
    title="Stocking under a general law",
    source="",
    parameters=(
        Parameter(p, "price"),
        Parameter(c, "unit cost"),
        Parameter(L, "least demand"),
        Parameter(H, "largest demand"),
        Parameter(mu, "mean demand"),
    ),
    assumptions=(c > 0, p > c, L >= 0, H > L, mu > L, mu < H),
    variables=(Variable(q, "order", (q >= L, q <= H)),),
    # F is the name of the cdf; igfr says that the generalised failure rate does not fall.
    shocks=(Shock(D, GeneralDistribution("F", L, H, mu, igfr=True), "demand"),),
    players=(Player("shop", p * Min(q, D) - c * q, Pi),),
    protocols=(Protocol("order", "The shop orders", (Stage((Decision(("shop",), (q,)),)),)),),
    # What is derived for the general law is then worked out for named ones.
    instances=(Instance("uniform", ((D, Uniform(L, H)),)),),
)
