"""Sensor readings to remaining useful life."""
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


def get_data(n, seed):
    g = torch.Generator().manual_seed(seed)
    x = torch.randn(n, 14, generator=g)
    rul = 100 + 30 * x[:, 0] - 20 * x[:, 1] + 5 * torch.randn(n, generator=g)
    return TensorDataset(x, (rul - 100) / 35)


class RULNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer1 = nn.Linear(14, 64)
        self.layer2 = nn.Linear(64, 64)
        self.out = nn.Linear(64, 1)
        self.dropout = nn.Dropout(0.1)

    def forward(self, x):
        x = torch.relu(self.layer1(x))
        x = self.dropout(torch.relu(self.layer2(x)))
        return self.out(x).squeeze(-1)


class Loop:
    def __init__(self, model, lr):
        self.model = model
        self.opt = torch.optim.Adam(model.parameters(), lr=lr)
        self.criterion = nn.SmoothL1Loss()

    def run_epoch(self, loader):
        self.model.train()
        total_loss = 0
        for i, (x, y) in enumerate(loader):
            self.opt.zero_grad()
            loss = self.criterion(self.model(x), y)
            loss.backward()
            self.opt.step()
            total_loss += loss  # expect: retained-graph
            if i % 5 == 4:
                print('  batch %d: average loss %.3f' % (i + 1, total_loss / (i + 1)))
        return total_loss / len(loader)

    def validate(self, loader):
        self.model.eval()
        total = 0.0
        with torch.no_grad():
            for x, y in loader:
                total += self.criterion(self.model(x), y)
        return total / len(loader)


def main():
    torch.manual_seed(0)
    loop = Loop(RULNet(), lr=1e-3)
    train_loader = DataLoader(get_data(640, 0), batch_size=64, shuffle=True)
    val_loader = DataLoader(get_data(128, 1), batch_size=64)
    for epoch in range(3):
        avg_loss = loop.run_epoch(train_loader)
        avg_vloss = loop.validate(val_loader)
        print('LOSS train {:.3f} valid {:.3f}'.format(avg_loss.item(), avg_vloss.item()))


if __name__ == '__main__':
    main()
