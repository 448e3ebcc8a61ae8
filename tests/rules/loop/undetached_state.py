# --- an LSTM whose state is a pair
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm, self.head = nn.LSTM(4, 8), nn.Linear(8, 2)

    def forward(self, x, state):
        out, state = self.lstm(x, state)
        return self.head(out), state


net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.1)
state = (torch.zeros(1, 16, 8), torch.zeros(1, 16, 8))
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    out, state = net(x, state)  # expect: undetached-state
    nn.functional.mse_loss(out, y).backward(retain_graph=True)
    opt.step()
# --- kept by the network itself
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru, self.hidden = nn.GRU(4, 8), torch.zeros(1, 16, 8)

    def forward(self, x):
        out, self.hidden = self.gru(x, self.hidden)  # expect: undetached-state
        return out


net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    nn.functional.mse_loss(net(x), y).backward(retain_graph=True)
    opt.step()
# --- repackaged by a function that goes into pairs
import torch
from torch import nn


def repackage(h):
    if isinstance(h, torch.Tensor):
        return h.detach()
    return tuple(repackage(v) for v in h)


net = nn.LSTM(4, 8)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
state = (torch.zeros(1, 16, 8), torch.zeros(1, 16, 8))
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    state = repackage(state)
    out, state = net(x, state)
    nn.functional.mse_loss(out, y).backward()
    opt.step()
# --- detached in place, by data, or each part
import torch
from torch import nn

one, two, three = nn.GRU(4, 8), nn.GRU(4, 8), nn.LSTM(4, 8)
params = [*one.parameters(), *two.parameters(), *three.parameters()]
opt = torch.optim.SGD(params, lr=0.1)
a, b, c = torch.zeros(1, 16, 8), torch.zeros(1, 16, 8), (torch.zeros(1, 16, 8), torch.zeros(1, 16, 8))
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    a = a.data
    b = b.detach()
    c = (c[0].detach(), c[1].detach())
    p, a = one(x, a)
    q, b = two(x, b)
    r, c = three(x, c)
    nn.functional.mse_loss(p + q + r, y).backward()
    opt.step()
# --- made anew for each batch
import torch
from torch import nn

net = nn.GRU(4, 8)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for x, y in torch.utils.data.DataLoader([]):
    hidden = torch.zeros(1, 16, 8)
    opt.zero_grad()
    out, hidden = net(x, hidden)
    nn.functional.mse_loss(out, y).backward()
    opt.step()
# --- one backward pass over all steps
import torch
from torch import nn

cell, head = nn.GRUCell(4, 8), nn.Linear(8, 2)
opt = torch.optim.SGD([*cell.parameters(), *head.parameters()], lr=0.1)
for sequence, y in torch.utils.data.DataLoader([]):
    hidden, loss = torch.zeros(16, 8), 0
    for x in sequence:
        hidden = cell(x, hidden)
        loss = loss + nn.functional.cross_entropy(head(hidden), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
