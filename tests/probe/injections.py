"""Small programs with one fault each, and the same programs without it: {MLP, CNN, CNN+BN, RNN, transformer} × faults × seeds."""

import textwrap
from dataclasses import dataclass

ARCHITECTURES = ("mlp", "cnn", "cnn_bn", "rnn", "transformer")

_DATA = """
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

generator = torch.Generator().manual_seed({seed})
labels = {labels}
patterns = torch.randn({classes}, {shape}, generator=generator)
inputs = 0.8 * patterns[labels] + torch.randn(512, {shape}, generator=generator)
{inputs}
targets = {targets}
train_loader = DataLoader(TensorDataset(inputs[:384], targets[:384]), batch_size=32, shuffle={shuffle})
test_loader = DataLoader(TensorDataset({test_data}, targets[384:]), batch_size=32)
"""
_NETWORKS = {
    "mlp": (
        "3, 8, 8",
        """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Flatten(), nn.Linear(192, 64), {act}, {between}nn.Linear(64, 64), {act}, {norm1}nn.Dropout({p}))
        self.head = nn.Linear(64, {units})
        {extra}

    def forward(self, x):
        return {out}
""",
    ),
    "cnn": (
        "3, 8, 8",
        """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(3, 16, 3, padding=1), {act}, nn.MaxPool2d(2), {between}nn.Conv2d(16, 32, 3, padding=1), {act}, {norm2}nn.Flatten(),
            nn.Linear(512, 64), {act}, nn.Dropout({p}),
        )
        self.head = nn.Linear(64, {units})
        {extra}

    def forward(self, x):
        return {out}
""",
    ),
    "cnn_bn": (
        "3, 8, 8",
        """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(3, 16, 3, padding=1), nn.BatchNorm2d(16), {act}, nn.MaxPool2d(2), {between}nn.Conv2d(16, 32, 3, padding=1),
            {norm2}nn.BatchNorm2d(32), {act}, nn.Flatten(), nn.Linear(512, 64), {act}, nn.Dropout({p}),
        )
        self.head = nn.Linear(64, {units})
        {extra}

    def forward(self, x):
        return {out}
""",
    ),
    "rnn": (
        "12, 8",
        """
class Body(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(8, 64, batch_first=True)
        self.after = nn.Sequential(nn.Linear(64, 64), {act}, {between}{norm1}nn.Dropout({p}))
        self.state = None

    def forward(self, x):
        hidden, self.state = self.rnn(x, {state})
        return self.after(hidden[:, -1])


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = Body()
        self.head = nn.Linear(64, {units})
        {extra}

    def forward(self, x):
        return {out}
""",
    ),
    "transformer": (
        "12, 8",
        """
class Body(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Linear(8, 64)
        layer = nn.TransformerEncoderLayer(64, 4, 128, dropout={p}, batch_first=True)
        self.layers = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.after = nn.Sequential(nn.Linear(64, 64), {act}, {between}{norm1}nn.Dropout({p}))

    def forward(self, x):
        return self.after(self.layers(self.embed(x)).mean(1))


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = Body()
        self.head = nn.Linear(64, {units})
        {extra}

    def forward(self, x):
        return {out}
""",
    ),
}
_LOOP = """
torch.manual_seed({seed})
model = Net()
{after_model}
criterion = {criterion}
optimizer = torch.optim.{optimizer}
{setup}
total = 0.0
for epoch in range(8):
    {train}
    for number, (x, y) in enumerate(train_loader):
        {zero}
        outputs = {forward}
        loss = {loss}
        {backward}
        {clip}
        {step}
        {after_step}
        total += {kept}
    {eval}
    correct = 0
    with {no_grad}:
        for x, y in test_loader:
            scores = model(x)
            correct += (scores.detach().argmax(1) == y.reshape(len(y), -1)[:, 0]).sum().item()
    print(epoch, float(total), correct)
"""
_SOUND = {
    "classes": "4",
    "inputs": "",
    "labels": "torch.randint(0, {classes}, (512,), generator=generator)",
    "extra": "",
    "targets": "labels",
    "act": "nn.ReLU()",
    "between": "",
    "norm1": "",
    "norm2": "",
    "p": "0.2",
    "units": "4",
    "out": "self.head(self.body(x))",
    "after_model": "",
    "criterion": "nn.CrossEntropyLoss()",
    "optimizer": "Adam(model.parameters(), lr=2e-3)",
    "train": "model.train()",
    "zero": "optimizer.zero_grad()",
    "loss_input": "outputs",
    "setup": "",
    "forward": "model(x)",
    "loss": "criterion({loss_input}, y)",
    "backward": "loss.backward()",
    "step": "optimizer.step()",
    "after_step": "",
    "shuffle": "True",
    "test_data": "inputs[384:]",
    "state": "None",
    "clip": "",
    "kept": "loss.item()",
    "eval": "model.eval()",
    "no_grad": "torch.no_grad()",
}
_BINARY = {"classes": "2", "targets": "labels.float().unsqueeze(1)", "units": "1", "criterion": "nn.BCEWithLogitsLoss()"}
_EXCLUSIVE = "F.one_hot(labels, 4).float()"


