"""Torch's compiler is imported when a program asks for it, and is then the real one."""

import subprocess
import sys
from pathlib import Path

import trainlint.probe
from tests.rings import in_ci

pytestmark = in_ci("torch's compiler takes long to import")

AGENT = Path(trainlint.probe.__file__).parent / "agent"

PROGRAM = """\
import sys
sys.path.insert(0, sys.argv[1])
import torch
import compilation
compilation.install()

def train(model, optimizer, steps):
    losses = []
    for step in range(steps):
        optimizer.zero_grad()
        loss = (model(torch.full((4, 3), 0.5)) - 1).square().mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses

def trained(compiling):
    torch.manual_seed(0)
    model = torch.nn.Linear(3, 2)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    first = train(model, optimizer, 3)
    print("before", type(sys.modules["torch._dynamo"]).__name__)
    if compiling:
        model = torch.compile(model, backend="eager")
    return first + train(model, optimizer, 3)

plain, compiled = trained(False), trained(True)
import torch._dynamo.config
print("after", type(sys.modules["torch._dynamo"]).__name__, torch._dynamo is sys.modules["torch._dynamo"], torch._dynamo.config.verbose)
print(plain == compiled)
print("compiled", torch._dynamo.utils.counters["stats"]["unique_graphs"])
"""


def test_a_program_that_compiles_gets_the_compiler(tmp_path: Path) -> None:
    """The optimizer needs nothing of it, `torch.compile` everything, and nothing that is computed changes."""
    script = tmp_path / "compiles.py"
    script.write_text(PROGRAM, encoding="utf-8")
    done = subprocess.run([sys.executable, script, AGENT], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == ["before Compiler", "before Compiler", "after module True False", "True", "compiled 1"], done.stderr
