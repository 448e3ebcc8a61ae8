"""Defect or no defect: grey images of a production line, transfer of an old MATLAB experiment."""
import os

import torch
import torch.nn as nn
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import ImageFolder

CONFIG = {
    'root': os.environ.get('LINE_IMAGES', 'line_images'),
    'batch_size': 32,
    'epochs': 15,
    'lr': 1e-3,
    'out_features': 1,
    'dropout': 0.4,
}


class Block(nn.Sequential):
    def __init__(self, cin, cout):
        super().__init__(nn.Conv2d(cin, cout, 3, padding=1), nn.BatchNorm2d(cout), nn.ReLU(), nn.MaxPool2d(2))


class DefectNet(nn.Module):
    def __init__(self, out_features, dropout):
        super().__init__()
        self.stem = Block(1, 16)
        self.body = nn.Sequential(Block(16, 32), Block(32, 64))
        self.pool = nn.AdaptiveAvgPool2d((1, 1))
        self.drop = nn.Dropout(dropout)
        self.fc = nn.Linear(64, out_features)

    def forward(self, x):
        x = self.pool(self.body(self.stem(x)))
        x = x.view(x.size(0), -1)
        return self.fc(self.drop(x))


def loader(split, train):
    steps = [transforms.Grayscale(), transforms.Resize((96, 96))]
    if train:
        steps.append(transforms.RandomHorizontalFlip())
    steps += [transforms.ToTensor(), transforms.Normalize([0.45], [0.22])]
    data = ImageFolder(os.path.join(CONFIG['root'], split), transforms.Compose(steps))
    return DataLoader(data, batch_size=CONFIG['batch_size'], shuffle=train)


def main():
    device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')
    train_loader, test_loader = loader('train', True), loader('test', False)
    net = DefectNet(CONFIG['out_features'], CONFIG['dropout']).to(device)
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(net.parameters(), lr=CONFIG['lr'])

    for epoch in range(CONFIG['epochs']):
        net.train()
        running = 0.0
        for inputs, labels in train_loader:
            inputs = inputs.to(device)
            labels = labels.to(device).float().unsqueeze(1)
            optimizer.zero_grad()
            outputs = net(inputs)
            loss = criterion(outputs, labels)  # expect: single-logit-cross-entropy
            loss.backward()
            optimizer.step()
            running += loss.item()

        net.eval()
        right = 0
        with torch.no_grad():
            for inputs, labels in test_loader:
                score = torch.sigmoid(net(inputs.to(device))).squeeze(1).cpu()
                right += ((score > 0.5).long() == labels).sum().item()
        print('epoch %d loss %.4f accuracy %.3f' % (epoch, running / len(train_loader), right / len(test_loader.dataset)))


if __name__ == '__main__':
    main()
