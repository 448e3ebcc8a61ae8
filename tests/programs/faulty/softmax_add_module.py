import torch
from torch import nn, optim
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


def build_model(input_dim, hidden_dim, output_dim):
    model = torch.nn.Sequential()
    model.add_module("fc1", nn.Linear(input_dim, hidden_dim))
    model.add_module("relu1", nn.ReLU())
    model.add_module("dropout1", nn.Dropout(0.2))
    model.add_module("fc2", nn.Linear(hidden_dim, hidden_dim))
    model.add_module("relu2", nn.ReLU())
    model.add_module("fc3", nn.Linear(hidden_dim, output_dim))
    model.add_module("softmax", nn.Softmax(dim=1))
    return model


def train(model, loss, optimizer, x_val, y_val):
    model.train()
    optimizer.zero_grad()
    fx = model(x_val)
    output = loss(fx, y_val)  # expect: softmax-before-cross-entropy
    output.backward()
    optimizer.step()
    return output.item()


def predict(model, x_val):
    model.eval()
    with torch.no_grad():
        return model(x_val).argmax(dim=1)


def main():
    torch.manual_seed(42)
    tf = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.2860,), (0.3530,))])
    trainset = datasets.FashionMNIST("fashion", train=True, download=True, transform=tf)
    testset = datasets.FashionMNIST("fashion", train=False, download=True, transform=tf)
    trainloader = DataLoader(trainset, batch_size=100, shuffle=True)
    testloader = DataLoader(testset, batch_size=100)

    model = build_model(784, 256, 10)
    loss = nn.CrossEntropyLoss()
    optimizer = optim.SGD(model.parameters(), lr=0.01, momentum=0.9)

    for i in range(20):
        cost = 0.0
        for x, y in trainloader:
            cost += train(model, loss, optimizer, x.view(-1, 784), y)
        right = 0
        for x, y in testloader:
            right += (predict(model, x.view(-1, 784)) == y).sum().item()
        print("Epoch %d, cost = %f, acc = %.2f%%" % (i + 1, cost / len(trainloader), 100.0 * right / len(testset)))


if __name__ == "__main__":
    main()
