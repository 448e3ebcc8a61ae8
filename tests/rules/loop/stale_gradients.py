# --- nothing clears the gradients
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

loader = DataLoader(TensorDataset(torch.randn(64, 8), torch.randint(0, 3, (64,))), batch_size=16, shuffle=True)
net = nn.Linear(8, 3)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for epoch in range(2):
    for x, y in loader:
        loss = nn.functional.cross_entropy(net(x), y)
        loss.backward()
        opt.step()  # expect: stale-gradients
# --- cleared at the top, after the step, or through the module
import torch
from torch import nn

net, other, third = nn.Linear(4, 1), nn.Linear(4, 1), nn.Linear(4, 1)
a = torch.optim.Adam(net.parameters())
b = torch.optim.Adam(other.parameters())
c = torch.optim.Adam(third.parameters())
for _ in range(5):
    x = torch.randn(16, 4)
    a.zero_grad()
    net(x).pow(2).mean().backward()
    a.step()
    other(x).pow(2).mean().backward()
    b.step()
    b.zero_grad(set_to_none=True)
    third.zero_grad()
    third(x).pow(2).mean().backward()
    c.step()
# --- cleared once an epoch, stepped once a batch
import torch
import torch.nn as nn
import torch.optim as optim

model = nn.Sequential(nn.Linear(5, 16), nn.ReLU(), nn.Linear(16, 1))
optimizer = optim.Adam(model.parameters(), lr=1e-3)
data = [(torch.randn(8, 5), torch.randn(8, 1)) for _ in range(4)]
for epoch in range(3):
    optimizer.zero_grad()
    for inputs, targets in data:
        loss = nn.MSELoss()(model(inputs), targets)
        loss.backward()
        optimizer.step()  # expect: stale-gradients
# --- deliberate accumulation behind a guard
import torch
from torch import nn

ACCUMULATE = 4
net = nn.Linear(6, 2)
opt = torch.optim.AdamW(net.parameters(), lr=1e-3)
data = [(torch.randn(8, 6), torch.randint(0, 2, (8,))) for _ in range(16)]
opt.zero_grad()
for i, (x, y) in enumerate(data):
    loss = nn.functional.cross_entropy(net(x), y) / ACCUMULATE
    loss.backward()
    if (i + 1) % ACCUMULATE == 0:
        opt.step()
        opt.zero_grad()
# --- accumulation whose gradients nobody clears
import torch
from torch import nn

net = nn.Linear(6, 2)
opt = torch.optim.AdamW(net.parameters(), lr=1e-3)
data = [(torch.randn(8, 6), torch.randint(0, 2, (8,))) for _ in range(16)]
for i, (x, y) in enumerate(data):
    loss = nn.functional.cross_entropy(net(x), y) / 4
    loss.backward()
    if (i + 1) % 4 == 0:
        opt.step()  # expect: stale-gradients
# --- gradients set to None or zeroed by hand
import torch
from torch import nn

first, second = nn.Linear(4, 1), nn.Linear(4, 1)
o1 = torch.optim.SGD(first.parameters(), lr=0.1)
o2 = torch.optim.SGD(second.parameters(), lr=0.1)
for _ in range(5):
    x = torch.randn(16, 4)
    for p in first.parameters():
        p.grad = None
    first(x).mean().backward()
    o1.step()
    second(x).mean().backward()
    o2.step()
    for p in second.parameters():
        if p.grad is not None:
            p.grad.detach_()
            p.grad.zero_()
# --- cleared in a helper of the same file
import torch
from torch import nn


def clear(*optimizers):
    for o in optimizers:
        o.zero_grad()


net = nn.Linear(4, 1)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(5):
    clear(opt)
    net(torch.randn(16, 4)).mean().backward()
    opt.step()
# --- cleared by a method of the base class
import torch
from torch import nn


class Base:
    def __init__(self, net):
        self.net = net
        self.optimizer = torch.optim.Adam(net.parameters())

    def reset(self):
        self.optimizer.zero_grad()

    def update(self, loss):
        loss.backward()
        self.optimizer.step()


class Learner(Base):
    def run(self, steps):
        for _ in range(steps):
            self.reset()
            self.update(self.net(torch.randn(8, 4)).pow(2).mean())


Learner(nn.Linear(4, 1)).run(3)
# --- the same class without the reset
import torch
from torch import nn


class Learner:
    def __init__(self, net):
        self.net = net
        self.optimizers = {"net": torch.optim.Adam(net.parameters())}

    def update(self, loss):
        loss.backward()
        self.optimizers["net"].step()  # expect: stale-gradients

    def run(self, steps):
        for _ in range(steps):
            self.update(self.net(torch.randn(8, 4)).pow(2).mean())


Learner(nn.Linear(4, 1)).run(3)
# --- an L-BFGS closure that clears
import torch
from torch import nn

x, y = torch.randn(32, 3), torch.randn(32, 1)
net = nn.Linear(3, 1)
lbfgs = torch.optim.LBFGS(net.parameters(), lr=0.5)
for _ in range(4):
    def closure():
        lbfgs.zero_grad()
        loss = nn.functional.mse_loss(net(x), y)
        loss.backward()
        return loss

    lbfgs.step(closure)
