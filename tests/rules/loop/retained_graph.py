# --- a running total of tensors
import torch
from torch import nn

net = nn.Linear(8, 3)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
data = [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(4)]
total_loss = 0
for x, y in data:
    opt.zero_grad()
    loss = nn.functional.cross_entropy(net(x), y)
    loss.backward()
    opt.step()
    total_loss += loss  # expect: retained-graph
print(total_loss / len(data))
# --- a running total of numbers, four spellings
import torch
from torch import nn

net = nn.Linear(8, 3)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
data = [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(4)]
a = b = c = d = 0.0
for x, y in data:
    opt.zero_grad()
    loss = nn.functional.cross_entropy(net(x), y)
    loss.backward()
    opt.step()
    a += loss.item()
    b += float(loss)
    c += loss.detach()
    d += loss.data
print(a, b, c, d)
# --- a list of losses
import torch
from torch import nn

net = nn.Linear(8, 3)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
losses = []
for _ in range(4):
    loss = net(torch.randn(16, 8)).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    losses.append(loss)  # expect: retained-graph
print(sum(losses) / len(losses))
# --- a list of numbers
import torch
from torch import nn

net = nn.Linear(8, 3)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
losses = []
for _ in range(4):
    loss = net(torch.randn(16, 8)).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    losses.append(loss.detach().cpu())
print(torch.stack(losses).mean())
# --- summed first, then backwarded as a whole
import torch
from torch import nn

net = nn.LSTMCell(4, 8)
head = nn.Linear(8, 1)
opt = torch.optim.Adam([*net.parameters(), *head.parameters()])
for _ in range(3):
    state = (torch.zeros(2, 8), torch.zeros(2, 8))
    total = 0
    for t in range(5):
        state = net(torch.randn(2, 4), state)
        total = total + (head(state[0]) - 1.0).pow(2).mean()
    opt.zero_grad()
    total.backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
# --- losses of an episode, collected and backwarded together
import torch
from torch import nn

policy = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2))
opt = torch.optim.Adam(policy.parameters())
for episode in range(3):
    parts = []
    for t in range(6):
        dist = torch.distributions.Categorical(logits=policy(torch.randn(4)))
        action = dist.sample()
        parts.append(-dist.log_prob(action) * float(action))
    opt.zero_grad()
    torch.stack(parts).sum().backward()
    opt.step()
# --- an attribute of the trainer keeps the loss
import torch
from torch import nn


class Trainer:
    def __init__(self):
        self.net = nn.Linear(6, 1)
        self.opt = torch.optim.SGD(self.net.parameters(), lr=0.01)
        self.history = []
        self.running = 0.0

    def step(self, x):
        loss = self.net(x).pow(2).mean()
        self.opt.zero_grad()
        loss.backward()
        self.opt.step()
        self.history.append(loss)  # expect: retained-graph
        self.running += loss.item()

    def fit(self, n):
        for _ in range(n):
            self.step(torch.randn(8, 6))


Trainer().fit(4)
# --- outputs kept for a metric after the epoch
import torch
from torch import nn

