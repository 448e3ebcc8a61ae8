"""How many tests run at once; and in CI nothing may be skipped: a tool that is missing there would hide what it checks."""

import os
from collections.abc import Generator

import pytest

from tests.rings import CI


def pytest_xdist_auto_num_workers() -> int:
    """A few processes more than cores: many tests wait for a program that they have started."""
    return (os.cpu_count() or 1) + 2


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turns a skipped test into a failed one where TRAINLINT_CI is set."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and CI:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and in CI nothing is: {report.longrepr}"
    return report
