# --- dropout is on in the test loop
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 3))
opt = torch.optim.Adam(net.parameters())
train = [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(4)]
test = [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(2)]
for epoch in range(2):
    for x, y in train:
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
    hits = 0
    with torch.no_grad():
        for x, y in test:
            out = net(x)  # expect: evaluation-in-train-mode
            hits += (out.argmax(1) == y).sum().item()
    print(hits)
# --- eval() and train() in their places
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 3))
opt = torch.optim.Adam(net.parameters())
train = [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(4)]
test = [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(2)]
for epoch in range(2):
    net.train()
    for x, y in train:
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        print(sum((net(x).argmax(1) == y).sum().item() for x, y in test))
# --- train(False), in a function
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 3))
test = [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(2)]


@torch.no_grad()
def accuracy(model, batches):
    model.train(False)
    hits = 0
    for x, y in batches:
        hits += (model(x).argmax(1) == y).sum().item()
    return hits


print(accuracy(net, test))
# --- a network with neither dropout nor batch norm
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.LayerNorm(16), nn.Tanh(), nn.Dropout(0.0), nn.Linear(16, 3))
opt = torch.optim.Adam(net.parameters())
data = [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(4)]
for x, y in data[:3]:
    opt.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    opt.step()
with torch.no_grad():
    for x, y in data[3:]:
        print((net(x).argmax(1) == y).float().mean())
# --- a batch norm learns from the test data
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.bn, self.fc = nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.Linear(4, 2)

    def forward(self, x):
        return self.fc(torch.relu(self.bn(self.conv(x))).mean((2, 3)))


def test(model, batches):
    hits, n = 0, 0
    for x, y in batches:
        with torch.no_grad():
            scores = model(x)  # expect: evaluation-in-train-mode
        hits += (scores.argmax(1) == y).sum().item()
        n += len(y)
    return hits / n


net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.1)
data = [(torch.randn(8, 1, 6, 6), torch.randint(0, 2, (8,))) for _ in range(4)]
for epoch in range(2):
    for x, y in data[:3]:
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
    print(test(net, data[3:]))
# --- eval() on the loss, not on the network
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 1))
criterion = nn.MSELoss()
opt = torch.optim.Adam(net.parameters())
data = [(torch.randn(16, 8), torch.randn(16, 1)) for _ in range(4)]
for x, y in data[:3]:
    opt.zero_grad()
    criterion(net(x), y).backward()
    opt.step()
criterion.eval()
total = 0.0
with torch.no_grad():
    for x, y in data[3:]:
        total += criterion(net(x), y).item()  # expect: evaluation-in-train-mode
print(total)
# --- back in train mode for the last test
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 2))
opt = torch.optim.Adam(net.parameters())
data = [(torch.randn(16, 8), torch.randint(0, 2, (16,))) for _ in range(6)]
for epoch in range(2):
    for x, y in data[:4]:
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        print(sum((net(x).argmax(1) == y).sum().item() for x, y in data[4:5]))
    net.train()

predictions = []
with torch.no_grad():
    for x, _ in data[5:]:
        predictions.append(net(x).argmax(1))  # expect: evaluation-in-train-mode
torch.save(torch.cat(predictions), "predictions.pt")
# --- one function for both, with the mode from its flag
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 2))
opt = torch.optim.Adam(net.parameters())
data = [(torch.randn(16, 8), torch.randint(0, 2, (16,))) for _ in range(4)]


def run(batches, train):
    net.train(train)
    hits = 0
    for x, y in batches:
        with torch.set_grad_enabled(train):
            out = net(x)
        if train:
            opt.zero_grad()
            nn.functional.cross_entropy(out, y).backward()
            opt.step()
        hits += (out.argmax(1) == y).sum().item()
    return hits


for epoch in range(2):
    print(run(data[:3], train=True), run(data[3:], train=False))
# --- one function for both, whose flag forgets the mode
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 2))
opt = torch.optim.Adam(net.parameters())
data = [(torch.randn(16, 8), torch.randint(0, 2, (16,))) for _ in range(4)]


def run(batches, train):
    hits = 0
    for x, y in batches:
        with torch.set_grad_enabled(train):
            out = net(x)  # expect: evaluation-in-train-mode
        if train:
            opt.zero_grad()
            nn.functional.cross_entropy(out, y).backward()
            opt.step()
        hits += (out.argmax(1) == y).sum().item()
    return hits