# --- an L-BFGS closure that does not
import torch
from torch import nn

x, y = torch.randn(32, 3), torch.randn(32, 1)
net = nn.Linear(3, 1)
lbfgs = torch.optim.LBFGS(net.parameters(), lr=0.5)


def closure():
    loss = nn.functional.mse_loss(net(x), y)
    loss.backward()
    return loss


for _ in range(4):
    lbfgs.step(closure)  # expect: stale-gradients
# --- an unseen helper gets the optimizer
import torch
from torch import nn
from project.optimization import begin_step

net = nn.Linear(4, 1)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for _ in range(5):
    begin_step(opt)
    net(torch.randn(16, 4)).mean().backward()
    opt.step()
# --- an unseen helper gets numbers only
import torch
from torch import nn
from project.tracking import report

net = nn.Linear(4, 1)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for step in range(5):
    loss = net(torch.randn(16, 4)).pow(2).mean()
    loss.backward()
    report(step, loss.item())
    opt.step()  # expect: stale-gradients
# --- the other optimizer is cleared twice
import torch
from torch import nn

encoder, critic = nn.Linear(4, 4), nn.Linear(4, 1)
enc_opt = torch.optim.Adam(encoder.parameters())
critic_opt = torch.optim.Adam(critic.parameters())
for _ in range(5):
    x = torch.randn(16, 4)
    enc_opt.zero_grad()
    encoder(x).pow(2).mean().backward()
    enc_opt.step()
    enc_opt.zero_grad()
    critic(x).mean().backward()
    critic_opt.step()  # expect: stale-gradients
# --- only the head is cleared, the body is stepped as well
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(4, 8), nn.ReLU())
        self.head = nn.Linear(8, 1)

    def forward(self, x):
        return self.head(self.body(x))


net = Net()
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    net.head.zero_grad()
    net(torch.randn(16, 4)).pow(2).mean().backward()
    opt.step()  # expect: stale-gradients
# --- a function that nobody calls
def fit(net, batches, stepper, criterion):
    net.train()
    for x, y in batches:
        loss = criterion(net(x), y)
        loss.backward()
        stepper.step()  # expect: stale-gradients
# --- a function that nobody calls, and that clears
def fit(net, batches, stepper, criterion, schedule):
    net.train()
    for x, y in batches:
        loss = criterion(net(x), y)
        stepper.zero_grad()
        loss.backward()
        stepper.step()
        schedule.step()
# --- a variable called optimizer that is none
import torch
from torch import nn


class Descent:
    """Subtracts the gradient and forgets it."""

    def __init__(self, params, rate):
        self.params, self.rate = list(params), rate

    def step(self):
        with torch.no_grad():
            for p in self.params:
                p -= self.rate * p.grad
                p.grad = None


net = nn.Linear(4, 1)
optimizer = Descent(net.parameters(), 0.1)
for _ in range(5):
    net(torch.randn(16, 4)).pow(2).mean().backward()
    optimizer.step()
# --- gradients are assigned, not added
import torch
from torch import nn

net = nn.Linear(4, 1)
params = list(net.parameters())
opt = torch.optim.SGD(params, lr=0.1)
for _ in range(5):
    loss = net(torch.randn(16, 4)).pow(2).mean()
    for p, g in zip(params, torch.autograd.grad(loss, params)):
        p.grad = g
    opt.step()
# --- a flag decides, once for each way
import torch
from torch import nn

net = nn.Linear(4, 2)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
data = [(torch.randn(8, 4), torch.randint(0, 2, (8,))) for _ in range(4)]


def run(batches, train=True):
    net.train(train)
    total = 0.0
    for x, y in batches:
        if train:
            opt.zero_grad()
        with torch.set_grad_enabled(train):
            loss = nn.functional.cross_entropy(net(x), y)
        if train:
            loss.backward()
            opt.step()
        total += loss.item()
    return total


for epoch in range(2):
    run(data)
    run(data, train=False)
# --- the flag that clears is switched off in the call
import torch
from torch import nn

net = nn.Linear(4, 2)
opt = torch.optim.SGD(net.parameters(), lr=0.1)


def update(loss, clear):
    if clear:
        opt.zero_grad()
    loss.backward()
    opt.step()  # expect: stale-gradients


for _ in range(8):
    update(net(torch.randn(8, 4)).pow(2).mean(), clear=False)
# --- a bound method under another name, and a list of optimizers
import torch
from torch import nn

net, aux = nn.Linear(4, 1), nn.Linear(4, 1)
opts = [torch.optim.SGD(m.parameters(), lr=0.1) for m in (net, aux)]
wipe = opts[0].zero_grad
for _ in range(5):
    x = torch.randn(8, 4)
    wipe()
    opts[1].zero_grad()
    (net(x) + aux(x)).pow(2).mean().backward()
    for o in opts:
        o.step()
# --- two backwards and one step belong together
import torch
from torch import nn