_ONE_HOT = "F.one_hot(y, 4).float()"
_REGRESSION = {"targets": "inputs.flatten(1).mean(1)", "units": "1"}
_CLIP = "nn.utils.clip_grad_norm_(model.parameters(), 1.0)"
_CLIP_HELD = "nn.utils.clip_grad_norm_(held, 1.0)"
_ACCUMULATED = "if number % 3 == 2: optimizer.step(); optimizer.zero_grad()"
_FROZEN = "for p in model.body.parameters(): p.requires_grad = False"
_DETACHED = "None if self.state is None or not self.training else self.state.detach()"
_SCALED = {
    "setup": "scaler = torch.amp.GradScaler('cpu', init_scale=8.0)",
    "backward": "scaler.scale(loss).backward()",
    "step": "scaler.step(optimizer); scaler.update()",
}
_JITTER = "lambda data, n: (data.tensors[0][n] + torch.randn(()) / 9, data.tensors[1][n])"
_JITTERED = (
    f"jittered = type('Jittered', (TensorDataset,), {{'__getitem__': {_JITTER}}}); "
    "test_loader = DataLoader(jittered(inputs[384:], targets[384:]), batch_size=32)"
)
_LISTED = "test_loader = DataLoader(list(zip(inputs[384:], targets[384:])), batch_size=32)"
_SCHEDULER = "scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 1000)"


@dataclass(frozen=True, slots=True)
class Injection:
    """A fault: the rule that names it, what makes it, and what the sound twin has in its place."""

    rule: str
    fault: dict[str, str]
    twin: dict[str, str]
    architectures: tuple[str, ...] = ARCHITECTURES
    undecidable: str = ""
    """Why a run cannot settle it, declared beforehand."""


