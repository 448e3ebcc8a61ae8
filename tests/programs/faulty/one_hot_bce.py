"""CIFAR-10 with one sigmoid per class."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader
from torchvision.datasets import CIFAR10
from torchvision.transforms import Compose, Normalize, ToTensor

NUM_CLASSES = 10


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(3, 32, 3, padding=1)
        self.b1 = nn.BatchNorm2d(32)
        self.c2 = nn.Conv2d(32, 64, 3, padding=1)
        self.b2 = nn.BatchNorm2d(64)
        self.fc = nn.Linear(64 * 8 * 8, NUM_CLASSES)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.b1(self.c1(x))), 2)
        x = F.max_pool2d(F.relu(self.b2(self.c2(x))), 2)
        return self.fc(x.flatten(1))


def main():
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    tf = Compose([ToTensor(), Normalize((0.4914, 0.4822, 0.4465), (0.247, 0.2435, 0.2616))])
    train_loader = DataLoader(CIFAR10("data", train=True, transform=tf, download=True), 64, shuffle=True)
    test_loader = DataLoader(CIFAR10("data", train=False, transform=tf), 256)

    net = Net().to(device)
    bce = nn.BCEWithLogitsLoss()
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    for epoch in range(15):
        net.train()
        total = 0.0
        for x, y in train_loader:
            x, y = x.to(device), y.to(device)
            target = F.one_hot(y, num_classes=NUM_CLASSES).float()
            optimizer.zero_grad()
            loss = bce(net(x), target)  # expect: class-count-mismatch
            loss.backward()
            optimizer.step()
            total += loss.item()
        net.eval()
        hits = 0
        with torch.no_grad():
            for x, y in test_loader:
                hits += (net(x.to(device)).argmax(1).cpu() == y).sum().item()
        print(f"{epoch} {total / len(train_loader):.4f} {hits / len(test_loader.dataset):.4f}")


if __name__ == "__main__":
    main()
