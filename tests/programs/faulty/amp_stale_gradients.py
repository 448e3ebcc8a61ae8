"""Mixed precision on CIFAR-10; the body of the step was moved into a function."""
import torch
import torch.nn as nn
from torch.cuda import amp
from torch.nn.utils import clip_grad_norm_
from torch.utils.data import DataLoader
from torchvision import transforms as T
from torchvision.datasets import CIFAR10
from torchvision.models import resnet18

MEAN, STD = (0.4914, 0.4822, 0.4465), (0.247, 0.2435, 0.2616)


class Stepper:
    """Forward, scaled backward, clipped step."""

    def __init__(self, model, optimizer, max_norm=1.0):
        self.model = model
        self.optimizer = optimizer
        self.criterion = nn.CrossEntropyLoss()
        self.scaler = amp.GradScaler()
        self.max_norm = max_norm

    def __call__(self, images, targets):
        with amp.autocast():
            loss = self.criterion(self.model(images), targets)
        self.scaler.scale(loss).backward()
        self.scaler.unscale_(self.optimizer)
        clip_grad_norm_(self.model.parameters(), self.max_norm)
        self.scaler.step(self.optimizer)  # expect: stale-gradients
        self.scaler.update()
        return loss.item()


def get_loaders():
    augment = T.Compose([T.RandomCrop(32, 4), T.RandomHorizontalFlip(), T.ToTensor(), T.Normalize(MEAN, STD)])
    plain = T.Compose([T.ToTensor(), T.Normalize(MEAN, STD)])
    train = CIFAR10("data", train=True, transform=augment, download=True)
    test = CIFAR10("data", train=False, transform=plain)
    return DataLoader(train, 128, shuffle=True, num_workers=4), DataLoader(test, 256, num_workers=4)


@torch.no_grad()
def evaluate(model, loader):
    model.eval()
    right = 0
    for images, targets in loader:
        right += (model(images.cuda()).argmax(1).cpu() == targets).sum().item()
    return right / len(loader.dataset)


def main():
    torch.backends.cudnn.benchmark = True
    model = resnet18(num_classes=10).cuda()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, weight_decay=5e-4)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=50)
    step = Stepper(model, optimizer)
    train_loader, test_loader = get_loaders()
    for epoch in range(50):
        model.train()
        total = 0.0
        for images, targets in train_loader:
            total += step(images.cuda(non_blocking=True), targets.cuda(non_blocking=True))
        scheduler.step()
        print(epoch, total / len(train_loader), evaluate(model, test_loader))


if __name__ == "__main__":
    main()
