# --- cleared after each batch
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
STEPS = 4
for i, (x, y) in enumerate(torch.utils.data.DataLoader([])):
    loss = nn.functional.mse_loss(net(x), y) / STEPS
    loss.backward()
    if (i + 1) % STEPS == 0 or i == 99:
        opt.step()
    net.zero_grad()  # expect: broken-accumulation
# --- the condition has a name
import torch
from torch import nn


def train(net, batches, every):
    opt = torch.optim.Adam(net.parameters())
    for i, (x, y) in enumerate(batches):
        opt.zero_grad()  # expect: broken-accumulation
        nn.functional.mse_loss(net(x), y).backward()
        due = (i + 1) % every == 0
        if due:
            opt.step()


train(nn.Linear(4, 1), torch.utils.data.DataLoader([]), 4)
# --- the bare remainder
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
for i, (x, y) in enumerate(torch.utils.data.DataLoader([])):
    nn.functional.mse_loss(net(x), y).backward()
    if (i + 1) % 4:
        opt.step()  # expect: broken-accumulation
        opt.zero_grad()
# --- the bare remainder, the right way round
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
for i, (x, y) in enumerate(torch.utils.data.DataLoader([])):
    nn.functional.mse_loss(net(x), y).backward()
    if (i + 1) % 4 != 0:
        continue
    opt.step()
    opt.zero_grad()
for i, (x, y) in enumerate(torch.utils.data.DataLoader([])):
    nn.functional.mse_loss(net(x), y).backward()
    if not (i + 1) % 4:
        opt.step()
        opt.zero_grad()
# --- two networks take turns
import torch
from torch import nn

one, two = nn.Linear(4, 1), nn.Linear(4, 1)
a, b = torch.optim.Adam(one.parameters()), torch.optim.Adam(two.parameters())
for i, (x, y) in enumerate(torch.utils.data.DataLoader([])):
    a.zero_grad()
    b.zero_grad()
    if i % 2:
        nn.functional.mse_loss(one(x), y).backward()
        a.step()
    else:
        nn.functional.mse_loss(two(x), y).backward()
        b.step()
# --- a critic steps each time, its generator now and then
import torch
from torch import nn

gen, critic = nn.Linear(4, 4), nn.Linear(4, 1)
opt_g, opt_c = torch.optim.Adam(gen.parameters()), torch.optim.Adam(critic.parameters())
for i, x in enumerate(torch.utils.data.DataLoader([])):
    opt_c.zero_grad()
    (critic(gen(x).detach()).mean() - critic(x).mean()).backward()
    opt_c.step()
    if i % 5 == 0:
        opt_g.zero_grad()
        (-critic(gen(x)).mean()).backward()
        opt_g.step()
# --- no step on bad losses is no accumulation
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    loss = nn.functional.mse_loss(net(x), y)
    loss.backward()
    if torch.isfinite(loss):
        opt.step()
# --- cleared where the optimizer steps, before and after
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
opt.zero_grad()
for i, (x, y) in enumerate(torch.utils.data.DataLoader([])):
    if i % 4 == 0:
        opt.zero_grad()
    nn.functional.mse_loss(net(x), y).backward()
    if i % 4 == 3:
        opt.step()
# --- cleared between backward and step: another rule's
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.Adam(net.parameters())
for i, (x, y) in enumerate(torch.utils.data.DataLoader([])):
    nn.functional.mse_loss(net(x), y).backward()
    opt.zero_grad()
    if (i + 1) % 4 == 0:
        opt.step()