for epoch in range(2):
    print(run(data[:3], train=True), run(data[3:], train=False))
# --- Monte-Carlo dropout: several passes over one batch, stacked or averaged
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 2))
opt = torch.optim.Adam(net.parameters())
data = [(torch.randn(16, 8), torch.randint(0, 2, (16,))) for _ in range(4)]
for x, y in data[:3]:
    opt.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    opt.step()
with torch.no_grad():
    for x, y in data[3:]:
        draws = torch.stack([net(x).softmax(1) for _ in range(20)])
        print((draws.mean(0).argmax(1) == y).float().mean(), draws.std(0).mean())
        average = 0
        for _ in range(20):
            average = average + net(x).softmax(1) / 20
        print((average.argmax(1) == y).float().mean())
# --- Lightning switches modes by itself
import lightning as L
import torch
from project.corpus import Vectors
from torch import nn
from torch.utils.data import DataLoader


class Model(L.LightningModule):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 2))

    def training_step(self, batch, batch_idx):
        x, y = batch
        return nn.functional.cross_entropy(self.net(x), y)

    def validation_step(self, batch, batch_idx):
        x, y = batch
        self.log("accuracy", (self.net(x).argmax(1) == y).float().mean())

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters())


L.Trainer(max_epochs=2).fit(Model(), DataLoader(Vectors("train"), 32, shuffle=True), DataLoader(Vectors("val"), 32))
# --- training accuracy, from the outputs that are trained on
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 2))
opt = torch.optim.Adam(net.parameters())
for epoch in range(2):
    hits = 0
    for _ in range(4):
        x, y = torch.randn(16, 8), torch.randint(0, 2, (16,))
        out = net(x)
        opt.zero_grad()
        nn.functional.cross_entropy(out, y).backward()
        opt.step()
        hits += (out.argmax(1) == y).sum().item()
    print(hits / 64)
# --- warm-up, shape checks and re-estimation of batch norm statistics
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 2))
opt = torch.optim.Adam(net.parameters())
data = [(torch.randn(16, 8), torch.randint(0, 2, (16,))) for _ in range(4)]
with torch.no_grad():
    print(net(torch.zeros(2, 8)).shape)
    for x, _ in data:
        net(x)
        break
for x, y in data:
    opt.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    opt.step()
net.train()
with torch.no_grad():
    for x, _ in data:
        net(x)
# --- samples of a generator, actions of a policy, values of a target network
import torch
from torch import nn


def mlp(a, b):
    return nn.Sequential(nn.Linear(a, 16), nn.LayerNorm(16), nn.ReLU(), nn.Dropout(0.1), nn.Linear(16, b))


policy, target, generator = mlp(4, 2), mlp(4, 2), mlp(4, 4)
opt = torch.optim.Adam([*policy.parameters(), *generator.parameters()])
for step in range(5):
    with torch.no_grad():
        states = generator(torch.randn(8, 4))
        actions = policy(states).argmax(1, keepdim=True)
        goal = 1.0 + 0.9 * target(states).max(1, keepdim=True).values
    loss = (policy(states).gather(1, actions) - goal).pow(2).mean() + generator(torch.randn(8, 4)).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    target.load_state_dict(policy.state_dict())
# --- functional dropout that obeys the mode, and a recurrent layer that drops inside
import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(4, 8, num_layers=2, dropout=0.3, batch_first=True)
        self.fc = nn.Linear(8, 2)

    def forward(self, x):
        return self.fc(F.dropout(self.rnn(x)[0][:, -1], 0.2, self.training))


net = Net()
opt = torch.optim.Adam(net.parameters())
data = [(torch.randn(8, 5, 4), torch.randint(0, 2, (8,))) for _ in range(4)]
for x, y in data[:3]:
    opt.zero_grad()
    F.cross_entropy(net(x), y).backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
with torch.no_grad():
    hits = sum((net(x).argmax(1) == y).sum().item() for x, y in data[3:])  # expect: evaluation-in-train-mode
print(hits)
# --- an unseen helper gets the network, or an unseen context does
import torch
from project.modes import for_testing, testing
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 2))
opt = torch.optim.Adam(net.parameters())
data = [(torch.randn(16, 8), torch.randint(0, 2, (16,))) for _ in range(4)]
for x, y in data[:3]:
    opt.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    opt.step()
