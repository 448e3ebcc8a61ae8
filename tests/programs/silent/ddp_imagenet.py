# torchrun --nproc_per_node=8 ddp_imagenet.py /path/to/imagenet
import os
import sys

import torch
import torch.distributed as dist
import torch.nn as nn
import torch.utils.data.distributed
import torchvision.models as models
import torchvision.transforms as T
from torch.nn.parallel import DistributedDataParallel as DDP
from torch.utils.data import DataLoader
from torch.utils.data.distributed import DistributedSampler
from torchvision.datasets import ImageFolder

EPOCHS = 90
BATCH = 64
LR = 0.1


def setup():
    dist.init_process_group("nccl")
    local_rank = int(os.environ["LOCAL_RANK"])
    torch.cuda.set_device(local_rank)
    return local_rank


def build_loaders(root):
    norm = T.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
    train = ImageFolder(
        os.path.join(root, "train"),
        T.Compose([T.RandomResizedCrop(224), T.RandomHorizontalFlip(), T.ToTensor(), norm]),
    )
    val = ImageFolder(os.path.join(root, "val"), T.Compose([T.Resize(256), T.CenterCrop(224), T.ToTensor(), norm]))
    sampler = DistributedSampler(train)
    val_sampler = DistributedSampler(val, shuffle=False)
    return (
        DataLoader(train, BATCH, sampler=sampler, num_workers=8, pin_memory=True, drop_last=True),
        DataLoader(val, BATCH, sampler=val_sampler, num_workers=8, pin_memory=True),
        sampler,
    )


def reduce_mean(t):
    t = t.clone()
    dist.all_reduce(t, op=dist.ReduceOp.SUM)
    return t / dist.get_world_size()


@torch.no_grad()
def accuracy(model, loader, device):
    model.eval()
    counts = torch.zeros(2, device=device)
    for images, target in loader:
        images, target = images.to(device, non_blocking=True), target.to(device, non_blocking=True)
        pred = model(images).argmax(dim=1)
        counts[0] += (pred == target).sum()
        counts[1] += target.numel()
    counts = reduce_mean(counts)
    return (counts[0] / counts[1]).item()


def main(root):
    local_rank = setup()
    device = torch.device("cuda", local_rank)
    train_loader, val_loader, sampler = build_loaders(root)

    net = models.resnet50(weights=None)
    net = nn.SyncBatchNorm.convert_sync_batchnorm(net).to(device)
    net = DDP(net, device_ids=[local_rank])

    loss_fn = nn.CrossEntropyLoss().to(device)
    optim = torch.optim.SGD(net.parameters(), lr=LR, momentum=0.9, weight_decay=1e-4)
    sched = torch.optim.lr_scheduler.MultiStepLR(optim, [30, 60, 80])

    for epoch in range(EPOCHS):
        sampler.set_epoch(epoch)
        net.train()
        for step, (images, target) in enumerate(train_loader):
            images, target = images.to(device, non_blocking=True), target.to(device, non_blocking=True)
            loss = loss_fn(net(images), target)
            optim.zero_grad()
            loss.backward()
            optim.step()
            if step % 50 == 0 and dist.get_rank() == 0:
                print(f"{epoch}:{step} {loss.item():.3f}")
        sched.step()
        top1 = accuracy(net, val_loader, device)
        if dist.get_rank() == 0:
            print(f"epoch {epoch} top1 {top1:.4f}")
            torch.save(net.module.state_dict(), "resnet50.pt")
    dist.destroy_process_group()


if __name__ == "__main__":
    main(sys.argv[1])
