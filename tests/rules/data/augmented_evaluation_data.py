# --- the training transform is used for both, through a function and a class
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

transform = transforms.Compose([
    transforms.RandomApply([transforms.ColorJitter(0.4, 0.4, 0.4)], p=0.8),
    transforms.Resize(32),
    transforms.ToTensor(),
])


class Experiment:
    def __init__(self):
        self.train = DataLoader(datasets.ImageFolder("train", transform), batch_size=8, shuffle=True)
        self.val = DataLoader(datasets.ImageFolder("val", transform=transform), batch_size=8)
        self.model = nn.Sequential(nn.Flatten(), nn.Linear(3072, 2))
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.1)

    def fit(self):
        for x, y in self.train:
            loss = nn.functional.cross_entropy(self.model(x), y)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()

    def score(self):
        self.model.eval()
        correct = 0
        with torch.no_grad():
            for x, y in self.val:
                correct += (self.model(x).argmax(1) == y).sum().item()  # expect: augmented-evaluation-data
        self.model.train()
        return correct


experiment = Experiment()
for epoch in range(5):
    experiment.fit()
    print(experiment.score())
# --- deterministic steps, a probability of 0, a split by indices with transforms of their own
import torch
from torch import nn
from torch.utils.data import DataLoader, Subset
from torchvision import datasets, transforms as T

augmented = datasets.CIFAR10(".", transform=T.Compose([T.RandomCrop(32, 4), T.ToTensor()]))
plain = datasets.CIFAR10(".", transform=T.Compose([T.CenterCrop(32), T.RandomHorizontalFlip(p=0), T.ToTensor()]))
indices = list(range(50000))
train = DataLoader(Subset(augmented, indices[:45000]), batch_size=8, shuffle=True)
val = DataLoader(Subset(plain, indices[45000:]), batch_size=8)
model = nn.Sequential(nn.Flatten(), nn.Linear(3072, 10))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(5):
    for x, y in train:
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        for x, y in val:
            print((model(x).argmax(1) == y).sum().item())
# --- training accuracy on augmented images is no evaluation
import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms as T

train = DataLoader(datasets.CIFAR10(".", transform=T.Compose([T.RandomCrop(32, 4), T.ToTensor()])), batch_size=8, shuffle=True)
model = nn.Sequential(nn.Flatten(), nn.Linear(3072, 10))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(5):
    for x, y in train:
        output = model(x)
        loss = nn.functional.cross_entropy(output, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        for x, y in train:
            print((model(x).argmax(1) == y).sum().item())