with testing(net):
    print([(net(x).argmax(1) == y).sum().item() for x, y in data[3:]])
for_testing(net)
with torch.no_grad():
    print([(net(x).argmax(1) == y).sum().item() for x, y in data[3:]])
# --- a decorator of the same file switches the mode
import functools

import torch
from torch import nn


def in_eval_mode(fn):
    @functools.wraps(fn)
    def inner(model, *args):
        before = model.training
        model.eval()
        with torch.no_grad():
            result = fn(model, *args)
        model.train(before)
        return result

    return inner


@in_eval_mode
def accuracy(model, batches):
    return sum((model(x).argmax(1) == y).sum().item() for x, y in batches)


net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Dropout(0.2), nn.Linear(16, 2))
opt = torch.optim.Adam(net.parameters())
data = [(torch.randn(16, 8), torch.randint(0, 2, (16,))) for _ in range(4)]
for epoch in range(2):
    for x, y in data[:3]:
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
    print(accuracy(net, data[3:]))
# --- an estimator class that nobody builds
import torch
from torch import nn


class Classifier:
    def __init__(self, n_features, n_classes):
        self.net = nn.Sequential(nn.Linear(n_features, 32), nn.ReLU(), nn.Dropout(0.3), nn.Linear(32, n_classes))

    def fit(self, batches):
        opt = torch.optim.Adam(self.net.parameters())
        for x, y in batches:
            opt.zero_grad()
            nn.functional.cross_entropy(self.net(x), y).backward()
            opt.step()
        return self

    def score(self, batches):
        hits, n = 0, 0
        with torch.no_grad():
            for x, y in batches:
                hits += (self.net(x).argmax(1) == y).sum().item()  # expect: evaluation-in-train-mode
                n += len(y)
        return hits / n
# --- a function that nobody calls: its caller may have switched the mode
import torch


def accuracy(model, batches):
    hits, n = 0, 0
    with torch.no_grad():
        for x, y in batches:
            hits += (model(x).argmax(1) == y).sum().item()
            n += len(y)
    return hits / n
# --- a library network with batch norm
import torch
import torchvision
from torch import nn
from torch.utils.data import DataLoader
from torchvision import transforms as T

tf = T.Compose([T.ToTensor(), T.Normalize((0.49, 0.48, 0.45), (0.25, 0.24, 0.26))])
train = DataLoader(torchvision.datasets.CIFAR10("data", train=True, transform=tf), 64, shuffle=True)
test = DataLoader(torchvision.datasets.CIFAR10("data", train=False, transform=tf), 64)
net = torchvision.models.resnet18(num_classes=10)
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
for epoch in range(10):
    for x, y in train:
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
    hits = 0
    with torch.inference_mode():
        for x, y in test:
            hits += (net(x).argmax(1) == y).sum().item()  # expect: evaluation-in-train-mode
    print(hits)

# --- the shape of an output is no score
import torch
from torch import nn

net = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 2))
for x in torch.utils.data.DataLoader(torch.randn(9, 4), batch_size=3):
    out = net(x)
    print("shapes", x.size(), out.size())

# --- a wrapper whose network is in evaluation mode
import torch
from torch import nn


class Scorer(nn.Module):
    def __init__(self, net):
        super().__init__()
        self.net = net
        self.net.eval()

    def forward(self, x):
        return torch.softmax(self.net(x), dim=-1)


net = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.1), nn.Linear(8, 4))
net.load_state_dict(torch.load("net.pt"))
scorer, hits = Scorer(net), 0
with torch.no_grad():
    for x, y in torch.utils.data.DataLoader([]):
        hits += (scorer(x).argmax(1) == y).sum()
print(hits)

# --- a copy of one of two networks has a mode of its own
import copy

import torch
from torch import nn


class Average:
    def __init__(self, net):
        self.net = copy.deepcopy(net.module if hasattr(net, "module") else net).eval()


net = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Linear(8, 2))
opt, average = torch.optim.SGD(net.parameters(), lr=0.1), Average(net)
for epoch in range(3):
    net.train()
    for x, y in torch.utils.data.DataLoader([]):
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
    tested = average.net if average else net.eval()
    for x, y in torch.utils.data.DataLoader([]):
        with torch.no_grad():
            print(nn.functional.cross_entropy(tested(x), y).item())