INJECTIONS = (
    Injection("unnormalized-input", {"inputs": "inputs = (inputs * 40 + 128).clamp(0, 255).round()"}, {}),
    Injection(
        "uncentered-input",
        {"inputs": "inputs = (inputs / 12 + 0.5).clamp(0, 1)"},
        {"inputs": "inputs = (inputs - inputs.mean()) / inputs.std()"},
        ("mlp", "cnn", "rnn", "transformer"),
    ),
    Injection(
        "batchnorm-after-dropout",
        {"norm1": "nn.Dropout(0.3), nn.BatchNorm1d(64), "},
        {"norm1": "nn.BatchNorm1d(64), nn.Dropout(0.3), "},
        ("mlp", "rnn", "transformer"),
    ),
    Injection(
        "batchnorm-after-dropout",
        {"norm2": "nn.Dropout(0.3), nn.BatchNorm2d(32), "},
        {"norm2": "nn.BatchNorm2d(32), nn.Dropout(0.3), nn.Conv2d(32, 32, 1), "},
        ("cnn", "cnn_bn"),
    ),
    Injection("sigmoid-with-mse", {**_BINARY, "criterion": "nn.MSELoss()", "out": "torch.sigmoid(self.head(self.body(x)))"}, _BINARY),
    Injection("softmax-before-cross-entropy", {"out": "self.head(self.body(x)).softmax(1)"}, {}),
    Injection("sigmoid-before-bce-with-logits", {**_BINARY, "out": "torch.sigmoid(self.head(self.body(x)))"}, _BINARY),
    Injection(
        "bce-on-logits",
        {**_BINARY, "criterion": "nn.BCELoss()"},
        {**_BINARY, "criterion": "nn.BCELoss()", "out": "torch.sigmoid(self.head(self.body(x)))"},
    ),
    Injection("single-logit-cross-entropy", {**_BINARY, "criterion": "nn.CrossEntropyLoss()"}, _BINARY),
    Injection("regression-loss-for-classes", {**_BINARY, "criterion": "nn.MSELoss()"}, _BINARY),
    Injection("class-count-mismatch", {"targets": _EXCLUSIVE, "criterion": "nn.BCEWithLogitsLoss()"}, {"targets": _EXCLUSIVE}),
    Injection("stale-gradients", {"zero": ""}, {}),
    Injection(
        "missing-gradient-clipping",
        {"optimizer": "SGD(model.parameters(), lr=20.0)"},
        {"clip": "nn.utils.clip_grad_norm_(model.parameters(), 1.0)"},
        ("rnn",),
        undecidable="small gradients in a recurrent network may grow later",
    ),
    Injection("retained-graph", {"kept": "loss"}, {}),
    Injection("evaluation-in-train-mode", {"eval": ""}, {}),
    Injection("evaluation-builds-graph", {"no_grad": "torch.enable_grad()"}, {}),
    Injection("train-mode-not-restored", {"train": ""}, {}),
    Injection("mismatched-preprocessing", {"test_data": "inputs[384:] * 0.25 + 1.0"}, {}),
    Injection("augmented-evaluation-data", {"setup": _JITTERED}, {"setup": _LISTED}),
    Injection("unshuffled-training-data", {"shuffle": "False", "labels": "torch.arange(512) * 4 // 512"}, {"shuffle": "False"}),
    Injection("train-mode-in-evaluation", {"eval": "model.train()"}, {}),
    Injection("broken-accumulation", {"step": "if number % 3 == 2: optimizer.step()"}, {"zero": "", "step": _ACCUMULATED}),
    Injection("detached-loss", {"loss": "torch.tensor(criterion(outputs, y).item(), requires_grad=True)"}, {}),
    Injection("argmax-in-loss", {"loss": "criterion(outputs, y) + 0.1 * (outputs.argmax(1) != y).float().mean()"}, {}),
    Injection("gradients-cleared-before-step", {"zero": "", "clip": "optimizer.zero_grad()"}, {}),
    Injection("inert-flag", {"eval": "model.training = False"}, {}),
    Injection("inert-flag", {"after_model": "for p in model.body.parameters(): p.require_grad = False"}, {"after_model": _FROZEN}),
    Injection("missing-backward", {"backward": "pass"}, {}),
    Injection("missing-optimizer-step", {"step": "pass"}, {}),
    Injection("training-without-grad", {"forward": "torch.no_grad()(model)(x)"}, {}),
    Injection("undetached-state", {"state": "self.state if self.training else None"}, {"state": _DETACHED}, ("rnn",)),
    Injection(
        "broadcast-in-loss", {**_REGRESSION, "loss": "F.mse_loss(outputs, y)"}, {**_REGRESSION, "loss": "F.mse_loss(outputs[:, 0], y)"}
    ),
    Injection(
        "kl-div-without-log",
        {"loss": f"F.kl_div(outputs.softmax(1), {_ONE_HOT}, reduction='batchmean')"},
        {"loss": f"F.kl_div(outputs.log_softmax(1), {_ONE_HOT}, reduction='batchmean')"},
    ),
    Injection("loss-built-from-tensors", {"loss": "nn.CrossEntropyLoss(outputs, y)"}, {}),
    Injection(
        "nll-without-log-softmax", {"criterion": "nn.NLLLoss()"}, {"criterion": "nn.NLLLoss()", "loss_input": "outputs.log_softmax(1)"}
    ),
    Injection("rectified-logits", {"out": "torch.relu(self.head(self.body(x)))"}, {}),
    Injection(
        "softmax-over-wrong-axis",
        {"loss": f"F.mse_loss(outputs.softmax(0), {_ONE_HOT})"},
        {"loss": f"F.mse_loss(outputs.softmax(1), {_ONE_HOT})"},
    ),
    Injection("swapped-loss-arguments", {**_BINARY, "loss": "criterion(y, outputs.sigmoid())"}, _BINARY),
    Injection(
        "unguarded-log",
        {"loss": "F.nll_loss(torch.log((outputs * 500).softmax(1)), y)"},
        {"loss": "F.nll_loss(torch.log((outputs * 500).softmax(1) + 1e-8), y)"},
    ),
    Injection(
        "unguarded-sqrt",
        {"loss": "criterion(outputs, y) + torch.sqrt(F.relu(outputs)).mean()"},
        {"loss": "criterion(outputs, y) + torch.sqrt(F.relu(outputs) + 1e-8).mean()"},
    ),
    Injection(
        "dropout-ignores-mode",
        {"out": "self.head(F.dropout(self.body(x), 0.2))"},
        {"out": "self.head(F.dropout(self.body(x), 0.2, self.training))"},
    ),
    Injection("layer-created-in-forward", {"out": "self.head(nn.Linear(64, 64)(self.body(x)))"}, {}),
    Injection(
        "repeated-layer",
        {"between": "*[nn.Linear(64, 64)] * 2, "},
        {"between": "*[nn.Linear(64, 64) for _ in range(2)], "},
        ("mlp", "rnn", "transformer"),
    ),
    Injection(
        "unregistered-modules",
        {"out": "self.more[0](self.head(self.body(x)))", "extra": "self.more = [nn.Linear({units}, {units})]"},
        {"out": "self.more[0](self.head(self.body(x)))", "extra": "self.more = nn.ModuleList([nn.Linear({units}, {units})])"},
    ),
    Injection("amp-misuse", {**_SCALED, "step": "optimizer.step()"}, _SCALED),
    Injection("clip-after-step", {"after_step": _CLIP}, {"clip": _CLIP}),
    Injection("clip-before-backward", {"backward": f"{_CLIP}; loss.backward()"}, {"clip": _CLIP}),
    Injection("clip-without-unscale", {**_SCALED, "clip": _CLIP}, {**_SCALED, "clip": f"scaler.unscale_(optimizer); {_CLIP}"}),
    Injection(
        "exhausted-parameters",
        {"setup": "held = iter(list(model.parameters()))", "clip": _CLIP_HELD},
        {"setup": "held = list(model.parameters())", "clip": _CLIP_HELD},
    ),
    Injection("learning-rate-out-of-range", {"optimizer": "Adam(model.parameters(), lr=2.0)"}, {}),
    Injection(
        "learning-rate-out-of-range", {"optimizer": "SGD(model.parameters(), lr=1e-6)"}, {"optimizer": "SGD(model.parameters(), lr=0.1)"}
    ),
    Injection("optimizer-recreated", {"zero": "optimizer = torch.optim.{optimizer}"}, {}),
    Injection("parameters-not-optimized", {"optimizer": "Adam(model.body.parameters(), lr=2e-3)"}, {}),
    Injection(
        "scheduler-before-optimizer",
        {"setup": _SCHEDULER, "zero": "optimizer.zero_grad(); scheduler.step()"},
        {"setup": _SCHEDULER, "after_step": "scheduler.step()"},
    ),
    Injection(
        "aliased-best-weights",
        {"setup": "best = None", "after_step": "best = best or model.state_dict()"},
        {"setup": "best = None", "after_step": "best = best or {k: v.clone() for k, v in model.state_dict().items()}"},
    ),
    Injection("update-ratio", {"optimizer": "Adam(model.parameters(), lr=2.0)"}, {}),
    Injection("update-ratio", {"optimizer": "Adam(model.parameters(), lr=2e-6)"}, {}),
    Injection(
        "dead-units",
        {"after_model": "[nn.init.constant_(m.bias, -20.0) for m in model.body.modules() if isinstance(m, (nn.Linear, nn.Conv2d))]"},
        {},
        ("mlp", "cnn", "rnn"),
    ),
    Injection("saturated-units", {"act": "nn.Tanh()", "inputs": "inputs = inputs * 60"}, {"act": "nn.Tanh()"}, ("mlp", "cnn")),
    Injection(
        "vanishing-gradients",
        {"act": "nn.Sigmoid()", "between": "*[layer for _ in range(9) for layer in (nn.Linear(64, 64), nn.Sigmoid())], "},
        {"between": "*[layer for _ in range(2) for layer in (nn.Linear(64, 64), nn.ReLU())], "},
        ("mlp",),
    ),
    Injection("initial-loss-off", {"after_model": "nn.init.normal_(model.head.weight, std=100.0)"}, {}),
    Injection("parameters-never-updated", {"optimizer": "Adam(model.body.parameters(), lr=2e-3)"}, {}),
    Injection("non-finite-values", {"loss_input": "torch.log(torch.softmax(outputs * 500, 1))"}, {"loss_input": "outputs"}),
    Injection("class-imbalance", {"targets": "torch.where(torch.arange(512) % 40 == 0, 1, 0) + 2 * (torch.arange(512) % 50 == 1)"}, {}),
    Injection("few-examples", {"out": "self.head(self.body(x))", "after_model": "model.extra = nn.Linear(2000, 500)"}, {}),
    Injection("samples-mixed", {"out": "self.head(self.body(x) + self.body(x).mean(0))"}, {}),
    Injection(
        "loss-not-decreasing", {"out": "self.head(self.body(x).detach() * 0)", "optimizer": "SGD(model.body.parameters(), lr=0.0)"}, {}
    ),
)


_STATEMENTS = frozenset({"train", "zero", "eval", "clip", "after_step", "extra"})


def program(architecture: str, injection: Injection, seed: int, *, faulty: bool) -> str:
    """The text of a program."""
    chosen = {**_SOUND, **(injection.fault if faulty else injection.twin)}
    shape, network = _NETWORKS[architecture]
    text = _DATA + network + _LOOP
    slots = {**chosen, "shape": shape, "seed": str(seed)}
    for _ in range(2):  # what fills a slot may have slots of its own
        for name, value in slots.items():
            text = text.replace("{" + name + "}", value or ("pass" if name in _STATEMENTS else ""))
    return textwrap.dedent(text)
