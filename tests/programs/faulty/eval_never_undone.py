import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")


class AudioNet(nn.Module):
    """1-D convolutions over a spectrogram."""

    def __init__(self, n_mels=20, n_classes=5):
        super().__init__()
        self.conv1 = nn.Conv1d(n_mels, 32, 3, padding=1)
        self.bn1 = nn.BatchNorm1d(32)
        self.conv2 = nn.Conv1d(32, 32, 3, padding=1)
        self.bn2 = nn.BatchNorm1d(32)
        self.drop = nn.Dropout(0.3)
        self.fc = nn.Linear(32, n_classes)

    def forward(self, x):
        x = torch.relu(self.bn1(self.conv1(x)))
        x = torch.relu(self.bn2(self.conv2(x)))
        return self.fc(self.drop(x.mean(dim=2)))


def spectrograms(n):
    labels = torch.randint(0, 5, (n,))
    x = torch.randn(n, 20, 40)
    for k in range(5):
        x[labels == k, 4 * k:4 * k + 4] += 0.4
    return TensorDataset(x, labels)


train_loader = DataLoader(spectrograms(320), batch_size=32, shuffle=True)
val_loader = DataLoader(spectrograms(96), batch_size=32)

model = AudioNet().to(device)
criterion = nn.CrossEntropyLoss()
optimizer = optim.Adam(model.parameters(), lr=1e-3)

model.train()
best_acc = 0.0
for epoch in range(3):
    epoch_loss = 0.0
    for x, y in train_loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        logits = model(x)  # expect: train-mode-not-restored
        loss = criterion(logits, y)
        loss.backward()
        optimizer.step()
        epoch_loss += loss.item()

    model.eval()
    correct = 0
    with torch.no_grad():
        for x, y in val_loader:
            x, y = x.to(device), y.to(device)
            correct += (model(x).argmax(1) == y).sum().item()
    acc = correct / len(val_loader.dataset)
    best_acc = max(best_acc, acc)
    print(f"epoch {epoch}: loss {epoch_loss / len(train_loader):.3f}, val acc {acc:.3f}, best {best_acc:.3f}")