# --- __getattr__ is no forward pass
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, heads):
        super().__init__()
        self.heads, self.norm = heads, nn.BatchNorm2d(3)
        for head in heads:
            self.__setattr__(head, nn.Conv2d(3, heads[head], 1))
        self.reset()

    def reset(self):
        for head in self.heads:
            layer = self.__getattr__(head)
            for part in layer.modules():
                if isinstance(part, nn.Conv2d) and part.weight.shape[0] == self.heads[head]:
                    nn.init.constant_(part.bias, 0)


def build(heads):
    return Net(heads)

# --- a factory looked up in a module's namespace, by the default of an argument
import argparse

import torch
import torchvision.models as models

parser = argparse.ArgumentParser()
parser.add_argument("--arch", default="resnet18", choices=sorted(models.__dict__))
args = parser.parse_args()
model = models.__dict__[args.arch](num_classes=10)
loader = torch.utils.data.DataLoader(args.data)
with torch.no_grad():
    for x, y in loader:
        print((model(x).argmax(1) == y).float().mean())  # expect: evaluation-in-train-mode

# --- a class looked up among the globals
import torch
from torch import nn


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(4, 4), nn.Dropout(), nn.Linear(4, 2))

    def forward(self, x):
        return self.net(x)


model = globals()["Small"]()
for x, y in torch.utils.data.DataLoader([]):
    with torch.no_grad():
        print((model(x).argmax(1) == y).float().mean())  # expect: evaluation-in-train-mode

# --- trained in processes of their own
import torch
import torch.multiprocessing as mp
from torch import nn


def train(rank, model, data):
    opt = torch.optim.SGD(model.parameters(), lr=0.1)
    model.train()
    for x, y in torch.utils.data.DataLoader(data):
        opt.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        opt.step()


def test(model, data):
    with torch.no_grad():
        for x, y in torch.utils.data.DataLoader(data):
            print(nn.functional.cross_entropy(model(x), y).item())  # expect: evaluation-in-train-mode


if __name__ == "__main__":
    model = nn.Sequential(nn.Linear(4, 4), nn.Dropout(), nn.Linear(4, 2))
    model.share_memory()
    workers = []
    for rank in range(2):
        worker = mp.Process(target=train, args=(rank, model, range(8)))
        worker.start()
        workers.append(worker)
    for worker in workers:
        worker.join()
    test(model, range(4))

# --- whole data sets at once, epoch by epoch
import torch
from sklearn.model_selection import train_test_split
from torch import nn

x, x_test, y, y_test = train_test_split(torch.randn(99, 4), torch.randn(99, 1))
model = nn.Sequential(nn.Linear(4, 4), nn.Dropout(), nn.Linear(4, 1))
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(100):
    model.train()
    loss = nn.functional.mse_loss(model(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    with torch.no_grad():
        again = nn.functional.mse_loss(model(x), y)
        tested = nn.functional.mse_loss(model(x_test), y_test)  # expect: evaluation-in-train-mode
    print(epoch, again, tested)

# --- two terms of one loss compare with different targets: one network trained on whole data sets
import torch
from torch import nn

model = nn.Sequential(nn.Linear(4, 4), nn.Dropout(), nn.Linear(4, 1))
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
x, border, y, values = torch.randn(99, 4), torch.randn(9, 4), torch.randn(99, 1), torch.zeros(9, 1)
for epoch in range(100):
    opt.zero_grad()
    inside, outside = nn.functional.mse_loss(model(x), y), nn.functional.mse_loss(model(border), values)
    (inside + outside).backward()
    opt.step()
    print(epoch, outside.item())

# --- dropout that a flag of the forward pass leaves out
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc, self.drop = nn.Linear(3, 2), nn.Dropout(0.5)

    def forward(self, x, is_training=False):
        if is_training:
            x = self.drop(x)
        return self.fc(x)


model = Net()
with torch.no_grad():
    for x, y in loader:
        print((model(x).argmax(1) == y).sum().item())

# --- a step that may be taken by hand is no evaluation
import pytorch_lightning as pl
import torch
import torch.nn.functional as F
from torch import nn


class Classifier(pl.LightningModule):
    def __init__(self, manual=False):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(3, 8), nn.Dropout(0.5), nn.Linear(8, 2))
        if manual:
            self.automatic_optimization = False

    def training_step(self, batch, index):
        x, y = batch
        loss = F.cross_entropy(self.net(x), y)
        self.log("train_loss", loss)
        return loss

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=0.1)

