"""Predictive uncertainty by Monte-Carlo dropout: dropout stays on at test time, on purpose."""
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


class BayesianMLP(nn.Module):
    def __init__(self, p=0.1, width=64):
        super().__init__()
        self.l1 = nn.Linear(1, width)
        self.l2 = nn.Linear(width, width)
        self.l3 = nn.Linear(width, 1)
        self.drop = nn.Dropout(p)

    def forward(self, x):
        x = self.drop(torch.tanh(self.l1(x)))
        x = self.drop(torch.tanh(self.l2(x)))
        return self.l3(x)


def fit(model, loader, epochs=3, lr=1e-2):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr, weight_decay=1e-5)
    criterion = nn.MSELoss()
    model.train()
    for epoch in range(epochs):
        total = 0.0
        for x, y in loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(x)
        print(f"epoch {epoch}: mse {total / len(loader.dataset):.4f}")


def mc_predict(model, loader, passes=20):
    """Mean and standard deviation over several stochastic passes of each batch."""
    model.eval()
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.train()
    means, stds = [], []
    with torch.no_grad():
        for x, _ in loader:
            draws = torch.stack([model(x) for _ in range(passes)])
            means.append(draws.mean(dim=0))
            stds.append(draws.std(dim=0))
    return torch.cat(means), torch.cat(stds)


def curve(n, low, high):
    x = torch.rand(n, 1) * (high - low) + low
    return TensorDataset(x, torch.sin(3 * x) + 0.1 * torch.randn(n, 1))


if __name__ == "__main__":
    torch.manual_seed(4)
    model = BayesianMLP()
    fit(model, DataLoader(curve(512, -1.0, 1.0), batch_size=32, shuffle=True))
    inside = DataLoader(curve(128, -1.0, 1.0), batch_size=64)
    outside = DataLoader(curve(128, 2.0, 3.0), batch_size=64)
    print("std inside %.3f, outside %.3f" % (mc_predict(model, inside)[1].mean(), mc_predict(model, outside)[1].mean()))
