"""The paper's notation: worths of single players and the surplus of each alliance over the sum of its members' worths."""

from derive.ir import symbols

V_1, V_2, V_3 = symbols("V_1 V_2 V_3")
x_12, x_13, x_23, x_123 = symbols("x_12 x_13 x_23 x_123")
V_12, V_13, V_23, V_123 = symbols("V_12 V_13 V_23 V_123")
phi_1, phi_2, phi_3 = symbols("phi_1 phi_2 phi_3")
R_1, R_2 = symbols("R_1 R_2")
