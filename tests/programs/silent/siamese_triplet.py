"""Metric learning with triplets; evaluated by nearest-neighbour retrieval."""
import random

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset


class TripletDataset(Dataset):
    def __init__(self, features, identities):
        self.features = features
        self.identities = identities
        self.by_identity = {}
        for i, k in enumerate(identities.tolist()):
            self.by_identity.setdefault(k, []).append(i)

    def __len__(self):
        return len(self.features)

    def __getitem__(self, index):
        k = int(self.identities[index])
        positive = random.choice(self.by_identity[k])
        other = random.choice([c for c in self.by_identity if c != k])
        negative = random.choice(self.by_identity[other])
        return self.features[index], self.features[positive], self.features[negative]


class EmbeddingNet(nn.Module):
    def __init__(self, dim_in=24, dim_out=8):
        super().__init__()
        self.trunk = nn.Sequential(
            nn.Linear(dim_in, 64), nn.LayerNorm(64), nn.PReLU(), nn.Dropout(0.1), nn.Linear(64, dim_out)
        )

    def forward(self, x):
        return F.normalize(self.trunk(x), dim=-1)


class TripletNet(nn.Module):
    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, a, p, n):
        return self.net(a), self.net(p), self.net(n)


def recall_at_1(net, features, identities):
    net.eval()
    with torch.no_grad():
        z = net(features)
    sim = z @ z.t()
    sim.fill_diagonal_(-2.0)
    nearest = sim.argmax(dim=1)
    return (identities[nearest] == identities).float().mean().item()


def synthetic(n_ids, per_id, gen):
    centers = torch.randn(n_ids, 24, generator=gen)
    ids = torch.arange(n_ids).repeat_interleave(per_id)
    return centers[ids] + 0.5 * torch.randn(len(ids), 24, generator=gen), ids


def run():
    gen = torch.Generator().manual_seed(0)
    x, ids = synthetic(20, 16, gen)
    qx, qids = synthetic(10, 8, gen)
    loader = DataLoader(TripletDataset(x, ids), batch_size=32, shuffle=True)
    embed = EmbeddingNet()
    model = TripletNet(embed)
    criterion = nn.TripletMarginLoss(margin=0.3)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

    for epoch in range(3):
        model.train()
        losses = []
        for anchor, positive, negative in loader:
            optimizer.zero_grad()
            ea, ep, en = model(anchor, positive, negative)
            loss = criterion(ea, ep, en)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        print(epoch, 'loss', sum(losses) / len(losses), 'R@1', recall_at_1(embed, qx, qids))


if __name__ == '__main__':
    run()
