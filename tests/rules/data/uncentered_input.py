# --- ToTensor and nothing else
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

loader = DataLoader(datasets.CIFAR10("data", transform=transforms.ToTensor()), 64, shuffle=True)
net = nn.Sequential(nn.Conv2d(3, 16, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 10))
opt = torch.optim.Adam(net.parameters())
for x, y in loader:
    out = net(x)  # expect: uncentered-input
    loss = nn.functional.cross_entropy(out, y)
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- ToTensor and Normalize
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

tf = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.49, 0.48, 0.45), (0.25, 0.24, 0.26))])
loader = DataLoader(datasets.CIFAR10("data", transform=tf), 64, shuffle=True)
net = nn.Sequential(nn.Conv2d(3, 16, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 10))
opt = torch.optim.Adam(net.parameters())
for x, y in loader:
    opt.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    opt.step()
# --- a batch norm right behind the first layer
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

loader = DataLoader(datasets.CIFAR10("data", transform=transforms.ToTensor()), 64, shuffle=True)
net = nn.Sequential(
    nn.Conv2d(3, 16, 3), nn.BatchNorm2d(16), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(16, 10)
)
opt = torch.optim.Adam(net.parameters())
for x, y in loader:
    opt.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    opt.step()
# --- a norm at the entrance, of either kind
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm, self.fc = nn.LayerNorm(3072), nn.Linear(3072, 10)

    def forward(self, x):
        return self.fc(self.norm(x.flatten(1)))


loader = DataLoader(datasets.CIFAR10("data", transform=transforms.ToTensor()), 64, shuffle=True)
a, b = Net(), nn.Sequential(nn.InstanceNorm2d(3), nn.Flatten(), nn.Linear(3072, 10))
opt = torch.optim.Adam([*a.parameters(), *b.parameters()])
for x, y in loader:
    opt.zero_grad()
    (F.cross_entropy(a(x), y) + F.cross_entropy(b(x), y)).backward()
    opt.step()
# --- a patch embedding with a layer norm behind it
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


class Patches(nn.Module):
    def __init__(self, dim=32):
        super().__init__()
        self.embed = nn.Conv2d(3, dim, 8, stride=8)
        self.norm = nn.LayerNorm(dim)
        self.mlp = nn.Sequential(nn.Linear(dim, dim), nn.GELU(), nn.Linear(dim, 10))

    def forward(self, x):
        return self.mlp(self.norm(self.embed(x).flatten(2).transpose(1, 2))).mean(1)


loader = DataLoader(datasets.CIFAR10("data", transform=transforms.ToTensor()), 64, shuffle=True)
net = Patches()
opt = torch.optim.Adam(net.parameters())
for x, y in loader:
    opt.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    opt.step()
# --- a norm late in the network does not help
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.conv2, self.conv3 = nn.Conv2d(3, 8, 3), nn.Conv2d(8, 8, 3), nn.Conv2d(8, 8, 3)
        self.norm, self.fc = nn.BatchNorm2d(8), nn.Linear(8, 10)

    def forward(self, x):
        x = torch.relu(self.conv2(torch.relu(self.conv1(x))))
        return self.fc(torch.relu(self.norm(self.conv3(x))).mean((2, 3)))


loader = DataLoader(datasets.CIFAR10("data", transform=transforms.ToTensor()), 64, shuffle=True)
net = Net()
opt = torch.optim.Adam(net.parameters())
for x, y in loader:
    out = net(x)  # expect: uncentered-input
    opt.zero_grad()
    nn.functional.cross_entropy(out, y).backward()
    opt.step()
# --- divided by 255 in the loop, or centred there
import torch
from torch import nn
from torchvision.datasets import MNIST

