# --- Softmax as the last layer
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 3), nn.Softmax(dim=1))
criterion = nn.CrossEntropyLoss()
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    x, y = torch.randn(16, 8), torch.randint(0, 3, (16,))
    opt.zero_grad()
    loss = criterion(net(x), y)  # expect: softmax-before-cross-entropy
    loss.backward()
    opt.step()
# --- in forward: function, method, attribute
import torch
import torch.nn.functional as F
from torch import nn


class ByFunction(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.Linear(8, 3)

    def forward(self, x):
        return F.softmax(self.lin(x), dim=-1)


class ByMethod(ByFunction):
    def forward(self, x):
        return self.lin(x).softmax(1)


class ByAttribute(ByFunction):
    def __init__(self):
        super().__init__()
        self.finish = torch.nn.Softmax(1)

    def forward(self, x):
        return self.finish(self.lin(x))


x, y = torch.randn(16, 8), torch.randint(0, 3, (16,))
one, two, three = ByFunction(), ByMethod(), ByAttribute()
F.cross_entropy(one(x), y).backward()  # expect: softmax-before-cross-entropy
F.cross_entropy(input=two(x), target=y).backward()  # expect: softmax-before-cross-entropy
nn.CrossEntropyLoss(label_smoothing=0.1)(three(x), y).backward()  # expect: softmax-before-cross-entropy
# --- log_softmax before cross-entropy: advice, it does no harm
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 3), nn.LogSoftmax(dim=1))
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    opt.zero_grad()
    out = net(torch.randn(16, 8))
    loss = nn.functional.cross_entropy(out, torch.randint(0, 3, (16,)))  # expect: softmax-before-cross-entropy
    loss.backward()
    opt.step()
# --- LogSoftmax and NLLLoss, under misleading names
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.Linear(8, 3)
        self.softmax = nn.LogSoftmax(dim=1)

    def forward(self, x):
        return self.softmax(self.lin(x))


net = Net()
cross_entropy = nn.NLLLoss()
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    opt.zero_grad()
    cross_entropy(net(torch.randn(16, 8)), torch.randint(0, 3, (16,))).backward()
    opt.step()
# --- logs of probabilities for NLL
import torch
import torch.nn.functional as F
from torch import nn

net = nn.Linear(8, 3)
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    p = F.softmax(net(torch.randn(16, 8)), dim=1)
    opt.zero_grad()
    F.nll_loss(torch.log(p + 1e-8), torch.randint(0, 3, (16,))).backward()
    opt.step()
# --- softmax on the targets' side
import torch
import torch.nn.functional as F
from torch import nn

student, teacher = nn.Linear(8, 3), nn.Linear(8, 3)
opt = torch.optim.Adam(student.parameters())
for _ in range(5):
    x = torch.randn(16, 8)
    with torch.no_grad():
        soft = F.softmax(teacher(x) / 2.0, dim=1)
    opt.zero_grad()
    F.cross_entropy(student(x), soft).backward()
    opt.step()
# --- attention weights and gates inside the network
import torch
from torch import nn


class Pool(nn.Module):
    def __init__(self):
        super().__init__()
        self.score, self.gate, self.out = nn.Linear(8, 1), nn.Linear(8, 2), nn.ModuleList([nn.Linear(8, 3) for _ in range(2)])

    def forward(self, x):
        weights = torch.softmax(self.score(x), dim=1)
        h = (weights * x).sum(1)
        mix = self.gate(h).softmax(-1)
        return sum(mix[:, i:i + 1] * expert(h) for i, expert in enumerate(self.out))


net = Pool()
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    opt.zero_grad()
    nn.functional.cross_entropy(net(torch.randn(16, 5, 8)), torch.randint(0, 3, (16,))).backward()
    opt.step()
# --- softmax for a metric, and for what predict returns
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.Linear(8, 3)

    def forward(self, x):
        logits = self.lin(x)
        return logits, logits.softmax(1)

    def predict(self, x):
        with torch.no_grad():
            return self(x)[1]


net = Net()
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    x, y = torch.randn(16, 8), torch.randint(0, 3, (16,))
    logits, probabilities = net(x)
    opt.zero_grad()
    nn.functional.cross_entropy(logits, y).backward()
    opt.step()
    print(probabilities.max(1).values.mean().item(), torch.softmax(logits, 1).argmax(1).eq(y).sum().item())
# --- the tuple's other half goes into the loss
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.Linear(8, 3)

    def forward(self, x):
        logits = self.lin(x)
        return {"logits": logits, "probs": logits.softmax(1)}


net = Net()
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    out = net(torch.randn(16, 8))
    loss = nn.functional.cross_entropy(out["probs"], torch.randint(0, 3, (16,)))  # expect: softmax-before-cross-entropy
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- only outside training
import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.Linear(8, 3)

    def forward(self, x):
        x = self.lin(x)
        if not self.training:
            x = F.softmax(x, dim=1)
        return x


net = Net()
opt = torch.optim.Adam(net.parameters())
net.train()
for _ in range(5):
    opt.zero_grad()
    F.cross_entropy(net(torch.randn(16, 8)), torch.randint(0, 3, (16,))).backward()
    opt.step()
