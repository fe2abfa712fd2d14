"""MRO online sales alliance of three parties (Tan, Cheng, Jia, Jiang 2020)."""

from derive.coalition.ir import CoalitionGame, Member, Revision
from derive.ir import Definition, Parameter

from .claims import CLAIMS
from .glossary import R_1, R_2, V_1, V_2, V_3, V_12, V_13, V_23, V_123, phi_1, phi_2, phi_3, x_12, x_13, x_23, x_123
from .printed import ERRATA, PRINTED

UNIT = "10 000 yuan"

game = CoalitionGame(
    key="mro_alliance",
    title="Shapley value of a three-party sales alliance and its revision by weights",
    source="tan2020mro",
    unit=UNIT,
    players=(
        Member("DPM", phi_1, "dominant middleman", unit=UNIT, latex=r"\varphi_1"),
        Member("NP", phi_2, "network platform", unit=UNIT, latex=r"\varphi_2"),
        Member("DSE", phi_3, "designated-size manufacturer", unit=UNIT, latex=r"\varphi_3"),
    ),
    parameters=(
        Parameter(V_1, "what DPM earns alone", UNIT, "V_1"),
        Parameter(V_2, "what NP earns alone", UNIT, "V_2"),
        Parameter(V_3, "what DSE earns alone", UNIT, "V_3"),
        Parameter(x_12, "surplus of DPM and NP over what they earn alone", UNIT, "x_{12}"),
        Parameter(x_13, "surplus of DPM and DSE over what they earn alone", UNIT, "x_{13}"),
        Parameter(x_23, "surplus of NP and DSE over what they earn alone", UNIT, "x_{23}"),
        Parameter(x_123, "surplus of all three over what they earn alone", UNIT, "x_{123}"),
    ),
    assumptions=(
        V_1 >= 0, V_2 >= 0, V_3 >= 0,
        x_12 >= 0, x_13 >= 0, x_23 >= 0,
        x_123 >= x_12, x_123 >= x_13, x_123 >= x_23,
    ),
    definitions=(
        Definition(V_12, V_1 + V_2 + x_12, "worth of the alliance of DPM and NP", UNIT, "V_{12}"),
        Definition(V_13, V_1 + V_3 + x_13, "worth of the alliance of DPM and DSE", UNIT, "V_{13}"),
        Definition(V_23, V_2 + V_3 + x_23, "worth of the alliance of NP and DSE", UNIT, "V_{23}"),
        Definition(V_123, V_1 + V_2 + V_3 + x_123, "worth of the grand alliance", UNIT, "V_{123}"),
    ),
    worths=(
        (("DPM",), V_1),
        (("NP",), V_2),
        (("DSE",), V_3),
        (("DPM", "NP"), V_12),
        (("DPM", "DSE"), V_13),
        (("NP", "DSE"), V_23),
        (("DPM", "NP", "DSE"), V_123),
    ),
    revision=Revision(
        weights=(R_1, R_2, 1 - R_1 - R_2),
        parameters=(
            Parameter(R_1, "actual weight of DPM", latex="R_1"),
            Parameter(R_2, "actual weight of NP", latex="R_2"),
        ),
        assumptions=(R_1 >= 0, R_2 >= 0, R_1 + R_2 <= 1),
        note="The weights of the paper's three operating modes are lost; the weights stay symbols.",
    ),
    concepts=("shapley", "superadditivity", "convexity", "core", "shapley_core", "revision", "revision_core"),
    claims=CLAIMS,
    printed=PRINTED,
    errata=ERRATA,
    abstract=(
        "A dominant middleman (DPM), a network platform (NP) and a designated-size manufacturer (DSE) sell maintenance, repair "
        "and operations goods together. Joining pays: no alliance loses by taking in another party, which is what the paper's "
        "requirement (2) must mean (as printed, it says the opposite). The total is divided by the Shapley value, then moved "
        "by each party's actual weight, found by expert judgement of responsibility, risk, cost and rights given up."
    ),
)  # fmt: skip
