"""Lazy layers, shape checks and a dry run before the training proper."""
import time

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


class LazyNet(nn.Module):
    def __init__(self, n_classes):
        super().__init__()
        self.features = nn.Sequential(
            nn.LazyConv2d(8, 3, padding=1), nn.LazyBatchNorm2d(), nn.ReLU(), nn.MaxPool2d(2),
            nn.LazyConv2d(16, 3, padding=1), nn.LazyBatchNorm2d(), nn.ReLU(), nn.AdaptiveAvgPool2d(2),
        )
        self.classifier = nn.Sequential(nn.Flatten(), nn.Dropout(0.2), nn.LazyLinear(n_classes))

    def forward(self, x):
        return self.classifier(self.features(x))


def summary(model, shape):
    """Prints the output shape of every child."""
    x = torch.zeros(2, *shape)
    for name, child in model.named_children():
        x = child(x)
        print(f"{name:12s} {tuple(x.shape)}")


def benchmark(model, loader, n=3):
    for x, _ in loader:
        model(x)
        break
    start = time.perf_counter()
    for i, (x, _) in enumerate(loader):
        if i == n:
            break
        model(x)
    return (time.perf_counter() - start) / n


def images(n, seed):
    g = torch.Generator().manual_seed(seed)
    y = torch.randint(0, 3, (n,), generator=g)
    x = torch.randn(n, 3, 12, 12, generator=g)
    x[torch.arange(n), y] += 0.7
    return TensorDataset(x, y)


def main():
    torch.manual_seed(0)
    train_loader = DataLoader(images(384, 1), batch_size=32, shuffle=True)
    val_loader = DataLoader(images(96, 2), batch_size=32)

    model = LazyNet(3)
    model(next(iter(train_loader))[0])      # materializes the lazy parameters
    summary(model, (3, 12, 12))
    print("parameters", sum(p.numel() for p in model.parameters()))
    print(f"{benchmark(model, train_loader) * 1e3:.1f} ms a batch")

    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    criterion = nn.CrossEntropyLoss()

    # dry run: one step on one batch, then back to the beginning
    initial = {k: v.clone() for k, v in model.state_dict().items()}
    x, y = next(iter(train_loader))
    criterion(model(x), y).backward()
    optimizer.step()
    model.load_state_dict(initial)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)

    for epoch in range(2):
        model.train()
        for x, y in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            hits = sum((model(x).argmax(1) == y).sum().item() for x, y in val_loader)
        print(epoch, loss.item(), hits / len(val_loader.dataset))


if __name__ == "__main__":
    main()
