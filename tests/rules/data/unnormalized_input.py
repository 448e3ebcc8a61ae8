# --- PIL pictures as float arrays
import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Pictures(Dataset):
    def __init__(self, rows):
        self.rows = rows

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, i):
        path, label = self.rows[i]
        pixels = np.asarray(Image.open(path).convert("RGB"), dtype=np.float32)
        return torch.tensor(pixels).permute(2, 0, 1), label


net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 2))
opt = torch.optim.Adam(net.parameters())
for x, y in DataLoader(Pictures([("a.png", 0), ("b.png", 1)]), 2, shuffle=True):
    out = net(x)  # expect: unnormalized-input
    loss = nn.functional.cross_entropy(out, y)
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- divided by 255 and centred, in the data set
import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Pictures(Dataset):
    def __init__(self, rows):
        self.rows = rows

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, i):
        path, label = self.rows[i]
        pixels = np.asarray(Image.open(path).convert("RGB"), dtype=np.float32) / 255.0
        return (torch.tensor(pixels).permute(2, 0, 1) - 0.5) / 0.5, label


net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 2))
opt = torch.optim.Adam(net.parameters())
for x, y in DataLoader(Pictures([("a.png", 0), ("b.png", 1)]), 2, shuffle=True):
    opt.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    opt.step()
# --- OpenCV, with a batch norm right behind the first layer: advice
import cv2
import torch
from torch import nn

paths = [("a.png", 0), ("b.png", 1)]
net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 2))
opt = torch.optim.Adam(net.parameters())
for _ in range(3):
    images = [torch.from_numpy(cv2.cvtColor(cv2.imread(p), cv2.COLOR_BGR2RGB)) for p, _ in paths]
    x = torch.stack(images).permute(0, 3, 1, 2).float()
    y = torch.tensor([label for _, label in paths])
    out = net(x)  # expect: unnormalized-input
    loss = nn.functional.cross_entropy(out, y)
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- the .data of a torchvision set
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from torchvision.datasets import MNIST

mnist = MNIST("data", train=True, download=True)
loader = DataLoader(TensorDataset(mnist.data.float().view(-1, 784), mnist.targets), 64, shuffle=True)
net = nn.Sequential(nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.01)
for x, y in loader:
    out = net(x)  # expect: unnormalized-input
    loss = nn.functional.cross_entropy(out, y)
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- the same, standardized by hand
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from torchvision.datasets import MNIST

mnist = MNIST("data", train=True, download=True)
pixels = mnist.data.float()
pixels = ((pixels - pixels.mean()) / pixels.std()).view(-1, 784)
loader = DataLoader(TensorDataset(pixels, mnist.targets), 64, shuffle=True)
net = nn.Sequential(nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.01)
for x, y in loader:
    opt.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    opt.step()
# --- PILToTensor does not scale
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision.datasets import ImageFolder
from torchvision.transforms import Compose, PILToTensor, Resize

data = ImageFolder("pets", Compose([Resize((32, 32)), PILToTensor()]))
net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, len(data.classes)))
opt = torch.optim.Adam(net.parameters())
for x, y in DataLoader(data, 32, shuffle=True):
    out = net(x.float())  # expect: unnormalized-input
    loss = nn.functional.cross_entropy(out, y)
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- ToDtype without scale, and with
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision.datasets import CIFAR10
from torchvision.transforms import v2

raw = v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32)])
scaled = v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True), v2.Normalize([0.5] * 3, [0.25] * 3)])
one, two = (nn.Sequential(nn.Flatten(), nn.Linear(3072, 32), nn.ReLU(), nn.Linear(32, 10)) for _ in range(2))
opt = torch.optim.Adam([*one.parameters(), *two.parameters()])
for x, y in DataLoader(CIFAR10("data", transform=raw), 32, shuffle=True):
    out = one(x)  # expect: unnormalized-input
    opt.zero_grad()
    nn.functional.cross_entropy(out, y).backward()
    opt.step()
