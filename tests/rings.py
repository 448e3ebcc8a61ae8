"""Which tests run where: `pytest` alone ends within three minutes on two cores, and where TRAINLINT_CI is set everything runs."""

import os

import pytest

CI = bool(os.environ.get("TRAINLINT_CI"))


def in_ci(why: str) -> pytest.MarkDecorator:
    """Leaves tests to CI, for this reason."""
    return pytest.mark.skipif(not CI, reason=f"{why}: runs where TRAINLINT_CI is set")
