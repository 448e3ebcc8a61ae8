"""Evaluation in the middle of an epoch that leaves the network in the mode in which it found it."""
from contextlib import contextmanager

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


@contextmanager
def evaluating(net):
    was_training = net.training
    net.eval()
    try:
        with torch.no_grad():
            yield net
    finally:
        net.train(was_training)


class Tagger(nn.Module):
    def __init__(self, n_words, n_tags, dim=16):
        super().__init__()
        self.embed = nn.Embedding(n_words, dim, padding_idx=0)
        self.gru = nn.GRU(dim, dim, batch_first=True, bidirectional=True)
        self.drop = nn.Dropout(0.3)
        self.out = nn.Linear(2 * dim, n_tags)

    def forward(self, words):
        states, _ = self.gru(self.drop(self.embed(words)))
        return self.out(self.drop(states))


def predict(net, words):
    was_training = net.training
    net.eval()
    with torch.no_grad():
        tags = net(words).argmax(-1)
    net.train(was_training)
    return tags


def accuracy(net, loader):
    hits = total = 0
    with evaluating(net):
        for words, tags in loader:
            mask = words != 0
            hits += ((net(words).argmax(-1) == tags) & mask).sum().item()
            total += mask.sum().item()
    return hits / total


def corpus(n, seed):
    g = torch.Generator().manual_seed(seed)
    words = torch.randint(1, 50, (n, 10), generator=g)
    return TensorDataset(words, words % 5)


def main():
    torch.manual_seed(0)
    train_loader = DataLoader(corpus(320, 0), batch_size=16, shuffle=True)
    dev_loader = DataLoader(corpus(64, 1), batch_size=16)
    net = Tagger(50, 5)
    opt = torch.optim.Adam(net.parameters(), lr=5e-3)
    net.train()
    step = 0
    for epoch in range(2):
        for words, tags in train_loader:
            logits = net(words)
            loss = F.cross_entropy(logits.flatten(0, 1), tags.flatten())
            opt.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            opt.step()
            step += 1
            if step % 10 == 0:
                print(step, f'{loss.item():.3f}', f'{accuracy(net, dev_loader):.3f}')
    print(predict(net, torch.tensor([[3, 7, 11, 0, 0]])).tolist())


if __name__ == '__main__':
    main()
