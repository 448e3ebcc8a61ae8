"""Spam filter whose parts are picked from tables."""
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "none": nn.Identity}
LOSSES = {"bce": nn.BCEWithLogitsLoss, "mse": nn.MSELoss, "ce": nn.CrossEntropyLoss}
OPTIMIZERS = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}

CONFIG = dict(
    hidden=[64, 32],
    hidden_activation="relu",
    final_activation="sigmoid",
    dropout=0.1,
    loss="bce",
    optimizer="adam",
    lr=2e-3,
    epochs=3,
    batch_size=32,
)


class SpamNet(nn.Module):
    def __init__(self, n_words, cfg):
        super().__init__()
        act = ACTIVATIONS[cfg["hidden_activation"]]
        sizes = [n_words] + cfg["hidden"]
        modules = []
        for a, b in zip(sizes[:-1], sizes[1:]):
            modules += [nn.Linear(a, b), act(), nn.Dropout(cfg["dropout"])]
        modules.append(nn.Linear(sizes[-1], 1))
        modules.append(ACTIVATIONS[cfg["final_activation"]]())
        self.layers = nn.Sequential(*modules)

    def forward(self, bag):
        return self.layers(bag).squeeze(-1)


class Session:
    def __init__(self, cfg, train_data, test_data):
        self.cfg = cfg
        self.net = SpamNet(train_data.tensors[0].size(1), cfg)
        self.loss_function = LOSSES[cfg["loss"]]()
        self.optimizer = OPTIMIZERS[cfg["optimizer"]](self.net.parameters(), lr=cfg["lr"])
        self.train_loader = DataLoader(train_data, batch_size=cfg["batch_size"], shuffle=True)
        self.test_loader = DataLoader(test_data, batch_size=cfg["batch_size"])

    def train(self):
        for epoch in range(self.cfg["epochs"]):
            self.net.train()
            for bag, spam in self.train_loader:
                self.optimizer.zero_grad()
                score = self.net(bag)
                loss = self.loss_function(score, spam)  # expect: sigmoid-before-bce-with-logits
                loss.backward()
                self.optimizer.step()
            print(epoch, round(loss.item(), 4), round(self.test(), 4))

    @torch.no_grad()
    def test(self):
        self.net.eval()
        good = sum(((self.net(bag) > 0.5) == spam.bool()).sum().item() for bag, spam in self.test_loader)
        return good / len(self.test_loader.dataset)


def mails(n, seed):
    g = torch.Generator().manual_seed(seed)
    bags = (torch.rand(n, 50, generator=g) < 0.1).float()
    return TensorDataset(bags, (bags[:, :5].sum(1) > bags[:, 5:10].sum(1)).float())


if __name__ == "__main__":
    torch.manual_seed(0)
    Session(CONFIG, mails(640, 0), mails(160, 1)).train()
