"""What the corollary under named laws is called, and its first words."""

from __future__ import annotations

from derive import ir

_FAMILIES = {ir.Normal: "normal", ir.Uniform: "uniform", ir.Exponential: "exponential", ir.PowerDistribution: "power"}


def title(instance: ir.Instance) -> str:
    """``The uniform law``, ``The uniform and exponential laws``."""
    families = list(dict.fromkeys(_FAMILIES.get(type(law), "named") for _, law in instance.laws))
    return f"The {' and '.join(families)} law{_plural(instance)}"


def opening(instance: ir.Instance) -> str:
    """The sentence before the values."""
    note = f", {instance.note}," if instance.note else ""
    return f"With the named law{_plural(instance)}{note} in place of the general one{_plural(instance)} the equilibrium reads as follows."


def _plural(instance: ir.Instance) -> str:
    return "s" if len(instance.laws) > 1 else ""
