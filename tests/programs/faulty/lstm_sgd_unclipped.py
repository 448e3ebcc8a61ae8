"""Tune generation: a character LSTM over ABC notation."""
import random

import torch
import torch.nn as nn

TUNE = "X:1 T:Reel M:4/4 K:D |:A2FA DAFA|B2GB DBGB|A2FA DAFA|gfed BAFE:| " * 40
CHARS = sorted(set(TUNE))
INDEX = {c: i for i, c in enumerate(CHARS)}


class CharLSTM(nn.Module):
    def __init__(self, n_chars, dim=32, hidden=64):
        super().__init__()
        self.embed = nn.Embedding(n_chars, dim)
        self.lstm = nn.LSTM(dim, hidden, num_layers=2, batch_first=True)
        self.out = nn.Linear(hidden, n_chars)

    def forward(self, ids, state=None):
        states, state = self.lstm(self.embed(ids), state)
        return self.out(states), state


def sample_batch(text, size, length):
    starts = [random.randrange(len(text) - length - 1) for _ in range(size)]
    x = torch.tensor([[INDEX[c] for c in text[s:s + length]] for s in starts])
    y = torch.tensor([[INDEX[c] for c in text[s + 1:s + length + 1]] for s in starts])
    return x, y


def generate(model, seed, n):
    model.eval()
    ids = torch.tensor([[INDEX[c] for c in seed]])
    out, state = list(seed), None
    with torch.no_grad():
        for _ in range(n):
            logits, state = model(ids, state)
            ids = torch.multinomial(torch.softmax(logits[:, -1], dim=-1), 1)
            out.append(CHARS[ids.item()])
    model.train()
    return ''.join(out)


def main():
    random.seed(0)
    torch.manual_seed(0)
    model = CharLSTM(len(CHARS))
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0, momentum=0.0)
    for step in range(1, 41):
        x, y = sample_batch(TUNE, 16, 40)
        logits, _ = model(x)
        loss = criterion(logits.reshape(-1, len(CHARS)), y.reshape(-1))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()  # expect: missing-gradient-clipping
        if step % 20 == 0:
            print(step, round(loss.item(), 3), repr(generate(model, 'X:1', 20)))


if __name__ == '__main__':
    main()
