"""The paper's numerical example. The derivation does not read this."""

from sympy import Eq

from derive.ir import PrintedNumber, exact

from .glossary import V_1, V_2, V_3, V_12, V_13, V_23, V_123, phi_1, phi_2, phi_3, x_12, x_13, x_23, x_123

EXAMPLE = tuple(
    (symbol, exact(digits))
    for symbol, digits in (
        (V_1, "400"), (V_2, "320"), (V_3, "300"), (x_12, "80"), (x_13, "150"), (x_23, "130"), (x_123, "330"),
    )
)  # fmt: skip

AT_EXAMPLE = tuple(Eq(symbol, value) for symbol, value in EXAMPLE)

_POINT = ", ".join(f"{symbol} = {value}" for symbol, value in EXAMPLE)

#: What the audit is known to contradict: the third share, the claims that rest on it, and the inequality printed the wrong way.
ERRATA = (f"Shapley value of DSE, {_POINT}", "002-2", "002-5")

PRINTED = tuple(
    PrintedNumber(where, "shapley", symbol, digits, EXAMPLE)
    for where, symbol, digits in (
        ("worth of the alliance of 1 and 2", V_12, "800"),
        ("worth of the alliance of 1 and 3", V_13, "850"),
        ("worth of the alliance of 2 and 3", V_23, "750"),
        ("worth of the grand alliance", V_123, "1350"),
        ("Shapley value of DPM", phi_1, "505"),
        ("Shapley value of NP", phi_2, "415"),
        ("Shapley value of DSE", phi_3, "498.3"),
    )
)
