"""Gradient descent by hand, three ways: on .data, under no_grad, and with autograd.grad."""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)
POLY_DEGREE = 4
W_target = torch.randn(POLY_DEGREE, 1)
b_target = torch.randn(1)


def features(x):
    x = x.unsqueeze(1)
    return torch.cat([x ** i for i in range(1, POLY_DEGREE + 1)], 1)


def get_batch(n=32):
    x = features(torch.rand(n) * 2 - 1)
    return x, x @ W_target + b_target


# 1. a module, its gradients reset by hand ---------------------------------------------
fc = nn.Linear(POLY_DEGREE, 1)
for step in range(30):
    batch_x, batch_y = get_batch()
    fc.zero_grad()
    output = F.smooth_l1_loss(fc(batch_x), batch_y)
    loss = output.item()
    output.backward()
    for param in fc.parameters():
        param.data.add_(param.grad.data, alpha=-0.1)
    if loss < 1e-3:
        break
print('module: loss', round(loss, 4))

# 2. bare tensors with momentum --------------------------------------------------------
w1 = (torch.randn(POLY_DEGREE, 16) / 2).requires_grad_()
b1 = torch.zeros(16, requires_grad=True)
w2 = (torch.randn(16, 1) / 4).requires_grad_()
params = [w1, b1, w2]
velocity = [torch.zeros_like(p) for p in params]
for step in range(30):
    x, y = get_batch()
    pred = (x @ w1 + b1).clamp(min=0) @ w2
    loss = (pred - y).pow(2).mean()
    loss.backward()
    with torch.no_grad():
        for p, v in zip(params, velocity):
            v.mul_(0.9).add_(p.grad)
            p -= 0.01 * v
            p.grad.zero_()
print('tensors: loss', round(loss.item(), 4))


# 3. functional gradients, nothing accumulates ------------------------------------------
def model(x, weight, bias):
    return x @ weight + bias


weight = torch.zeros(POLY_DEGREE, 1, requires_grad=True)
bias = torch.zeros(1, requires_grad=True)
for step in range(30):
    x, y = get_batch()
    loss = F.mse_loss(model(x, weight, bias), y)
    gw, gb = torch.autograd.grad(loss, [weight, bias])
    weight = (weight - 0.2 * gw).detach().requires_grad_()
    bias = (bias - 0.2 * gb).detach().requires_grad_()
print('functional: loss', round(loss.item(), 4))
