"""Everything that can be chosen is in the configuration; objects are built from dotted names."""
import importlib
import sys

import torch
import yaml
from torch.utils.data import DataLoader, TensorDataset

DEFAULT = """
seed: 11
epochs: 2
model:
  hidden: [64, 32]
  dropout: 0.2
  norm: true
optimizer:
  name: torch.optim.AdamW
  args: {lr: 0.002, weight_decay: 0.01}
scheduler:
  name: torch.optim.lr_scheduler.CosineAnnealingLR
  args: {T_max: 2}
loss: torch.nn.CrossEntropyLoss
data:
  batch_size: 32
"""


def locate(dotted):
    module, _, name = dotted.rpartition(".")
    return getattr(importlib.import_module(module), name)


def build_model(cfg, n_in, n_out):
    layers = []
    for width in cfg["hidden"]:
        layers.append(torch.nn.Linear(n_in, width))
        if cfg.get("norm"):
            layers.append(torch.nn.BatchNorm1d(width))
        layers.append(torch.nn.ReLU())
        n_in = width
    if cfg["dropout"] > 0:
        layers.append(torch.nn.Dropout(cfg["dropout"]))
    layers.append(torch.nn.Linear(n_in, n_out))
    return torch.nn.Sequential(*layers)


def make(n, seed):
    x = torch.randn(n, 8, generator=torch.Generator().manual_seed(seed))
    return TensorDataset(x, (x[:, 0] * x[:, 1] > 0).long())


class Experiment:
    def __init__(self, cfg):
        self.cfg = cfg
        torch.manual_seed(cfg["seed"])
        self.model = build_model(cfg["model"], 8, 2)
        self.loss = locate(cfg["loss"])()
        self.optimizer = locate(cfg["optimizer"]["name"])(self.model.parameters(), **cfg["optimizer"]["args"])
        self.scheduler = locate(cfg["scheduler"]["name"])(self.optimizer, **cfg["scheduler"]["args"])
        self.train_loader = DataLoader(make(640, 1), shuffle=True, **cfg["data"])
        self.val_loader = DataLoader(make(160, 2), **cfg["data"])

    def train(self):
        for epoch in range(self.cfg["epochs"]):
            self.model.train()
            for x, y in self.train_loader:
                self.optimizer.zero_grad()
                loss = self.loss(self.model(x), y)
                loss.backward()
                self.optimizer.step()
            self.scheduler.step()
            print(epoch, self.validate())

    def validate(self):
        self.model.eval()
        hits = 0
        with torch.no_grad():
            for x, y in self.val_loader:
                hits += (self.model(x).argmax(1) == y).sum().item()
        return hits / len(self.val_loader.dataset)


if __name__ == "__main__":
    text = open(sys.argv[1]).read() if len(sys.argv) > 1 else DEFAULT
    Experiment(yaml.safe_load(text)).train()
