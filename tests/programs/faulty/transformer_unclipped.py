"""A translation toy: reverse a sequence with an encoder-decoder transformer, with learning rate warm-up."""
import math

import torch
import torch.nn as nn

PAD, BOS, VOCAB, LENGTH, DIM = 0, 1, 24, 8, 32


class PositionalEncoding(nn.Module):
    def __init__(self, d_model, dropout=0.1, max_len=64):
        super().__init__()
        self.dropout = nn.Dropout(p=dropout)
        position = torch.arange(max_len).unsqueeze(1)
        div = torch.exp(torch.arange(0, d_model, 2) * (-math.log(10000.0) / d_model))
        pe = torch.zeros(1, max_len, d_model)
        pe[0, :, 0::2] = torch.sin(position * div)
        pe[0, :, 1::2] = torch.cos(position * div)
        self.register_buffer('pe', pe)

    def forward(self, x):
        return self.dropout(x + self.pe[:, :x.size(1)])


class Seq2Seq(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(VOCAB, DIM, padding_idx=PAD)
        self.pos = PositionalEncoding(DIM)
        self.transformer = nn.Transformer(DIM, 4, 2, 2, 4 * DIM, dropout=0.1, batch_first=True)
        self.project = nn.Linear(DIM, VOCAB)

    def forward(self, src, tgt):
        mask = nn.Transformer.generate_square_subsequent_mask(tgt.size(1))
        scale = math.sqrt(DIM)
        out = self.transformer(self.pos(self.embed(src) * scale), self.pos(self.embed(tgt) * scale), tgt_mask=mask)
        return self.project(out)


def batch(n):
    src = torch.randint(2, VOCAB, (n, LENGTH))
    tgt = torch.cat([torch.full((n, 1), BOS), src.flip(1)], dim=1)
    return src, tgt


def rate(step, warmup=20):
    step = max(step, 1)
    return min(step ** -0.5, step * warmup ** -1.5)


def token_accuracy(model, n_batches=2):
    model.eval()
    total = 0.0
    with torch.no_grad():
        for _ in range(n_batches):
            src, tgt = batch(64)
            total += (model(src, tgt[:, :-1]).argmax(-1) == tgt[:, 1:]).float().mean().item()
    model.train()
    return total / n_batches


def main(steps=40):
    torch.manual_seed(0)
    model = Seq2Seq()
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3, betas=(0.9, 0.98), eps=1e-9)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
    criterion = nn.CrossEntropyLoss(ignore_index=PAD)
    model.train()
    for step in range(1, steps + 1):
        src, tgt = batch(32)
        logits = model(src, tgt[:, :-1])
        loss = criterion(logits.reshape(-1, VOCAB), tgt[:, 1:].reshape(-1))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()  # expect: missing-gradient-clipping
        scheduler.step()
        if step % 20 == 0:
            print(step, round(loss.item(), 3), round(token_accuracy(model), 3))


if __name__ == '__main__':
    main()
