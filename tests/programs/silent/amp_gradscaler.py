"""Mixed precision (fp16) with gradient scaling, clipping after unscaling."""
import argparse

import torch
import torch.nn as nn
from torch.cuda.amp import GradScaler, autocast
from torch.utils.data import DataLoader
from torchvision import datasets, models, transforms


def get_loaders(root, batch_size, workers):
    normalize = transforms.Normalize(mean=[0.507, 0.487, 0.441], std=[0.267, 0.256, 0.276])
    train_set = datasets.CIFAR100(root, train=True, download=True, transform=transforms.Compose([
        transforms.RandomCrop(32, padding=4),
        transforms.RandomHorizontalFlip(),
        transforms.ToTensor(),
        normalize,
    ]))
    val_set = datasets.CIFAR100(root, train=False, transform=transforms.Compose([transforms.ToTensor(), normalize]))
    kwargs = dict(batch_size=batch_size, num_workers=workers, pin_memory=True)
    return DataLoader(train_set, shuffle=True, drop_last=True, **kwargs), DataLoader(val_set, **kwargs)


def train_one_epoch(model, loader, criterion, optimizer, scaler, scheduler, max_norm):
    model.train()
    loss_sum = torch.zeros((), device='cuda')
    for images, target in loader:
        images = images.cuda(non_blocking=True)
        target = target.cuda(non_blocking=True)
        optimizer.zero_grad(set_to_none=True)
        with autocast():
            output = model(images)
            loss = criterion(output, target)
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)
        scaler.step(optimizer)
        scaler.update()
        scheduler.step()
        loss_sum += loss.detach()
    return (loss_sum / len(loader)).item()


def validate(model, loader):
    model.eval()
    top1 = 0
    with torch.inference_mode():
        for images, target in loader:
            images, target = images.cuda(), target.cuda()
            with autocast():
                output = model(images)
            top1 += (output.argmax(1) == target).sum().item()
    return top1 / len(loader.dataset)


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--data', default='data')
    p.add_argument('--epochs', default=60, type=int)
    p.add_argument('-b', '--batch-size', default=256, type=int)
    p.add_argument('-j', '--workers', default=8, type=int)
    p.add_argument('--lr', default=0.1, type=float)
    p.add_argument('--max-norm', default=5.0, type=float)
    args = p.parse_args()

    train_loader, val_loader = get_loaders(args.data, args.batch_size, args.workers)
    model = models.resnet18(num_classes=100).cuda()
    model = model.to(memory_format=torch.channels_last)
    criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
    optimizer = torch.optim.SGD(model.parameters(), lr=args.lr, momentum=0.9, weight_decay=5e-4, nesterov=True)
    steps = args.epochs * len(train_loader)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=args.lr, total_steps=steps)
    scaler = GradScaler()

    best = 0.0
    for epoch in range(args.epochs):
        loss = train_one_epoch(model, train_loader, criterion, optimizer, scaler, scheduler, args.max_norm)
        acc = validate(model, val_loader)
        if acc > best:
            best = acc
            torch.save({'epoch': epoch, 'state_dict': model.state_dict(), 'scaler': scaler.state_dict()}, 'best.pth')
        print(f'{epoch:03d} loss {loss:.4f} acc {acc:.4f} best {best:.4f}')


if __name__ == '__main__':
    main()
