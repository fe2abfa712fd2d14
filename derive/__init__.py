"""Symbolic derivation of game-theoretic models: one statement in; proof, evaluator and audit out.

``models``, ``templates`` and ``generated`` are shipped inside this package (``derive.models``, ...). In a checkout they
stand beside it, so the package path is extended by the checkout's root: the same spelling works in both.
"""

from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
if (_ROOT / "pyproject.toml").is_file():
    __path__.append(str(_ROOT))
