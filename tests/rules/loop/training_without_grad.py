# --- inference mode, and a decorated function
import torch
from torch import nn

one, two = nn.Linear(4, 2), nn.Linear(4, 2)
a, b = torch.optim.SGD(one.parameters(), lr=0.1), torch.optim.SGD(two.parameters(), lr=0.1)


@torch.no_grad()
def predict(x):
    return two(x)  # expect: training-without-grad


for x, y in torch.utils.data.DataLoader([]):
    a.zero_grad()
    with torch.inference_mode():
        out = one(x)  # expect: training-without-grad
    nn.functional.cross_entropy(out, y).backward()
    a.step()
    b.zero_grad()
    nn.functional.cross_entropy(predict(x), y).backward()
    b.step()
# --- switched off for the evaluation and never on again
import torch
from torch import nn

net = nn.Linear(4, 2)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for epoch in range(3):
    for x, y in torch.utils.data.DataLoader([]):
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()  # expect: training-without-grad
        opt.step()
    torch.set_grad_enabled(False)
    for x, y in torch.utils.data.DataLoader([]):
        print((net(x).argmax(1) == y).float().mean())
# --- switched on again
import torch
from torch import nn

net = nn.Linear(4, 2)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for epoch in range(3):
    torch.set_grad_enabled(True)
    for x, y in torch.utils.data.DataLoader([]):
        opt.zero_grad()
        nn.functional.cross_entropy(net(x), y).backward()
        opt.step()
    torch.set_grad_enabled(False)
    for x, y in torch.utils.data.DataLoader([]):
        print((net(x).argmax(1) == y).float().mean())
# --- frozen features
import torch
from torch import nn

body, head = nn.Linear(4, 8), nn.Linear(8, 2)
opt = torch.optim.SGD(head.parameters(), lr=0.1)
for x, y in torch.utils.data.DataLoader([]):
    with torch.no_grad():
        features = body(x)
    opt.zero_grad()
    nn.functional.cross_entropy(head(features), y).backward()
    opt.step()
# --- a flag decides, the same for both
import torch
from torch import nn

net = nn.Linear(4, 2)
opt = torch.optim.SGD(net.parameters(), lr=0.1)


def run(batches, train):
    for x, y in batches:
        with torch.set_grad_enabled(train):
            loss = nn.functional.cross_entropy(net(x), y)
        if train:
            opt.zero_grad()
            loss.backward()
            opt.step()


for epoch in range(3):
    run(torch.utils.data.DataLoader([]), True)
    run(torch.utils.data.DataLoader([]), False)
# --- what is learnt is beside the network
import torch
from torch import nn

net = nn.Linear(4, 2)
prototypes = torch.randn(3, 2, requires_grad=True)
opt = torch.optim.SGD([prototypes], lr=0.1)
for x, y in torch.utils.data.DataLoader([]):
    with torch.no_grad():
        features = net(x)
    opt.zero_grad()
    nn.functional.cross_entropy(features @ prototypes.t(), y).backward()
    opt.step()
