"""Programs that the tests of `source` read."""

TRAINING = '''\
"""Trains a small network."""

import argparse

import torch
from torch import nn
from torch.utils.data import DataLoader

EPOCHS = 3


class Net(nn.Module):
    """Two layers."""

    def __init__(self, width: int = 16) -> None:
        super().__init__()
        self.first = nn.Linear(8, width)
        self.second = nn.Linear(width, 2)

    def forward(self, x):
        x = torch.relu(self.first(x))
        # the method's hole
        return self.second(x)

    def loss(self, batch):
        """Returns the loss of a batch."""
        inputs, targets = batch
        return nn.functional.cross_entropy(
            self(inputs),
            targets,
        )


def evaluate(net, loader):
    """Counts what is right."""
    right = 0
    net.eval()
    with torch.no_grad():
        for x, y in loader:
            right += (net(x).argmax(1) == y).sum().item()
    net.train()
    return right


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=float, default=0.1)
    args = parser.parse_args()
    net = Net()
    optimizer = torch.optim.SGD(net.parameters(), lr=args.lr)
    loader = DataLoader([(torch.zeros(8), 0)], batch_size=4)
    for epoch in range(EPOCHS):
        for batch in loader:
            optimizer.zero_grad()
            net.loss(batch).backward()
            # the loop's hole
            optimizer.step()
        print(f"epoch {epoch}: {evaluate(net, loader)}")
    torch.save(net.state_dict(), """net.pt""")


if __name__ == "__main__":
    main()
'''

LONG_TRAINING = TRAINING.replace(
    "        # the method's hole\n", "".join(f"        x = x + {number}\n" for number in range(90)) + "        # the method's hole\n"
).replace("    net = Net()\n", "".join(f"    step_{number} = {number}\n\n" for number in range(60)) + "    net = Net()\n")
"""The same, long enough that its class, a method and `main` are cut."""

STATEMENTS = (
    "scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=1, gamma=0.5)",
    "for index, (x, y) in enumerate(loader):\n    print(index, x[:, 1:], {'y': y})",
    "with torch.no_grad(), open('log.txt') as log:\n    log.write(f'{x!r:>10} and \"{y}\"')",
    "try:\n    x = x.cuda()\nexcept RuntimeError as error:\n    raise ValueError('no GPU') from error\nfinally:\n    print('done')",
    "if x is not None and (x > 0).all():\n    pass\nelif not x:\n    x = [a for a in x if a]\nelse:\n    assert x, 'empty'",
    "def helper(self, a: int = 1, *rest, key=None, **options) -> 'torch.Tensor':\n    return lambda z: z @ self.weight",
    "class Inner(nn.Module):\n    size: int = 3\n\n    @property\n    def width(self):\n        return self.size ** 2",
    "while (step := step + 1) < 10:\n    del x[step]",
    "text = '''first\n    second {x}\n'''",
    "return {'loss': loss, **metrics}",
    "await asyncio.gather(*[run(task) for task in tasks])",
)
"""What someone may type into a function."""

CONSTRUCTS = '''\
from __future__ import annotations
from . import sibling
from .. import cousin as c
from ..pack.age import *
from pack import (a, b as bb,
    c,)
import os, os.path as p, a.b.c
global_ = 0x_ff + 0b1_0 + 0o17 + 1_000 + 1e-3 + 1_0.5_0 + 3j + .5 + 00
text = "a\\n\\x41\\u00e9\\N{BULLET}\\101\\'" 'b' r"\\d" """c
d""" u'e'
data = b"\\x00\\n" rb'\\x' B"\\
"
formatted = f"{x}{y!r:>{width}.{precision}}{{}}" "plain" rf'\\d{z:%Y}'
constants = [True, False, None, ..., -1, ()]
one, = two = (three), [four, *five] = six, *seven
x: int
x.y: "str" = 1
x[0]: float
x += 1; y -= 1; z *= 1; x @= 1; x /= 1; x //= 1; x %= 1; x **= 1; x <<= 1; x >>= 1; x &= 1; x |= 1; x ^= 1
chain = a < b <= c != d == e > f >= g is h is not i in j not in k
logic = not a and b or c and (d or e) and f
arithmetic = -a + +b - ~c * d / e // f % g @ h ** -i << j >> k & l | m ^ n
indices = a[1], a[1:2], a[::2, ..., None], a[b,], a[:, 1:][-1]
call = f(a, *b, c=1, **d, )(x for x in y)(
    # a comment
    first,  # another
    second = third ,
)
sets = {1, 2, *three}, {**a, 'b': c, d: e}, {}, [], [[]], ()
comprehensions = [a for b in c if d if e for f, in g], {a for a in b}, {a: b for a, b in c}, (a async for a in b)
conditional = a if b else c if d else e
lambdas = lambda: 0, lambda a, /, b=1, *c, d, e=2, **f: (a, b), lambda *, a: a
if (walrus := f(x)) and [w := y for y in z]: pass
for a, (b, *c) in d: e; continue
else:
    f
while a:
    break
else: b
with a: b
with a as b, c as (d, e), f() as g.h: pass
with (open(a) as b, c,
      d as e,): pass
try: a
except: b
try:
    a
except A: pass
except (B, C) as e: d
else:
    f
finally:
    g
try:
    a
except* A as e:
    b
assert a, b
raise
raise A from b
del a, b[0], (c, d)
del e
@decorator
@factory(1)  # comment

@third.one
async def function(a, b: int = 1, /, c: str = "", *args: int, d, e=2, **kwargs: float) -> None:
    """Docstring."""
    nonlocal_ = 1
    def inner():
        nonlocal nonlocal_
        global global_
        return
    async for x in y: yield x
    async with a as b: await c
    result = yield
    return (yield a, b)
def generator():
    yield from other()
def plain(): return lambda: (yield)
class Empty: pass
class Derived(Base, mixin.Other, *bases, metaclass=Meta, **options):
    """Docs."""
    field: int = 0
    def method(self): ...
match command.split():
    case [action]: pass
    case [action, obj] | (action, obj, _):
        a
    case Point(x=0, y=y) | {"key": value, **rest}:
        b
    case str() | None | -1 | 3+4j | "a" "b" as name:
        c
    case [1, *others] if others and x: d
    case a.b: pass
    case _: e
match = case = type = 1
match(x)
print(match, case[1])
'''
"""Every construct of Python 3.11."""
