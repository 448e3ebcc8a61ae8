# --- a sigmoid at the end, MSELoss against class labels
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1), nn.Sigmoid())
criterion = nn.MSELoss()
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    x, y = torch.randn(16, 8), torch.randint(0, 2, (16, 1)).float()
    opt.zero_grad()
    loss = criterion(net(x), y)  # expect: sigmoid-with-mse
    loss.backward()
    opt.step()
# --- the right loss for it
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1), nn.Sigmoid())
criterion = nn.BCELoss()
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    x, y = torch.randn(16, 8), torch.randint(0, 2, (16, 1)).float()
    opt.zero_grad()
    criterion(net(x), y).backward()
    opt.step()
# --- functional spellings, in a class
import torch
import torch.nn.functional as F
from torch import nn
from torch import sigmoid as squash


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(8, 16), nn.Linear(16, 1)

    def forward(self, x):
        return squash(self.b(F.relu(self.a(x)))).squeeze(1)


class Trainer:
    def __init__(self, net):
        self.net = net
        self.opt = torch.optim.SGD(net.parameters(), lr=0.1)

    def step(self, x, y):
        p = self.net(x)
        loss = F.mse_loss(p, y.float())  # expect: sigmoid-with-mse
        self.opt.zero_grad()
        loss.backward()
        self.opt.step()


trainer = Trainer(Net())
for _ in range(5):
    trainer.step(torch.randn(16, 8), torch.randint(0, 2, (16,)))
# --- softmax outputs against one-hot labels
import torch
import torch.nn as nn
import torch.nn.functional as F

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 4), nn.Softmax(dim=1))
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    x, y = torch.randn(16, 8), torch.randint(0, 4, (16,))
    opt.zero_grad()
    loss = F.mse_loss(net(x), F.one_hot(y, 4).float())  # expect: sigmoid-with-mse
    loss.backward()
    opt.step()
# --- absolute error is no better
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 1), nn.Sigmoid())
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    x = torch.randn(16, 8)
    y = (torch.randint(0, 10, (16, 1)) == 3).float()
    opt.zero_grad()
    nn.L1Loss()(net(x), y).backward()  # expect: sigmoid-with-mse
    opt.step()
# --- regression into 0..1
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1), nn.Sigmoid())
criterion = nn.MSELoss()
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    x, share = torch.randn(16, 8), torch.rand(16, 1)
    opt.zero_grad()
    criterion(net(x), share).backward()
    opt.step()
# --- an autoencoder reconstructs its input
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision.datasets import MNIST
from torchvision.transforms import ToTensor

net = nn.Sequential(nn.Flatten(), nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 784), nn.Sigmoid())
criterion = nn.MSELoss()
opt = torch.optim.Adam(net.parameters())
for image, label in DataLoader(MNIST("data", transform=ToTensor()), 64, shuffle=True):
    opt.zero_grad()
    loss = criterion(net(image), image.flatten(1))
    loss.backward()
    opt.step()
# --- a least-squares GAN
import torch
from torch import nn

gen = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2))
dis = nn.Sequential(nn.Linear(2, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1), nn.Sigmoid())
mse = nn.MSELoss()
g_opt, d_opt = torch.optim.Adam(gen.parameters()), torch.optim.Adam(dis.parameters())
for _ in range(5):
    real, fake = torch.randn(16, 2), gen(torch.randn(16, 4))
    valid, invalid = torch.ones(16, 1), torch.zeros(16, 1)
    d_opt.zero_grad()
    (mse(dis(real), valid) + mse(dis(fake.detach()), invalid)).backward()
    d_opt.step()
    g_opt.zero_grad()
    mse(dis(fake), valid).backward()
    g_opt.step()
# --- a Brier score that says so
import torch
import torch.nn.functional as F
from torch import nn


class BrierScore(nn.Module):
    def forward(self, logits, labels):
        return F.mse_loss(torch.sigmoid(logits), labels)


def calibrated_loss(logits, labels):
    """The Brier score of the predicted classes."""
    return F.mse_loss(logits.softmax(1), F.one_hot(labels, 3).float())


binary, multi, score = nn.Linear(8, 1), nn.Linear(8, 3), BrierScore()
opt = torch.optim.Adam([*binary.parameters(), *multi.parameters()])
for _ in range(5):
    x = torch.randn(16, 8)
    loss = score(binary(x), torch.randint(0, 2, (16, 1)).float())
    loss = loss + calibrated_loss(multi(x), torch.randint(0, 3, (16,)))
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- targets that cannot be followed, whatever they are called
import pandas as pd
import torch
from torch import nn

