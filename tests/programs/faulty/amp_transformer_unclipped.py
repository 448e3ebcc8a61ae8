"""fp16 training of a small encoder for sequence classification."""
import argparse

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


class SequenceClassifier(nn.Module):
    def __init__(self, vocab, n_classes, dim=128, heads=4, layers=4, max_len=64, dropout=0.1):
        super().__init__()
        self.tokens = nn.Embedding(vocab, dim)
        self.positions = nn.Embedding(max_len, dim)
        layer = nn.TransformerEncoderLayer(dim, heads, 4 * dim, dropout=dropout, batch_first=True, norm_first=True)
        self.encoder = nn.TransformerEncoder(layer, layers)
        self.norm = nn.LayerNorm(dim)
        self.classify = nn.Linear(dim, n_classes)

    def forward(self, ids):
        pos = torch.arange(ids.size(1), device=ids.device)
        h = self.encoder(self.tokens(ids) + self.positions(pos))
        return self.classify(self.norm(h.mean(dim=1)))


def synthetic(n, seed, vocab=100, length=32):
    ids = torch.randint(0, vocab, (n, length), generator=torch.Generator().manual_seed(seed))
    return TensorDataset(ids, (ids < vocab // 2).sum(1).gt(length // 2).long())


def train(args):
    device = torch.device("cuda")
    model = SequenceClassifier(100, 2).to(device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=args.lr, weight_decay=0.01)
    scaler = torch.amp.GradScaler("cuda", enabled=True)
    criterion = nn.CrossEntropyLoss()
    loader = DataLoader(synthetic(8192, 0), batch_size=args.batch_size, shuffle=True, drop_last=True)
    held_out = DataLoader(synthetic(1024, 1), batch_size=args.batch_size)

    for epoch in range(args.epochs):
        model.train()
        for ids, label in loader:
            ids, label = ids.to(device), label.to(device)
            optimizer.zero_grad(set_to_none=True)
            with torch.autocast("cuda", dtype=torch.float16):
                loss = criterion(model(ids), label)
            scaler.scale(loss).backward()
            scaler.step(optimizer)  # expect: missing-gradient-clipping
            scaler.update()

        model.eval()
        correct = 0
        with torch.inference_mode():
            for ids, label in held_out:
                with torch.autocast("cuda", dtype=torch.float16):
                    correct += (model(ids.to(device)).argmax(1).cpu() == label).sum().item()
        print(f"epoch {epoch} loss {loss.item():.4f} accuracy {correct / len(held_out.dataset):.4f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=float, default=3e-4)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--batch-size", type=int, default=128)
    train(parser.parse_args())
