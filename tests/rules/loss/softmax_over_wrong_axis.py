# --- a function, no dim on three axes, a negative axis, probabilities in a squared error
import torch
import torch.nn.functional as F
from torch import nn

net = nn.Linear(8, 10)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(5):
    x, y = torch.randn(16, 8), torch.randint(0, 10, (16,))
    scores = net(x)
    loss = F.nll_loss(F.log_softmax(scores, dim=0), y)  # expect: softmax-over-wrong-axis
    loss = loss + F.nll_loss(torch.log(torch.softmax(scores, dim=-2)), y)  # expect: softmax-over-wrong-axis
    loss = loss + F.mse_loss(scores.softmax(0), torch.rand(16, 10))  # expect: softmax-over-wrong-axis
    maps = net(torch.randn(16, 5, 8))
    loss = loss + F.kl_div(F.log_softmax(maps), torch.rand(16, 5, 10), reduction="sum")  # expect: softmax-over-wrong-axis
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- no dim on two and four axes, single samples, attention, the last axis, unknown axes
import torch
import torch.nn.functional as F
from project import AXIS
from torch import nn


class Attend(nn.Module):
    def __init__(self):
        super().__init__()
        self.q, self.out = nn.Linear(8, 8), nn.Linear(8, 10)

    def forward(self, x):
        weights = F.softmax(self.q(x), dim=0)
        return F.log_softmax(self.out((weights * x).sum(0, keepdim=True)), dim=-1)


net, conv, attend = nn.Linear(8, 10), nn.Conv2d(3, 10, 1), Attend()
policy = nn.Linear(4, 2)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(5):
    x, y = torch.randn(16, 8), torch.randint(0, 10, (16,))
    loss = F.nll_loss(F.log_softmax(net(x)), y) + F.nll_loss(F.log_softmax(net(x), dim=1), y)
    loss = loss + F.nll_loss(F.log_softmax(conv(torch.randn(4, 3, 8, 8))), torch.randint(0, 10, (4, 8, 8)))
    loss = loss + F.nll_loss(attend(x), y[:1]) + F.nll_loss(F.log_softmax(net(x), dim=AXIS), y)
    action = F.log_softmax(policy(torch.randn(4)), dim=0)
    loss = loss + F.nll_loss(action, torch.tensor(1)) + F.nll_loss(F.log_softmax(net(x).t(), dim=1).t(), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
