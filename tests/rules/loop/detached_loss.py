# --- data, numpy, a new tensor, requires_grad by hand
import torch
from torch import nn

net = nn.Linear(4, 2)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    one = nn.functional.cross_entropy(net(x).detach(), y)
    one.requires_grad_()
    one.backward()  # expect: detached-loss
    two = torch.tensor([nn.functional.cross_entropy(net(x), y)], requires_grad=True).sum()
    two.backward()  # expect: detached-loss
    three = nn.functional.cross_entropy(net(x).data, y)
    three.requires_grad = True
    three.backward()  # expect: detached-loss
    opt.step()
# --- a part of the loss is a number
import torch
from torch import nn

net = nn.Linear(4, 2)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for x, y, z in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    out = net(x)
    extra = float(nn.functional.mse_loss(out, z))
    loss = nn.functional.cross_entropy(out, y)
    loss += extra  # expect: detached-loss
    loss.backward()
    opt.step()
# --- targets, teachers, advantages and weights
import torch
from torch import nn

net, teacher = nn.Linear(4, 2), nn.Linear(4, 2)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    out = net(x)
    loss = nn.functional.mse_loss(out, teacher(x).detach())
    advantage = (y - out[:, 0]).detach()
    loss = loss - (out[:, 1] * advantage).mean()
    balance = nn.functional.cross_entropy(out, y)
    loss = loss + balance * (loss.item() / balance.item())
    loss.backward()
    opt.step()
# --- the generator is cut off on purpose
import torch
from torch import nn

gen, disc = nn.Linear(4, 4), nn.Linear(4, 1)
opt_g, opt_d = torch.optim.Adam(gen.parameters()), torch.optim.Adam(disc.parameters())
for x in torch.utils.data.DataLoader([]):
    opt_d.zero_grad()
    (disc(gen(x).detach()).mean() - disc(x).mean()).backward()
    opt_d.step()
    opt_g.zero_grad()
    (-disc(gen(x)).mean()).backward()
    opt_g.step()
# --- a parameter of its own, beside what is cut
import torch
from torch import nn

actor = nn.Linear(4, 2)
log_alpha = torch.zeros(1, requires_grad=True)
opt, alpha_opt = torch.optim.Adam(actor.parameters()), torch.optim.Adam([log_alpha])
for x in torch.utils.data.DataLoader([]):
    log_p = actor(x).log_softmax(1)
    opt.zero_grad()
    (log_alpha.exp().detach() * log_p).mean().backward()
    opt.step()
    alpha_opt.zero_grad()
    (-log_alpha.exp() * (log_p + 2).detach()).mean().backward()
    alpha_opt.step()
# --- the number is printed
import torch
from torch import nn

net = nn.Linear(4, 2)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
total = 0.0
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    loss = nn.functional.cross_entropy(net(x), y)
    loss.backward()
    opt.step()
    total = total + loss.item()
    print(loss.data + 1, total)
# --- in a function that nobody calls, of a network that nobody constructs
import torch


def train(net, batches, opt, criterion):
    net.train()
    for x, y in batches:
        opt.zero_grad()
        loss = criterion(net(x), y)
        loss = torch.tensor(loss.item(), requires_grad=True)
        loss.backward()  # expect: detached-loss
        opt.step()
