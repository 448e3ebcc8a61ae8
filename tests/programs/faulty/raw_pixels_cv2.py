"""Traffic signs with OpenCV."""
import csv
import os
import random

import cv2
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset

ROOT = "GTSRB"
SIZE = 32
N_CLASSES = 43


class SignDataset(Dataset):
    def __init__(self, rows, augment=False):
        self.rows = rows
        self.augment = augment

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, item):
        path, class_id = self.rows[item]
        img = cv2.imread(os.path.join(ROOT, path), cv2.IMREAD_COLOR)
        img = cv2.cvtColor(img, cv2.COLOR_BGR2RGB)
        img = cv2.resize(img, (SIZE, SIZE), interpolation=cv2.INTER_AREA)
        if self.augment and random.random() < 0.3:
            img = cv2.GaussianBlur(img, (3, 3), 0)
        img = torch.from_numpy(img).permute(2, 0, 1).float()
        return img, class_id


class SignNet(nn.Module):
    def __init__(self, n_classes=N_CLASSES):
        super(SignNet, self).__init__()
        self.conv1 = nn.Conv2d(3, 32, 5, padding=2)
        self.conv2 = nn.Conv2d(32, 64, 5, padding=2)
        self.fc1 = nn.Linear(64 * 8 * 8, 256)
        self.fc2 = nn.Linear(256, n_classes)
        self.dropout = nn.Dropout(0.5)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = self.dropout(F.relu(self.fc1(x.flatten(1))))
        return self.fc2(x)


def read_rows(name):
    with open(os.path.join(ROOT, name), newline="") as f:
        return [(row["Path"], int(row["ClassId"])) for row in csv.DictReader(f)]


def evaluate(model, loader, device):
    model.eval()
    hits = 0
    with torch.no_grad():
        for images, targets in loader:
            logits = model(images.to(device))
            hits += (logits.argmax(1).cpu() == targets).sum().item()
    return hits / len(loader.dataset)


def main():
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    train_loader = DataLoader(SignDataset(read_rows("Train.csv"), augment=True), 128, shuffle=True, num_workers=4)
    test_loader = DataLoader(SignDataset(read_rows("Test.csv")), 128, num_workers=4)
    model = SignNet().to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-4)
    for epoch in range(12):
        model.train()
        for images, targets in train_loader:
            images, targets = images.to(device), targets.to(device)
            logits = model(images)  # expect: unnormalized-input
            loss = F.cross_entropy(logits, targets)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        print(epoch, evaluate(model, test_loader, device))


if __name__ == "__main__":
    main()
