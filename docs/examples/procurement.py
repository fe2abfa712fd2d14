"""A seller and a buyer bargain over a quantity and what is paid for it."""

from derive.ir import At, Bargain, Claim, Decision, Model, Parameter, Player, Protocol, Slope, Stage, Variable, symbols

v, c, al, q, t, u_S, u_B = symbols("v c al q t u_S u_B")

model = Model(
    key="procurement",
    title="A quantity and its price by bargaining",
    source="Nash (1950)",
    parameters=(
        Parameter(v, "value of the first unit to the buyer"),
        Parameter(c, "cost of a unit"),
        Parameter(al, "bargaining weight of the seller", latex=r"\alpha"),
    ),
    assumptions=(c > 0, v > c, al > 0, al < 1),
    variables=(Variable(q, "quantity", (q >= 0,)), Variable(t, "payment")),
    players=(Player("seller", t - c * q, u_S), Player("buyer", v * q - q**2 / 2 - t, u_B)),
    protocols=(
        Protocol(
            "bargained",
            "A price by bargaining",
            (Stage((Decision(("seller", "buyer"), (q, t), bargain=Bargain((al, 1 - al))),)),),
        ),
    ),
    claims=(Claim("1", "Bargaining power moves no quantity.", Slope(At(q, "bargained"), al) >= 0),),
)
