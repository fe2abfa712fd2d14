"""One decision: a parametric optimisation problem, solved in every regime of its parameters with a global argument."""