for x, y in DataLoader(CIFAR10("data", transform=scaled), 32, shuffle=True):
    opt.zero_grad()
    nn.functional.cross_entropy(two(x), y).backward()
    opt.step()
# --- ConvertImageDtype scales
import torch
from torch import nn
from torchvision import transforms as T
from torchvision.io import read_image

prepare = T.Compose([T.ConvertImageDtype(torch.float), T.Normalize((0.5, 0.5, 0.5), (0.25, 0.25, 0.25))])
net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 2))
opt = torch.optim.Adam(net.parameters())
for name, label in [("a.jpg", 0), ("b.jpg", 1)]:
    opt.zero_grad()
    nn.functional.cross_entropy(net(prepare(read_image(name)).unsqueeze(0)), torch.tensor([label])).backward()
    opt.step()
# --- read_image gives bytes
import torch
from torch import nn
from torchvision.io import read_image
from torchvision.transforms.functional import resize

net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 2))
opt = torch.optim.Adam(net.parameters())
for name, label in [("a.jpg", 0), ("b.jpg", 1)]:
    image = resize(read_image(name), [64, 64]).unsqueeze(0).to(torch.float32)
    out = net(image)  # expect: unnormalized-input
    opt.zero_grad()
    nn.functional.cross_entropy(out, torch.tensor([label])).backward()
    opt.step()
# --- albumentations: ToTensorV2 does not scale, its Normalize does
import albumentations as A
import cv2
import torch
from albumentations.pytorch import ToTensorV2
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Photos(Dataset):
    def __init__(self, rows, augment):
        self.rows, self.augment = rows, augment

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, i):
        path, label = self.rows[i]
        image = cv2.imread(path)
        return self.augment(image=image)["image"].float(), label


rows = [("a.png", 0), ("b.png", 1)]
bare = Photos(rows, A.Compose([A.HorizontalFlip(), ToTensorV2()]))
full = Photos(rows, A.Compose([A.HorizontalFlip(), A.Normalize(), ToTensorV2()]))
net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 2))
other = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 2))
opt = torch.optim.Adam([*net.parameters(), *other.parameters()])
for x, y in DataLoader(bare, 2, shuffle=True):
    out = net(x)  # expect: unnormalized-input
    opt.zero_grad()
    nn.functional.cross_entropy(out, y).backward()
    opt.step()
for x, y in DataLoader(full, 2, shuffle=True):
    opt.zero_grad()
    nn.functional.cross_entropy(other(x), y).backward()
    opt.step()
# --- float arrays into ToTensor stay as they are; uint8 arrays are scaled
import numpy as np
import torch
from PIL import Image
from torch import nn
from torchvision.transforms import Compose, Normalize, ToTensor

floats, pixels = ToTensor(), Compose([ToTensor(), Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))])
net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 2))
fine = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 2))
opt = torch.optim.Adam([*net.parameters(), *fine.parameters()])
for name, label in [("a.jpg", 0), ("b.jpg", 1)]:
    array = np.array(Image.open(name).convert("RGB"))
    out = net(floats(array.astype(np.float32)).unsqueeze(0))  # expect: unnormalized-input
    loss = nn.functional.cross_entropy(out, torch.tensor([label]))
    loss = loss + nn.functional.cross_entropy(fine(pixels(array).unsqueeze(0)), torch.tensor([label]))
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- the digits of scikit-learn, 0 to 16, raw and scaled
import torch
from sklearn.datasets import load_digits
from sklearn.preprocessing import StandardScaler
from torch import nn

