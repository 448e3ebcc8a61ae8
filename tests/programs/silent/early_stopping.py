"""Early stopping that keeps a copy of the best weights."""
import copy
import math

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class EarlyStopping:
    """Stops when the score has not improved for `patience` epochs."""

    def __init__(self, patience=3, delta=1e-4):
        self.patience = patience
        self.delta = delta
        self.best = math.inf
        self.counter = 0
        self.state = None

    def __call__(self, value, model):
        if value < self.best - self.delta:
            self.best = value
            self.counter = 0
            self.state = copy.deepcopy(model.state_dict())
        else:
            self.counter += 1
        return self.counter >= self.patience

    def restore(self, model):
        if self.state is not None:
            model.load_state_dict(self.state)


class GRURegressor(nn.Module):
    def __init__(self, n_features, hidden=32):
        super().__init__()
        self.rnn = nn.GRU(n_features, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, 1)

    def forward(self, x):
        out, _ = self.rnn(x)
        return self.fc(out[:, -1]).squeeze(-1)


def series(n, seed):
    g = torch.Generator().manual_seed(seed)
    x = torch.randn(n, 12, 3, generator=g)
    y = x[:, -3:, 0].mean(1) - x[:, :, 1].mean(1)
    return TensorDataset(x, y)


def epoch_loss(model, loader, criterion, optimizer=None):
    """One pass; trains when an optimizer is given."""
    training = optimizer is not None
    model.train(training)
    total = 0.0
    with torch.set_grad_enabled(training):
        for x, y in loader:
            loss = criterion(model(x), y)
            if training:
                optimizer.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
                optimizer.step()
            total += loss.item() * len(x)
    return total / len(loader.dataset)


def main():
    torch.manual_seed(9)
    train_loader = DataLoader(series(512, 0), batch_size=64, shuffle=True)
    val_loader = DataLoader(series(128, 1), batch_size=64)
    test_loader = DataLoader(series(128, 2), batch_size=64)

    model = GRURegressor(3)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    criterion = nn.MSELoss()
    stopper = EarlyStopping(patience=3)

    for epoch in range(8):
        tr = epoch_loss(model, train_loader, criterion, optimizer)
        va = epoch_loss(model, val_loader, criterion)
        print(f'{epoch:2d} train {tr:.4f} val {va:.4f}')
        if stopper(va, model):
            print('stopped early')
            break
    stopper.restore(model)
    print('test', epoch_loss(model, test_loader, criterion))


if __name__ == '__main__':
    main()
