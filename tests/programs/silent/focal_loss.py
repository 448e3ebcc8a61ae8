import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)
x = torch.randn(3000, 10)
y = ((x[:, :3].sum(1) + 0.5 * torch.randn(3000)) > 2.5).float()
tr, te = slice(0, 2400), slice(2400, None)


class FocalLoss(nn.Module):
    def __init__(self, alpha=0.25, gamma=2.0):
        super().__init__()
        self.alpha, self.gamma = alpha, gamma

    def forward(self, logits, targets):
        bce = F.binary_cross_entropy_with_logits(logits, targets, reduction="none")
        p = torch.exp(-bce)
        a = self.alpha * targets + (1 - self.alpha) * (1 - targets)
        return (a * (1 - p) ** self.gamma * bce).mean()


model = nn.Sequential(nn.Linear(10, 32), nn.ReLU(), nn.Linear(32, 32), nn.ReLU(), nn.Linear(32, 1))
nn.init.constant_(model[-1].bias, -2.0)
crit = FocalLoss()
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x[tr], y[tr]), 64, shuffle=True)
for epoch in range(3):
    for xb, yb in loader:
        opt.zero_grad()
        loss = crit(model(xb).squeeze(1), yb)
        loss.backward()
        opt.step()
    with torch.no_grad():
        p = model(x[te]).squeeze(1).sigmoid() > 0.5
        print(epoch, loss.item(), (p == y[te].bool()).float().mean().item())
