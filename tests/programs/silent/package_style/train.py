import argparse
import json

import torch

import models
from data import build_loaders
from engine import evaluate, train_one_epoch


def get_args_parser():
    parser = argparse.ArgumentParser("noise classification", add_help=False)
    parser.add_argument("--model", default="resnet_tiny", type=str)
    parser.add_argument("--batch-size", default=32, type=int)
    parser.add_argument("--epochs", default=2, type=int)
    parser.add_argument("--lr", default=0.05, type=float)
    parser.add_argument("--clip-grad", default=None, type=float)
    parser.add_argument("--drop", default=0.1, type=float)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--eval", action="store_true", help="evaluate only")
    parser.add_argument("--resume", default="")
    return parser


def main(args):
    torch.manual_seed(0)
    device = torch.device(args.device)
    train_loader, val_loader = build_loaders(args.batch_size)
    model = models.create_model(args.model, num_classes=3, drop=args.drop)
    if args.resume:
        model.load_state_dict(torch.load(args.resume, map_location="cpu")["model"])
    model.to(device)

    if args.eval:
        print(evaluate(model, val_loader, device))
        return

    optimizer = torch.optim.SGD(model.parameters(), lr=args.lr, momentum=0.9, weight_decay=1e-4)
    criterion = torch.nn.CrossEntropyLoss()
    scheduler = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=args.lr, total_steps=args.epochs * len(train_loader)
    )
    for epoch in range(args.epochs):
        train_stats = train_one_epoch(model, criterion, train_loader, optimizer, device, scheduler, args.clip_grad)
        test_stats = evaluate(model, val_loader, device)
        row = {"epoch": epoch, **{f"train_{k}": v for k, v in train_stats.items()}}
        row.update({f"test_{k}": v for k, v in test_stats.items()})
        print(json.dumps(row))


if __name__ == "__main__":
    main(argparse.ArgumentParser(parents=[get_args_parser()]).parse_args())
