# --- other constants, in functions, with a data set of the program
import torch
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms


class Files(Dataset):
    def __init__(self, paths, transform=None):
        self.paths, self.transform = paths, transform

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        image = Image.open(self.paths[index]).convert("RGB")
        if self.transform is not None:
            image = self.transform(image)
        return image, index % 2


def transform(train):
    mean = [0.485, 0.456, 0.406]
    if train:
        return transforms.Compose([transforms.RandomCrop(32), transforms.ToTensor(), transforms.Normalize(mean, [0.229, 0.224, 0.225])])
    return transforms.Compose([transforms.ToTensor(), transforms.Normalize([0.5, 0.5, 0.5], [0.5, 0.5, 0.5])])


def train(model, loader, optimizer):
    model.train()
    for x, y in loader:
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


@torch.no_grad()
def evaluate(model, loader):
    model.eval()
    correct = 0
    for x, y in loader:
        correct += (model(x).argmax(1) == y).sum().item()  # expect: mismatched-preprocessing
    return correct


model = nn.Sequential(nn.Flatten(), nn.Linear(3072, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
train_loader = DataLoader(Files(find("train"), transform(True)), batch_size=8, shuffle=True)
test_loader = DataLoader(Files(find("test"), transform(False)), batch_size=8)
for epoch in range(5):
    train(model, train_loader, optimizer)
    print(evaluate(model, test_loader))
# --- the same constants in other forms, one channel for all, statistics that are computed, a Lambda
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms as T


def run(train_transform, test_transform):
    train = DataLoader(datasets.CIFAR10(".", True, train_transform), batch_size=8, shuffle=True)
    test = DataLoader(datasets.CIFAR10(".", False, test_transform), batch_size=8)
    model = nn.Sequential(nn.Flatten(), nn.Linear(3072, 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for epoch in range(5):
        for x, y in train:
            loss = nn.functional.cross_entropy(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        with torch.no_grad():
            for x, y in test:
                print((model(x).argmax(1) == y).sum().item())


half = T.Normalize(0.5, 0.5)
run(T.Compose([T.RandomHorizontalFlip(), T.ToTensor(), half]), T.Compose([T.ToTensor(), T.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))]))
mean, std = measure()
run(T.Compose([T.ToTensor(), half]), T.Compose([T.ToTensor(), T.Normalize(mean, std)]))
run(T.Compose([T.ToTensor(), half]), T.Compose([T.ToTensor(), T.Lambda(lambda x: x * 2 - 1)]))
# --- one side is not known, or trained on both
import torch
from project import augment
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms as T

plain, normal = T.ToTensor(), T.Compose([T.ToTensor(), T.Normalize(0.5, 0.5)])
sources = [
    DataLoader(datasets.MNIST(".", True, plain), batch_size=8, shuffle=True),
    DataLoader(datasets.MNIST(".", True, normal), batch_size=8, shuffle=True),
]
test = DataLoader(datasets.MNIST(".", False, plain), batch_size=8)
model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for source in sources:
    for x, y in source:
        loss = nn.functional.cross_entropy(model(augment(x)), y) + nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
with torch.no_grad():
    for x, y in test:
        print((model(x).argmax(1) == y).sum().item())