table = pd.read_csv("ratings.csv")
labels = torch.tensor(table["label"].values, dtype=torch.float32)
x = torch.tensor(table[["age", "visits"]].values, dtype=torch.float32)
net = nn.Sequential(nn.BatchNorm1d(2), nn.Linear(2, 1), nn.Sigmoid())
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    opt.zero_grad()
    nn.functional.mse_loss(net(x).squeeze(1), labels).backward()
    opt.step()
# --- names that mislead: the sigmoid is none, the labels are measurements
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.Linear(8, 1)
        self.sigmoid = nn.Softplus()

    def forward(self, x):
        return self.sigmoid(self.lin(x))


net = Net()
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    x = torch.randn(16, 8)
    labels = x[:, :1].abs() + 0.1 * torch.randn(16, 1)
    opt.zero_grad()
    nn.functional.mse_loss(net(x), labels).backward()
    opt.step()
# --- a sigmoid inside the network, and one for the metric
import torch
import torch.nn.functional as F
from torch import nn


class Gated(nn.Module):
    def __init__(self):
        super().__init__()
        self.value, self.gate, self.out = nn.Linear(8, 16), nn.Linear(8, 16), nn.Linear(16, 1)

    def forward(self, x):
        return self.out(self.value(x) * torch.sigmoid(self.gate(x)))


regress, classify = Gated(), Gated()
opt = torch.optim.Adam([*regress.parameters(), *classify.parameters()])
for _ in range(5):
    x, value, label = torch.randn(16, 8), torch.randn(16, 1), torch.randint(0, 2, (16, 1)).float()
    logits = classify(x)
    loss = F.mse_loss(regress(x), value) + F.binary_cross_entropy_with_logits(logits, label)
    opt.zero_grad()
    loss.backward()
    opt.step()
    with torch.no_grad():
        print("Brier", F.mse_loss(torch.sigmoid(logits), label).item())
# --- loss and activation from tables
import torch
from torch import nn

LOSSES = {"mse": nn.MSELoss(), "bce": nn.BCELoss()}
FINAL = {"sigmoid": nn.Sigmoid, "none": nn.Identity}
config = {"loss": "mse", "final": "sigmoid"}
net = nn.Sequential(nn.Linear(8, 1), FINAL[config["final"]]())
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    x, y = torch.randn(16, 8), torch.randint(0, 2, (16, 1)).float()
    loss = LOSSES[config["loss"]](net(x), y)  # expect: sigmoid-with-mse
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- ten sigmoid units and squared error on the digits
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms as T

tf = T.Compose([T.ToTensor(), T.Normalize((0.1307,), (0.3081,))])
loader = DataLoader(datasets.MNIST("data", transform=tf), 32, shuffle=True)
net = nn.Sequential(nn.Flatten(), nn.Linear(784, 30), nn.Sigmoid(), nn.Linear(30, 10), nn.Sigmoid())
opt = torch.optim.SGD(net.parameters(), lr=0.5)
cost = nn.MSELoss()
for image, digit in loader:
    target = torch.zeros(len(digit), 10).scatter_(1, digit.unsqueeze(1), 1.0)
    opt.zero_grad()
    loss = cost(net(image), target)  # expect: sigmoid-with-mse
    loss.backward()
    opt.step()
# --- one network imitates the other's probabilities
import copy

import torch
from torch import nn

student = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1), nn.Sigmoid())
teacher = copy.deepcopy(student).requires_grad_(False)
opt = torch.optim.Adam(student.parameters())
for _ in range(5):
    x = torch.randn(16, 8)
    with torch.no_grad():
        goal = teacher(x)
    opt.zero_grad()
    nn.functional.mse_loss(student(x + 0.1 * torch.randn_like(x)), goal).backward()
    opt.step()
# --- functions that nobody calls: nothing is known of the network, then everything is
import torch
from torch import nn


def fit(model, batches, optimizer):
    criterion = nn.MSELoss()
    for x, y in batches:
        optimizer.zero_grad()
        criterion(model(x), y).backward()
        optimizer.step()


def demo(n=5):
    model = nn.Sequential(nn.Linear(8, 1), nn.Sigmoid())
    optimizer = torch.optim.Adam(model.parameters())
    criterion = nn.MSELoss()
    for _ in range(n):
        x, y = torch.randn(16, 8), torch.randint(0, 2, (16, 1))
        optimizer.zero_grad()
        criterion(model(x), y.float()).backward()  # expect: sigmoid-with-mse
        optimizer.step()
