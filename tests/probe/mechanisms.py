"""One small program, and for each rule the edits that give it the fault, and those that make a sound program like it."""

PROGRAM = """\
import copy
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

generator = torch.Generator().manual_seed(0)
inputs = torch.randn(192, 6, generator=generator)
labels = (inputs @ torch.randn(6, 3, generator=generator)).argmax(1)
loader = DataLoader(TensorDataset(inputs, labels), batch_size=32, shuffle=True)
held_out = DataLoader(TensorDataset(inputs, labels), batch_size=32)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(6, 16)
        self.drop = nn.Dropout(0.2)
        self.last = nn.Linear(16, 3)

    def forward(self, x):
        hidden = torch.relu(self.first(x))
        return self.last(self.drop(hidden))


model = Net()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 100)
best = None
for epoch in range(5):
    model.train()
    for number, (x, y) in enumerate(loader):
        optimizer.zero_grad()
        outputs = model(x)
        loss = criterion(outputs, y)
        loss.backward()
        optimizer.step()
        scheduler.step()
    model.eval()
    with torch.no_grad():
        hits = sum((model(x).argmax(1) == y).sum().item() for x, y in held_out)
    print(epoch, hits)
"""
Edits = tuple[tuple[str, str], ...]

_CLIP = "nn.utils.clip_grad_norm_(model.parameters(), 1.0)"
_BACKWARD = "        loss.backward()\n"
_STEP = "        optimizer.step()\n"
_LOSS = "loss = criterion(outputs, y)"
_ZERO = "        optimizer.zero_grad()\n"
_FORWARD = "return self.last(self.drop(hidden))"
_EVERY_FOURTH: Edits = (
    (_ZERO, ""),
    ("        scheduler.step()\n", ""),
    (_STEP, "        if (number + 1) % 4 == 0:\n            optimizer.step()\n            optimizer.zero_grad()\n"),
)
_SCALER = ("best = None", "scaler = torch.amp.GradScaler('cpu', init_scale=8.0)")
_SCALED = (_BACKWARD, "        scaler.scale(loss).backward()\n")
_SCALER_STEP = (_STEP, "        scaler.step(optimizer)\n        scaler.update()\n")
_SORTED = ("labels = (", "labels = torch.arange(192) // 64 if True else (")
_RECURRENT: Edits = (
    ("self.first = nn.Linear(6, 16)", "self.first = nn.GRU(6, 16, batch_first=True)"),
    ("def forward(self, x):", "def forward(self, x, state=None):"),
    ("hidden = torch.relu(self.first(x))", "hidden, state = self.first(x.unsqueeze(1), state)\n        hidden = hidden[:, 0]"),
    (_FORWARD, "return self.last(self.drop(hidden)), state"),
    ("        outputs = model(x)\n", "        outputs, state = model(x, state)\n"),
    ("    model.train()\n", "    model.train()\n    state = None\n"),
    ("model(x).argmax", "model(x)[0].argmax"),
)
_REGRESSION: Edits = (
    ("labels = (", "labels = inputs.sum(1) if True else ("),
    ("nn.Linear(16, 3)", "nn.Linear(16, 1)"),
    ("model(x).argmax(1) ==", "model(x)[:, 0].round() =="),
)
_NOISY = """\
class Noisy(TensorDataset):
    def __getitem__(self, number):
        x, y = super().__getitem__(number)
        return x * (1 + 0.1 * torch.rand(())), y


class Net("""
_DETACHED = "        state = None if state is None else state.detach()\n        outputs, state"
_ROOT = "hidden_norm = lambda z: torch.sqrt((z * 0).sum())"

