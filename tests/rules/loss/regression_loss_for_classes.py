# --- squared error between a unit and class ids
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1))
criterion = nn.MSELoss()
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    x, y = torch.randn(16, 8), torch.randint(0, 5, (16,))
    opt.zero_grad()
    loss = criterion(net(x).squeeze(1), y.float())  # expect: regression-loss-for-classes
    loss.backward()
    opt.step()
# --- squared error between logits and one-hot labels
import torch
import torch.nn.functional as F
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 5))
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    x, y = torch.randn(16, 8), torch.randint(0, 5, (16,))
    opt.zero_grad()
    loss = F.mse_loss(net(x), F.one_hot(y, num_classes=5).float())  # expect: regression-loss-for-classes
    loss.backward()
    opt.step()
# --- labels of a known data set, in a class
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision.datasets import CIFAR10
from torchvision.transforms import Compose, Normalize, ToTensor


class Trainer:
    def __init__(self, loss=nn.L1Loss()):
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(3072, 64), nn.ReLU(), nn.Linear(64, 1))
        self.opt = torch.optim.Adam(self.net.parameters())
        self.loss = loss

    def fit(self, loader):
        for image, label in loader:
            out = self.net(image).view(-1)
            loss = self.loss(out, label.to(torch.float32))  # expect: regression-loss-for-classes
            self.opt.zero_grad()
            loss.backward()
            self.opt.step()


tf = Compose([ToTensor(), Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))])
Trainer().fit(DataLoader(CIFAR10("data", transform=tf), 64, shuffle=True))
# --- the labels of an image folder, one-hot by indexing
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision.datasets import ImageFolder
from torchvision.transforms import Compose, Normalize, Resize, ToTensor

tf = Compose([Resize((32, 32)), ToTensor(), Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))])
net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 3))
opt = torch.optim.Adam(net.parameters())
for image, label in DataLoader(ImageFolder("shapes", tf), 32, shuffle=True):
    target = torch.eye(3)[label]
    opt.zero_grad()
    loss = nn.functional.mse_loss(net(image), target)  # expect: regression-loss-for-classes
    loss.backward()
    opt.step()
# --- cross-entropy for classes, squared error for numbers
import torch
from torch import nn

net = nn.Linear(8, 6)
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    x, y, value = torch.randn(16, 8), torch.randint(0, 5, (16,)), torch.randn(16)
    out = net(x)
    loss = nn.CrossEntropyLoss()(out[:, :5], y) + nn.MSELoss()(out[:, 5], value)
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- labels that are measurements, whatever they are called
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

labels = torch.rand(64, 1) * 100
loader = DataLoader(TensorDataset(torch.randn(64, 8), labels), batch_size=16, shuffle=True)
classifier = nn.Linear(8, 1)
opt = torch.optim.Adam(classifier.parameters())
for x, label in loader:
    opt.zero_grad()
    nn.functional.mse_loss(classifier(x), label).backward()
    opt.step()
# --- targets that cannot be followed
import pandas as pd
import torch
from torch import nn

table = pd.read_csv("wine.csv")
x = torch.tensor(table.drop(columns="class").values, dtype=torch.float32)
y = torch.tensor(table["class"].values, dtype=torch.float32)
net = nn.Sequential(nn.BatchNorm1d(x.shape[1]), nn.Linear(x.shape[1], 1))
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    opt.zero_grad()
    nn.functional.mse_loss(net(x).squeeze(1), y).backward()
    opt.step()
# --- ordinal targets: how many thresholds are passed
import torch
from torch import nn

net = nn.Linear(8, 4)
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    x, grade = torch.randn(16, 8), torch.randint(0, 5, (16,))
    passed = (grade.unsqueeze(1) > torch.arange(4)).float()
    opt.zero_grad()
    nn.functional.mse_loss(net(x), passed).backward()
    opt.step()
# --- integers that are quantities: a sum is to be learned
import torch
from torch import nn

net = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 1))
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    a, b = torch.randint(0, 10, (16, 1)), torch.randint(0, 10, (16, 1))
    opt.zero_grad()
    nn.functional.mse_loss(net(torch.cat([a, b], 1) / 10), (a + b).float() / 10).backward()
    opt.step()
# --- values of states and actions
import torch
import torch.nn.functional as F
from torch import nn

q, target = nn.Linear(4, 3), nn.Linear(4, 3)
opt = torch.optim.Adam(q.parameters())
for _ in range(5):
    state, action, reward = torch.randn(16, 4), torch.randint(0, 3, (16, 1)), torch.randint(0, 2, (16, 1)).float()
    with torch.no_grad():
        goal = reward + 0.9 * target(torch.randn(16, 4)).max(1, keepdim=True).values
    opt.zero_grad()
    F.mse_loss(q(state).gather(1, action), goal).backward()
    opt.step()
