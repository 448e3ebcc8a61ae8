"""CIFAR-10 with Lightning: everything that a hand-written loop would do is left to the framework."""
import lightning as L
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader
from torchmetrics.classification import MulticlassAccuracy
from torchvision import transforms as T
from torchvision.datasets import CIFAR10

MEAN, STD = (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)


class CIFARData(L.LightningDataModule):
    def __init__(self, root="data", batch_size=128, workers=4):
        super().__init__()
        self.save_hyperparameters()
        self.train_tf = T.Compose([T.RandomCrop(32, padding=4), T.RandomHorizontalFlip(), T.ToTensor(), T.Normalize(MEAN, STD)])
        self.test_tf = T.Compose([T.ToTensor(), T.Normalize(MEAN, STD)])

    def prepare_data(self):
        CIFAR10(self.hparams.root, train=True, download=True)
        CIFAR10(self.hparams.root, train=False, download=True)

    def setup(self, stage=None):
        self.train_set = CIFAR10(self.hparams.root, train=True, transform=self.train_tf)
        self.val_set = CIFAR10(self.hparams.root, train=False, transform=self.test_tf)

    def train_dataloader(self):
        return DataLoader(self.train_set, self.hparams.batch_size, shuffle=True, num_workers=self.hparams.workers)

    def val_dataloader(self):
        return DataLoader(self.val_set, self.hparams.batch_size, num_workers=self.hparams.workers)


def block(cin, cout):
    return nn.Sequential(
        nn.Conv2d(cin, cout, 3, padding=1, bias=False), nn.BatchNorm2d(cout), nn.ReLU(inplace=True), nn.MaxPool2d(2)
    )


class LitClassifier(L.LightningModule):
    def __init__(self, lr=1e-3, width=64):
        super().__init__()
        self.save_hyperparameters()
        self.features = nn.Sequential(block(3, width), block(width, 2 * width), block(2 * width, 4 * width))
        self.classifier = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.3), nn.Linear(4 * width, 10))
        self.val_acc = MulticlassAccuracy(num_classes=10)

    def forward(self, x):
        return self.classifier(self.features(x))

    def training_step(self, batch, batch_idx):
        x, y = batch
        loss = F.cross_entropy(self(x), y)
        self.log("train_loss", loss, prog_bar=True)
        return loss

    def validation_step(self, batch, batch_idx):
        x, y = batch
        logits = self(x)
        self.val_acc(logits, y)
        self.log("val_loss", F.cross_entropy(logits, y), prog_bar=True)
        self.log("val_acc", self.val_acc, prog_bar=True)

    def configure_optimizers(self):
        optimizer = torch.optim.AdamW(self.parameters(), lr=self.hparams.lr, weight_decay=5e-2)
        scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=self.trainer.max_epochs)
        return {"optimizer": optimizer, "lr_scheduler": scheduler}


if __name__ == "__main__":
    L.seed_everything(7)
    trainer = L.Trainer(max_epochs=30, accelerator="auto", precision="bf16-mixed")
    trainer.fit(LitClassifier(), datamodule=CIFARData())
