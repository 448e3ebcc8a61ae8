"""A reusable Trainer around a tabular classifier."""
from __future__ import annotations

import logging
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

log = logging.getLogger(__name__)


@dataclass
class TrainConfig:
    hidden: tuple[int, ...] = (64, 64)
    dropout: float = 0.2
    lr: float = 3e-4
    weight_decay: float = 1e-2
    epochs: int = 3
    batch_size: int = 32
    checkpoint: Path | None = None
    device: str = "cpu"
    betas: tuple[float, float] = field(default=(0.9, 0.999))


class MLP(nn.Module):
    def __init__(self, in_features: int, num_classes: int, cfg: TrainConfig) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        width = in_features
        for h in cfg.hidden:
            layers += [nn.Linear(width, h), nn.BatchNorm1d(h), nn.ReLU(inplace=True), nn.Dropout(cfg.dropout)]
            width = h
        self.body = nn.Sequential(*layers)
        self.head = nn.Linear(width, num_classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.body(x))


class Trainer:
    def __init__(self, model: nn.Module, cfg: TrainConfig) -> None:
        self.cfg = cfg
        self.device = torch.device(cfg.device)
        self.model = model.to(self.device)
        self.criterion = nn.CrossEntropyLoss(label_smoothing=0.05)
        self.optimizer = torch.optim.AdamW(
            self.model.parameters(), lr=cfg.lr, weight_decay=cfg.weight_decay, betas=cfg.betas
        )
        self.best = 0.0

    def fit(self, train_loader: DataLoader, val_loader: DataLoader) -> float:
        for epoch in range(self.cfg.epochs):
            loss = self._train_epoch(train_loader)
            accuracy = self.evaluate(val_loader)
            log.info("epoch %d: loss %.4f, accuracy %.3f", epoch, loss, accuracy)
            if accuracy > self.best:
                self.best = accuracy
                self._save()
        return self.best

    def _train_epoch(self, loader: DataLoader) -> float:
        self.model.train()
        total, count = 0.0, 0
        for batch in loader:
            loss = self._step(batch)
            total += loss * len(batch[0])
            count += len(batch[0])
        return total / count

    def _step(self, batch) -> float:
        x, y = (t.to(self.device) for t in batch)
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.criterion(self.model(x), y)
        loss.backward()
        self.optimizer.step()
        return loss.item()

    @torch.no_grad()
    def evaluate(self, loader: DataLoader) -> float:
        self.model.eval()
        hits, count = 0, 0
        for x, y in loader:
            x, y = x.to(self.device), y.to(self.device)
            hits += int((self.model(x).argmax(-1) == y).sum())
            count += y.numel()
        return hits / count

    def _save(self) -> None:
        if self.cfg.checkpoint is None:
            return
        torch.save({"model": self.model.state_dict(), "optimizer": self.optimizer.state_dict()}, self.cfg.checkpoint)


def make_data(n: int, seed: int) -> TensorDataset:
    g = torch.Generator().manual_seed(seed)
    x = torch.randn(n, 20, generator=g)
    y = (x[:, :5].sum(1) > 0).long() + (x[:, 5:10].sum(1) > 0).long()
    return TensorDataset(x, y)


def main() -> None:
    logging.basicConfig(level=logging.INFO)
    cfg = TrainConfig()
    train = DataLoader(make_data(640, 0), batch_size=cfg.batch_size, shuffle=True, drop_last=True)
    val = DataLoader(make_data(320, 1), batch_size=cfg.batch_size)
    trainer = Trainer(MLP(20, 3, cfg), cfg)
    print("best accuracy", trainer.fit(train, val))


if __name__ == "__main__":
    main()
