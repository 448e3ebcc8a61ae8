"""Train for a number of steps, not epochs: an endless loop around the loader, left by return and break."""
import itertools

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

MAX_STEPS = 60
EVAL_EVERY = 20


def cycle(loader):
    while True:
        for batch in loader:
            yield batch


def lr_lambda(step, warmup=10):
    return min(1.0, (step + 1) / warmup)


class Seq2Label(nn.Module):
    def __init__(self, vocab=40, dim=24):
        super().__init__()
        self.embed = nn.Embedding(vocab, dim)
        self.conv = nn.Conv1d(dim, dim, 3, padding=1)
        self.norm = nn.BatchNorm1d(dim)
        self.out = nn.Linear(dim, 2)

    def forward(self, ids):
        h = self.embed(ids).transpose(1, 2)
        h = torch.relu(self.norm(self.conv(h)))
        return self.out(h.amax(dim=-1))


def evaluate(net, loader, max_batches=4):
    net.eval()
    n = hits = 0
    with torch.no_grad():
        for ids, label in itertools.islice(loader, max_batches):
            hits += (net(ids).argmax(1) == label).sum().item()
            n += len(label)
    return hits / n


def train(net, train_loader, val_loader):
    optimizer = torch.optim.AdamW(net.parameters(), lr=2e-3)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lr_lambda)
    batches = cycle(train_loader)
    step, best = 0, 0.0
    while True:
        net.train()
        ids, label = next(batches)
        loss = nn.functional.cross_entropy(net(ids), label)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        schedule.step()
        step += 1
        if step % EVAL_EVERY == 0:
            accuracy = evaluate(net, val_loader)
            print(step, round(loss.item(), 3), accuracy)
            if accuracy < best - 0.2:
                print("falling apart")
                return
            best = max(best, accuracy)
        if step >= MAX_STEPS:
            break
    print("best", best)


def sentences(n, seed):
    ids = torch.randint(0, 40, (n, 12), generator=torch.Generator().manual_seed(seed))
    return TensorDataset(ids, (ids == 7).any(1).long())


if __name__ == "__main__":
    torch.manual_seed(0)
    train(Seq2Label(), DataLoader(sentences(512, 0), 32, shuffle=True), DataLoader(sentences(128, 1), 32))
