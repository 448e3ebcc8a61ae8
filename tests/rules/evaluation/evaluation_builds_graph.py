# --- eval() alone records gradients all the same
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
opt = torch.optim.Adam(net.parameters())
data = [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(4)]
for epoch in range(2):
    net.train()
    for x, y in data[:3]:
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
    net.eval()
    hits = 0
    for x, y in data[3:]:
        out = net(x)  # expect: evaluation-builds-graph
        hits += (out.argmax(1) == y).sum().item()
    print(hits)
# --- no_grad, inference_mode and set_grad_enabled(False)
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
opt = torch.optim.Adam(net.parameters())
data = [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(4)]
for x, y in data[:3]:
    opt.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    opt.step()
with torch.no_grad():
    print([(net(x).argmax(1) == y).sum().item() for x, y in data[3:]])
with torch.inference_mode():
    for x, y in data[3:]:
        print((net(x).argmax(1) == y).sum().item())
for x, y in data[3:]:
    with torch.set_grad_enabled(False):
        out = net(x)
    print((out.argmax(1) == y).sum().item())
torch.set_grad_enabled(False)
for x, y in data[3:]:
    print((net(x).argmax(1) == y).sum().item())
torch.set_grad_enabled(True)
# --- decorators, with other spellings
import torch
from torch import inference_mode, nn, no_grad

net = nn.Linear(8, 3)
opt = torch.optim.Adam(net.parameters())
data = [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(4)]


@no_grad()
def accuracy(batches):
    return sum((net(x).argmax(1) == y).sum().item() for x, y in batches)


@inference_mode()
def loss_of(batches):
    total = 0.0
    for x, y in batches:
        total += nn.functional.cross_entropy(net(x), y).item()
    return total


for x, y in data[:3]:
    opt.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    opt.step()
print(accuracy(data[3:]), loss_of(data[3:]))
# --- a decorator factory of the same file
import torch
from torch import nn


def without_gradients(fast=True):
    def decorate(fn):
        return (torch.inference_mode if fast else torch.no_grad)()(fn)

    return decorate


net = nn.Linear(8, 3)
opt = torch.optim.Adam(net.parameters())
data = [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(4)]


@without_gradients()
def accuracy(model, batches):
    return sum((model(x).argmax(1) == y).sum().item() for x, y in batches)


for x, y in data[:3]:
    opt.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    opt.step()
    print(accuracy(net, data[3:]))
# --- an unseen decorator may switch gradients off
import torch
from project.modes import frozen
from torch import nn

net = nn.Linear(8, 3)
opt = torch.optim.Adam(net.parameters())
data = [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(4)]


@frozen
def accuracy(batches):
    return sum((net(x).argmax(1) == y).sum().item() for x, y in batches)


for x, y in data[:3]:
    opt.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    opt.step()
print(accuracy(data[3:]))
# --- an unseen context may do so, too
import torch
from project.modes import evaluation
from torch import nn

net = nn.Linear(8, 3)
opt = torch.optim.Adam(net.parameters())
data = [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(4)]
for x, y in data[:3]:
    opt.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    opt.step()
with evaluation():
    for x, y in data[3:]:
        print((net(x).argmax(1) == y).sum().item())
# --- an attack needs the gradient of its input
import torch
import torch.nn.functional as F
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
data = [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(4)]
net.eval()
hits = 0
for x, y in data:
    x.requires_grad_()
    loss = F.cross_entropy(net(x), y)
    net.zero_grad()
    loss.backward()
    attacked = (x + 0.1 * x.grad.sign()).detach()
    with torch.no_grad():
        hits += (net(attacked).argmax(1) == y).sum().item()
print(hits)
# --- saliency by autograd.grad
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3)).eval()
maps = []
for _ in range(3):
    x = torch.randn(4, 8, requires_grad=True)
    scores = net(x)
    grad, = torch.autograd.grad(scores.max(1).values.sum(), x)
    maps.append(grad.abs())
print(torch.cat(maps).mean())
# --- no_grad stands around the metric, not around the forward
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
opt = torch.optim.Adam(net.parameters())
data = [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(4)]
for x, y in data[:3]:
    opt.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    opt.step()
hits = 0
for x, y in data[3:]:
    scores = net(x)  # expect: evaluation-builds-graph
    with torch.no_grad():
        hits += (scores.argmax(1) == y).sum().item()
print(hits)
# --- detach() comes after the graph was built
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
opt = torch.optim.Adam(net.parameters())
data = [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(4)]
for x, y in data[:3]:
    opt.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    opt.step()
net.eval()
outputs = []
for x, _ in data[3:]:
    outputs.append(net(x).detach().argmax(1))  # expect: evaluation-builds-graph
