"""Image captioning in miniature: an encoder, an attention decoder step, teacher forcing."""
import time

import torch
from torch import nn
from torch.nn.utils import clip_grad_norm_
from torch.utils.data import DataLoader, TensorDataset

VOCAB, DIM, MAX_LEN = 30, 32, 6


class Captioner(nn.Module):
    def __init__(self):
        super().__init__()
        self.visual = nn.Sequential(nn.Linear(16, DIM), nn.ReLU())
        self.embed = nn.Embedding(VOCAB, DIM)
        self.rnn = nn.GRU(DIM, DIM, batch_first=True)
        self.drop = nn.Dropout(0.3)
        self.vocab = nn.Linear(DIM, VOCAB)

    def forward(self, features, captions):
        h0 = self.visual(features).unsqueeze(0)
        states, _ = self.rnn(self.embed(captions), h0)
        return self.vocab(self.drop(states))


def pairs(n, seed):
    g = torch.Generator().manual_seed(seed)
    features = torch.randn(n, 16, generator=g)
    first = features[:, :VOCAB // 2].argmax(1, keepdim=True)
    captions = (first + torch.arange(MAX_LEN)) % VOCAB
    return TensorDataset(features, captions)


def train(train_loader, model, criterion, optimizer, epoch):
    model.train()
    start = time.time()
    for i, (features, caps) in enumerate(train_loader):
        scores = model(features, caps[:, :-1])
        loss = criterion(scores.flatten(0, 1), caps[:, 1:].flatten())
        optimizer.zero_grad()
        loss.backward()
        clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()
        if i % 10 == 0:
            print(f'Epoch [{epoch}][{i}/{len(train_loader)}] {time.time() - start:.2f}s loss {loss.item():.4f}')


def validate(val_loader, model, criterion):
    model.eval()
    losses, hits, words = 0.0, 0, 0
    for features, caps in val_loader:
        scores = model(features, caps[:, :-1])  # expect: evaluation-builds-graph
        targets = caps[:, 1:]
        losses += criterion(scores.flatten(0, 1), targets.flatten()).item()
        hits += (scores.argmax(-1) == targets).sum().item()
        words += targets.numel()
    print(f' * LOSS - {losses / len(val_loader):.3f}, ACCURACY - {hits / words:.3f}')
    return hits / words


def main():
    torch.manual_seed(0)
    model = Captioner()
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=4e-3)
    train_loader = DataLoader(pairs(512, 0), batch_size=32, shuffle=True)
    val_loader = DataLoader(pairs(128, 1), batch_size=32)
    best = 0.0
    for epoch in range(2):
        train(train_loader, model, criterion, optimizer, epoch)
        best = max(best, validate(val_loader, model, criterion))
    print('best', best)


if __name__ == '__main__':
    main()
