"""Discs and crosses: a small convolutional network that tells the shapes in noisy pictures apart."""
import argparse
import random

import numpy as np
import torch
from PIL import Image, ImageDraw
from torch import nn
from torch.utils.data import DataLoader, Dataset, random_split

IMAGE_SIZE = 32


class Shapes(Dataset):
    """Pictures of discs (0) and crosses (1), each drawn anew from its number."""

    def __init__(self, size):
        self.size = size

    def __len__(self):
        return self.size

    def __getitem__(self, index):
        rng = random.Random(index)
        image = Image.effect_noise((IMAGE_SIZE, IMAGE_SIZE), 30).convert("RGB")
        draw = ImageDraw.Draw(image)
        radius = rng.randint(9, 12)
        x, y = rng.randint(radius, IMAGE_SIZE - radius), rng.randint(radius, IMAGE_SIZE - radius)
        colour = tuple(rng.randint(128, 255) for _ in range(3))
        label = index % 2
        if label == 0:
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)
        else:
            draw.line((x - radius, y - radius, x + radius, y + radius), fill=colour, width=3)
            draw.line((x - radius, y + radius, x + radius, y - radius), fill=colour, width=3)
        pixels = np.array(image, dtype=np.float32).transpose(2, 0, 1)
        return torch.from_numpy(pixels), torch.tensor([float(label)])


class Classifier(nn.Module):
    def __init__(self, dropout=0.3):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 16, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(16, 32, kernel_size=3, padding=1),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.BatchNorm2d(32),  # expect: batchnorm-after-dropout
            nn.MaxPool2d(2),
        )
        self.classifier = nn.Sequential(
            nn.Flatten(),
            nn.Linear(32 * (IMAGE_SIZE // 4) ** 2, 64),
            nn.ReLU(),
            nn.Linear(64, 1),
        )

    def forward(self, x):
        return self.classifier(self.features(x))


def train_epoch(model, loader, criterion, optimizer, device):
    model.train()
    total = 0.0
    for images, labels in loader:
        images, labels = images.to(device), labels.to(device)
        optimizer.zero_grad()
        outputs = model(images)  # expect: unnormalized-input
        loss = criterion(outputs, labels)  # expect: single-logit-cross-entropy
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / len(loader)


def accuracy(model, loader, device):
    correct = 0
    with torch.no_grad():
        for images, labels in loader:
            outputs = model(images.to(device))  # expect: evaluation-in-train-mode
            predicted = torch.sigmoid(outputs).cpu() > 0.5
            correct += (predicted == labels.bool()).sum().item()
    return correct / len(loader.dataset)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=1000)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--lr", type=float, default=1e-3)
    args = parser.parse_args()

    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    pictures = Shapes(args.pictures)
    held_out = len(pictures) // 5
    train_set, test_set = random_split(pictures, [len(pictures) - held_out, held_out])
    train_loader = DataLoader(train_set, batch_size=32, shuffle=True)
    test_loader = DataLoader(test_set, batch_size=32)

    model = Classifier().to(device)
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=args.lr)
    for epoch in range(args.epochs):
        loss = train_epoch(model, train_loader, criterion, optimizer, device)
        print(f"epoch {epoch}: loss {loss:.3f}, accuracy {accuracy(model, test_loader, device):.1%}")


if __name__ == "__main__":
    main()
