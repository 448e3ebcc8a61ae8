"""Predict a fraction between 0 and 1 (cloud cover) with a sigmoid output and squared error."""
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class CloudCover(Dataset):
    """Weather readings, standardised, and the observed share of the sky that is covered."""

    def __init__(self, n, seed):
        g = torch.Generator().manual_seed(seed)
        readings = torch.randn(n, 6, generator=g)
        cover = torch.special.expit(readings[:, 0] - 0.5 * readings[:, 1] + 0.3 * torch.randn(n, generator=g))
        self.samples = list(zip(readings, cover))

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, i):
        return self.samples[i]


class FractionNet(nn.Module):
    def __init__(self, n_in=6, width=32):
        super().__init__()
        self.hidden = nn.Linear(n_in, width)
        self.out = nn.Linear(width, 1)

    def forward(self, x):
        return torch.sigmoid(self.out(torch.relu(self.hidden(x)))).squeeze(1)


class OrdinalNet(nn.Module):
    """Rank-consistent groups of cover: the number of thresholds passed is what counts."""

    def __init__(self, n_in=6, groups=5):
        super().__init__()
        self.shared = nn.Linear(n_in, 1, bias=False)
        self.thresholds = nn.Parameter(torch.linspace(-1.0, 1.0, groups - 1))

    def forward(self, x):
        return self.shared(x) - self.thresholds


def fit(model, loader, criterion, epochs=3, lr=5e-3):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    model.train()
    for epoch in range(epochs):
        total = 0.0
        for x, y in loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            total += loss.item()
        print(f'epoch {epoch}: {total / len(loader):.4f}')


def ordinal_loss(scores, group):
    levels = (group.unsqueeze(1) > torch.arange(scores.size(1))).float()
    return nn.functional.binary_cross_entropy_with_logits(scores, levels)


class CoverGroups(Dataset):
    def __init__(self, base):
        self.base = base

    def __len__(self):
        return len(self.base)

    def __getitem__(self, i):
        x, cover = self.base[i]
        return x, (cover * 4.99).long()


def main():
    torch.manual_seed(0)
    train, test = CloudCover(512, 0), CloudCover(256, 1)
    net = FractionNet()
    fit(net, DataLoader(train, batch_size=64, shuffle=True), nn.MSELoss())
    net.eval()
    with torch.no_grad():
        errors = [(net(x) - y).abs().mean().item() for x, y in DataLoader(test, batch_size=64)]
    print('mean absolute error', sum(errors) / len(errors))
    fit(OrdinalNet(), DataLoader(CoverGroups(train), batch_size=64, shuffle=True), ordinal_loss)


if __name__ == '__main__':
    main()
