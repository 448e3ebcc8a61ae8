# -*- coding: utf-8 -*-
"""Transfer learning: a frozen ResNet-18 as a feature extractor, a new head on top."""
import os

import torch
import torch.nn as nn
import torch.optim as optim
from torchvision import datasets, transforms
from torchvision.models import ResNet18_Weights, resnet18

DATA_DIR = os.environ.get('DATA_DIR', 'hymenoptera_data')

train_transforms = transforms.Compose([
    transforms.RandomResizedCrop(224),
    transforms.RandomHorizontalFlip(),
    transforms.ToTensor(),
    transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
])
val_transforms = transforms.Compose([
    transforms.Resize(256),
    transforms.CenterCrop(224),
    transforms.ToTensor(),
    transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
])

train_data = datasets.ImageFolder(os.path.join(DATA_DIR, 'train'), train_transforms)
val_data = datasets.ImageFolder(os.path.join(DATA_DIR, 'val'), val_transforms)
train_loader = torch.utils.data.DataLoader(train_data, batch_size=16, shuffle=True, num_workers=4)
val_loader = torch.utils.data.DataLoader(val_data, batch_size=16, num_workers=4)


class Classifier(nn.Module):
    def __init__(self, n_classes):
        super().__init__()
        self.backbone = resnet18(weights=ResNet18_Weights.IMAGENET1K_V1)
        for param in self.backbone.parameters():
            param.requires_grad = False
        in_features = self.backbone.fc.in_features
        self.backbone.fc = nn.Identity()
        self.head = nn.Sequential(
            nn.Linear(in_features, 128),
            nn.ReLU(),
            nn.Dropout(0.4),
            nn.Linear(128, n_classes),
        )

    def train(self, mode=True):
        # the frozen part keeps its BatchNorm statistics
        super().train(mode)
        self.backbone.eval()
        return self

    def forward(self, x):
        return self.head(self.backbone(x))


device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')
model = Classifier(len(train_data.classes)).to(device)
criterion = nn.CrossEntropyLoss()
optimizer = optim.Adam(model.head.parameters(), lr=1e-3)
scheduler = optim.lr_scheduler.ReduceLROnPlateau(optimizer, mode='max', patience=2)


def run_epoch():
    model.train()
    for x, y in train_loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()


def validate():
    model.eval()
    good, seen = 0, 0
    with torch.no_grad():
        for x, y in val_loader:
            out = model(x.to(device)).cpu()
            good += (out.argmax(1) == y).sum().item()
            seen += len(y)
    return good / seen


best = 0.0
for epoch in range(15):
    run_epoch()
    acc = validate()
    scheduler.step(acc)
    print(f'epoch {epoch}: {acc:.4f}')
    if acc > best:
        best = acc
        torch.save(model.state_dict(), 'best_head.pt')
