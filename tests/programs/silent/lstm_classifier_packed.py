import torch
import torch.nn as nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence
from torch.utils.data import DataLoader

torch.manual_seed(0)


def make(n):
    out = []
    for _ in range(n):
        c = int(torch.randint(0, 3, ()))
        length = int(torch.randint(10, 30, ()))
        t = torch.arange(length).float()
        f = [0.2, 0.5, 1.0][c]
        out.append((torch.stack([torch.sin(f * t), torch.cos(f * t)], 1) + 0.3 * torch.randn(length, 2), c))
    return out


def collate(batch):
    xs, ys = zip(*batch)
    return pad_sequence(xs, batch_first=True), torch.tensor([len(x) for x in xs]), torch.tensor(ys)


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(2, 48, num_layers=2, batch_first=True, dropout=0.2)
        self.fc = nn.Linear(48, 3)

    def forward(self, x, lengths):
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        _, (h, _) = self.lstm(packed)
        return self.fc(h[-1])


train, val = DataLoader(make(900), 32, shuffle=True, collate_fn=collate), DataLoader(make(150), 50, collate_fn=collate)
model = Model()
opt = torch.optim.AdamW(model.parameters(), lr=3e-3)
crit = nn.CrossEntropyLoss()
for epoch in range(3):
    model.train()
    for x, lengths, y in train:
        opt.zero_grad()
        loss = crit(model(x, lengths), y)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
    model.eval()
    n = 0
    with torch.no_grad():
        for x, lengths, y in val:
            n += (model(x, lengths).argmax(1) == y).sum().item()
    print(epoch, loss.item(), n / 150)
