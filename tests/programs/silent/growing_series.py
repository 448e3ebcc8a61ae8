import torch, torch.nn as nn
from torch.utils.data import TensorDataset, DataLoader
torch.manual_seed(0)
t = torch.arange(600.)
s = (100 + 0.6 * t) * (1 + 0.2 * torch.sin(2 * torch.pi * t / 12)) + 5 * torch.randn(600)
n = 400
lo, hi = s[:n].min(), s[:n].max()
z = (s - lo) / (hi - lo) * 2 - 1
X = z.unfold(0, 12, 1)[:-1, :, None]; Y = z[12:, None]
train = DataLoader(TensorDataset(X[:n - 12], Y[:n - 12]), 16, shuffle=True)
test = DataLoader(TensorDataset(X[n - 12:], Y[n - 12:]), 16)
class LSTM(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.LSTM(1, 32, batch_first=True); self.f = nn.Linear(32, 1)
    def forward(self, x): return self.f(self.l(x)[0][:, -1])
m = LSTM(); opt = torch.optim.Adam(m.parameters(), 5e-3); crit = nn.MSELoss()
for ep in range(4):
    m.train()
    for a, b in train:
        loss = crit(m(a), b); opt.zero_grad(); loss.backward(); nn.utils.clip_grad_norm_(m.parameters(), 1.0); opt.step()
    m.eval()
    with torch.no_grad(): print(ep, loss.item(), sum(crit(m(a), b).item() for a, b in test) / len(test))
