# --- BCELoss on the output of a linear layer
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1))
criterion = nn.BCELoss()
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    x, y = torch.randn(16, 8), torch.randint(0, 2, (16, 1)).float()
    opt.zero_grad()
    loss = criterion(net(x), y)  # expect: bce-on-logits
    loss.backward()
    opt.step()
# --- with a sigmoid, or with the logits' own loss
import torch
from torch import nn

net, raw = nn.Sequential(nn.Linear(8, 1), nn.Sigmoid()), nn.Linear(8, 1)
opt = torch.optim.Adam([*net.parameters(), *raw.parameters()])
for _ in range(5):
    x, y = torch.randn(16, 8), torch.randint(0, 2, (16, 1)).float()
    loss = nn.BCELoss()(net(x), y) + nn.BCEWithLogitsLoss()(raw(x), y) + nn.BCELoss()(torch.sigmoid(raw(x)), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- the functional form, in a class
import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.fc = nn.Conv2d(1, 4, 3), nn.Linear(4, 1)

    def forward(self, x):
        return self.fc(F.relu(self.conv(x)).mean((2, 3))).squeeze(1)


net = Net()
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    x, y = torch.randn(16, 1, 8, 8), torch.randint(0, 2, (16,))
    loss = F.binary_cross_entropy(net(x), y.float())  # expect: bce-on-logits
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- ReLU bounds on one side only
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 1), nn.ReLU())
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    opt.zero_grad()
    loss = nn.BCELoss()(net(torch.randn(16, 8)), torch.randint(0, 2, (16, 1)).float())  # expect: bce-on-logits
    loss.backward()
    opt.step()
# --- other ways into 0..1
import torch
from torch import nn

net = nn.Linear(8, 2)
opt = torch.optim.Adam(net.parameters())
bce = nn.BCELoss()
for _ in range(5):
    out, y = net(torch.randn(16, 8)), torch.randint(0, 2, (16,)).float()
    loss = bce(out.softmax(1)[:, 1], y) + bce(out[:, 0].clamp(0.01, 0.99), y) + bce((out[:, 1].tanh() + 1) / 2, y)
    loss = loss + bce(nn.functional.hardsigmoid(out[:, 0]), y) + bce(torch.exp(nn.functional.logsigmoid(out[:, 1])), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- the loss squashes by itself
import torch
import torch.nn.functional as F
from torch import nn


class SafeBCE(nn.Module):
    def forward(self, scores, target):
        return F.binary_cross_entropy(torch.sigmoid(scores).clamp(1e-6, 1 - 1e-6), target)


net, criterion = nn.Linear(8, 1), SafeBCE()
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    opt.zero_grad()
    criterion(net(torch.randn(16, 8)), torch.randint(0, 2, (16, 1)).float()).backward()
    opt.step()
# --- the sigmoid is made and not used
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.Linear(8, 1)
        self.sigmoid = nn.Sigmoid()

    def forward(self, x):
        return self.lin(x)


class Trainer:
    def __init__(self, net, criterion=nn.BCELoss()):
        self.net, self.criterion = net, criterion
        self.opt = torch.optim.Adam(net.parameters())

    def step(self, x, y):
        self.opt.zero_grad()
        loss = self.criterion(self.net(x), y)  # expect: bce-on-logits
        loss.backward()
        self.opt.step()


trainer = Trainer(Net())
for _ in range(5):
    trainer.step(torch.randn(16, 8), torch.randint(0, 2, (16, 1)).float())
# --- names that mislead
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.Linear(8, 1)
        self.relu = nn.Sigmoid()

    def forward(self, x):
        logits = self.relu(self.lin(x))
        return logits


net = Net()
BCELoss = nn.BCEWithLogitsLoss
plain = nn.Linear(8, 1)
opt = torch.optim.Adam([*net.parameters(), *plain.parameters()])
for _ in range(5):
    x, y = torch.randn(16, 8), torch.randint(0, 2, (16, 1)).float()
    loss = nn.BCELoss()(net(x), y) + BCELoss()(plain(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- the sigmoid is for the metric only
import torch
from torch import nn

net = nn.Linear(8, 1)
criterion = torch.nn.BCELoss(reduction="sum")
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    x, y = torch.randn(16, 8), torch.randint(0, 2, (16, 1)).float()
    out = net(x)
    loss = criterion(out, y)  # expect: bce-on-logits
    opt.zero_grad()
    loss.backward()
    opt.step()
    print(((torch.sigmoid(out) > 0.5).float() == y).float().mean().item())
# --- an autoencoder without its last activation
import torch
from torch import nn

encoder = nn.Sequential(nn.Linear(20, 8), nn.ReLU())
decoder = nn.Sequential(nn.Linear(8, 20))
opt = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()])
for _ in range(5):
    x = torch.rand(16, 20)
    opt.zero_grad()
    loss = nn.functional.binary_cross_entropy(decoder(encoder(x)), x)  # expect: bce-on-logits
    loss.backward()
    opt.step()
# --- an autoencoder with it, and a VAE
import torch
import torch.nn.functional as F
from torch import nn


class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.mu, self.logvar, self.dec = nn.Linear(20, 4), nn.Linear(20, 4), nn.Linear(4, 20)

    def forward(self, x):
        mu, logvar = self.mu(x), self.logvar(x)
        z = mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)
        return torch.sigmoid(self.dec(z)), mu, logvar


net = VAE()
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    x = torch.rand(16, 20)
    p, mu, logvar = net(x)
    kl = -0.5 * (1 + logvar - mu.pow(2) - logvar.exp()).sum()
    opt.zero_grad()
    (F.binary_cross_entropy(p, x, reduction="sum") + kl).backward()
    opt.step()
# --- the flag that squashes is off
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, squash):
        super().__init__()
        self.lin, self.squash = nn.Linear(8, 1), squash

    def forward(self, x):
        x = self.lin(x)
        if self.squash:
            x = torch.sigmoid(x)
        return x


good, bad, bce = Net(squash=True), Net(squash=False), nn.BCELoss()
opt = torch.optim.Adam([*good.parameters(), *bad.parameters()])
for _ in range(5):
    x, y = torch.randn(16, 8), torch.randint(0, 2, (16, 1)).float()
    opt.zero_grad()
    bce(good(x), y).backward()
    bce(bad(x), y).backward()  # expect: bce-on-logits
    opt.step()
# --- attention over a bag: probabilities made of products
import torch
from torch import nn


class Bag(nn.Module):
    def __init__(self):
        super().__init__()
        self.score, self.value = nn.Linear(8, 1), nn.Linear(8, 1)

    def forward(self, x):
        weights = torch.softmax(self.score(x), dim=1)
        return (weights * torch.sigmoid(self.value(x))).sum(1)


net = Bag()
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    opt.zero_grad()
    nn.BCELoss()(net(torch.randn(4, 6, 8)).clamp(max=1.0), torch.randint(0, 2, (4, 1)).float()).backward()
    opt.step()
# --- what the network ends with is not known
import torch
from project.models import build
from torch import nn


def fit(model, batches, optimizer, criterion=nn.BCELoss()):
    for x, y in batches:
        optimizer.zero_grad()
        criterion(model(x), y).backward()
        optimizer.step()


net = build("discriminator")
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    opt.zero_grad()
    nn.BCELoss()(net(torch.randn(16, 8)), torch.ones(16, 1)).backward()
    opt.step()
