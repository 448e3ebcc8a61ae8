"""Training code of 1,000 lines in three shapes, made of what such files are made of."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from textwrap import indent

IMPORTS = """\
import argparse
import json
import logging
import math
import os
import random
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader, Dataset

logger = logging.getLogger(__name__)
"""
NETWORK = """\


class Block{n}(nn.Module):
    def __init__(self, channels={width}, dropout=0.1):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, kernel_size=3, padding=1)
        self.norm = nn.BatchNorm2d(channels)
        self.drop = nn.Dropout(dropout)

    def forward(self, x):
        y = F.relu(self.norm(self.conv(x)))
        return x + self.drop(y)
"""
HELPER = """\


def helper_{n}(values, scale={width}, name="run-{n}"):
    total = 0.0
    for index, value in enumerate(values):
        if value is None:
            continue
        total += float(value) * scale / (index + {n})
    logger.info("%s: %.3f after %d values", name, total, len(values))
    return total
"""
TRAIN = """\


def train_{n}(model, loader, optimizer, criterion, device="cpu"):
    model.train()
    losses = []
    for step, (inputs, labels) in enumerate(loader):
        inputs, labels = inputs.to(device), labels.to(device)
        optimizer.zero_grad()
        loss = criterion(model(inputs), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        if step % {width} == 0:
            logger.info("step %d: loss %.4f", step, losses[-1])
    return helper_{n}(losses)
"""
SETTING = """\
parser.add_argument("--option-{n}", type=float, default={width}e-3, help="the option number {n}")
"""
REPORT = """\
with open(os.path.join(args.output, "report-{n}.json"), "w") as file:
    rows = [{{"epoch": epoch, "loss": loss_{n}, "lr": args.lr}} for epoch, loss_{n} in enumerate(history)]
    json.dump(rows, file)
if args.lr > {width}e-4 and len(history) > {n}:
    logger.warning("%d rows, the last is %.3f", len(rows), history[-1])
"""
LOOP = """\
for epoch in range(args.epochs):
    model.train()
    for inputs, labels in train_loader:
        inputs, labels = inputs.to(device), labels.to(device)
        loss = criterion(model(inputs), labels)
        loss.backward()
        optimizer.step()
        history.append(loss.item())
    # here
    correct = seen = 0
    for inputs, labels in test_loader:
        predicted = model(inputs.to(device)).argmax(dim=1)
        correct += (predicted == labels.to(device)).sum().item()
        seen += labels.numel()
    logger.info("epoch %d: accuracy %.3f", epoch, correct / seen)
"""
SET_UP = """\
device = "cuda" if torch.cuda.is_available() else "cpu"
torch.manual_seed(args.seed)
train_loader = DataLoader(Images(args.data), batch_size=64, shuffle=True)
test_loader = DataLoader(Images(args.test), batch_size=256)
model = nn.Sequential(nn.Conv2d(3, 64, 3), Block1(64), nn.Flatten(), nn.LazyLinear(10), nn.Softmax(dim=1)).to(device)
optimizer = optim.SGD(model.parameters(), lr=args.lr, momentum=0.9)
criterion = nn.CrossEntropyLoss()
history = []
"""
DATA = """\


class Images(Dataset):
    def __init__(self, folder):
        self.files = sorted(os.listdir(folder))

    def __len__(self):
        return len(self.files)

    def __getitem__(self, index):
        array = np.load(self.files[index])
        return torch.from_numpy(array["image"]), int(array["label"])
"""
METHOD = """\

def report_{n}(self, outputs, labels, weight={width}):
    outputs = outputs.detach().cpu()
    correct = (outputs.argmax(dim=1) == labels.cpu()).sum().item()
    accuracy = correct / max(1, len(labels))
    self.history.setdefault("report_{n}", []).append(weight * accuracy)
    if self.verbose and len(self.history["report_{n}"]) % {width} == 0:
        logger.info("report_{n}: %.4f", accuracy)
    return accuracy
"""
STEP = """\

def step(self, batch):
    inputs, labels = (part.to(self.device) for part in batch)
    outputs = self.model(inputs)
    self.report_1(outputs, labels)
    return self.criterion(outputs, labels)
"""
FIT = """\

def fit(self, loader):
    self.model.train()
    for epoch in range(self.epochs):
        for batch in loader:
            loss = self.step(batch)
            loss.backward()
            self.optimizer.step()
        # here
        self.history["epoch"].append(epoch)
"""
ENTRY = """\


if __name__ == "__main__":
    main()
"""


@dataclass(frozen=True)
class LongFile:
    """A file, the row after which something is typed, and how far that is indented."""

    text: str
    indentation: str
    expected: frozenset[str]
    """The rules that find something in it, whatever is typed."""


def _filled(template: str, lines: int, numbers: Iterator[int]) -> str:
    """The template again and again, each time with other numbers, for about so many lines."""
    height = template.count("\n")
    return "".join(template.format(n=n, width=8 + n % 90) for n, _ in zip(numbers, range(lines // height), strict=False))


def small_functions() -> LongFile:
    """Some eighty functions and classes of ten to fifteen lines."""
    pieces = [IMPORTS, DATA]
    for n in range(1, 29):
        pieces += [template.format(n=n, width=8 + n) for template in (NETWORK, HELPER, TRAIN)]
    main = "\n\ndef main():\n" + indent('args = argparse.Namespace(lr=0.1, epochs=3, seed=0, data="a", test="b")\n' + SET_UP + LOOP, "    ")
    return LongFile("".join([*pieces, main, ENTRY]), " " * 8, FOUND)


def long_main() -> LongFile:
    """One `def main()` of 600 lines among smaller functions."""
    numbers = count(1)
    body = "parser = argparse.ArgumentParser()\n" + _filled(SETTING, 120, numbers)
    body += "args = parser.parse_args()\n" + SET_UP + _filled(REPORT, 200, numbers) + LOOP + _filled(REPORT, 255, numbers)
    before = IMPORTS + DATA + _filled(NETWORK, 180, count(1)) + _filled(HELPER, 170, count(1))
    return LongFile(before + "\n\ndef main():\n" + indent(body, "    ") + ENTRY, " " * 8, FOUND)


def trainer_class() -> LongFile:
    """One class of 800 lines, edited in its middle."""
    constructor = """
def __init__(self, lr=0.1, epochs=3, verbose=True):
    self.device = "cuda"
    self.model = nn.Sequential(nn.Linear(32, 64), Block1(64), nn.Linear(64, 10), nn.Softmax(dim=1)).to(self.device)
    self.optimizer = optim.SGD(self.model.parameters(), lr=lr)
    self.criterion = nn.CrossEntropyLoss()
    self.history = {}
    self.epochs, self.verbose = epochs, verbose
"""
    numbers = count(1)
    body = constructor + _filled(METHOD, 385, numbers) + STEP + FIT + _filled(METHOD, 390, numbers)
    main = "\n\ndef main():\n    Trainer().fit(DataLoader(Images('data')))\n"
    text = IMPORTS + DATA + _filled(NETWORK, 150, count(1)) + "\n\nclass Trainer:" + indent(body, "    ") + main + ENTRY
    return LongFile(text, " " * 12, frozenset({"softmax-before-cross-entropy", "stale-gradients"}))


FOUND = frozenset({"softmax-before-cross-entropy", "stale-gradients", "evaluation-in-train-mode"})
SHAPES: Mapping[str, Callable[[], LongFile]] = {
    "many small functions": small_functions,
    "one main() of 600 lines": long_main,
    "one Trainer of 800 lines": trainer_class,
}