# --- what a constructor computes is no evaluation
import torch
from torch import nn


class Scaled(nn.Module):
    def __init__(self, width, channels):
        super().__init__()
        self.width = width
        channels = [self.rounded(c) for c in channels]
        self.layers = nn.Sequential(nn.Conv2d(3, channels[0], 3), nn.BatchNorm2d(channels[0]))
        self.head = nn.Linear(channels[0], 10)

    def rounded(self, c):
        c *= self.width
        new = int(c + 4) // 8 * 8
        return new + 8 if new < 0.9 * c else new

    def forward(self, x):
        return self.head(self.layers(x).mean((2, 3)))


model = Scaled(1.5, [32, 16, 24, 40, 80, 112, 192, 320, 1280])
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    nn.functional.cross_entropy(model(x), y).backward()
    opt.step()

# --- a batch of another loader between two steps
import torch
from torch import nn

net = nn.Sequential(nn.Linear(3, 8), nn.BatchNorm1d(8), nn.Linear(8, 2))
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for i, (x, y) in enumerate(train_loader):
    opt.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    opt.step()
    if i % 10 == 0:
        x, y = next(iter(test_loader))
        out = net(x)  # expect: evaluation-in-train-mode
        print(nn.functional.cross_entropy(out, y).item(), (out.argmax(1) == y).float().mean().item())

# --- a second batch of what is trained on, and a loader that trains another loss
import torch
from torch import nn

net = nn.Sequential(nn.Linear(3, 8), nn.BatchNorm1d(8), nn.Linear(8, 2))
opt = torch.optim.SGD(net.parameters(), lr=0.1)
labelled, unlabelled = iter(labelled_loader), iter(unlabelled_loader)
for step in range(1000):
    x, y = next(labelled)
    more, unsure = next(unlabelled)
    guess = net(more)
    loss = nn.functional.cross_entropy(net(x), y) + nn.functional.cross_entropy(net(more + 1), guess.argmax(1))
    opt.zero_grad()
    loss.backward()
    opt.step()
    x, y = next(labelled)
    print(nn.functional.cross_entropy(net(x), y).item())
# --- a torchvision network with a new head, in one function for both phases
import torch
from torch import nn
from torchvision import models

net = models.resnet18(weights="DEFAULT")
net.fc = nn.Linear(net.fc.in_features, 5)
optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
criterion = nn.CrossEntropyLoss()
for epoch in range(3):
    for phase in ["train", "val"]:
        net.train()
        right = 0
        for images, labels in loaders[phase]:
            optimizer.zero_grad()
            with torch.set_grad_enabled(phase == "train"):
                outputs = net(images)  # expect: evaluation-in-train-mode
                loss = criterion(outputs, labels)
                if phase == "train":
                    loss.backward()
                    optimizer.step()
            right += (outputs.argmax(1) == labels).sum().item()
        print(phase, right)
# --- layers that a loop has put into a ModuleList
import torch
from torch import nn


class Tower(nn.Module):
    def __init__(self, widths=(32, 64)):
        super().__init__()
        self.blocks = nn.ModuleList()
        last = 3
        for width in widths:
            self.blocks.append(nn.Sequential(nn.Conv2d(last, width, 3), nn.BatchNorm2d(width), nn.ReLU()))
            last = width
        self.head = nn.Linear(last, 5)

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return self.head(x.mean((2, 3)))


def accuracy(model, data):
    right = 0
    with torch.no_grad():
        for images, labels in data:
            right += (model(images).argmax(1) == labels).sum().item()  # expect: evaluation-in-train-mode
    return right


tower = Tower()
optimizer = torch.optim.Adam(tower.parameters())
for epoch in range(3):
    tower.train()
    for images, labels in training:
        optimizer.zero_grad()
        nn.functional.cross_entropy(tower(images), labels).backward()
        optimizer.step()
    print(accuracy(tower, validation))
# --- batches for training, one tensor for the test
import torch
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

