# --- powers of one half, distances, magnitudes, ReLU, in training
import torch
import torch.nn.functional as F
from torch import nn

net = nn.Linear(8, 4)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(5):
    a, b = net(torch.randn(4, 8)), net(torch.randn(4, 8))
    distance = ((a - b) ** 2).sum(1) ** 0.5  # expect: unguarded-sqrt
    magnitude = torch.sqrt(a * a + b * b)  # expect: unguarded-sqrt
    root = F.relu(a).pow(0.5)  # expect: unguarded-sqrt
    signed = torch.sign(a) * torch.sqrt(torch.abs(a))  # expect: unguarded-sqrt
    inverse = torch.rsqrt(torch.sum(torch.square(a), dim=1))  # expect: unguarded-sqrt
    loss = distance.mean() + magnitude.mean() + root.mean() + signed.mean() + inverse.mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- guarded, clamped, or a function whose gradient at 0 is 0
import torch
import torch.nn.functional as F
from torch import nn

net = nn.Linear(8, 4)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(5):
    a, b = net(torch.randn(4, 8)), net(torch.randn(4, 8))
    loss = torch.sqrt(((a - b) ** 2).sum(1) + 1e-8).mean() + (a**2).sum(1).clamp(min=1e-12).sqrt().mean()
    loss = loss + torch.norm(a - b, dim=1).mean() + torch.cdist(a, b).mean() + a.std() + F.normalize(a).mean()
    cosine = F.cosine_similarity(a, b)
    loss = loss + torch.sqrt((1.0 - cosine**2).clamp(0, 1)).mean() + torch.sqrt(1.0001 - cosine**2).mean()
    loss = loss + torch.sqrt(F.mse_loss(a, b)) + torch.exp(a).sqrt().mean() + (a**2).mean().sqrt() + a.var().sqrt()
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- no gradient goes through it
import math

import numpy as np
import torch
from torch import nn

net = nn.Linear(8, 4)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(5):
    x = torch.randn(4, 8)
    a = net(x / (x**2).sum(1, keepdim=True).sqrt())
    loss = a.mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    with torch.no_grad():
        print((net(x) ** 2).sum(1).sqrt().mean())
    print((a.detach() ** 2).sum().sqrt(), math.sqrt(4), torch.sqrt(sum(p.grad.pow(2).sum() for p in net.parameters())))


def distances(a, b):
    return np.sqrt(np.sum((a - b) ** 2, axis=1))