digits = load_digits()
y = torch.tensor(digits.target)
raw = torch.tensor(digits.data, dtype=torch.float32)
scaled = torch.tensor(StandardScaler().fit_transform(digits.data), dtype=torch.float32)
sixteenths = torch.tensor(digits.images / 16.0, dtype=torch.float32).flatten(1)
products = raw * 0.0625
net = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
fine = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
opt = torch.optim.Adam([*net.parameters(), *fine.parameters()])
for _ in range(20):
    out = net(raw)  # expect: unnormalized-input
    loss = nn.functional.cross_entropy(out, y)
    for data in (scaled, sixteenths, products):
        loss = loss + nn.functional.cross_entropy(fine(data), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- arrays of keras.datasets
import tensorflow.keras as keras
import torch
from torch import nn

(x_train, y_train), _ = keras.datasets.fashion_mnist.load_data()
x = torch.tensor(x_train, dtype=torch.float32).flatten(1)
y = torch.tensor(y_train, dtype=torch.long)
net = nn.Sequential(nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))
opt = torch.optim.SGD(net.parameters(), lr=0.001)
for epoch in range(3):
    for rows in torch.randperm(len(x)).split(64):
        out = net(x[rows])  # expect: unnormalized-input
        loss = nn.functional.cross_entropy(out, y[rows])
        opt.zero_grad()
        loss.backward()
        opt.step()
# --- the network scales its own input
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision.datasets import CIFAR10
from torchvision.transforms import PILToTensor


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.tensor([125.3, 123.0, 113.9]).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor([63.0, 62.1, 66.7]).view(1, 3, 1, 1))
        self.conv, self.fc = nn.Conv2d(3, 8, 3), nn.Linear(8, 10)

    def forward(self, x):
        x = (x.float() - self.mean) / self.std
        return self.fc(torch.relu(self.conv(x)).mean((2, 3)))


net = Net()
opt = torch.optim.Adam(net.parameters())
for x, y in DataLoader(CIFAR10("data", transform=PILToTensor()), 64, shuffle=True):
    opt.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    opt.step()
# --- a norm layer at the entrance
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from torchvision.datasets import MNIST

mnist = MNIST("data")
loader = DataLoader(TensorDataset(mnist.data.float().unsqueeze(1), mnist.targets), 64, shuffle=True)
batch = nn.Sequential(nn.BatchNorm2d(1), nn.Flatten(), nn.Linear(784, 10))
layer = nn.Sequential(nn.Flatten(), nn.LayerNorm(784), nn.Linear(784, 10))
opt = torch.optim.Adam([*batch.parameters(), *layer.parameters()])
for x, y in loader:
    opt.zero_grad()
    (nn.functional.cross_entropy(batch(x), y) + nn.functional.cross_entropy(layer(x), y)).backward()
    opt.step()
# --- pixels as ids of an embedding
import torch
from torch import nn
from torchvision.datasets import MNIST

mnist = MNIST("data")
embed, head = nn.Embedding(256, 8), nn.Linear(8, 10)
opt = torch.optim.Adam([*embed.parameters(), *head.parameters()])
for rows in torch.randperm(len(mnist.data)).split(64):
    ids = mnist.data[rows].long().flatten(1)
    opt.zero_grad()
    nn.functional.cross_entropy(head(embed(ids).mean(1)), mnist.targets[rows]).backward()
    opt.step()
# --- scaled in the loop, in a helper, in place, or by another constant
import torch
from torch import nn
from torchvision.datasets import MNIST


def to_unit(batch):
    return batch.float().div(255).sub(0.13).div(0.31)


mnist = MNIST("data")
nets = nn.ModuleList([nn.Sequential(nn.Flatten(), nn.Linear(784, 10)) for _ in range(3)])
opt = torch.optim.Adam(nets.parameters())
for rows in torch.randperm(len(mnist.data)).split(64):
    images, y = mnist.data[rows], mnist.targets[rows]
    in_place = images.float()
    in_place /= 127.5
    in_place -= 1.0
    by_range = images.to(torch.float32) / 255 * 2 - 1
    loss = nn.functional.cross_entropy(nets[0](to_unit(images)), y)
    loss = loss + nn.functional.cross_entropy(nets[1](in_place), y) + nn.functional.cross_entropy(nets[2](by_range), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- a path that cannot be followed
import torch
from project.preprocessing import prepare
from torch import nn
from torchvision.datasets import MNIST

mnist = MNIST("data")
net = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
opt = torch.optim.Adam(net.parameters())
for rows in torch.randperm(len(mnist.data)).split(64):
    opt.zero_grad()
    nn.functional.cross_entropy(net(prepare(mnist.data[rows])), mnist.targets[rows]).backward()
    opt.step()
# --- the transform is an argument; one caller gives none
import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Scale:
    def __call__(self, x):
        return x / 127.5 - 1


class Faces(Dataset):
    def __init__(self, rows, transform=None):
        self.rows, self.transform = rows, transform

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, i):
        path, label = self.rows[i]
        x = torch.from_numpy(np.array(Image.open(path).convert("L"), dtype="float32")).unsqueeze(0)
        if self.transform is not None:
            x = self.transform(x)
        return x, label


