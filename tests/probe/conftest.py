"""Probes that the tests of this folder share."""

import os
from collections.abc import Iterator

import pytest

from tests.probe.forks import Forks
from tests.probe.runs import SharedProbes


@pytest.fixture(scope="session")
def probes(tmp_path_factory: pytest.TempPathFactory) -> SharedProbes:
    """Those of the programs that ship with trainlint."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "probes"
    folder.mkdir(exist_ok=True)
    return SharedProbes(folder)


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    """A process with torch, which observes small programs."""
    forks = Forks()
    yield forks
    forks.close()
