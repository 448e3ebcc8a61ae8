"""python -m softmax_package.train"""
import torch
from torch.nn import CrossEntropyLoss

from .data import TOPICS, VOCAB, loaders
from .net import TextClassifier


def evaluate(model, loader):
    model.eval()
    with torch.no_grad():
        correct = sum((model(ids).argmax(1) == topic).sum().item() for ids, topic in loader)
    return correct / len(loader.dataset)


def main(epochs=3, lr=0.01):
    torch.manual_seed(0)
    train_loader, val_loader = loaders()
    model = TextClassifier(VOCAB, TOPICS)
    criterion = CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)

    for epoch in range(epochs):
        model.train()
        for ids, topic in train_loader:
            probabilities = model(ids)
            loss = criterion(probabilities, topic)  # expect: softmax-before-cross-entropy
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        print(epoch, round(loss.item(), 4), round(evaluate(model, val_loader), 4))


if __name__ == "__main__":
    main()
