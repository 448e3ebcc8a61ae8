"""Heartbeats: five kinds of beat in two-channel signals."""
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

from blocks import Head, PreActBlock, Stem

WIDTHS = (16, 32, 32)


class BeatNet(nn.Module):
    def __init__(self, n_classes=5, p=0.25):
        super().__init__()
        self.stem = Stem(2, WIDTHS[0])
        self.blocks = nn.Sequential(
            PreActBlock(WIDTHS[0], WIDTHS[1], dropout=p, downsample=True),
            PreActBlock(WIDTHS[1], WIDTHS[2], dropout=p),
        )
        self.head = Head(WIDTHS[-1], n_classes)

    def forward(self, x):
        return self.head(self.blocks(self.stem(x)))


def beats(n, seed):
    g = torch.Generator().manual_seed(seed)
    kind = torch.randint(0, 5, (n,), generator=g)
    t = torch.linspace(0, 1, 64)
    centre = 0.15 + 0.17 * kind[:, None].float()
    bump = torch.exp(-((t - centre) ** 2) / 0.004)
    return TensorDataset(torch.stack([bump, -bump], 1) + 0.3 * torch.randn(n, 2, 64, generator=g), kind)


def main(epochs=2):
    torch.manual_seed(0)
    train_loader = DataLoader(beats(640, 0), batch_size=32, shuffle=True)
    test_loader = DataLoader(beats(160, 1), batch_size=32)
    net = BeatNet()
    optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)
    criterion = nn.CrossEntropyLoss()
    for epoch in range(epochs):
        net.train()
        for x, y in train_loader:
            optimizer.zero_grad()
            loss = criterion(net(x), y)
            loss.backward()
            optimizer.step()
        net.eval()
        with torch.no_grad():
            hits = sum((net(x).argmax(1) == y).sum().item() for x, y in test_loader)
        print(epoch, round(loss.item(), 3), hits / len(test_loader.dataset))


if __name__ == "__main__":
    main()
