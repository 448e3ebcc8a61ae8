"""Types and style hold everywhere; CI runs the tests alone, so these are tests."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("arguments", [["mypy"], ["ruff", "check"], ["ruff", "format", "--check"]], ids=" ".join)
def test_the_house_is_in_order(arguments: list[str]) -> None:
    """Types are strict, all of Ruff's rules are on but those that pyproject.toml argues against, and the formatter has the last word."""
    done = subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
