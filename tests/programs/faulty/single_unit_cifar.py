# Started as a cats-and-dogs script, now pointed at CIFAR-10.
import torch
from torch import nn
from torch.utils.data import DataLoader
import torchvision as tv

tf = tv.transforms.Compose([
    tv.transforms.ToTensor(),
    tv.transforms.Normalize(mean=(0.5, 0.5, 0.5), std=(0.5, 0.5, 0.5)),
])
train_ds = tv.datasets.CIFAR10('data', train=True, transform=tf, download=True)
valid_ds = tv.datasets.CIFAR10('data', train=False, transform=tf, download=True)
train_dl = DataLoader(train_ds, batch_size=64, shuffle=True)
valid_dl = DataLoader(valid_ds, batch_size=64)


class CatDogNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3, padding=1), nn.BatchNorm2d(64), nn.ReLU(), nn.AdaptiveAvgPool2d(1),
        )
        self.drop = nn.Dropout(0.3)
        self.out = nn.Linear(64, 1)

    def forward(self, x):
        return self.out(self.drop(self.features(x).flatten(1))).squeeze(1)


model = CatDogNet()
criterion = nn.BCEWithLogitsLoss()
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
sched = torch.optim.lr_scheduler.StepLR(opt, 5, gamma=0.5)

for epoch in range(15):
    model.train()
    loss_sum, seen = 0.0, 0
    for xb, yb in train_dl:
        opt.zero_grad()
        logit = model(xb)
        loss = criterion(logit, yb.float())  # expect: class-count-mismatch
        loss.backward()
        opt.step()
        loss_sum += loss.item() * len(xb)
        seen += len(xb)
    sched.step()

    model.eval()
    n_right = 0
    with torch.no_grad():
        for xb, yb in valid_dl:
            guess = (torch.sigmoid(model(xb)) > 0.5).long()
            n_right += (guess == yb).sum().item()
    print(f'{epoch}: loss {loss_sum / seen:.4f}, acc {n_right / len(valid_ds):.4f}')
