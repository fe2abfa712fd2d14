"""What is said of the papers' comparative statics without being asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.test_tree import ROOT

WRITTEN = sorted((ROOT / "generated").glob("*/audit.json"))


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.parent.name)
def test_what_depends_says_on_what(path: Path) -> None:
    """A sign that holds throughout is no sign that depends."""
    explored = json.loads(path.read_text("utf-8"))["exploration"]
    effects = [effect for table in explored["statics"] for effect in table["effects"]]
    for found in (*effects, *explored["orders"]):
        if "condition" in found:
            assert all(part for part in found["condition"]), found
