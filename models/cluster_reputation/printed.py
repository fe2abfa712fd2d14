"""What the literature prints for the standard form. The derivation does not read this."""

from derive.ir import PrintedFormula

from .glossary import P, R, S, T_t, delta_star, p_star

PRINTED = (
    PrintedFormula("two stages", "two_stages", p_star, (P - S) / (R - S), "the uninformed firm shares first from this p on"),
    PrintedFormula("grim trigger", "grim_trigger", delta_star, (T_t - R) / (T_t - P), "Friedman (1971)"),
)
