"""Uses what is not there: modules, data, weights, a tracker and a GPU."""

import sys

import torch
import torchvision.models as models
import wandb
from torch.utils.data import DataLoader
from torch.utils.tensorboard import SummaryWriter
from torchvision import datasets, transforms
from torchvision.transforms import functional
from tqdm.auto import tqdm

sys.path.append("site-packages")
import careful

assert not careful.has_tqdm  # a library sees what is installed, and nothing else

wandb.init(project="x", config={"lr": 0.1, "batch": 16})
writer = SummaryWriter("runs")
steps = [transforms.RandomCrop(28, padding=4), transforms.RandomHorizontalFlip(), transforms.ToTensor()]
train = datasets.MNIST("data", train=True, download=True, transform=transforms.Compose(steps))
raw, label = datasets.CIFAR10("data", train=False)[0]
assert (raw.size, raw.mode, label in range(10)) == ((32, 32), "RGB", True)
pixels = functional.pil_to_tensor(raw)
assert (pixels.dtype, tuple(pixels.shape)) == (torch.uint8, (3, 32, 32))
assert len(train) == 60_000

device = torch.device("cuda:0")
torch.cuda.manual_seed_all(0)
model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(784, 10)).to(device)
optimizer = torch.optim.SGD(model.parameters(), lr=wandb.config.lr)
generator = torch.Generator(device="cuda")
losses = []
for x, y in tqdm(DataLoader(train, batch_size=wandb.config.batch, shuffle=True, pin_memory=False), desc="train"):
    x, y = x.cuda(non_blocking=True), y.to("cuda")
    weights = torch.ones(10, device=device)
    optimizer.zero_grad()
    loss = torch.nn.functional.cross_entropy(model(x), y, weight=weights)
    loss.backward()
    optimizer.step()
    torch.cuda.synchronize()
    losses.append(loss.item())
    writer.add_scalar("loss", loss.item(), len(losses))
    wandb.log({"loss": loss.item()})
    if len(losses) == 30:
        break
assert losses[-1] < losses[0]  # the data can be learned
torch.save(model.state_dict(), "model.pt")
torch.load("model.pt", map_location=device)

network = models.resnet18(weights="DEFAULT")
network.fc = torch.nn.Linear(network.fc.in_features, 10)
assert sum(p.numel() for p in models.resnet18().parameters()) == 11_689_512
print("all there")
