"""Knowledge distillation: a small student learns from a frozen teacher's soft targets and from the labels."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset


def mlp(width, depth):
    layers = [nn.Linear(16, width), nn.ReLU()]
    for _ in range(depth - 1):
        layers.extend([nn.Linear(width, width), nn.ReLU(), nn.Dropout(0.2)])
    layers.append(nn.Linear(width, 5))
    return nn.Sequential(*layers)


def kd_loss(student_logits, teacher_logits, labels, T=4.0, alpha=0.7):
    soft = F.kl_div(
        F.log_softmax(student_logits / T, dim=1),
        F.softmax(teacher_logits / T, dim=1),
        reduction='batchmean',
    ) * T * T
    hard = F.cross_entropy(student_logits, labels)
    return alpha * soft + (1.0 - alpha) * hard


def pretrain(teacher, loader, epochs):
    opt = torch.optim.Adam(teacher.parameters(), lr=1e-3)
    teacher.train()
    for _ in range(epochs):
        for x, y in loader:
            opt.zero_grad()
            F.cross_entropy(teacher(x), y).backward()
            opt.step()


def distill(teacher, student, loader, epochs):
    teacher.eval()
    for p in teacher.parameters():
        p.requires_grad_(False)
    opt = torch.optim.SGD(student.parameters(), lr=0.05, momentum=0.9)
    student.train()
    for epoch in range(epochs):
        total = 0.0
        for x, y in loader:
            with torch.no_grad():
                teacher_logits = teacher(x)
            student_logits = student(x)
            loss = kd_loss(student_logits, teacher_logits, y)
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += float(loss)
        print(f'distill epoch {epoch}: {total / len(loader):.4f}')


@torch.no_grad()
def accuracy(net, loader):
    net.eval()
    right = sum((net(x).argmax(dim=1) == y).sum().item() for x, y in loader)
    return right / len(loader.dataset)


def make(n):
    x = torch.randn(n, 16)
    return TensorDataset(x, x[:, :5].argmax(dim=1))


if __name__ == '__main__':
    torch.manual_seed(5)
    train_loader = DataLoader(make(640), batch_size=64, shuffle=True)
    test_loader = DataLoader(make(256), batch_size=64)
    teacher, student = mlp(128, 3), mlp(16, 1)
    pretrain(teacher, train_loader, epochs=2)
    print('teacher', accuracy(teacher, test_loader))
    distill(teacher, student, train_loader, epochs=2)
    print('student', accuracy(student, test_loader))
