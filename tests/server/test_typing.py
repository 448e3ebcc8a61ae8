"""Typing character by character: what has nothing to do with the statement being typed stays on the screen."""

from pathlib import Path

import pytest
from lsprotocol import types

from tests.rings import CI
from tests.server.editor import capabilities, in_time, names, session

MAIN = """\
import torch
from torch import nn


def build():
    '''A network.'''
    return nn.Sequential(nn.Linear(4, 2), nn.Softmax(dim=1))


def evaluate(model, loader):
    '''How many it gets right.

    Of all of them.
    '''
    correct = 0
    for x, y in loader:
        correct += (model(x).argmax(1) == y).sum().item()
    return correct


def main():
    model = build()
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    history = []
    for epoch in range(10):
        for x, y in loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
        # here
        evaluate(model, test_loader)


if __name__ == "__main__":
    main()
""".replace("'''", '"""')
TRAINER = """\
import torch
from torch import nn


class Trainer:
    '''Trains.'''

    def __init__(self, loader, test_loader):
        self.model = nn.Sequential(nn.Linear(4, 2), nn.Softmax(dim=1))
        self.criterion = nn.CrossEntropyLoss()
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.1)
        self.loader, self.test_loader = loader, test_loader

    def train(self):
        '''Ten times.'''
        for epoch in range(10):
            for x, y in self.loader:
                self.optimizer.zero_grad()
                loss = self.criterion(self.model(x), y)
                loss.backward()
                self.optimizer.step()
            # here
            self.evaluate()

    def evaluate(self):
        '''How many it gets right.'''
        correct = 0
        for x, y in self.test_loader:
            correct += (self.model(x).argmax(1) == y).sum().item()
        return correct


if __name__ == "__main__":
    Trainer(loader, test_loader).train()
""".replace("'''", '"""')
PROGRAMS = {"main": MAIN, "class": TRAINER}
HOLE = "# here"
ALWAYS = {"softmax-before-cross-entropy", "evaluation-builds-graph"}
STATEMENTS = {
    "call": "scores.append(dict(loss=float(loss), lr=[g['lr'] for g in groups], note=\"it's (\"))",
    "f-string": "print(f\"{epoch:>3} {loss.item():.4f} {', '.join(names)!r}\")",
    "with": "with open(f'log-{epoch}', \"a\") as log:\n    log.write('x')",
    "for": "for name, value in {'a': 1}.items():\n    print(name)",
    "def": '@torch.no_grad()\ndef report(step: int, *rest):\n    """Says it."""\n    print(step)',
    "dict": "config = {\n    'lr': 0.1,\n    'betas': (0.9, 0.999),\n}",
    "triple quotes": 'note = """Training has\nbegun, if x:\n"""',
    "continued": "path = r'C:\\' + 'data' + \\\n    name",
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=STATEMENTS)
def test_nothing_else_disappears(tmp_path: Path, statement: str, program: str) -> None:
    """Where all the training is: typed or deleted, after each character all findings elsewhere are there; both ways in both in CI alone."""
    indent = program.partition(HOLE)[0].rpartition("\n")[2]
    whole = statement.replace("\n", "\n" + indent)
    lengths = range(len(whole) + 1)
    is_typed = (list(STATEMENTS.values()).index(statement) % 2 == 0) is (program is MAIN)
    states = [whole[:length] for length in lengths if is_typed or CI] + [whole[length:] for length in lengths if CI or not is_typed]

    async def test() -> None:
        async with session(tmp_path, able=capabilities(pulls=True), options={"debounce": 0}) as editor:
            uri = editor.open(tmp_path / "train.py", program)
            before, broken = HOLE, 0
            for state in states:
                editor.replace(uri, f"optimizer.step()\n{indent}{before}\n", f"optimizer.step()\n{indent}{state}\n")
                before = state
                report = await editor.pulled(uri)
                assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
                found = set(names(report.items))
                assert found >= ALWAYS, f"after {state!r}"
                broken += "syntax-error" in found
            assert broken > len(states) / 4, "much of it was no Python"

    in_time(test())
