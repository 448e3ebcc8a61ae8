# the freeze-all-then-unfreeze-the-head idiom
import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
protos = torch.randn(3, 3, 16, 16)
labels = torch.randint(0, 3, (500,))
images = protos[labels] + torch.randn(500, 3, 16, 16)


class SmallNet(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 32, 5, stride=2)
        self.bn = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.fc = nn.Linear(64, num_classes)

    def forward(self, x):
        x = torch.relu(self.bn(self.conv1(x)))
        x = torch.relu(self.conv2(x)).mean([2, 3])
        return self.fc(x)


pretrained = SmallNet()
model = SmallNet()
model.load_state_dict(pretrained.state_dict())
for param in model.parameters():
    param.requires_grad = False
for param in model.conv2.parameters():
    param.requires_grad = True
model.fc = nn.Linear(64, 3)

criterion = nn.CrossEntropyLoss()
optimizer = optim.SGD(filter(lambda p: p.requires_grad, model.parameters()), lr=0.02, momentum=0.9)
exp_lr_scheduler = optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)
dataloaders = {"train": DataLoader(TensorDataset(images[:400], labels[:400]), 25, shuffle=True),
               "val": DataLoader(TensorDataset(images[400:], labels[400:]), 25)}
best_acc, best = 0.0, None
for epoch in range(3):
    for phase in ["train", "val"]:
        model.train() if phase == "train" else model.eval()
        running_loss, running_corrects = 0.0, 0
        for inputs, y in dataloaders[phase]:
            optimizer.zero_grad()
            with torch.set_grad_enabled(phase == "train"):
                outputs = model(inputs)
                _, preds = torch.max(outputs, 1)
                loss = criterion(outputs, y)
                if phase == "train":
                    loss.backward()
                    optimizer.step()
            running_loss += loss.item() * inputs.size(0)
            running_corrects += torch.sum(preds == y.data)
        if phase == "train":
            exp_lr_scheduler.step()
        n = len(dataloaders[phase].dataset)
        print(f"{epoch} {phase} loss {running_loss / n:.4f} acc {running_corrects.double() / n:.4f}")