MECHANISMS: dict[str, tuple[Edits, Edits]] = {
    "mismatched-preprocessing": (
        (("loader = DataLoader(TensorDataset(inputs, ", "loader = DataLoader(TensorDataset(inputs * 4 - 2, "),),
        (),
    ),
    "unshuffled-training-data": (
        (("batch_size=32, shuffle=True", "batch_size=32"), _SORTED),
        (("batch_size=32, shuffle=True", "batch_size=32"),),
    ),
    "aliased-best-weights": (
        (("        scheduler.step()\n", "        scheduler.step()\n        best = best or model.state_dict()\n"),),
        (("        scheduler.step()\n", "        scheduler.step()\n        best = best or copy.deepcopy(model.state_dict())\n"),),
    ),
    "train-mode-in-evaluation": ((("    model.eval()\n", "    model.train()\n"),), ()),
    "broken-accumulation": (
        ((_STEP, "        if number % 3 == 2:\n            optimizer.step()\n"),),
        _EVERY_FOURTH,
    ),
    "detached-loss": (((_LOSS, "loss = criterion(outputs.detach(), y)"), ("loss.backward", "loss.requires_grad_().backward")), ()),
    "argmax-in-loss": (((_LOSS, "loss = (outputs.argmax(1) != y).float().mean()"),), ()),
    "gradients-cleared-before-step": (((_ZERO, ""), (_BACKWARD, _BACKWARD + _ZERO)), ()),
    "inert-flag": (
        (("    model.eval()\n", "    model.training = False\n"),),
        (("best = None", "model.first.weight.requires_grad = True\nmodel.training = True"),),
    ),
    "missing-backward": (((_BACKWARD, ""),), ()),
    "missing-optimizer-step": (((_STEP, ""), ("        scheduler.step()\n", "")), ()),
    "training-without-grad": ((("        outputs = model(x)\n", "        with torch.no_grad():\n            outputs = model(x)\n"),), ()),
    "undetached-state": (_RECURRENT, (*_RECURRENT, ("        outputs, state", _DETACHED))),
    "broadcast-in-loss": (
        (*_REGRESSION, (_LOSS, "loss = F.mse_loss(outputs, y)")),
        (*_REGRESSION, (_LOSS, "loss = F.mse_loss(outputs, y.unsqueeze(1))")),
    ),
    "kl-div-without-log": (
        ((_LOSS, "loss = F.kl_div(outputs.softmax(1), F.one_hot(y, 3).float(), reduction='batchmean')"),),
        ((_LOSS, "loss = F.kl_div(outputs.log_softmax(1), F.one_hot(y, 3).float(), reduction='batchmean')"),),
    ),
    "loss-built-from-tensors": (((_LOSS, "loss = nn.CrossEntropyLoss(outputs, y)"),), ()),
    "nll-without-log-softmax": (((_LOSS, "loss = F.nll_loss(outputs, y)"),), ((_LOSS, "loss = F.nll_loss(outputs.log_softmax(1), y)"),)),
    "rectified-logits": (((_FORWARD, "return torch.relu(self.last(self.drop(hidden)))"),), ()),
    "softmax-over-wrong-axis": (
        ((_LOSS, "loss = F.nll_loss(torch.log(outputs.softmax(0)), y) + F.mse_loss(outputs.softmax(0), F.one_hot(y, 3).float())"),),
        ((_LOSS, "loss = F.mse_loss(outputs.softmax(1), F.one_hot(y, 3).float())"),),
    ),
    "swapped-loss-arguments": (
        ((_LOSS, "loss = F.binary_cross_entropy_with_logits(F.one_hot(y, 3).float(), outputs.sigmoid())"),),
        ((_LOSS, "loss = F.binary_cross_entropy_with_logits(outputs, F.one_hot(y, 3).float())"),),
    ),
    "unguarded-log": (
        ((_LOSS, "loss = -torch.log((outputs * 200).softmax(1)).gather(1, y[:, None]).mean()"),),
        ((_LOSS, "loss = -torch.log((outputs * 200).softmax(1) + 1e-8).gather(1, y[:, None]).mean()"),),
    ),
    "unguarded-sqrt": (
        (
            (_LOSS, "loss = criterion(outputs, y) + hidden_norm(outputs)"),
            ("best = None", "hidden_norm = lambda z: torch.sqrt((z * 0).sum())"),
        ),
        (
            (_LOSS, "loss = criterion(outputs, y) + hidden_norm(outputs)"),
            ("best = None", "hidden_norm = lambda z: torch.sqrt((z * 0).sum().clamp(min=1e-8))"),
        ),
    ),
    "dropout-ignores-mode": (
        ((_FORWARD, "return self.last(F.dropout(hidden, 0.2))"),),
        ((_FORWARD, "return self.last(F.dropout(hidden, 0.2, self.training))"),),
    ),
    "layer-created-in-forward": ((("torch.relu(self.first(x))", "torch.relu(nn.Linear(6, 16)(x))"),), ()),
    "repeated-layer": (
        (("self.drop = nn.Dropout(0.2)", "self.drop = nn.Sequential(*[nn.Linear(16, 16)] * 2)"),),
        (("self.drop = nn.Dropout(0.2)", "self.drop = nn.Sequential(*[nn.Linear(16, 16) for _ in range(2)])"),),
    ),
    "unregistered-modules": (
        (("self.first = nn.Linear(6, 16)", "self.layers = [nn.Linear(6, 16)]"), ("self.first(x)", "self.layers[0](x)")),
        (("self.first = nn.Linear(6, 16)", "self.layers = nn.ModuleList([nn.Linear(6, 16)])"), ("self.first(x)", "self.layers[0](x)")),
    ),
    "amp-misuse": ((_SCALER, _SCALED, (_STEP, "        scaler.step(optimizer)\n")), (_SCALER, _SCALED, _SCALER_STEP)),
    "clip-after-step": (((_STEP, f"{_STEP}        {_CLIP}\n"),), ((_STEP, f"        {_CLIP}\n{_STEP}"),)),
    "clip-before-backward": (((_BACKWARD, f"        {_CLIP}\n{_BACKWARD}"),), ((_BACKWARD, f"{_BACKWARD}        {_CLIP}\n"),)),
    "clip-without-unscale": (
        (_SCALER, (_BACKWARD, f"        scaler.scale(loss).backward()\n        {_CLIP}\n"), _SCALER_STEP),
        (
            _SCALER,
            (_BACKWARD, f"        scaler.scale(loss).backward()\n        scaler.unscale_(optimizer)\n        {_CLIP}\n"),
            _SCALER_STEP,
        ),
    ),
    "exhausted-parameters": (
        (("best = None", "held = model.parameters()\nlist(held)"), (_STEP, f"        nn.utils.clip_grad_norm_(held, 1.0)\n{_STEP}")),
        (("best = None", "held = list(model.parameters())"), (_STEP, f"        nn.utils.clip_grad_norm_(held, 1.0)\n{_STEP}")),
    ),
    "learning-rate-out-of-range": ((("lr=1e-2", "lr=5.0"),), ()),
    "optimizer-recreated": (
        ((_ZERO, "        optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)\n"), ("        scheduler.step()\n", "")),
        (),
    ),
    "parameters-not-optimized": (
        (("optimizer = torch.optim.Adam(model.parameters()", "optimizer = torch.optim.Adam(model.last.parameters()"),),
        (),
    ),
    "scheduler-before-optimizer": (((_ZERO, "        scheduler.step()\n" + _ZERO), (_STEP + "        scheduler.step()\n", _STEP)), ()),
    "augmented-evaluation-data": (
        (
            ("class Net(", _NOISY),
            ("in held_out", "in DataLoader(Noisy(inputs, labels), batch_size=32)"),
        ),
        (),
    ),
}


def program(edits: Edits) -> str:
    """The program with these edits, each of which must fit."""
    text = PROGRAM
    for old, new in edits:
        assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times"
        text = text.replace(old, new)
    return text
