"""Generated numeric evaluators: the closed forms of a derivation as a Python module that imports numpy only.

`python_module` is the entrance. The formulas go from SymPy to a graph of operations (`graph`), from there to lines of code
(`emit`, `conditions`), are gathered per protocol (`plan`), printed by ``templates/evaluator.py.j2`` and read back (`verify`).
"""

from derive.views.python.module import python_module

__all__ = ["python_module"]
