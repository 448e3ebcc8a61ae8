"""Training and validation passes."""
import torch


class Confusion:
    def __init__(self, n):
        self.matrix = torch.zeros(n, n, dtype=torch.long)
        self.n = n

    def add(self, pred, truth):
        index = truth.flatten() * self.n + pred.flatten()
        self.matrix += torch.bincount(index, minlength=self.n ** 2).view(self.n, self.n)

    def mean_iou(self):
        hit = self.matrix.diag().float()
        union = self.matrix.sum(0) + self.matrix.sum(1) - self.matrix.diag()
        return (hit / union.clamp(min=1)).mean().item()


def train_pass(net, loader, criterion, optimizer):
    net.train()
    total = 0.0
    for image, labels in loader:
        optimizer.zero_grad()
        loss = criterion(net(image), labels)
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / len(loader)


def validation_pass(net, loader, n_classes):
    confusion = Confusion(n_classes)
    for image, labels in loader:
        scores = net(image)  # expect: evaluation-in-train-mode, evaluation-builds-graph
        confusion.add(scores.argmax(dim=1), labels)
    return confusion.mean_iou()
