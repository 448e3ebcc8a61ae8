"""Fine-tune a timm model with accelerate."""
import argparse
import os

import timm
import torch
from accelerate import Accelerator
from torch.optim.lr_scheduler import OneCycleLR
from torch.utils.data import DataLoader, Subset
from torchvision.datasets import ImageFolder
from torchvision.transforms import CenterCrop, Compose, Normalize, RandomResizedCrop, Resize, ToTensor

IMAGENET_MEAN = [0.485, 0.456, 0.406]
IMAGENET_STD = [0.229, 0.224, 0.225]


def loaders(data_dir, batch_size):
    train_tf = Compose([RandomResizedCrop(224), ToTensor(), Normalize(IMAGENET_MEAN, IMAGENET_STD)])
    eval_tf = Compose([Resize(256), CenterCrop(224), ToTensor(), Normalize(IMAGENET_MEAN, IMAGENET_STD)])
    train_set = ImageFolder(data_dir, transform=train_tf)
    eval_set = ImageFolder(data_dir, transform=eval_tf)

    perm = torch.randperm(len(train_set), generator=torch.Generator().manual_seed(42)).tolist()
    cut = int(0.8 * len(perm))
    return (
        DataLoader(Subset(train_set, perm[:cut]), shuffle=True, batch_size=batch_size, num_workers=4),
        DataLoader(Subset(eval_set, perm[cut:]), shuffle=False, batch_size=batch_size, num_workers=4),
        len(train_set.classes),
    )


def training_function(args):
    accelerator = Accelerator(mixed_precision=args.mixed_precision)
    train_dl, eval_dl, num_classes = loaders(args.data_dir, args.batch_size)

    model = timm.create_model("resnet50d", pretrained=True, num_classes=num_classes)
    for param in model.parameters():
        param.requires_grad = False
    for param in model.get_classifier().parameters():
        param.requires_grad = True

    optimizer = torch.optim.Adam(params=model.get_classifier().parameters(), lr=args.lr / 25)
    lr_scheduler = OneCycleLR(optimizer, max_lr=args.lr, epochs=args.num_epochs, steps_per_epoch=len(train_dl))
    model, optimizer, train_dl, eval_dl, lr_scheduler = accelerator.prepare(
        model, optimizer, train_dl, eval_dl, lr_scheduler
    )

    for epoch in range(args.num_epochs):
        model.train()
        for inputs, targets in train_dl:
            outputs = model(inputs)
            loss = torch.nn.functional.cross_entropy(outputs, targets)
            accelerator.backward(loss)
            optimizer.step()
            lr_scheduler.step()
            optimizer.zero_grad()

        model.eval()
        accurate = 0
        num_elems = 0
        for inputs, targets in eval_dl:
            with torch.no_grad():
                outputs = model(inputs)
            predictions = outputs.argmax(dim=-1)
            predictions, references = accelerator.gather_for_metrics((predictions, targets))
            accurate_preds = predictions == references
            num_elems += accurate_preds.shape[0]
            accurate += accurate_preds.long().sum()

        accelerator.print(f"epoch {epoch}: {100 * accurate.item() / num_elems:.2f}")
        if args.output_dir:
            accelerator.save_state(os.path.join(args.output_dir, f"epoch_{epoch}"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data_dir", required=True)
    parser.add_argument("--mixed_precision", default=None, choices=["no", "bf16"])
    parser.add_argument("--output_dir", default=None)
    parser.add_argument("--lr", type=float, default=3e-2)
    parser.add_argument("--num_epochs", type=int, default=3)
    parser.add_argument("--batch_size", type=int, default=64)
    training_function(parser.parse_args())


if __name__ == "__main__":
    main()
