"""One trunk, a classification head and a regression head; the losses are weighed by learned uncertainty."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class MultiTaskNet(nn.Module):
    def __init__(self, n_in: int, n_classes: int):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(n_in, 64), nn.ReLU(), nn.Dropout(0.1), nn.Linear(64, 64), nn.ReLU())
        self.cls_head = nn.Linear(64, n_classes)
        self.reg_head = nn.Linear(64, 1)

    def forward(self, x):
        h = self.trunk(x)
        return {"logits": self.cls_head(h), "value": self.reg_head(h).squeeze(-1)}


class MultiTaskLoss(nn.Module):
    def __init__(self):
        super().__init__()
        self.log_vars = nn.Parameter(torch.zeros(2))
        self.ce = nn.CrossEntropyLoss()
        self.mse = nn.MSELoss()

    def forward(self, out, labels, values):
        terms = torch.stack([self.ce(out["logits"], labels), self.mse(out["value"], values)])
        return (torch.exp(-self.log_vars) * terms + self.log_vars).sum(), terms.detach()


def dataset(n, seed):
    g = torch.Generator().manual_seed(seed)
    x = torch.randn(n, 10, generator=g)
    return TensorDataset(x, x[:, :3].argmax(1), x[:, 3:6].sum(1) + 0.1 * torch.randn(n, generator=g))


def evaluate(net, loader):
    net.eval()
    hits, sq, n = 0, 0.0, 0
    with torch.no_grad():
        for x, label, value in loader:
            out = net(x)
            hits += (out["logits"].argmax(1) == label).sum().item()
            sq += (out["value"] - value).pow(2).sum().item()
            n += len(x)
    return hits / n, (sq / n) ** 0.5


def main():
    torch.manual_seed(0)
    train = DataLoader(dataset(512, 0), batch_size=64, shuffle=True)
    val = DataLoader(dataset(256, 1), batch_size=64)
    net, criterion = MultiTaskNet(10, 3), MultiTaskLoss()
    optimizer = torch.optim.Adam([*net.parameters(), *criterion.parameters()], lr=2e-3)

    for epoch in range(4):
        net.train()
        sums = torch.zeros(2)
        for x, label, value in train:
            optimizer.zero_grad()
            loss, parts = criterion(net(x), label, value)
            loss.backward()
            optimizer.step()
            sums += parts
        acc, rmse = evaluate(net, val)
        ce, mse = (sums / len(train)).tolist()
        print(f"{epoch}: ce {ce:.3f} mse {mse:.3f} | acc {acc:.3f} rmse {rmse:.3f}")


if __name__ == "__main__":
    main()
