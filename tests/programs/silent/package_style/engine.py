"""One epoch of training, one of evaluation."""
import torch


class AverageMeter:
    def __init__(self):
        self.sum, self.count = 0.0, 0

    def update(self, value, n=1):
        self.sum += value * n
        self.count += n

    @property
    def avg(self):
        return self.sum / max(self.count, 1)


def train_one_epoch(model, criterion, loader, optimizer, device, scheduler=None, max_norm=None):
    model.train()
    criterion.train()
    meter = AverageMeter()
    for samples, targets in loader:
        samples = samples.to(device, non_blocking=True)
        targets = targets.to(device, non_blocking=True)

        loss = criterion(model(samples), targets)
        optimizer.zero_grad()
        loss.backward()
        if max_norm is not None:
            torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)
        optimizer.step()
        if scheduler is not None:
            scheduler.step()
        meter.update(loss.item(), samples.size(0))
    return {"loss": meter.avg, "lr": optimizer.param_groups[0]["lr"]}


@torch.no_grad()
def evaluate(model, loader, device):
    model.eval()
    criterion = torch.nn.CrossEntropyLoss()
    losses, top1 = AverageMeter(), AverageMeter()
    for samples, targets in loader:
        samples, targets = samples.to(device), targets.to(device)
        output = model(samples)
        losses.update(criterion(output, targets).item(), targets.size(0))
        top1.update((output.argmax(1) == targets).float().mean().item(), targets.size(0))
    return {"loss": losses.avg, "acc1": top1.avg}