mnist = MNIST("data")
unit, centred, shifted = (nn.Sequential(nn.Flatten(), nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 10)) for _ in range(3))
opt = torch.optim.Adam([*unit.parameters(), *centred.parameters(), *shifted.parameters()])
for rows in torch.randperm(len(mnist.data)).split(64):
    x, y = mnist.data[rows].float() / 255, mnist.targets[rows]
    out = unit(x)  # expect: uncentered-input
    loss = nn.functional.cross_entropy(out, y) + nn.functional.cross_entropy(centred(x * 2 - 1), y)
    loss = loss + nn.functional.cross_entropy(shifted((x - 0.1307) / 0.3081), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- scaled by the dtype
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision.datasets import CIFAR10
from torchvision.transforms import v2

tf = v2.Compose([v2.ToImage(), v2.RandomHorizontalFlip(), v2.ToDtype(torch.float32, scale=True)])
net = nn.Sequential(nn.Flatten(), nn.Linear(3072, 64), nn.ReLU(), nn.Linear(64, 10))
opt = torch.optim.Adam(net.parameters())
for x, y in DataLoader(CIFAR10("data", transform=tf), 64, shuffle=True):
    out = net(x)  # expect: uncentered-input
    opt.zero_grad()
    nn.functional.cross_entropy(out, y).backward()
    opt.step()
# --- in a data set and a trainer, through to_tensor
import torch
import torchvision.transforms.functional as TF
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Faces(Dataset):
    def __init__(self, rows):
        self.rows = rows

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, i):
        path, label = self.rows[i]
        return {"image": TF.to_tensor(Image.open(path).convert("RGB").resize((32, 32))), "label": label}


class Trainer:
    def __init__(self, net):
        self.net, self.opt = net, torch.optim.Adam(net.parameters())

    def fit(self, loader):
        for batch in loader:
            logits = self.net(batch["image"])  # expect: uncentered-input
            self.opt.zero_grad()
            nn.functional.cross_entropy(logits, batch["label"]).backward()
            self.opt.step()


net = nn.Sequential(nn.Conv2d(3, 8, 5), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 2))
Trainer(net).fit(DataLoader(Faces([("a.png", 0), ("b.png", 1)]), 2, shuffle=True))
# --- an autoencoder, whose targets lie in 0..1
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision.datasets import MNIST
from torchvision.transforms import ToTensor

net = nn.Sequential(nn.Flatten(), nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 784), nn.Sigmoid())
opt = torch.optim.Adam(net.parameters())
for x, _ in DataLoader(MNIST("data", transform=ToTensor()), 64, shuffle=True):
    opt.zero_grad()
    nn.functional.binary_cross_entropy(net(x), x.flatten(1)).backward()
    opt.step()
# --- a GAN, whose generator paints in 0..1
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision.datasets import MNIST
from torchvision.transforms import ToTensor

gen = nn.Sequential(nn.Linear(16, 64), nn.ReLU(), nn.Linear(64, 784), nn.Sigmoid())
dis = nn.Sequential(nn.Linear(784, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1))
g_opt, d_opt = torch.optim.Adam(gen.parameters(), 2e-4), torch.optim.Adam(dis.parameters(), 2e-4)
bce = nn.BCEWithLogitsLoss()
for real, _ in DataLoader(MNIST("data", transform=ToTensor()), 64, shuffle=True, drop_last=True):
    ones, zeros = torch.ones(64, 1), torch.zeros(64, 1)
    fake = gen(torch.randn(64, 16))
    d_opt.zero_grad()
    (bce(dis(real.flatten(1)), ones) + bce(dis(fake.detach()), zeros)).backward()
    d_opt.step()
    g_opt.zero_grad()
    bce(dis(fake), ones).backward()
    g_opt.step()
# --- normalized in the loop, by kornia, or by an unseen helper
import kornia
import torch
from project.preprocessing import prepare
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms
from torchvision.transforms.functional import normalize

