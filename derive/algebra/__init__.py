"""Expressions: systems of equations, signs, shapes of formulas, powers and roots. The only home of SymPy's solvers."""