# --- a flag, off while training, on when probabilities are wanted
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.Linear(8, 3)

    def forward(self, x, apply_softmax=False):
        out = self.lin(x)
        if apply_softmax:
            out = out.softmax(dim=1)
        return out


net = Net()
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    x, y = torch.randn(16, 8), torch.randint(0, 3, (16,))
    opt.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    opt.step()
    print(net(x, apply_softmax=True).argmax(1))
# --- the flag, on while training
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.Linear(8, 3)

    def forward(self, x, apply_softmax):
        out = self.lin(x)
        if apply_softmax:
            out = out.softmax(dim=1)
        return out


net = Net()
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    scores = net(torch.randn(16, 8), True)
    loss = nn.functional.cross_entropy(scores, torch.randint(0, 3, (16,)))  # expect: softmax-before-cross-entropy
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- the activation is a default argument
import torch
from torch import nn


def head(n_in, n_out, final=nn.Softmax(dim=-1)):
    return nn.Sequential(nn.Linear(n_in, n_out), final)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.parts = nn.ModuleDict({"body": nn.Sequential(nn.Linear(8, 16), nn.ReLU()), "head": head(16, 3)})

    def forward(self, x):
        return self.parts["head"](self.parts["body"](x))


class Trainer:
    def __init__(self):
        self.net = Net()
        self.opt = torch.optim.Adam(self.net.parameters())
        self.loss = nn.CrossEntropyLoss()

    def step(self, x, y):
        out = self.net(x)
        loss = self.loss.forward(out, y)  # expect: softmax-before-cross-entropy
        self.opt.zero_grad()
        loss.backward()
        self.opt.step()


trainer = Trainer()
for _ in range(5):
    trainer.step(torch.randn(16, 8), torch.randint(0, 3, (16,)))
# --- reshaped and indexed on the way
import torch
from torch import nn

rnn, out = nn.GRU(4, 8, batch_first=True), nn.Linear(8, 5)
opt = torch.optim.Adam([*rnn.parameters(), *out.parameters()])
for _ in range(5):
    p = torch.softmax(out(rnn(torch.randn(4, 6, 4))[0]), dim=-1)
    flat = p.contiguous().view(-1, 5)
    loss = nn.functional.cross_entropy(flat, torch.randint(0, 5, (24,)))  # expect: softmax-before-cross-entropy
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(rnn.parameters(), 1.0)
    opt.step()
# --- names that mislead
import torch
from torch import nn


def softmax(x, dim):
    return x / x.detach().std()


net = nn.Linear(8, 3)
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    probabilities = softmax(net(torch.randn(16, 8)), 1)
    opt.zero_grad()
    nn.functional.cross_entropy(probabilities, torch.randint(0, 3, (16,))).backward()
    opt.step()
# --- an unseen function between, and a loss that is not cross-entropy
import torch
from project.losses import to_scores
from torch import nn

net = nn.Sequential(nn.Linear(8, 3), nn.Softmax(dim=1))
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    x, y = torch.randn(16, 8), torch.randint(0, 3, (16,))
    loss = nn.functional.cross_entropy(to_scores(net(x)), y)
    loss = loss + nn.functional.kl_div((net(x) + 1e-8).log(), torch.full((16, 3), 1 / 3), reduction="batchmean")
    opt.zero_grad()
    loss.backward()
    opt.step()
# --- a class that nobody builds
import torch.nn.functional as F
from torch import nn


class Captioner(nn.Module):
    def __init__(self, vocabulary, dim):
        super().__init__()
        self.embed = nn.Embedding(vocabulary, dim)
        self.rnn = nn.GRU(dim, dim, batch_first=True)
        self.words = nn.Linear(dim, vocabulary)

    def forward(self, ids):
        return F.softmax(self.words(self.rnn(self.embed(ids))[0]), dim=2)

    def loss(self, ids):
        p = self(ids[:, :-1])
        return F.cross_entropy(p.transpose(1, 2), ids[:, 1:])  # expect: softmax-before-cross-entropy
# --- a segmentation map
import torch
from torch import nn

net = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 4, 1), nn.Softmax2d())
criterion = nn.CrossEntropyLoss(ignore_index=255)
opt = torch.optim.Adam(net.parameters())
for _ in range(5):
    opt.zero_grad()
    loss = criterion(net(torch.randn(2, 3, 8, 8)), torch.randint(0, 4, (2, 8, 8)))  # expect: softmax-before-cross-entropy
    loss.backward()
    opt.step()

# --- the exponential of a logarithm of probabilities
import torch
from torch import nn

net = nn.Sequential(nn.Linear(4, 3), nn.LogSoftmax(dim=1))
for x, y in torch.utils.data.DataLoader([]):
    print(nn.functional.cross_entropy(net(x).exp(), y))  # expect: softmax-before-cross-entropy
# --- heads in a ModuleDict
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.heads = nn.ModuleDict({"age": nn.Linear(8, 5), "kind": nn.Linear(8, 3)})

    def forward(self, x):
        return {name: head(x).softmax(-1) for name, head in self.heads.items()}


net = Net()
optimizer = torch.optim.Adam(net.parameters())
for x, age, kind in loader:
    out = net(x)
    loss = nn.functional.cross_entropy(out["kind"], kind)  # expect: softmax-before-cross-entropy
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
