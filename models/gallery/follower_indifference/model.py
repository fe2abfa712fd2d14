"""A take-it-or-leave-it price: the leader's optimum hinges on how an indifferent follower breaks the tie."""

from derive.ir import Decision, Model, Parameter, Player, Protocol, Stage, Variable, symbols

v, c, K, t, y, Pi_S, Pi_B = symbols("v c K t y Pi_S Pi_B")

OFFER = Stage((Decision(("Se",), (t,)),))

model = Model(
    key="follower_indifference",
    title="A price offered to a buyer with a constant value per unit",
    source="Dempe, S. (2002) Foundations of Bilevel Programming, Kluwer: optimistic and pessimistic solutions",
    parameters=(Parameter(v, "the buyer's value per unit"), Parameter(c, "unit cost"), Parameter(K, "largest quantity")),
    assumptions=(v > 0, c >= 0, K > 0, c < v),
    variables=(Variable(t, "price", (t >= 0,)), Variable(y, "quantity", (y >= 0, y <= K))),
    players=(Player("Se", (t - c) * y, Pi_S, "seller"), Player("Bu", (v - t) * y, Pi_B, "buyer")),
    protocols=(
        Protocol("optimistic", "An indifferent buyer does what the seller likes", (OFFER, Stage((Decision(("Bu",), (y,)),)))),
        Protocol(
            "pessimistic",
            "An indifferent buyer does not buy",
            (OFFER, Stage((Decision(("Bu",), (y,), indifferent=(y <= 0,)),))),
        ),
    ),
)
