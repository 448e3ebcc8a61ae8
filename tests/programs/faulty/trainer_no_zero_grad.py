"""A Trainer for tabular data."""
import dataclasses
import typing as t

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


@dataclasses.dataclass
class Config:
    lr: float = 1e-3
    batch_size: int = 32
    epochs: int = 3
    width: int = 64


class Net(nn.Module):
    def __init__(self, n_in, n_out, width):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(n_in, width), nn.BatchNorm1d(width), nn.ReLU(), nn.Dropout(0.1), nn.Linear(width, n_out)
        )

    def forward(self, x):
        return self.layers(x)


class Trainer:
    def __init__(self, model: nn.Module, config: Config, callbacks: t.Sequence[t.Callable] = ()):
        self.model = model
        self.config = config
        self.callbacks = list(callbacks)
        self.loss_fn = nn.CrossEntropyLoss()
        self.optim = self.configure_optimizer()
        self.global_step = 0

    def configure_optimizer(self):
        return torch.optim.Adam(self.model.parameters(), lr=self.config.lr)

    def compute_loss(self, batch):
        x, y = batch
        return self.loss_fn(self.model(x), y)

    def backward(self, loss):
        loss.backward()

    def training_step(self, batch):
        loss = self.compute_loss(batch)
        self.backward(loss)
        self.optim.step()  # expect: stale-gradients
        self.global_step += 1
        return loss.item()

    def fit(self, train_loader, val_loader):
        for epoch in range(self.config.epochs):
            self.model.train()
            running = 0.0
            for batch in train_loader:
                running += self.training_step(batch)
            metrics = {"loss": running / len(train_loader), "accuracy": self.accuracy(val_loader)}
            for callback in self.callbacks:
                callback(epoch, metrics)

    @torch.no_grad()
    def accuracy(self, loader):
        self.model.eval()
        hits = sum((self.model(x).argmax(1) == y).sum().item() for x, y in loader)
        return hits / len(loader.dataset)


def data(n, seed):
    x = torch.randn(n, 12, generator=torch.Generator().manual_seed(seed))
    return TensorDataset(x, x[:, :4].argmax(1))


if __name__ == "__main__":
    config = Config()
    trainer = Trainer(Net(12, 4, config.width), config, callbacks=[print])
    trainer.fit(DataLoader(data(640, 0), config.batch_size, shuffle=True), DataLoader(data(160, 1), config.batch_size))
