"""Robustness of a trained classifier against FGSM and PGD: gradients with respect to the input, in eval mode."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


class SmallNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 3, padding=1)
        self.bn = nn.BatchNorm2d(8)
        self.fc = nn.Linear(8 * 4 * 4, 4)
        self.dropout = nn.Dropout(0.2)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn(self.conv(x))), 2)
        return self.fc(self.dropout(x.flatten(1)))


def fgsm(image, epsilon, grad):
    return image + epsilon * grad.sign()


def pgd(model, x, y, epsilon, steps=3):
    delta = torch.zeros_like(x, requires_grad=True)
    for _ in range(steps):
        loss = F.cross_entropy(model(x + delta), y)
        loss.backward()
        delta.data = (delta + epsilon / 2 * delta.grad.sign()).data.clamp(-epsilon, epsilon)
        delta.grad.zero_()
    return (x + delta).detach()


def attack_accuracy(model, loader, epsilon):
    model.eval()
    fgsm_hits = pgd_hits = total = 0
    for x, y in loader:
        x.requires_grad = True
        output = model(x)
        loss = F.cross_entropy(output, y)
        model.zero_grad()
        loss.backward()
        adversarial = fgsm(x, epsilon, x.grad).detach()
        with torch.no_grad():
            fgsm_hits += (model(adversarial).argmax(1) == y).sum().item()
        strong = pgd(model, x.detach(), y, epsilon)
        with torch.no_grad():
            pgd_hits += (model(strong).argmax(1) == y).sum().item()
        total += len(y)
    return fgsm_hits / total, pgd_hits / total


def saliency(model, x):
    """Absolute input gradient of the winning class."""
    model.eval()
    x = x.clone().requires_grad_(True)
    scores = model(x)
    scores.max(dim=1).values.sum().backward()
    return x.grad.abs()


def train(model, loader, epochs=2):
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    model.train()
    for _ in range(epochs):
        for x, y in loader:
            optimizer.zero_grad()
            F.cross_entropy(model(x), y).backward()
            optimizer.step()


def quadrants(n, seed):
    g = torch.Generator().manual_seed(seed)
    y = torch.randint(0, 4, (n,), generator=g)
    x = torch.randn(n, 1, 8, 8, generator=g) * 0.3
    for k in range(4):
        r, c = divmod(k, 2)
        x[y == k, :, r * 4:r * 4 + 4, c * 4:c * 4 + 4] += 1.0
    return TensorDataset(x, y)


if __name__ == "__main__":
    torch.manual_seed(0)
    net = SmallNet()
    train(net, DataLoader(quadrants(512, 1), batch_size=32, shuffle=True))
    test_loader = DataLoader(quadrants(128, 2), batch_size=32)
    for eps in (0.0, 0.3, 0.6):
        print(eps, attack_accuracy(net, test_loader, eps))
    print(saliency(net, torch.randn(2, 1, 8, 8)).shape)
