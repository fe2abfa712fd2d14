"""Solutions as LaTeX: `latex_document` stands alone, `latex_fragment` is read into a paper."""

from derive.views.latex import auctions as auctions
from derive.views.latex import bargaining as bargaining
from derive.views.latex import certificates_lemmas as certificates_lemmas
from derive.views.latex import certificates_names as certificates_names
from derive.views.latex import certificates_powers as certificates_powers
from derive.views.latex import coalition as coalition
from derive.views.latex import coalition_tau as coalition_tau
from derive.views.latex import contracts as contracts
from derive.views.latex import programs as programs
from derive.views.latex import repeated as repeated
from derive.views.latex import screening as screening
from derive.views.latex import steps_cases as steps_cases
from derive.views.latex import steps_cubic as steps_cubic
from derive.views.latex import steps_empty as steps_empty
from derive.views.latex import steps_groups as steps_groups
from derive.views.latex import steps_inverse as steps_inverse
from derive.views.latex import steps_loglinear as steps_loglinear
from derive.views.latex import steps_optima as steps_optima
from derive.views.latex import steps_partition as steps_partition
from derive.views.latex import steps_payoffs as steps_payoffs
from derive.views.latex import steps_roots as steps_roots
from derive.views.latex import steps_stationary as steps_stationary
from derive.views.latex import steps_triangular as steps_triangular
from derive.views.latex.numbering import source_numbers
from derive.views.latex.proof import latex_document, latex_fragment, latex_texts

__all__ = ["latex_document", "latex_fragment", "latex_texts", "source_numbers"]
