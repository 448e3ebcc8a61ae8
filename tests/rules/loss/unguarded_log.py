# --- softmax, sigmoid and its complement, in losses written by hand
import torch
import torch.nn.functional as F
from torch import nn

net, judge = nn.Linear(8, 10), nn.Sequential(nn.Linear(8, 1), nn.Sigmoid())
opt = torch.optim.SGD([*net.parameters(), *judge.parameters()], lr=0.1)
for _ in range(5):
    x, y = torch.randn(4, 8), torch.zeros(4, 10)
    p, d = F.softmax(net(x), dim=1), judge(x)
    entropy = -(p * p.log()).sum(1).mean()  # expect: unguarded-log
    loss = -(y * torch.log(p)).sum(1).mean()  # expect: unguarded-log
    loss = loss - torch.mean(torch.log(d))  # expect: unguarded-log
    loss = loss - torch.mean(torch.log(1.0 - d)) + 0.1 * entropy  # expect: unguarded-log
    p_t = d * y + (1 - d) * (1 - y)
    loss = loss - p_t.log().mean()  # expect: unguarded-log
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- a focal loss that nothing in sight calls, and a cross-entropy written by hand in one
import torch
from torch import nn


class Focal(nn.Module):
    def __init__(self, gamma=2):
        super().__init__()
        self.gamma = gamma

    def forward(self, scores, target):
        p = torch.sigmoid(scores)
        positive = -target * (1 - p) ** self.gamma * torch.log(p)  # expect: unguarded-log
        negative = -(1 - target) * p**self.gamma * torch.log(1 - p)  # expect: unguarded-log
        return (positive + negative).mean()


class Binary(nn.Module):
    def forward(self, p, target):
        return -(target * torch.log(p) + (1 - target) * torch.log(1 - p)).mean()  # expect: unguarded-log
# --- guarded in every way
import torch
import torch.nn.functional as F
from torch import nn

net = nn.Linear(8, 10)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
EPS = 1e-7
for _ in range(5):
    x, y = torch.randn(4, 8), torch.zeros(4, 10)
    scores = net(x)
    p = F.softmax(scores, dim=1)
    loss = -(y * torch.log(p + EPS)).sum() - (y * p.clamp(min=EPS).log()).sum() - torch.log1p(-p * 0.5).sum()
    loss = loss - (y * F.log_softmax(scores, dim=1)).sum() - F.logsigmoid(scores).sum() - F.softplus(scores).log().sum()
    q = torch.clamp(torch.sigmoid(scores), EPS, 1 - EPS)
    loss = loss - torch.log(q).sum() - torch.log(1 - q).sum() - torch.log(1 + p).sum() - torch.log(1 - 0.9 * 0.5 * torch.ones(3)).sum()
    loss = loss - (1 - p + EPS).log().sum() + torch.logsumexp(scores, 1).sum()
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- no gradient, a metric, and numbers that are no probabilities
import math

import torch
import torch.nn.functional as F
from torch import nn

net = nn.Linear(8, 10)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(5):
    scores = net(torch.randn(4, 8))
    loss = F.cross_entropy(scores, torch.zeros(4, dtype=torch.long))
    opt.zero_grad()
    loss.backward()
    opt.step()
    with torch.no_grad():
        p = net(torch.randn(4, 8)).softmax(1)
        print(-(p * p.log()).sum(1).mean())
    print(F.softmax(scores.detach(), 1).log().mean(), math.log(10))


def gumbel(shape):
    u = torch.rand(shape)
    return -torch.log(-torch.log(1 - u))


def rates(x):
    return torch.log(1 - x)
# --- clamped in place, also through `.data`
import torch
import torch.nn.functional as F
from torch import nn

net = nn.Linear(8, 10)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(5):
    p, q = F.softmax(net(torch.randn(4, 8)), dim=1), F.softmax(net(torch.randn(4, 8)), dim=1)
    p.data.clamp_(0.01, 0.99)
    q.add_(1e-8)
    loss = -p.log().mean() - q.log().mean()
    opt.zero_grad()
    loss.backward()
    opt.step()

# --- what was drawn by its probability has one
import torch
from torch import nn
from torch.distributions import Categorical

policy = nn.Sequential(nn.Linear(4, 2), nn.Softmax(dim=-1))
opt = torch.optim.Adam(policy.parameters())
for state in episodes:
    prob = policy(state)
    action = Categorical(prob).sample()
    other = torch.multinomial(prob, 1)
    loss = -torch.log(prob[action]) - torch.log(prob.gather(0, other)).sum()
    loss = loss - torch.log(prob[0])  # expect: unguarded-log
    opt.zero_grad()
    loss.backward()
    opt.step()
