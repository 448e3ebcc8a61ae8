"""Batches that a generator yields, sorted by length, padded, in random order; the optimizer lives in a closure."""
import random

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence

random.seed(0)
torch.manual_seed(0)


def make_example():
    n = random.randint(3, 12)
    seq = [random.randint(1, 19) for _ in range(n)]
    return torch.tensor(seq), int(sum(seq) % 2)


def batches(examples, size, train):
    order = sorted(range(len(examples)), key=lambda i: len(examples[i][0]))
    groups = [order[i:i + size] for i in range(0, len(order), size)]
    if train:
        random.shuffle(groups)
    for group in groups:
        seqs, labels = zip(*(examples[i] for i in group))
        yield pad_sequence(seqs, batch_first=True), torch.tensor([len(s) for s in seqs]), torch.tensor(labels)


class ParityLSTM(nn.Module):
    def __init__(self, vocab=20, dim=16, hidden=32):
        super().__init__()
        self.embedding = nn.Embedding(vocab, dim, padding_idx=0)
        self.lstm = nn.LSTM(dim, hidden, batch_first=True, bidirectional=True)
        self.dropout = nn.Dropout(0.2)
        self.fc = nn.Linear(2 * hidden, 2)

    def forward(self, tokens, lengths):
        packed = pack_padded_sequence(self.embedding(tokens), lengths, batch_first=True, enforce_sorted=False)
        _, (h, _) = self.lstm(packed)
        return self.fc(self.dropout(torch.cat([h[0], h[1]], dim=1)))


def make_stepper(model, lr):
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    criterion = nn.CrossEntropyLoss()

    def step(tokens, lengths, labels):
        model.train()
        optimizer.zero_grad()
        loss = criterion(model(tokens, lengths), labels)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        return loss.item()

    return step


def accuracy(model, examples):
    model.eval()
    hits = 0
    with torch.no_grad():
        for tokens, lengths, labels in batches(examples, 64, train=False):
            hits += (model(tokens, lengths).argmax(1) == labels).sum().item()
    return hits / len(examples)


train_set = [make_example() for _ in range(480)]
test_set = [make_example() for _ in range(128)]
model = ParityLSTM()
step = make_stepper(model, lr=3e-3)
for epoch in range(2):
    losses = [step(*batch) for batch in batches(train_set, 32, train=True)]
    print(epoch, sum(losses) / len(losses), accuracy(model, test_set))
