"""Node classification on a stochastic block model; full batch, train/val/test masks."""
import torch
import torch.nn as nn
import torch.nn.functional as F

g = torch.Generator().manual_seed(0)
N, C = 240, 3
y = torch.arange(N) % C
P = torch.where(y[:, None] == y[None], 0.12, 0.02)
A = (torch.rand(N, N, generator=g) < P).float().triu(1)
src, dst = (A + A.t()).nonzero().t()
loops = torch.arange(N)
src, dst = torch.cat([src, loops]), torch.cat([dst, loops])
x = F.one_hot(y, C).float() @ torch.randn(C, 30, generator=g) * 0.7 + torch.randn(N, 30, generator=g)
perm = torch.randperm(N, generator=g)
train_mask, val_mask, test_mask = (torch.zeros(N, dtype=torch.bool) for _ in range(3))
train_mask[perm[:60]] = True
val_mask[perm[60:140]] = True
test_mask[perm[140:]] = True


class GCNConv(nn.Module):
    def __init__(self, i, o):
        super().__init__()
        self.lin = nn.Linear(i, o, bias=False)
        self.bias = nn.Parameter(torch.zeros(o))

    def forward(self, x, src, dst):
        deg = torch.zeros(len(x)).scatter_add_(0, dst, torch.ones(len(dst)))
        norm = (deg[src] * deg[dst]).rsqrt()
        h = self.lin(x)
        out = torch.zeros_like(h).index_add_(0, dst, h[src] * norm[:, None])
        return out + self.bias


class GCN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = GCNConv(30, 16), GCNConv(16, C)

    def forward(self, x, src, dst):
        x = F.dropout(x, p=0.5, training=self.training)
        x = F.relu(self.conv1(x, src, dst))
        x = F.dropout(x, p=0.5, training=self.training)
        return F.log_softmax(self.conv2(x, src, dst), dim=1)


model = GCN()
optimizer = torch.optim.Adam([dict(params=model.conv1.parameters(), weight_decay=5e-4), dict(params=model.conv2.parameters(), weight_decay=0)], lr=0.01)


def train():
    model.train()
    optimizer.zero_grad()
    F.nll_loss(model(x, src, dst)[train_mask], y[train_mask]).backward()
    optimizer.step()


@torch.no_grad()
def test():
    model.eval()
    logits, accs = model(x, src, dst), []
    for mask in (train_mask, val_mask, test_mask):
        pred = logits[mask].max(1)[1]
        accs.append(pred.eq(y[mask]).sum().item() / mask.sum().item())
    return accs


best_val = test_acc = 0
for epoch in range(1, 101):
    train()
    train_acc, val_acc, tmp = test()
    if val_acc > best_val:
        best_val, test_acc = val_acc, tmp
    if epoch % 10 == 0:
        print(f"Epoch {epoch:03d}, Train {train_acc:.3f}, Val {best_val:.3f}, Test {test_acc:.3f}")