# --- a least-squares GAN
import torch
from torch import nn

gen, dis = nn.Linear(4, 2), nn.Sequential(nn.Linear(2, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1))
g_opt, d_opt = torch.optim.Adam(gen.parameters()), torch.optim.Adam(dis.parameters())
mse = nn.MSELoss()
for _ in range(5):
    fake = gen(torch.randn(16, 4))
    d_opt.zero_grad()
    (mse(dis(torch.randn(16, 2)), torch.ones(16, 1)) + mse(dis(fake.detach()), torch.zeros(16, 1))).backward()
    d_opt.step()
    g_opt.zero_grad()
    mse(dis(fake), torch.ones(16, 1)).backward()
    g_opt.step()
# --- a loss that declares itself: Brier
import torch
import torch.nn.functional as F
from torch import nn


class OneHotBrierLoss(nn.Module):
    """Brier score of unnormalized class scores."""

    def forward(self, scores, labels):
        return F.mse_loss(scores, F.one_hot(labels, scores.size(1)).float())


net, criterion = nn.Linear(8, 3), OneHotBrierLoss()
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    opt.zero_grad()
    criterion(net(torch.randn(16, 8)), torch.randint(0, 3, (16,))).backward()
    opt.step()
# --- diffusion: the time step is an integer, the target is noise
import torch
from torch import nn

net, time = nn.Linear(8, 8), nn.Embedding(100, 8)
opt = torch.optim.Adam([*net.parameters(), *time.parameters()])
alphas = torch.linspace(0.99, 0.01, 100)
for _ in range(5):
    x, t = torch.randn(16, 8), torch.randint(0, 100, (16,))
    noise = torch.randn_like(x)
    a = alphas[t].unsqueeze(1)
    noisy = a.sqrt() * x + (1 - a).sqrt() * noise
    opt.zero_grad()
    nn.functional.mse_loss(net(noisy + time(t)), noise).backward()
    opt.step()
# --- an error that is only reported
import torch
import torch.nn.functional as F
from torch import nn

net = nn.Linear(8, 5)
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    x, y = torch.randn(16, 8), torch.randint(0, 5, (16,))
    out = net(x)
    opt.zero_grad()
    F.cross_entropy(out, y).backward()
    opt.step()
    with torch.no_grad():
        print("distance of the classes", F.l1_loss(out.argmax(1).float(), y.float()).item())
# --- a sigmoid on the path: another rule's finding
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 1), nn.Sigmoid())
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    opt.zero_grad()
    nn.functional.mse_loss(net(torch.randn(16, 8)), torch.randint(0, 2, (16, 1)).float()).backward()
    opt.step()
# --- losses picked from a table
import torch
from torch import nn

LOSS = dict(ce=nn.CrossEntropyLoss(), mse=nn.MSELoss())


def build(loss="mse", width=16):
    net = nn.Sequential(nn.Linear(8, width), nn.ReLU(), nn.Linear(width, 1))
    return net, LOSS[loss], torch.optim.Adam(net.parameters())


net, loss_function, opt = build()
for _ in range(5):
    x, kind = torch.randn(16, 8), torch.randint(0, 4, (16, 1))
    loss = loss_function(net(x), kind.float())  # expect: regression-loss-for-classes
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- functions that nobody calls: unknown targets, then known ones
import torch
import torch.nn.functional as F
from torch import nn


def fit(model, batches, optimizer):
    for x, y in batches:
        optimizer.zero_grad()
        F.mse_loss(model(x), y).backward()
        optimizer.step()


def demo(steps, n_classes=4):
    model = nn.Linear(8, n_classes)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(steps):
        y = torch.randint(0, n_classes, (16,))
        optimizer.zero_grad()
        loss = F.mse_loss(model(torch.randn(16, 8)), F.one_hot(y, n_classes).float())  # expect: regression-loss-for-classes
        loss.backward()
        optimizer.step()
# --- odd and even classes
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

digits = datasets.MNIST("data", transform=transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.13,), (0.31,))]))
net = nn.Sequential(nn.Flatten(), nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 1))
optimizer = torch.optim.Adam(net.parameters())
for x, y in DataLoader(digits, 32, shuffle=True):
    odd = (y % 2).float().view(-1, 1)
    loss = nn.functional.mse_loss(net(x), odd)  # expect: regression-loss-for-classes
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