net = nn.Linear(6, 2)
opt = torch.optim.SGD(net.parameters(), lr=0.01)
outputs, truths = [], []
for _ in range(4):
    x, y = torch.randn(8, 6), torch.randint(0, 2, (8,))
    out = net(x)
    loss = nn.functional.cross_entropy(out, y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    outputs.append(out)  # expect: retained-graph
    truths.append(y)
print((torch.cat(outputs).argmax(1) == torch.cat(truths)).float().mean())
# --- decisions and detached outputs kept for a metric
import torch
from torch import nn

net = nn.Linear(6, 2)
opt = torch.optim.SGD(net.parameters(), lr=0.01)
outputs, decisions, truths, hits = [], [], [], 0
for _ in range(4):
    x, y = torch.randn(8, 6), torch.randint(0, 2, (8,))
    out = net(x)
    loss = nn.functional.cross_entropy(out, y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    outputs.append(out.detach())
    decisions.append(out.argmax(1))
    truths.append(y)
    hits += (out.argmax(1) == y).sum()
print(hits / 32, torch.cat(outputs).shape, torch.cat(decisions).shape)
# --- a total that starts anew in each iteration
import torch
from torch import nn

net = nn.Linear(6, 2)
opt = torch.optim.SGD(net.parameters(), lr=0.01)
for _ in range(4):
    x = torch.randn(8, 6)
    total = 0.0
    for term in (net(x).pow(2).mean(), net(x).abs().mean()):
        total += term
    opt.zero_grad()
    total.backward()
    opt.step()
# --- an evaluation without gradients may keep its tensors
import torch
from torch import nn

net = nn.Linear(6, 2)
data = [(torch.randn(8, 6), torch.randint(0, 2, (8,))) for _ in range(4)]


def validate():
    total, outputs = 0, []
    with torch.no_grad():
        for x, y in data:
            out = net(x)
            total += nn.functional.cross_entropy(out, y)
            outputs.append(out)
    return total / len(data), torch.cat(outputs)


print(validate()[0])
# --- a variable called loss that holds a number
import torch
from torch import nn

net = nn.Linear(6, 2)
opt = torch.optim.SGD(net.parameters(), lr=0.01)


def train_step(x):
    value = net(x).pow(2).mean()
    opt.zero_grad()
    value.backward()
    opt.step()
    return value.item()


total_loss, losses = 0, []
for _ in range(4):
    loss = train_step(torch.randn(8, 6))
    total_loss += loss
    losses.append(loss)
print(total_loss)
# --- the step hands the tensor back and the caller adds it up
import torch
from torch import nn

net = nn.Linear(6, 2)
opt = torch.optim.SGD(net.parameters(), lr=0.01)


def train_step(x):
    value = net(x).pow(2).mean()
    opt.zero_grad()
    value.backward()
    opt.step()
    return value


epoch_cost = torch.zeros(())
for _ in range(4):
    epoch_cost = epoch_cost + train_step(torch.randn(8, 6))  # expect: retained-graph
print(epoch_cost.item())
# --- made a float before it is kept
import torch
from torch import nn

net = nn.Linear(6, 2)
opt = torch.optim.SGD(net.parameters(), lr=0.01)
history = {"loss": [], "lr": []}
for _ in range(4):
    loss = net(torch.randn(8, 6)).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    loss = loss.item()
    history["loss"].append(loss)
    history["lr"].append(opt.param_groups[0]["lr"])
# --- a dict of lists, and a weighted sum
import torch
from torch import nn

net = nn.Linear(6, 2)
opt = torch.optim.SGD(net.parameters(), lr=0.01)
log = {"total": [], "penalty": []}
for _ in range(4):
    x = torch.randn(8, 6)
    penalty = sum(p.abs().sum() for p in net.parameters())
    loss = net(x).pow(2).mean() + 1e-3 * penalty
    opt.zero_grad()
    loss.backward()
    opt.step()
    log["total"].append(2 * loss)  # expect: retained-graph
    log["penalty"].append(penalty.item())
# --- the largest loss so far, as a number; the last loss, overwritten
import torch
from torch import nn

net = nn.Linear(6, 2)
opt = torch.optim.SGD(net.parameters(), lr=0.01)
worst = 0.0
for _ in range(4):
    loss = net(torch.randn(8, 6)).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    worst = max(worst, loss.item())
    last = loss
print(worst, last.item())
# --- a meter that gets numbers
import torch
from torch import nn


class Meter:
    def __init__(self):
        self.total, self.n = 0.0, 0

    def update(self, loss, n=1):
        self.total += loss * n
        self.n += n


net = nn.Linear(6, 2)
opt = torch.optim.SGD(net.parameters(), lr=0.01)
meter = Meter()
for _ in range(4):
    x = torch.randn(8, 6)
    loss = net(x).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    meter.update(loss.item(), len(x))
# --- a function that nobody calls
def one_epoch(model, batches, optimizer, loss_function):
    model.train()
    running_loss = 0.0
    for inputs, targets in batches:
        optimizer.zero_grad()
        loss = loss_function(model(inputs), targets)
        loss.backward()
        optimizer.step()
        running_loss += loss  # expect: retained-graph
    return running_loss / len(batches)
# --- an unseen recorder may take what it needs
import torch
from torch import nn
from project.metrics import Recorder

net = nn.Linear(6, 2)
opt = torch.optim.SGD(net.parameters(), lr=0.01)
recorder = Recorder()
for _ in range(4):
    loss = net(torch.randn(8, 6)).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    recorder.append(loss)
# --- states summed inside a forward are no retention
import torch
from torch import nn


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.GRUCell(4, 4)

    def forward(self, steps, batch):
        h = torch.zeros(batch, 4)
        coverage, outputs = torch.zeros(batch, 4), []
        for _ in range(steps):
            h = self.cell(coverage, h)
            coverage = coverage + h.softmax(-1)
            outputs.append(h)
        return torch.stack(outputs)


net = Decoder()
opt = torch.optim.Adam(net.parameters())
for _ in range(3):
    opt.zero_grad()
    net(5, 8).pow(2).mean().backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()

# --- a loss of which only its use is known
def train(model, loader, criterion, optimizer):
    model.train()
    total = 0.0
    for x, y in loader:
        optimizer.zero_grad()
        outputs = model(x)
        loss = criterion(outputs, y)
        loss.backward()
        optimizer.step()
        total += loss * x.size(0)  # expect: retained-graph
    return total

# --- what may be numbers already is not known
def train(model, loader, criterion, optimizer):
    model.train()
    totals = {"loss": 0.0}
    for x, y in loader:
        optimizer.zero_grad()
        loss, parts = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        totals["loss"] += parts["loss"] * len(x)
    return totals

# --- gradients flow through an average over processes
import horovod.torch as hvd
import torch
from torch import nn


class Metric:
    def __init__(self):
        self.sum, self.n = torch.tensor(0.0), torch.tensor(0.0)

    def update(self, value):
        self.sum += hvd.allreduce(value.cpu(), name="loss")  # expect: retained-graph
        self.n += 1


def train(model, optimizer, loader):
    model.train()
    metric = Metric()
    for x, y in loader:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        metric.update(loss)

# --- a base class drives the steps of its subclasses
import torch
from torch import nn


class Base:
    def __init__(self, loader):
        self.loader = loader
        self.net = nn.Linear(3, 2)
        self.opt = torch.optim.SGD(self.net.parameters(), lr=0.1)

    def train_step(self, x, y):
        raise NotImplementedError("a subclass does this")

    def run_epoch(self):
        total = 0
        for x, y in self.loader:
            total += self.train_step(x, y)  # expect: retained-graph
        return total

    def fit(self):
        for epoch in range(10):
            self.run_epoch()


class Classifier(Base):
    def train_step(self, x, y):
        self.opt.zero_grad()
        loss = nn.functional.cross_entropy(self.net(x), y)
        loss.backward()
        self.opt.step()
        return loss


class Careful(Base):
    def train_step(self, x, y):
        self.opt.zero_grad()
        loss = nn.functional.cross_entropy(self.net(x), y)
        loss.backward()
        self.opt.step()
        return loss.item()

# --- a number times something unknown is no loss
import torch
from torch import nn
from unseen import share


class Meter:
    def __init__(self):
        self.sum = 0

    def update(self, value, n):
        self.sum += value * n


def train(model, optimizer, loader):
    meter = Meter()
    model.train()
    for x, y in loader:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        meter.update(loss.item(), share(x))

# --- a pass before the loop has a part in every loss
import torch
from torch import nn

net = nn.Linear(3, 1)
prior = nn.Linear(3, 1)
opt = torch.optim.SGD([*net.parameters(), *prior.parameters()], lr=0.1)
for epoch in range(9):
    penalty = prior(torch.ones(3)).abs().sum()
    total = 0.0
    for x, y in torch.utils.data.DataLoader([]):
        loss = nn.functional.mse_loss(net(x), y) + penalty
        opt.zero_grad()
        loss.backward(retain_graph=True)
        opt.step()
        total += loss  # expect: retained-graph
    print(total)

# --- sums and meters by name
from collections import defaultdict

import torch
from torch import nn

net = nn.Linear(3, 2)
opt = torch.optim.SGD(net.parameters(), lr=0.1)


class Meter:
    def __init__(self):
        self.sum, self.count = 0, 0

    def update(self, value, n=1):
        self.sum += value * n  # expect: retained-graph
        self.count += n


totals, history, meters = {"fit": 0, "size": 0}, defaultdict(list), defaultdict(Meter)
for x, y in torch.utils.data.DataLoader([]):
    out = net(x)
    losses = {"fit": nn.functional.mse_loss(out, y), "size": out.abs().mean()}
    loss = sum(losses.values())
    opt.zero_grad()
    loss.backward()
    opt.step()
    for name, value in losses.items():
        totals[name] += value  # expect: retained-graph
        history[name].append(value)  # expect: retained-graph
        meters[name].update(value, len(x))

# --- meters by name that make numbers of tensors
from collections import defaultdict

import torch
from torch import nn

net = nn.Linear(3, 2)
opt = torch.optim.SGD(net.parameters(), lr=0.1)


class Meters:
    def __init__(self):
        self.sums = defaultdict(float)

    def update(self, **values):
        for name, value in values.items():
            if isinstance(value, torch.Tensor):
                value = value.item()
            self.sums[name] += value


meters, sums = Meters(), defaultdict(lambda: torch.zeros(()))
for x, y in torch.utils.data.DataLoader([]):
    out = net(x)
    losses = {"fit": nn.functional.mse_loss(out, y), "size": out.abs().mean()}
    loss = losses["fit"] + losses["size"]
    opt.zero_grad()
    loss.backward()
    opt.step()
    meters.update(loss=loss, **losses)
    for name, value in losses.items():
        sums[name] += value.detach()

# --- data of an earlier pass, from a buffer, is no older sum
import torch
from torch import nn


class Buffer:
    def __init__(self):
        self.data = []

    def push_and_pop(self, data):
        self.data.append(data.data)
        return self.data[torch.randint(0, 9, ()).item()]


made, real = nn.Linear(3, 4), nn.Linear(4, 1)
opt_made = torch.optim.Adam(made.parameters())
opt_real = torch.optim.Adam(real.parameters())
buffer = Buffer()
for x in torch.utils.data.DataLoader([]):
    opt_made.zero_grad()
    fake = made(torch.randn(8, 3))
    real(fake).mean().backward()
    opt_made.step()
    opt_real.zero_grad()
    one = real(x).mean() - real(buffer.push_and_pop(fake).detach()).mean()
    one.backward()
    two = real(x).abs().mean()
    two.backward()
    opt_real.step()
    loss = (one + two) / 2
    print(loss.item())