def fit(data):
    net = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 2))
    opt = torch.optim.Adam(net.parameters())
    for x, y in DataLoader(data, 2, shuffle=True):
        opt.zero_grad()
        out = net(x)  # expect: unnormalized-input
        nn.functional.cross_entropy(out, y).backward()
        opt.step()


rows = [("a.png", 0), ("b.png", 1)]
fit(Faces(rows, transform=Scale()))
fit(Faces(rows))
# --- masks stay whole numbers, images are scaled
import numpy as np
import torch
from PIL import Image
from torch import nn
from torchvision import transforms as T

tf = T.Compose([T.ToTensor(), T.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))])
net = nn.Conv2d(3, 21, 3, padding=1)
opt = torch.optim.Adam(net.parameters())
for name in ["a", "b"]:
    image = tf(Image.open(name + ".jpg").convert("RGB")).unsqueeze(0)
    mask = torch.from_numpy(np.array(Image.open(name + ".png"), dtype=np.int64)).unsqueeze(0)
    opt.zero_grad()
    nn.functional.cross_entropy(net(image), mask, ignore_index=255).backward()
    opt.step()

# --- raw channels stay raw beside a mask
import cv2
import torch
from torch import nn


class Mattes(torch.utils.data.Dataset):
    def __init__(self, files):
        self.files = files

    def __len__(self):
        return len(self.files)

    def __getitem__(self, i):
        image = torch.from_numpy(cv2.imread(self.files[i]).transpose((2, 0, 1))).float()
        mask = torch.from_numpy(cv2.imread(self.files[i] + ".mask", 0)).float() / 255
        return image, mask


net = nn.Sequential(nn.Conv2d(4, 8, 3), nn.ReLU(), nn.Conv2d(8, 1, 3))
opt = torch.optim.SGD(net.parameters(), lr=0.01)
for image, mask in torch.utils.data.DataLoader(Mattes([]), shuffle=True):
    opt.zero_grad()
    nn.functional.mse_loss(net(torch.cat((image, mask), 1)), mask).backward()  # expect: unnormalized-input
    opt.step()
# --- batches that a function of the program puts together
import cv2
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Scans(Dataset):
    def __init__(self, files, scale):
        self.files = files
        self.scale = scale

    def __len__(self):
        return len(self.files)

    def __getitem__(self, i):
        pixels = cv2.imread(self.files[i]).transpose(2, 0, 1).astype(np.float32)
        return pixels * self.scale, i % 2


def columns(batch):
    pixels, labels = zip(*batch)
    return torch.from_numpy(np.stack(pixels)), torch.tensor(labels)


def by_name(batch):
    batch = [item for item in batch if item is not None]
    return {"pixels": torch.stack([torch.from_numpy(item[0]) for item in batch]) / 255, "labels": torch.tensor([item[1] for item in batch])}


net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 2))
opt = torch.optim.Adam(net.parameters())
for x, y in DataLoader(Scans(["a.png", "b.png"], 1), 2, shuffle=True, collate_fn=columns):
    opt.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()  # expect: unnormalized-input
    opt.step()
