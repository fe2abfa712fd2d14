"""The notation: stage payoffs, discounting, the committed type, and the grounds on which the benefit is divided."""

from derive.ir import symbols

T_t, R, P, S = symbols("T_t R P S")
delta, p, T = symbols("delta p T")

# Reported: equilibrium payoffs, critical values, whether an equilibrium exists, stages with and without mutual sharing.
v_1, v_2, delta_star, p_star, e, k, m = symbols("v_1 v_2 delta_star p_star e k m")

# Division: the benefit, each firm's fixed investment, effort, sharing and risk, and the weights of the factors.
B, w_I, w_E, w_S, w_R = symbols("B w_I w_E w_S w_R")
I_1, I_2, E_1, E_2, s_1, s_2, r_1, r_2 = symbols("I_1 I_2 E_1 E_2 s_1 s_2 r_1 r_2")
x_1, x_2 = symbols("x_1 x_2")
