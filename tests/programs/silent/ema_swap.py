"""An exponential moving average of the weights, swapped in for the evaluation."""
import contextlib
import copy

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


class EMA:
    def __init__(self, model, decay=0.99):
        self.decay = decay
        self.shadow = copy.deepcopy(model).eval()
        for p in self.shadow.parameters():
            p.requires_grad_(False)

    @torch.no_grad()
    def update(self, model):
        theirs = model.state_dict()
        for name, mine in self.shadow.state_dict().items():
            if mine.dtype.is_floating_point:
                mine.mul_(self.decay).add_(theirs[name], alpha=1 - self.decay)
            else:
                mine.copy_(theirs[name])

    @contextlib.contextmanager
    def swapped(self, model):
        backup = copy.deepcopy(model.state_dict())
        model.load_state_dict(self.shadow.state_dict())
        training = model.training
        model.eval()
        try:
            with torch.no_grad():
                yield model
        finally:
            model.load_state_dict(backup)
            model.train(training)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv1d(2, 16, 5, padding=2)
        self.b1 = nn.BatchNorm1d(16)
        self.c2 = nn.Conv1d(16, 16, 5, padding=2)
        self.b2 = nn.BatchNorm1d(16)
        self.head = nn.Linear(16, 2)

    def forward(self, x):
        x = F.relu(self.b1(self.c1(x)))
        x = F.relu(self.b2(self.c2(x)))
        return self.head(F.dropout(x.mean(-1), 0.1, self.training))


def signals(n, seed):
    g = torch.Generator().manual_seed(seed)
    y = torch.randint(0, 2, (n,), generator=g)
    t = torch.linspace(0, 6.28, 32)
    freq = 1.0 + 2.0 * y[:, None].float()
    wave = torch.stack([torch.sin(freq * t), torch.cos(freq * t)], dim=1)
    return TensorDataset(wave + 0.8 * torch.randn(n, 2, 32, generator=g), y)


def score(model, loader):
    hits = [(model(x).argmax(1) == y).float().mean().item() for x, y in loader]
    return sum(hits) / len(hits)


def main():
    torch.manual_seed(0)
    train_dl = DataLoader(signals(320, 1), batch_size=32, shuffle=True)
    val_dl = DataLoader(signals(128, 2), batch_size=32)
    net = Net()
    ema = EMA(net)
    opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
    net.train()
    for epoch in range(3):
        for x, y in train_dl:
            loss = F.cross_entropy(net(x), y)
            opt.zero_grad()
            loss.backward()
            opt.step()
            ema.update(net)
        with ema.swapped(net) as averaged:
            print(epoch, round(loss.item(), 3), round(score(averaged, val_dl), 3))


if __name__ == "__main__":
    main()
