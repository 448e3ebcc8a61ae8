"""Five-fold cross-validation: a fresh network, optimizer and scaler for each fold."""
import statistics

import torch
from torch import nn
from torch.utils.data import DataLoader, SubsetRandomSampler, TensorDataset

FOLDS, EPOCHS = 5, 2


class Standardizer:
    def fit(self, x):
        self.mean, self.std = x.mean(0, keepdim=True), x.std(0, keepdim=True).clamp_min(1e-6)
        return self

    def __call__(self, x):
        return (x - self.mean) / self.std


def reset_parameters(m):
    if hasattr(m, "reset_parameters"):
        m.reset_parameters()


def folds(n, k, seed=0):
    order = torch.randperm(n, generator=torch.Generator().manual_seed(seed))
    parts = order.chunk(k)
    for i in range(k):
        yield torch.cat([p for j, p in enumerate(parts) if j != i]), parts[i]


def new_model():
    model = nn.Sequential(nn.Linear(6, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Dropout(0.2), nn.Linear(32, 1))
    model.apply(reset_parameters)
    return model


def main():
    torch.manual_seed(0)
    x = torch.randn(400, 6) * torch.tensor([1.0, 10.0, 0.1, 5.0, 2.0, 1.0]) + 3.0
    y = ((x[:, 0] - 3.0) + (x[:, 1] - 3.0) / 10 > 0).float()

    scores = []
    for fold, (train_ids, val_ids) in enumerate(folds(len(x), FOLDS)):
        scale = Standardizer().fit(x[train_ids])
        data = TensorDataset(scale(x), y)
        train_loader = DataLoader(data, batch_size=32, sampler=SubsetRandomSampler(train_ids.tolist()))
        val_loader = DataLoader(data, batch_size=80, sampler=SubsetRandomSampler(val_ids.tolist()))

        model = new_model()
        optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
        criterion = nn.BCEWithLogitsLoss()

        for _ in range(EPOCHS):
            model.train()
            for inputs, targets in train_loader:
                optimizer.zero_grad()
                loss = criterion(model(inputs).squeeze(1), targets)
                loss.backward()
                optimizer.step()

        model.eval()
        correct, total = 0, 0
        with torch.no_grad():
            for inputs, targets in val_loader:
                guesses = (torch.sigmoid(model(inputs).squeeze(1)) > 0.5).float()
                correct += (guesses == targets).sum().item()
                total += targets.size(0)
        scores.append(correct / total)
        print(f"fold {fold}: {scores[-1]:.3f}")
    print(f"mean {statistics.mean(scores):.3f} +- {statistics.stdev(scores):.3f}")


if __name__ == "__main__":
    main()