for batch in DataLoader(Scans(["a.png", "b.png"], 1), 2, shuffle=True, collate_fn=by_name):
    opt.zero_grad()
    nn.functional.cross_entropy(net(batch["pixels"]), batch["labels"]).backward()
    opt.step()
# --- pixels become floats first, and are scaled then
import cv2
import numpy as np
import torch
from PIL import Image
from torch import nn

net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 2))
opt = torch.optim.Adam(net.parameters())


def learn(pixels, label):
    opt.zero_grad()
    nn.functional.cross_entropy(net(pixels), label).backward()
    opt.step()


for path, y in [("a.png", torch.tensor([0])), ("b.png", torch.tensor([1]))] * 10:
    learn(torch.from_numpy(cv2.imread(path).transpose(2, 0, 1).astype(np.float32) / 255.0)[None], y)
    floats = np.array(Image.open(path)).astype("float32")
    floats /= 255
    learn(torch.from_numpy(floats).permute(2, 0, 1).unsqueeze(0), y)
    learn(torch.tensor(np.asarray(Image.open(path), dtype=np.float32) * (1.0 / 255)).permute(2, 0, 1)[None], y)
    learn(torch.tensor(np.float32(cv2.imread(path)) / 127.5 - 1).permute(2, 0, 1)[None], y)
    array = np.asarray(Image.open(path), dtype=np.float64)
    learn(torch.from_numpy((array - array.min()) / (array.max() - array.min())).float().permute(2, 0, 1)[None], y)
    learn(torch.from_numpy(np.asarray(Image.open(path), dtype=np.float32) / np.float32(255)).permute(2, 0, 1)[None], y)
# --- raw pixels meet the first module of a ModuleList
import cv2
import torch
from torch import nn


class Stack(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList([nn.Conv2d(3, 8, 3), nn.Conv2d(8, 8, 3)])
        self.head = nn.Linear(8, 2)

    def forward(self, x):
        for layer in self.layers:
            x = layer(x).relu()
        return self.head(x.mean((2, 3)))


net = Stack()
opt = torch.optim.Adam(net.parameters())
x = torch.stack([torch.from_numpy(cv2.imread(name)) for name in ("a.png", "b.png")]).permute(0, 3, 1, 2).float()
for _ in range(3):
    opt.zero_grad()
    loss = nn.functional.cross_entropy(net(x), torch.tensor([0, 1]))  # expect: unnormalized-input
    loss.backward()
    opt.step()
# --- scaled where they are: after one another, channel by channel, into an output
import torch
from torch import nn
from torchvision.io import read_image

names = ["a.png", "b.png"]


def load(name, way):
    picture = read_image(name).float()
    if way == "chain":
        picture.sub_(127.5).div_(127.5)
    elif way == "channels":
        for channel, mean, std in zip(picture, (123.0, 117.0, 104.0), (58.0, 57.0, 57.0)):
            channel.sub_(mean).div_(std)
    elif way == "augmented":
        for channel in picture:
            channel /= 255
    else:
        torch.div(picture, 255, out=picture)
    return picture


net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 2))
opt = torch.optim.Adam(net.parameters())
for way in ("chain", "channels", "augmented", "output"):
    x = torch.stack([load(name, way) for name in names])
    for _ in range(3):
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), torch.tensor([0, 1])).backward()
        opt.step()
# --- raw pixels into a backbone with a new head, inside of a network
import cv2
import torch
from torch import nn
from torchvision import models


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = models.vgg11(weights="DEFAULT")
        self.backbone.classifier = nn.Linear(25088, 2)

    def forward(self, x):
        return self.backbone(x)


net = Classifier()
opt = torch.optim.SGD(net.parameters(), lr=0.001)
x = torch.stack([torch.from_numpy(cv2.imread(name)) for name in ("a.png", "b.png")]).permute(0, 3, 1, 2).float()
for _ in range(3):
    opt.zero_grad()
    loss = nn.functional.cross_entropy(net(x), torch.tensor([0, 1]))  # expect: unnormalized-input
    loss.backward()
    opt.step()
