from argparse import ArgumentParser

import torch
import torch.nn.functional as F
from ignite.contrib.handlers import ProgressBar
from ignite.engine import Engine, Events, create_supervised_evaluator, create_supervised_trainer
from ignite.handlers import EarlyStopping, ModelCheckpoint
from ignite.metrics import Accuracy, Loss, RunningAverage
from torch import nn
from torch.optim import SGD
from torch.utils.data import DataLoader
from torchvision.datasets import MNIST
from torchvision.transforms import Compose, Normalize, ToTensor


class Net(nn.Module):
    def __init__(self):
        super(Net, self).__init__()
        self.conv1 = nn.Conv2d(1, 10, kernel_size=5)
        self.conv2 = nn.Conv2d(10, 20, kernel_size=5)
        self.conv2_drop = nn.Dropout2d()
        self.fc1 = nn.Linear(320, 50)
        self.fc2 = nn.Linear(50, 10)

    def forward(self, x):
        x = F.relu(F.max_pool2d(self.conv1(x), 2))
        x = F.relu(F.max_pool2d(self.conv2_drop(self.conv2(x)), 2))
        x = x.view(-1, 320)
        x = F.relu(self.fc1(x))
        x = F.dropout(x, training=self.training)
        x = self.fc2(x)
        return F.log_softmax(x, dim=-1)


def get_data_loaders(train_batch_size, val_batch_size):
    tf = Compose([ToTensor(), Normalize((0.1307,), (0.3081,))])
    return (
        DataLoader(MNIST(download=True, root=".", transform=tf, train=True), batch_size=train_batch_size, shuffle=True),
        DataLoader(MNIST(download=False, root=".", transform=tf, train=False), batch_size=val_batch_size, shuffle=False),
    )


def run(train_batch_size, val_batch_size, epochs, lr, momentum):
    train_loader, val_loader = get_data_loaders(train_batch_size, val_batch_size)
    model = Net()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model.to(device)
    optimizer = SGD(model.parameters(), lr=lr, momentum=momentum)
    criterion = nn.NLLLoss()

    trainer = create_supervised_trainer(model, optimizer, criterion, device=device)
    RunningAverage(output_transform=lambda loss: loss).attach(trainer, "loss")
    ProgressBar().attach(trainer, ["loss"])

    val_metrics = {"accuracy": Accuracy(), "nll": Loss(criterion)}
    evaluator = create_supervised_evaluator(model, metrics=val_metrics, device=device)

    def confusion_step(engine, batch):
        model.eval()
        with torch.no_grad():
            x, y = batch
            return model(x.to(device)).argmax(1), y.to(device)

    confusion = Engine(confusion_step)

    evaluator.add_event_handler(
        Events.COMPLETED, EarlyStopping(patience=5, score_function=lambda e: -e.state.metrics["nll"], trainer=trainer)
    )
    evaluator.add_event_handler(
        Events.COMPLETED,
        ModelCheckpoint("checkpoints", "mnist", score_function=lambda e: e.state.metrics["accuracy"], n_saved=2),
        {"model": model},
    )

    @trainer.on(Events.EPOCH_COMPLETED)
    def log_validation_results(engine):
        evaluator.run(val_loader)
        metrics = evaluator.state.metrics
        print(f"epoch {engine.state.epoch}: accuracy {metrics['accuracy']:.2f} nll {metrics['nll']:.2f}")

    @trainer.on(Events.COMPLETED)
    def final(engine):
        confusion.run(val_loader)

    trainer.run(train_loader, max_epochs=epochs)


if __name__ == "__main__":
    parser = ArgumentParser()
    parser.add_argument("--batch_size", type=int, default=64)
    parser.add_argument("--val_batch_size", type=int, default=1000)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--lr", type=float, default=0.01)
    parser.add_argument("--momentum", type=float, default=0.5)
    args = parser.parse_args()
    run(args.batch_size, args.val_batch_size, args.epochs, args.lr, args.momentum)
