"""Step-based training with a validation every few steps."""
import argparse
import logging

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

logger = logging.getLogger("train")


class ResidualMLP(nn.Module):
    def __init__(self, dim, depth, n_out, p=0.2):
        super().__init__()
        self.inp = nn.Linear(10, dim)
        self.blocks = nn.ModuleList(
            nn.Sequential(nn.LayerNorm(dim), nn.Linear(dim, dim), nn.GELU(), nn.Dropout(p), nn.Linear(dim, dim))
            for _ in range(depth)
        )
        self.out = nn.Sequential(nn.LayerNorm(dim), nn.Linear(dim, n_out))

    def forward(self, x):
        x = self.inp(x)
        for block in self.blocks:
            x = x + block(x)
        return self.out(x)


class Runner:
    def __init__(self, args):
        self.args = args
        self.model = ResidualMLP(32, 2, 3)
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=args.lr)
        self.train_loader = DataLoader(self.make(512, 0), batch_size=32, shuffle=True)
        self.val_loader = DataLoader(self.make(128, 1), batch_size=32)

    @staticmethod
    def make(n, seed):
        x = torch.randn(n, 10, generator=torch.Generator().manual_seed(seed))
        return TensorDataset(x, x[:, :3].argmax(1))

    def train(self):
        self.model.train()
        step = 0
        for epoch in range(self.args.epochs):
            for x, y in self.train_loader:
                step += 1
                loss = F.cross_entropy(self.model(x), y)  # expect: train-mode-not-restored
                self.optimizer.zero_grad()
                loss.backward()
                self.optimizer.step()

                if step % self.args.log_every == 0:
                    logger.info("step %d loss %.4f", step, loss.item())
                if step % self.args.eval_every == 0:
                    self.model.eval()
                    val_loss = 0.0
                    with torch.no_grad():
                        for vx, vy in self.val_loader:
                            val_loss += F.cross_entropy(self.model(vx), vy).item()
                    logger.info("step %d validation loss %.4f", step, val_loss / len(self.val_loader))


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--log-every", type=int, default=10)
    parser.add_argument("--eval-every", type=int, default=10)
    Runner(parser.parse_args()).train()
