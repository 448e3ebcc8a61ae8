# --- ten classes and one sigmoid unit
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms as T

tf = T.Compose([T.ToTensor(), T.Normalize((0.1307,), (0.3081,))])
loader = DataLoader(datasets.MNIST("data", transform=tf), 64, shuffle=True)
net = nn.Sequential(nn.Flatten(), nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 1))
criterion = nn.BCEWithLogitsLoss()
opt = torch.optim.Adam(net.parameters())
for image, digit in loader:
    out = net(image).squeeze(1)
    loss = criterion(out, digit.float())  # expect: class-count-mismatch
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- five classes and one unit, through a function
import torch
from torch import nn


def question(scores, kind):
    return nn.functional.binary_cross_entropy_with_logits(scores, kind.float())  # expect: class-count-mismatch


net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 1))
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    opt.zero_grad()
    question(net(torch.randn(16, 8)), torch.randint(0, 5, (16, 1))).backward()
    opt.step()
# --- exclusive classes, one-hot, one sigmoid each
import torch
import torch.nn.functional as F
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 4))
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    x, y = torch.randn(16, 8), torch.randint(0, 4, (16,))
    opt.zero_grad()
    loss = F.binary_cross_entropy_with_logits(net(x), F.one_hot(y, 4).float())  # expect: class-count-mismatch
    loss.backward()
    opt.step()
# --- two sigmoid units for yes and no
import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self, n_out=2):
        super().__init__()
        self.lin = nn.Linear(8, n_out)

    def forward(self, x):
        return torch.sigmoid(self.lin(x))


net = Net()
criterion = nn.BCELoss()
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    x, y = torch.randn(16, 8), torch.randint(0, 2, (16,))
    opt.zero_grad()
    loss = criterion(net(x), F.one_hot(y, 2).float())  # expect: class-count-mismatch
    loss.backward()
    opt.step()
# --- as many as there are: one unit for two classes, ten for ten
import torch
from torch import nn

one, ten = nn.Linear(8, 1), nn.Linear(8, 10)
opt = torch.optim.Adam([*one.parameters(), *ten.parameters()])
for _ in range(5):
    x, yes, kind = torch.randn(16, 8), torch.randint(0, 2, (16,)), torch.randint(0, 10, (16,))
    loss = nn.BCEWithLogitsLoss()(one(x).squeeze(1), yes.float()) + nn.CrossEntropyLoss()(ten(x), kind)
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- two units and cross-entropy for two classes
import torch
from torch import nn

net = nn.Linear(8, 2)
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    opt.zero_grad()
    nn.functional.cross_entropy(net(torch.randn(16, 8)), torch.randint(0, 2, (16,))).backward()
    opt.step()
# --- multi-label: several may be true
import torch
from torch import nn

net = nn.Linear(8, 5)
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    opt.zero_grad()
    nn.BCEWithLogitsLoss()(net(torch.randn(16, 8)), torch.randint(0, 2, (16, 5)).float()).backward()
    opt.step()
# --- multi-hot rows made of several ids
import torch
import torch.nn.functional as F
from torch import nn

scattered, summed = nn.Linear(8, 6), nn.Linear(8, 6)
opt = torch.optim.Adam([*scattered.parameters(), *summed.parameters()])
for _ in range(5):
    x, tags = torch.randn(16, 8), torch.randint(0, 6, (16, 3))
    multi_hot = torch.zeros(16, 6).scatter_(1, tags, 1.0)
    loss = F.binary_cross_entropy_with_logits(scattered(x), multi_hot)
    loss = loss + F.binary_cross_entropy_with_logits(summed(x), F.one_hot(tags, 6).amax(dim=1).float())
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- one class against the rest, parity, halves
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms as T

tf = T.Compose([T.ToTensor(), T.Normalize((0.1307,), (0.3081,))])
loader = DataLoader(datasets.MNIST("data", transform=tf), 64, shuffle=True)
is_three, is_odd, is_large = (nn.Sequential(nn.Flatten(), nn.Linear(784, 1), nn.Flatten(0)) for _ in range(3))
opt = torch.optim.Adam([*is_three.parameters(), *is_odd.parameters(), *is_large.parameters()])
bce = nn.BCEWithLogitsLoss()
for image, digit in loader:
    loss = bce(is_three(image), (digit == 3).float())
    loss = loss + bce(is_odd(image), (digit % 2).float()) + bce(is_large(image), torch.where(digit > 4, 1.0, 0.0))
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- the data set maps its labels to two
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms as T

