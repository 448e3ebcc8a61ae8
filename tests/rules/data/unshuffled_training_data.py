# --- a factory, a split, an explicit False, a data set of the program
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, random_split


class Samples(Dataset):
    def __init__(self, rows):
        self.rows = rows

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        return torch.tensor(self.rows[index]), 0


def make_loaders(dataset, batch_size):
    train, test = random_split(dataset, [0.9, 0.1])
    return DataLoader(train, batch_size=batch_size), DataLoader(test, batch_size=batch_size)  # expect: unshuffled-training-data


def fit(model, loader, optimizer):
    for x, y in loader:
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


model = nn.Linear(8, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
train_loader, test_loader = make_loaders(Samples(read_rows()), 16)
plain = DataLoader(Samples(read_rows()), batch_size=8, shuffle=False)  # expect: unshuffled-training-data
for epoch in range(5):
    fit(model, train_loader, optimizer)
    fit(model, plain, optimizer)
    with torch.no_grad():
        for x, y in test_loader:
            print((model(x).argmax(1) == y).float().mean())
# --- a framework trains on it
import lightning as L
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Lit(L.LightningModule):
    def __init__(self):
        super().__init__()
        self.net = nn.Linear(8, 2)

    def training_step(self, batch, _):
        x, y = batch
        return nn.functional.cross_entropy(self.net(x), y)

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters())


data = TensorDataset(torch.randn(64, 8), torch.randint(0, 2, (64,)))
train = DataLoader(data, batch_size=8)  # expect: unshuffled-training-data
val = DataLoader(data, batch_size=8)
L.Trainer(max_epochs=5).fit(Lit(), train, val)
# --- a hook of a framework gives it
import lightning as L
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Data(L.LightningDataModule):
    def train_dataloader(self):
        return DataLoader(TensorDataset(torch.randn(64, 8), torch.zeros(64)), batch_size=8)  # expect: unshuffled-training-data

    def val_dataloader(self):
        return DataLoader(TensorDataset(torch.randn(64, 8), torch.zeros(64)), batch_size=8)
# --- shuffled, sampled, iterable, whole, mixed by itself, or not known
import random

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, IterableDataset, RandomSampler, TensorDataset


class Stream(IterableDataset):
    def __iter__(self):
        yield torch.randn(8), 0


class Mixed(Dataset):
    def __init__(self, rows):
        self.rows = rows
        random.shuffle(self.rows)

    def __len__(self):
        return 100

    def __getitem__(self, index):
        return self.rows[index], 0


class Drawn(Dataset):
    def __len__(self):
        return 100

    def __getitem__(self, _):
        return torch.randn(8), 0


def train(model, args, optimizer, dataset):
    data = TensorDataset(torch.randn(64, 8), torch.randint(0, 2, (64,)))
    for loader in (
        DataLoader(data, 8, True),
        DataLoader(data, sampler=RandomSampler(data)),
        DataLoader(Stream(), batch_size=8),
    ):
        step(model, optimizer, loader)
    step(model, optimizer, DataLoader(data, batch_size=len(data)))
    step(model, optimizer, DataLoader(Mixed([1, 2]), batch_size=8))
    step(model, optimizer, DataLoader(Drawn(), batch_size=8))
    step(model, optimizer, DataLoader(data, shuffle=args.shuffle))
    step(model, optimizer, DataLoader(dataset, batch_size=8))


def step(model, optimizer, loader):
    for x, y in loader:
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()


model = nn.Linear(8, 2)
train(model, parse(), torch.optim.SGD(model.parameters(), lr=0.1), load())
# --- a state goes from batch to batch
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

rnn = nn.GRU(8, 8)
optimizer = torch.optim.SGD(rnn.parameters(), lr=0.1)
loader = DataLoader(TensorDataset(torch.randn(64, 8), torch.randn(64, 8)), batch_size=8)
state = torch.zeros(1, 8)
for x, y in loader:
    out, state = rnn(x, state.detach())
    optimizer.zero_grad()
    nn.functional.mse_loss(out, y).backward()
    optimizer.step()
# --- another library samples the loader anew
import torch
from opacus import PrivacyEngine
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

model = nn.Linear(8, 2)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
loader = DataLoader(TensorDataset(torch.randn(64, 8), torch.randint(0, 2, (64,))), batch_size=8)
model, optimizer, loader = PrivacyEngine().make_private(module=model, optimizer=optimizer, data_loader=loader, noise_multiplier=1.0)
for x, y in loader:
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
