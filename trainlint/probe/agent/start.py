"""Runs the user's program, unedited, as `__main__`, and watches it. Started as `python start.py CONFIGURATION.json`."""

from __future__ import annotations

import gc
import importlib
import importlib.util
import json
import os
import sys
from typing import Any

if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    specification = importlib.util.spec_from_file_location(
        "trainlint_agent", os.path.join(here, "__init__.py"), submodule_search_locations=[here]
    )
    assert specification is not None
    assert specification.loader is not None
    package = importlib.util.module_from_spec(specification)
    sys.modules["trainlint_agent"] = package
    specification.loader.exec_module(package)
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry or ".") != here]
    with open(sys.argv[1], encoding="utf-8") as file:
        configuration: dict[str, Any] = json.load(file)
    importlib.import_module("trainlint_agent.containment").install(configuration)  # before torch: it sees every import
    importlib.import_module("trainlint_agent.entropy").install(int(configuration.get("seed", 0)))  # before NumPy
    gc.disable()  # torch makes a million objects that stay: looking for garbage among them takes an eighth of its import
    program = importlib.import_module("trainlint_agent.program")
    gc.enable()
    program.run(configuration)