loader = DataLoader(datasets.CIFAR10("data", transform=transforms.ToTensor()), 64, shuffle=True)
mean, std = torch.tensor([0.49, 0.48, 0.45]), torch.tensor([0.25, 0.24, 0.26])
net = nn.Sequential(nn.Flatten(), nn.Linear(3072, 64), nn.ReLU(), nn.Linear(64, 10))
opt = torch.optim.Adam(net.parameters())
for x, y in loader:
    loss = nn.functional.cross_entropy(net(normalize(x, [0.5, 0.5, 0.5], [0.5, 0.5, 0.5])), y)
    loss = loss + nn.functional.cross_entropy(net(kornia.enhance.normalize(x, mean, std)), y)
    loss = loss + nn.functional.cross_entropy(net(prepare(x)), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- centred by the network itself
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(784, 64), nn.Linear(64, 10)

    def forward(self, x):
        x = (x.flatten(1) - 0.5) * 2
        return self.fc2(torch.relu(self.fc1(x)))


net = Net()
opt = torch.optim.Adam(net.parameters())
for x, y in DataLoader(datasets.MNIST("data", transform=transforms.ToTensor()), 64, shuffle=True):
    opt.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    opt.step()
# --- a library network with batch norm behind its first convolution
import torch
import torchvision
from torch import nn
from torch.utils.data import DataLoader
from torchvision.transforms import ToTensor

net = torchvision.models.resnet18(num_classes=10)
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
for x, y in DataLoader(torchvision.datasets.CIFAR10("data", transform=ToTensor()), 64, shuffle=True):
    opt.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    opt.step()
# --- names that mislead: normalize is a no-op, scale centres
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision.datasets import MNIST
from torchvision.transforms import ToTensor


def normalize(x):
    return x.contiguous()


def to_tensor(x):
    return (x - 0.1307) / 0.3081


a, b = (nn.Sequential(nn.Flatten(), nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 10)) for _ in range(2))
opt = torch.optim.Adam([*a.parameters(), *b.parameters()])
for x, y in DataLoader(MNIST("data", transform=ToTensor()), 64, shuffle=True):
    out = a(normalize(x))  # expect: uncentered-input
    loss = nn.functional.cross_entropy(out, y) + nn.functional.cross_entropy(b(to_tensor(x)), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- the transform comes from a function with a flag
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


def make_transform(normalize=True):
    steps = [transforms.Resize(16), transforms.ToTensor()]
    if normalize:
        steps.append(transforms.Normalize((0.1307,), (0.3081,)))
    return transforms.Compose(steps)


def loader(**kwargs):
    return DataLoader(datasets.MNIST("data", transform=make_transform(**kwargs)), batch_size=64, shuffle=True)


good, bad = (nn.Sequential(nn.Flatten(), nn.Linear(256, 32), nn.ReLU(), nn.Linear(32, 10)) for _ in range(2))
opt = torch.optim.Adam([*good.parameters(), *bad.parameters()])
for x, y in loader():
    opt.zero_grad()
    nn.functional.cross_entropy(good(x), y).backward()
    opt.step()
for x, y in loader(normalize=False):
    out = bad(x)  # expect: uncentered-input
    opt.zero_grad()
    nn.functional.cross_entropy(out, y).backward()
    opt.step()
# --- raw pixels are another rule's finding; unknown data is none
import torch
from project.data import batches
from torch import nn
from torchvision.datasets import MNIST

mnist = MNIST("data")
raw, unknown = (nn.Sequential(nn.Flatten(), nn.Linear(784, 10)) for _ in range(2))
opt = torch.optim.Adam([*raw.parameters(), *unknown.parameters()])
for rows in torch.randperm(len(mnist.data)).split(64):
    opt.zero_grad()
    nn.functional.cross_entropy(raw(mnist.data[rows].float()), mnist.targets[rows]).backward()
    opt.step()
for image, y in batches():
    opt.zero_grad()
    nn.functional.cross_entropy(unknown(image), y).backward()
    opt.step()
# --- a network that nobody feeds
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision.datasets import KMNIST
from torchvision.transforms import ToTensor


def train(data, net, opt):
    for x, y in DataLoader(data, 64, shuffle=True):
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()


def demo(epochs=2):
    net = nn.Sequential(nn.Flatten(), nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 10))
    opt = torch.optim.Adam(net.parameters())
    for _ in range(epochs):
        for x, y in DataLoader(KMNIST("data", transform=ToTensor()), 64, shuffle=True):
            out = net(x)  # expect: uncentered-input
            opt.zero_grad()
            nn.functional.cross_entropy(out, y).backward()
            opt.step()