table, kinds = load_breast_cancer(return_X_y=True)
table = (table - table.mean(0)) / table.std(0)
train_x, test_x, train_y, test_y = train_test_split(table, kinds)
train_x, test_x = torch.FloatTensor(train_x), torch.FloatTensor(test_x)
train_y, test_y = torch.LongTensor(train_y), torch.LongTensor(test_y)
batches = DataLoader(TensorDataset(train_x, train_y), 32, shuffle=True)
net = nn.Sequential(nn.Linear(30, 64), nn.ReLU(), nn.Dropout(0.3), nn.Linear(64, 2))
optimizer = torch.optim.Adam(net.parameters())
for epoch in range(20):
    net.train()
    for x, y in batches:
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        optimizer.step()
    with torch.no_grad():
        found = net(test_x)  # expect: evaluation-in-train-mode
        print((found.argmax(1) == test_y).float().mean().item())
        # How it does in training mode on what it is trained on is another question.
        print((net(train_x).argmax(1) == train_y).float().mean().item())
# --- a loss averaged over some batches, by the code that trains
import torch
from torch import nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(100, 32)
        self.drop = nn.Dropout(0.2)
        self.head = nn.Linear(32, 100)

    def forward(self, tokens, targets):
        logits = self.head(self.drop(self.embed(tokens)))
        return logits, nn.functional.cross_entropy(logits.view(-1, 100), targets.view(-1))


def batch(part):
    start = torch.randint(len(data[part]) - 64, (16,))
    return torch.stack([data[part][i : i + 63] for i in start]), torch.stack([data[part][i + 1 : i + 64] for i in start])


@torch.no_grad()
def estimate():
    found = {}
    for part in ("train", "val"):
        losses = torch.zeros(20)
        for k in range(20):
            tokens, targets = batch(part)
            _, loss = model(tokens, targets)  # expect: evaluation-in-train-mode
            losses[k] = loss.item()
        found[part] = losses.mean()
    return found


data = torch.load("tokens.pt")
model = Model()
optimizer = torch.optim.AdamW(model.parameters())
for step in range(1000):
    if step % 100 == 0:
        print(estimate())
    _, loss = model(*batch("train"))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
# --- a backbone with a new head, inside of a network
import torch
from torch import nn
from torchvision import models


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = models.resnet34(weights="DEFAULT")
        self.backbone.fc = nn.Linear(512, 2)

    def forward(self, x):
        return self.backbone(x)


net = Classifier()
opt = torch.optim.SGD(net.parameters(), lr=0.001)
for epoch in range(3):
    net.train()
    for images, labels in training:
        opt.zero_grad()
        nn.functional.cross_entropy(net(images), labels).backward()
        opt.step()
    with torch.no_grad():
        print(sum((net(images).argmax(1) == labels).sum().item() for images, labels in validation))  # expect: evaluation-in-train-mode
# --- checkpoints whose published settings drop a tenth, or nothing, or what the program says
import torch
from transformers import AutoModelForSequenceClassification, BertForSequenceClassification


def run(model, training, test):
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-5)
    for _ in range(3):
        model.train()
        for batch in training:
            optimizer.zero_grad()
            model(**batch).loss.backward()
            optimizer.step()
        right = 0
        with torch.no_grad():
            for batch in test:
                logits = model(batch["input_ids"], attention_mask=batch["attention_mask"]).logits  # expect: evaluation-in-train-mode
                right += (logits.argmax(-1) == batch["labels"]).sum().item()
        print(right)


training, test = torch.utils.data.DataLoader([], shuffle=True), torch.utils.data.DataLoader([])
run(AutoModelForSequenceClassification.from_pretrained("bert-base-uncased", num_labels=2), training, test)
# --- the same with checkpoints that drop nothing
import torch
from transformers import AutoModelForSequenceClassification, BertForSequenceClassification


def run(model, training, test):
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-5)
    for _ in range(3):
        model.train()
        for batch in training:
            optimizer.zero_grad()
            model(**batch).loss.backward()
            optimizer.step()
        right = 0
        with torch.no_grad():
            for batch in test:
                logits = model(batch["input_ids"], attention_mask=batch["attention_mask"]).logits
                right += (logits.argmax(-1) == batch["labels"]).sum().item()
        print(right)


training, test = torch.utils.data.DataLoader([], shuffle=True), torch.utils.data.DataLoader([])
run(AutoModelForSequenceClassification.from_pretrained("albert-base-v2"), training, test)
run(BertForSequenceClassification.from_pretrained("bert-base-cased", hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0), training, test)
