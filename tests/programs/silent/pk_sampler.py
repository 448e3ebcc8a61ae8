"""Metric learning: P classes with K samples each in a batch."""
import torch, torch.nn as nn, torch.nn.functional as F, random
from torch.utils.data import DataLoader, TensorDataset, Sampler
torch.manual_seed(0); random.seed(0)
cent = torch.randn(20, 16); y = torch.arange(20).repeat_interleave(40); x = cent[y] + 0.7 * torch.randn(800, 16)
class PK(Sampler):
    def __init__(s, labels, p, k, n): s.by = [(labels == c).nonzero().flatten().tolist() for c in range(20)]; s.p, s.k, s.n = p, k, n
    def __iter__(s):
        for _ in range(s.n): yield [i for c in random.sample(range(20), s.p) for i in random.sample(s.by[c], s.k)]
    def __len__(s): return s.n
loader = DataLoader(TensorDataset(x, y), batch_sampler=PK(y, 4, 8, 30))
net = nn.Sequential(nn.Linear(16, 64), nn.ReLU(), nn.Linear(64, 16)); head = nn.Linear(16, 20)
opt = torch.optim.Adam([*net.parameters(), *head.parameters()], 1e-3)
for ep in range(3):
    for a, b in loader:
        e = F.normalize(net(a), dim=1); d = torch.cdist(e, e); same = b[:, None] == b[None]
        hp = (d * same).max(1).values; hn = (d + 10 * same).min(1).values
        loss = F.relu(hp - hn + 0.3).mean() + F.cross_entropy(head(e) * 8, b)
        opt.zero_grad(); loss.backward(); opt.step()
    with torch.no_grad(): print(ep, loss.item(), (head(F.normalize(net(x), dim=1)).argmax(1) == y).float().mean().item())
