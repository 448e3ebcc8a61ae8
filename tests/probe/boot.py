"""Runs a script as the probe's runner does, with the inner half of the containment and nothing else: boot.py AGENT SCRIPT [ARGUMENT …]."""

import importlib.util
import json
import os
import runpy
import sys
from pathlib import Path

agent, script = sys.argv[1:3]
spec = importlib.util.spec_from_file_location("trainlint_agent", Path(agent, "__init__.py"), submodule_search_locations=[agent])
assert spec is not None
sys.modules["trainlint_agent"] = importlib.util.module_from_spec(spec)
containment = importlib.import_module("trainlint_agent.containment")
sys.argv = sys.argv[2:]
sys.path[0] = str(Path(script).resolve().parent)
containment.install({"script": script, "synthetic_data": os.environ.get("TRAINLINT_TEST_SYNTHETIC", "auto")})
if os.environ.get("TRAINLINT_TEST_TORCH"):
    importlib.import_module("trainlint_agent.compilation").install()
try:
    runpy.run_path(script, run_name="__main__")
finally:
    told = {"kind": "incidents", "incidents": containment.incidents()}
    os.write(int(os.environ["TRAINLINT_CHANNEL"]), json.dumps(told).encode() + b"\n")