print(torch.cat(outputs))
# --- nothing requires a gradient any more
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3))
opt = torch.optim.Adam(net.parameters())
data = [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(4)]
for x, y in data[:3]:
    opt.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    opt.step()
net.requires_grad_(False)
for x, y in data[3:]:
    print((net(x).argmax(1) == y).sum().item())
# --- phases, with gradients by phase
import torch
from torch import nn

net = nn.Linear(8, 3)
opt = torch.optim.Adam(net.parameters())
batches = {name: [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(3)] for name in ("train", "val")}
for epoch in range(2):
    for phase in ["train", "val"]:
        net.train(phase == "train")
        total = 0.0
        for x, y in batches[phase]:
            with torch.set_grad_enabled(phase == "train"):
                loss = nn.functional.cross_entropy(net(x), y)
            if phase == "train":
                opt.zero_grad()
                loss.backward()
                opt.step()
            total += loss.item()
        print(phase, total)
# --- phases that forget the gradients
import torch
from torch import nn

net = nn.Linear(8, 3)
opt = torch.optim.Adam(net.parameters())
batches = {name: [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(3)] for name in ("train", "val")}
for epoch in range(2):
    for phase in ["train", "val"]:
        net.train(phase == "train")
        total = 0.0
        for x, y in batches[phase]:
            loss = nn.functional.cross_entropy(net(x), y)  # expect: evaluation-builds-graph
            if phase == "train":
                opt.zero_grad()
                loss.backward()
                opt.step()
            total += loss.item()
        print(phase, total)
# --- a function that nobody calls trains and evaluates: gradients must be on
def fit(model, train_batches, val_batches, optimizer, criterion, epochs=3):
    for epoch in range(epochs):
        model.train()
        for x, y in train_batches:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
        model.eval()
        total = 0.0
        for x, y in val_batches:
            total += criterion(model(x), y).item()  # expect: evaluation-builds-graph
        print(epoch, total / len(val_batches))
# --- the module's own predict carries no_grad
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.Linear(8, 3)

    def forward(self, x):
        return self.lin(x)

    @torch.no_grad()
    def predict(self, x):
        return self(x).argmax(1)


net = Net()
opt = torch.optim.Adam(net.parameters())
data = [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(4)]
for x, y in data[:3]:
    opt.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    opt.step()
print([(net.predict(x) == y).sum().item() for x, y in data[3:]])
# --- an unseen network's method may carry no_grad
import torch
from project.models import Segmenter
from torch import nn

net = Segmenter(n_classes=3)
opt = torch.optim.Adam(net.parameters())
data = [(torch.randn(4, 3, 8, 8), torch.randint(0, 3, (4, 8, 8))) for _ in range(4)]
for x, y in data[:3]:
    opt.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    opt.step()
net.eval()
for x, y in data[3:]:
    masks = net.inference(x)
    print((masks == y).float().mean())
# --- targets and roll-outs inside a training iteration
import copy

import torch
from torch import nn

net = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 2))
target = copy.deepcopy(net)
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    x = torch.randn(8, 4)
    action = net(x).argmax(1, keepdim=True)
    goal = 1.0 + 0.9 * target(torch.randn(8, 4)).max(1, keepdim=True).values.detach()
    loss = (net(x).gather(1, action) - goal).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- a validation every few steps, inside the training loop
import torch
from torch import nn


class Session:
    def __init__(self):
        self.net = nn.Linear(8, 1)
        self.opt = torch.optim.Adam(self.net.parameters())
        self.held_out = [(torch.randn(16, 8), torch.randn(16, 1)) for _ in range(2)]

    def check(self):
        errors = []
        for x, y in self.held_out:
            errors.append((self.net(x) - y).abs().mean().item())  # expect: evaluation-builds-graph
        return sum(errors) / len(errors)

    def run(self, steps):
        for step in range(steps):
            x, y = torch.randn(16, 8), torch.randn(16, 1)
            loss = nn.functional.mse_loss(self.net(x), y)
            self.opt.zero_grad()
            loss.backward()
            self.opt.step()
            if step % 2 == 0:
                print(step, self.check())


Session().run(4)
# --- a context that the flag picks
import contextlib

import torch
from torch import nn

net = nn.Linear(8, 3)
opt = torch.optim.Adam(net.parameters())
data = [(torch.randn(16, 8), torch.randint(0, 3, (16,))) for _ in range(4)]


def run(batches, train):
    total = 0.0
    with contextlib.nullcontext() if train else torch.no_grad():
        for x, y in batches:
            loss = nn.functional.cross_entropy(net(x), y)
            if train:
                opt.zero_grad()
                loss.backward()
                opt.step()
            total += loss.item()
    return total


for epoch in range(2):
    print(run(data[:3], True), run(data[3:], False))
