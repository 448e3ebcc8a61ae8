"""Fine-tune a head on a frozen backbone whose BatchNorm stays in eval mode on purpose; then unfreeze with layer-wise rates."""
import torch
import torch.nn as nn

torch.manual_seed(0)


class Backbone(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
                                      nn.Conv2d(16, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten())

    def forward(self, x):
        return self.features(x)


class Classifier(nn.Module):
    def __init__(self, backbone, n):
        super().__init__()
        self.backbone = backbone
        self.head = nn.Sequential(nn.Dropout(0.2), nn.Linear(128, n))

    def train(self, mode=True):
        super().train(mode)
        self.backbone.eval()          # BatchNorm keeps the statistics of pretraining
        return self

    def forward(self, x):
        return self.head(self.backbone(x))


protos = torch.randn(5, 3, 12, 12)
def data(n, classes):
    y = torch.randint(0, classes, (n,))
    return torch.utils.data.TensorDataset(protos[y] + torch.randn(n, 3, 12, 12), y)


bb = Backbone()
pre = nn.Sequential(bb, nn.Linear(128, 5))
state = {k: v.clone() for k, v in bb.state_dict().items()}
bb.load_state_dict(state)
model = Classifier(bb, 3)
for p in model.backbone.parameters():
    p.requires_grad = False
train, val = torch.utils.data.DataLoader(data(600, 3), 32, shuffle=True), torch.utils.data.DataLoader(data(100, 3), 50)
opt = torch.optim.AdamW(model.head.parameters(), lr=5e-3)
loss_fn = nn.CrossEntropyLoss()


def one_epoch():
    model.train()
    for x, y in train:
        loss = loss_fn(model(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
    model.eval()
    with torch.no_grad():
        return sum((model(x).argmax(1) == y).sum().item() for x, y in val) / 100


print("head", one_epoch())
for p in model.backbone.parameters():
    p.requires_grad = True
opt = torch.optim.AdamW([{"params": model.backbone.parameters(), "lr": 1e-4}, {"params": model.head.parameters(), "lr": 2e-3}])
for _ in range(2):
    print("all", one_epoch())