net = nn.Linear(4, 3)
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    opt.zero_grad()
    net(torch.randn(8, 4)).pow(2).mean().backward()
    net(torch.rand(8, 4)).abs().mean().backward()
    opt.step()
# --- one step on one batch leaves nothing behind that is used
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
loss = net(torch.randn(8, 4)).pow(2).mean()
loss.backward()
opt.step()
print(loss.item())
# --- one step for each call of a function that loops, cleared at its beginning
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
data = [torch.randn(8, 4) for _ in range(4)]


def full_batch(batches):
    opt.zero_grad()
    for x in batches:
        (net(x).pow(2).mean() / len(batches)).backward()
    opt.step()


full_batch(data)
full_batch(data)
# --- one step for each call, and the second call finds what the first left
import torch
from torch import nn

net = nn.Linear(4, 1)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
data = [torch.randn(8, 4) for _ in range(4)]


def full_batch(batches):
    for x in batches:
        (net(x).pow(2).mean() / len(batches)).backward()
    opt.step()  # expect: stale-gradients


for epoch in range(3):
    full_batch(data)

# --- a list of the parameters, cleared by hand
import torch
from torch import nn

net = nn.Linear(4, 1)
params = list(net.parameters())
opt = torch.optim.SGD(params, lr=0.1)
for x, y in torch.utils.data.DataLoader([]):
    for p in params:
        if p.grad is not None:
            p.grad.detach_()
            p.grad.zero_()
    (net(x) - y).pow(2).mean().backward()
    opt.step()

# --- a setting that is read again and again is the same each time
import argparse

import torch
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("--amp", action="store_true")
args = parser.parse_args()
net = nn.Linear(3, 2)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
scaler = torch.cuda.amp.GradScaler(enabled=args.amp)
for x, y in torch.utils.data.DataLoader([]):
    loss = nn.functional.cross_entropy(net(x), y)
    if args.amp:
        opt.zero_grad()
        scaler.scale(loss).backward()
        scaler.step(opt)
        scaler.update()
    else:
        loss.backward()
        opt.step()  # expect: stale-gradients

# --- a setting asked twice, once for clearing and once for stepping
import torch
from torch import nn


def train(net, opt, loader, config):
    for x, y in loader:
        if config.clear_first:
            opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
        if not config.clear_first:
            opt.zero_grad()
# --- cleared through setattr
import torch
from torch import nn

model = nn.Linear(8, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for x, y in loader:
    for parameter in model.parameters():
        setattr(parameter, "grad", None)
    nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
# --- Lightning, with steps of one's own
import lightning as L
import torch
import torch.nn.functional as F
from torch import nn


class Adversaries(L.LightningModule):
    def __init__(self):
        super().__init__()
        self.automatic_optimization = False
        self.painter = nn.Linear(16, 64)
        self.critic = nn.Linear(64, 1)

    def training_step(self, batch, batch_idx):
        painting, judging = self.optimizers()
        fake = self.painter(torch.randn(len(batch), 16, device=self.device))

        self.toggle_optimizer(painting)
        self.manual_backward(F.softplus(-self.critic(fake)).mean())
        painting.step()
        painting.zero_grad()
        self.untoggle_optimizer(painting)

        self.toggle_optimizer(judging)
        self.manual_backward(F.softplus(self.critic(fake.detach())).mean() + F.softplus(-self.critic(batch)).mean())
        judging.step()  # expect: stale-gradients
        self.untoggle_optimizer(judging)

    def configure_optimizers(self):
        return [torch.optim.Adam(self.painter.parameters()), torch.optim.Adam(self.critic.parameters())], []


class Alone(L.LightningModule):
    def __init__(self):
        super().__init__()
        self.automatic_optimization = False
        self.net = nn.Linear(8, 3)

    def training_step(self, batch, batch_idx):
        x, y = batch
        self.manual_backward(F.cross_entropy(self.net(x), y))
        self.optimizers().step()  # expect: stale-gradients

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.1)
# --- Lightning, with steps of one's own, cleared before, after a few batches, or in another hook
import lightning as L
import torch.nn.functional as F
from torch import nn, optim


class Before(L.LightningModule):
    def __init__(self):
        super().__init__()
        self.automatic_optimization = False
        self.net = nn.Linear(8, 3)

    def training_step(self, batch, batch_idx):
        optimizer = self.optimizers()
        optimizer.zero_grad()
        x, y = batch
        self.manual_backward(F.cross_entropy(self.net(x), y))
        optimizer.step()

    def configure_optimizers(self):
        return {"optimizer": optim.SGD(self.parameters(), lr=0.1)}


class Seldom(Before):
    def training_step(self, batch, batch_idx):
        optimizer = self.optimizers()
        x, y = batch
        self.manual_backward(F.cross_entropy(self.net(x), y) / 4)
        if (batch_idx + 1) % 4 == 0:
            optimizer.step()
            optimizer.zero_grad()


class Elsewhere(Before):
    def training_step(self, batch, batch_idx):
        x, y = batch
        self.manual_backward(F.cross_entropy(self.net(x), y))
        self.optimizers().step()

    def on_train_batch_end(self, outputs, batch, batch_idx):
        self.optimizers().zero_grad()
