#!/usr/bin/env python
# Spiral classification, functions in the style of a course assignment.
import math
import time

import torch
import torch.nn as nn
from torch.optim import SGD
from torch.optim.lr_scheduler import CosineAnnealingLR
from torch.utils.data import DataLoader, TensorDataset, random_split

N_CLASSES = 3
BATCH = 32
EPOCHS = 5


def spiral(points_per_class=160):
    xs, ys = [], []
    for c in range(N_CLASSES):
        t = torch.linspace(0.0, 1.0, points_per_class)
        angle = t * 4.0 + c * 2 * math.pi / N_CLASSES + 0.2 * torch.randn(points_per_class)
        xs.append(torch.stack([t * torch.cos(angle), t * torch.sin(angle)], dim=1))
        ys.append(torch.full((points_per_class,), c, dtype=torch.long))
    return TensorDataset(torch.cat(xs), torch.cat(ys))


def build_model(hidden=64):
    return nn.Sequential(
        nn.Linear(2, hidden),
        nn.Tanh(),
        nn.Linear(hidden, hidden),
        nn.Tanh(),
        nn.Dropout(0.1),
        nn.Linear(hidden, N_CLASSES),
    )


def train(model, loader, loss_fn, opt, device):
    model.train()
    total_loss = 0.0
    total_correct = 0
    for x, y in loader:
        x = x.to(device)
        y = y.to(device)
        logits = model(x)
        loss = loss_fn(logits, y)

        opt.zero_grad()
        loss.backward()
        opt.step()

        total_loss += loss.item() * x.size(0)
        total_correct += (logits.argmax(1) == y).sum().item()
    n = len(loader.dataset)
    return total_loss / n, total_correct / n


def evaluate(model, loader, loss_fn, device):
    model.eval()
    total_loss = 0.0
    total_correct = 0
    with torch.no_grad():
        for x, y in loader:
            x = x.to(device)
            y = y.to(device)
            logits = model(x)
            total_loss += loss_fn(logits, y).item() * x.size(0)
            total_correct += (logits.argmax(1) == y).sum().item()
    n = len(loader.dataset)
    return total_loss / n, total_correct / n


def main():
    torch.manual_seed(0)
    device = 'cuda' if torch.cuda.is_available() else 'cpu'
    data = spiral()
    train_set, val_set = random_split(data, [384, 96])
    train_loader = DataLoader(train_set, batch_size=BATCH, shuffle=True)
    val_loader = DataLoader(val_set, batch_size=BATCH)

    model = build_model().to(device)
    loss_fn = nn.CrossEntropyLoss()
    opt = SGD(model.parameters(), lr=0.05, momentum=0.9, nesterov=True)
    sched = CosineAnnealingLR(opt, T_max=EPOCHS)

    best_loss = float('inf')
    for epoch in range(EPOCHS):
        start = time.time()
        train_loss, train_acc = train(model, train_loader, loss_fn, opt, device)
        val_loss, val_acc = evaluate(model, val_loader, loss_fn, device)
        sched.step()
        took = time.time() - start
        print(f'{epoch:3d}  {train_loss:.3f}/{train_acc:.2%}  {val_loss:.3f}/{val_acc:.2%}  {took:.1f}s')
        best_loss = min(best_loss, val_loss)
    print('best validation loss', best_loss)


if __name__ == '__main__':
    main()
