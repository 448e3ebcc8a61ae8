"""Accumulate gradients over several micro-batches, normalised by their number."""
import argparse

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def parse():
    ap = argparse.ArgumentParser()
    ap.add_argument("--accum", type=int, default=4, help="micro-batches per optimizer step")
    ap.add_argument("--micro-batch", type=int, default=8)
    ap.add_argument("--epochs", type=int, default=2)
    ap.add_argument("--lr", type=float, default=1e-3)
    return ap.parse_args()


class Net(nn.Module):
    def __init__(self, vocab, width=32, classes=4):
        super().__init__()
        self.embed = nn.Embedding(vocab, width)
        self.norm = nn.LayerNorm(width)
        self.mix = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))
        self.out = nn.Linear(width, classes)

    def forward(self, ids):
        h = self.embed(ids)
        h = h + self.mix(self.norm(h))
        return self.out(h.mean(dim=1))


def main():
    args = parse()
    torch.manual_seed(3)
    ids = torch.randint(0, 100, (512, 12))
    labels = ids[:, 0] % 4
    loader = DataLoader(TensorDataset(ids, labels), batch_size=args.micro_batch, shuffle=True)

    model = Net(100)
    opt = torch.optim.AdamW(model.parameters(), lr=args.lr)
    criterion = nn.CrossEntropyLoss()

    for epoch in range(args.epochs):
        model.train()
        opt.zero_grad()
        running, seen = 0.0, 0
        for i, (x, y) in enumerate(loader):
            loss = criterion(model(x), y)
            running += loss.item() * y.numel()
            seen += y.numel()
            loss = loss / args.accum
            loss.backward()
            if (i + 1) % args.accum == 0 or i + 1 == len(loader):
                nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                opt.step()
                opt.zero_grad()
        print(f"epoch {epoch}: {running / seen:.4f}")

    model.eval()
    with torch.no_grad():
        probe = torch.randint(0, 100, (256, 12))
        acc = (model(probe).argmax(1) == probe[:, 0] % 4).float().mean()
    print(f"accuracy {acc:.3f}")


if __name__ == "__main__":
    main()