# --- a shape check and a warm-up are no evaluation
import torch
from torch import nn

net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten())
data = [torch.randn(8, 3, 6, 6) for _ in range(3)]
print(net(torch.zeros(1, 3, 6, 6)).shape)
for x in data:
    net(x)
    break
head = nn.Linear(net(data[0]).size(1), 2)
opt = torch.optim.Adam([*net.parameters(), *head.parameters()])
for x in data:
    opt.zero_grad()
    head(net(x)).pow(2).mean().backward()
    opt.step()

# --- volatile inputs of old
import torch
from torch import nn
from torch.autograd import Variable

net = nn.Linear(4, 2)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for x, y in torch.utils.data.DataLoader([]):
    opt.zero_grad()
    nn.functional.cross_entropy(net(Variable(x)), Variable(y)).backward()
    opt.step()
net.eval()
hits = 0
for x, y in torch.utils.data.DataLoader([]):
    out = net(Variable(x, volatile=True))
    hits += (out.data.max(1)[1] == y).sum()
print(hits)

# --- no_grad inside of the forward
import torch
from torch import nn


class Detector(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Conv2d(3, 5, 3)

    def forward(self, image):
        with torch.no_grad():
            boxes = self.net(image)
        return self.crop(image, boxes)

    def crop(self, image, boxes):
        return image[..., : int(boxes[0].max())] - boxes.max()


detector, total = Detector(), 0
for image, truth in torch.utils.data.DataLoader([]):
    total += (detector(image) - truth).abs().sum().item()
print(total)

# --- a progress bar and a file have nothing to do with gradients
from torch import nn
from tqdm import tqdm

model = nn.Linear(3, 2)
with tqdm(total=10) as bar, open("scores.txt", "w") as scores:
    for x, y in val_loader:
        scores.write(str((model(x).argmax(1) == y).sum().item()))  # expect: evaluation-builds-graph
        bar.update(1)

# --- whole data sets at once: what is built is small, and gone with the next epoch
import torch
from torch import nn

model = nn.Linear(4, 1)
opt = torch.optim.Adam(model.parameters(), lr=1e-3)
x, x_test, y, y_test = torch.randn(99, 4), torch.randn(9, 4), torch.randn(99, 1), torch.randn(9, 1)
for epoch in range(100):
    loss = nn.functional.mse_loss(model(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    print(nn.functional.mse_loss(model(x_test), y_test))

# --- several passes of one loop lack one no_grad
import torch
from torch import nn

encoder, edges, paint = nn.Linear(4, 4), nn.Linear(4, 4), nn.Linear(4, 2)


def outline(x, wide):
    if wide:
        return edges(x)  # expect: evaluation-builds-graph
    return edges(x * 2)


for x, y in torch.utils.data.DataLoader([]):
    drawn = outline(x, torch.rand(1) > 0.5)
    out = paint(torch.cat((drawn, encoder(x)), 1))
    print((out.argmax(1) == y).sum().item(), drawn.mean().item())

# --- a framework out of sight calls the methods, perhaps without gradients
from framework import Benchmark
from torch import nn


class Detector(Benchmark):
    def __init__(self, device):
        super().__init__(device)
        self.model = nn.Linear(4, 2)

    def eval(self):
        for image, target in self.loader:
            output = self.model(image)
            self.evaluator.add(output, target)
        return (output.argmax(1),)

# --- generate records no gradients, whoever calls it
from transformers import AutoModelForCausalLM, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained("gpt2")
model = AutoModelForCausalLM.from_pretrained("gpt2")
right = 0
for prompt, answer in test_set:
    ids = tokenizer(prompt, return_tensors="pt")
    out = model.generate(**ids, max_new_tokens=10)
    right += tokenizer.decode(out[0]) == answer
    right += (model(**ids).logits.argmax(-1) == answer).sum().item()  # expect: evaluation-builds-graph
print(right)

# --- all layers of a forward run under its own no_grad
import torch
from torch import nn


class Finder(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Conv2d(3, 5, 3)

    def forward(self, image, path=None):
        boxes = self.detect(image)
        return cut_out(image, boxes, path)

    def detect(self, image):
        with torch.no_grad():
            return self.net(image).cpu().numpy()


finder = Finder()
for image, truth in dataset:
    face = finder(image, path="face.png")
    assert (face - truth).sum() < 1e-2

# --- a network that was built in this pass has learned nothing that could be evaluated
import itertools

import torch
from torch import nn

for width, depth in itertools.product(widths, [1, 2]):
    net = nn.Sequential(*[nn.Linear(width, width) for _ in range(depth)])
    x = torch.rand(4, width)
    out = net(x)
    check(out, x)
    print(out.sum().item())
