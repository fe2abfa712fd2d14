"""The command line answers at once: no computing library is imported before a command needs it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.cli.timing import processor_time

ROOT = Path(__file__).resolve().parents[2]


def test_help_imports_no_library_and_is_quick() -> None:
    program = (
        "import sys\n"
        "from derive.cli import main\n"
        "try:\n"
        "    main(['--help'])\n"
        "except SystemExit as stop:\n"
        "    code = stop.code\n"
        "heavy = {'sympy', 'numpy', 'scipy', 'jinja2', 'flint', 'z3', 'mpmath'} & set(sys.modules)\n"
        "sys.exit(code or (3 if heavy else 0))\n"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "exit codes" in run.stdout


def test_help_takes_less_than_three_tenths_of_a_second() -> None:
    assert min(processor_time("--help") for _ in range(5)) < 0.3
