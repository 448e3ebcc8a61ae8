"""Gradient-free evaluation through decorators: plain, with arguments, and one that a factory returns."""
import functools

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def inference_mode_if_possible(enabled=True):
    """Returns a decorator: `torch.inference_mode` where this version has it, `torch.no_grad` otherwise."""

    def decorate(fn):
        mode = getattr(torch, "inference_mode", torch.no_grad)
        return mode()(fn) if enabled else fn

    return decorate


def in_eval_mode(fn):
    """Runs a function of a module in eval mode and puts the old mode back."""

    @functools.wraps(fn)
    def wrapper(model, *args, **kwargs):
        training = model.training
        model.eval()
        try:
            return fn(model, *args, **kwargs)
        finally:
            model.train(training)

    return wrapper


def timed(fn):
    import time

    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        start = time.perf_counter()
        result = fn(*args, **kwargs)
        print(f"{fn.__name__}: {time.perf_counter() - start:.2f}s")
        return result

    return wrapper


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(12, 48)
        self.bn = nn.BatchNorm1d(48)
        self.drop = nn.Dropout(0.25)
        self.fc2 = nn.Linear(48, 3)

    def forward(self, x):
        return self.fc2(self.drop(torch.relu(self.bn(self.fc1(x)))))


@inference_mode_if_possible()
def validate(model, loader, loss_fn):
    model.eval()
    total, n = 0.0, 0
    for x, y in loader:
        total += loss_fn(model(x), y).item() * len(y)
        n += len(y)
    return total / n


@in_eval_mode
@torch.no_grad()
def accuracy(model, loader):
    pairs = [(model(x).argmax(1), y) for x, y in loader]
    guesses, truth = (torch.cat(column) for column in zip(*pairs))
    return (guesses == truth).float().mean().item()


@timed
def train_epoch(model, loader, loss_fn, optimizer):
    model.train()
    for x, y in loader:
        optimizer.zero_grad()
        loss_fn(model(x), y).backward()
        optimizer.step()


def blobs(n, seed):
    g = torch.Generator().manual_seed(seed)
    y = torch.randint(0, 3, (n,), generator=g)
    return TensorDataset(torch.randn(n, 12, generator=g) + y[:, None] * 0.8, y)


def main():
    torch.manual_seed(0)
    train, val = DataLoader(blobs(480, 1), 32, shuffle=True), DataLoader(blobs(160, 2), 32)
    model, loss_fn = Net(), nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    for epoch in range(3):
        train_epoch(model, train, loss_fn, optimizer)
        print(epoch, f"{validate(model, val, loss_fn):.3f}", f"{accuracy(model, val):.3f}")


if __name__ == "__main__":
    main()
