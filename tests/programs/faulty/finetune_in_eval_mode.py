"""Flower species: fine-tune a torchvision network; validation once before training and after every epoch."""
import sys

import torch
from torch import nn, optim
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import Flowers102
from torchvision.models import EfficientNet_B0_Weights, efficientnet_b0

DEVICE = torch.device('cuda' if torch.cuda.is_available() else 'cpu')


def build_loaders(root, batch_size=32):
    norm = transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
    train_tf = transforms.Compose(
        [transforms.RandomResizedCrop(224), transforms.RandomHorizontalFlip(), transforms.ToTensor(), norm]
    )
    test_tf = transforms.Compose([transforms.Resize(256), transforms.CenterCrop(224), transforms.ToTensor(), norm])
    train = Flowers102(root, split='train', transform=train_tf, download=True)
    val = Flowers102(root, split='val', transform=test_tf, download=True)
    return DataLoader(train, batch_size, shuffle=True, num_workers=4), DataLoader(val, batch_size, num_workers=4)


def build_model():
    model = efficientnet_b0(weights=EfficientNet_B0_Weights.DEFAULT)
    in_features = model.classifier[1].in_features
    model.classifier = nn.Sequential(nn.Dropout(0.3), nn.Linear(in_features, 102))
    return model.to(DEVICE)


def train_epoch(model, loader, criterion, optimizer):
    total_loss = 0.0
    for images, labels in loader:
        images, labels = images.to(DEVICE), labels.to(DEVICE)
        optimizer.zero_grad()
        outputs = model(images)  # expect: train-mode-not-restored
        loss = criterion(outputs, labels)
        loss.backward()
        optimizer.step()
        total_loss += loss.item() * images.size(0)
    return total_loss / len(loader.dataset)


def validate(model, loader):
    model.eval()
    correct = 0
    with torch.no_grad():
        for images, labels in loader:
            outputs = model(images.to(DEVICE))
            correct += (outputs.argmax(1).cpu() == labels).sum().item()
    return correct / len(loader.dataset)


def main(root):
    train_loader, val_loader = build_loaders(root)
    model = build_model()
    criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
    optimizer = optim.AdamW(model.parameters(), lr=3e-4, weight_decay=0.05)
    scheduler = optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=20)
    print('before', validate(model, val_loader))
    for epoch in range(20):
        loss = train_epoch(model, train_loader, criterion, optimizer)
        scheduler.step()
        print(f'{epoch:2d} {loss:.4f} {validate(model, val_loader):.4f}')


if __name__ == '__main__':
    main(sys.argv[1] if len(sys.argv) > 1 else 'data')