tf = T.Compose([T.ToTensor(), T.Normalize((0.1307,), (0.3081,))])
data = datasets.MNIST("data", transform=tf, target_transform=lambda digit: float(digit == 7))
net = nn.Sequential(nn.Flatten(), nn.Linear(784, 1), nn.Flatten(0))
opt = torch.optim.Adam(net.parameters())
for image, is_seven in DataLoader(data, 64, shuffle=True):
    opt.zero_grad()
    nn.functional.binary_cross_entropy_with_logits(net(image), is_seven.float()).backward()
    opt.step()
# --- how many folders there are is not known
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision.datasets import ImageFolder
from torchvision.transforms import Compose, Normalize, Resize, ToTensor

tf = Compose([Resize((32, 32)), ToTensor(), Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))])
net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 1), nn.Flatten(0))
opt = torch.optim.Adam(net.parameters())
for image, label in DataLoader(ImageFolder("pets", tf), 32, shuffle=True):
    opt.zero_grad()
    nn.functional.binary_cross_entropy_with_logits(net(image), label.float()).backward()
    opt.step()
# --- masks, one channel
import torch
from torch import nn

net = nn.Conv2d(3, 1, 3, padding=1)
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    opt.zero_grad()
    mask = torch.randint(0, 2, (2, 1, 8, 8)).float()
    nn.functional.binary_cross_entropy_with_logits(net(torch.randn(2, 3, 8, 8)), mask).backward()
    opt.step()
# --- ordinal thresholds and negative sampling
import torch
import torch.nn.functional as F
from torch import nn

levels, items = nn.Linear(8, 4), nn.Embedding(50, 8)
opt = torch.optim.Adam([*levels.parameters(), *items.parameters()])
for _ in range(5):
    x, grade, item = torch.randn(16, 8), torch.randint(0, 5, (16,)), torch.randint(0, 50, (16, 6))
    loss = F.binary_cross_entropy_with_logits(levels(x), (grade[:, None] > torch.arange(4)).float())
    scores = (items(item) * x[:, None]).sum(-1)
    seen = torch.zeros(16, 6)
    seen[:, 0] = 1.0
    loss = loss + F.binary_cross_entropy_with_logits(scores, seen)
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- names that mislead: num_classes is the width of a code
import torch
from torch import nn

num_classes = 10
net = nn.Sequential(nn.Linear(8, num_classes), nn.ReLU(), nn.Linear(num_classes, 1))
labels = torch.rand(64)
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    opt.zero_grad()
    nn.functional.binary_cross_entropy_with_logits(net(torch.randn(64, 8)).squeeze(1), labels).backward()
    opt.step()
# --- a trainer with the loss as an attribute and the target made in a method
import torch
from torch import nn
from torch.nn.functional import one_hot


class Trainer:
    def __init__(self, n_classes=6):
        self.n_classes = n_classes
        self.net = nn.Linear(8, n_classes)
        self.criterion = nn.BCEWithLogitsLoss()
        self.opt = torch.optim.Adam(self.net.parameters())

    def encode(self, y):
        return one_hot(y, num_classes=self.n_classes).to(torch.float)

    def step(self, x, y):
        loss = self.criterion(self.net(x), self.encode(y))  # expect: class-count-mismatch
        self.opt.zero_grad()
        loss.backward()
        self.opt.step()


trainer = Trainer()
for _ in range(5):
    trainer.step(torch.randn(16, 8), torch.randint(0, 6, (16,)))
# --- a function that nobody calls
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision.datasets import CIFAR100
from torchvision.transforms import Compose, Normalize, ToTensor


def train(epochs=3, n_out=1):
    tf = Compose([ToTensor(), Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))])
    loader = DataLoader(CIFAR100("data", transform=tf), 64, shuffle=True)
    net = nn.Sequential(nn.Flatten(), nn.Linear(3072, 64), nn.ReLU(), nn.Linear(64, n_out))
    opt = torch.optim.Adam(net.parameters())
    for _ in range(epochs):
        for image, label in loader:
            opt.zero_grad()
            loss = nn.BCEWithLogitsLoss()(net(image), label.float().unsqueeze(1))  # expect: class-count-mismatch
            loss.backward()
            opt.step()
