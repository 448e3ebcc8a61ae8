"""Loops of all kinds: half precision, several optimizers, accumulation, closures, worker processes, no optimizer at all."""

from collections.abc import Iterator

import pytest

from tests.probe.forks import Forks
from trainlint.engine.catalogue import all_rules
from trainlint.observations import Observation
from trainlint.verdicts import Outcome

DATA = """
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

generator = torch.Generator().manual_seed(0)
inputs = torch.randn(320, 6, generator=generator)
labels = (inputs @ torch.randn(6, 3, generator=generator)).argmax(1)
loader = DataLoader(TensorDataset(inputs, labels), batch_size=32, shuffle=True)
model = nn.Sequential(nn.Linear(6, 32), nn.ReLU(), nn.Linear(32, 3))
"""
MIXED_PRECISION = """
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scaler = torch.amp.GradScaler("cpu", init_scale=1024.0)
for epoch in range(4):
    for x, y in loader:
        optimizer.zero_grad()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = F.cross_entropy(model(x), y)
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        scaler.step(optimizer)
        scaler.update()
"""
_STEP, _UNSCALE = "        scaler.step(optimizer)\n", "        scaler.unscale_(optimizer)\n"
_CLIP = "        nn.utils.clip_grad_norm_(model.parameters(), 1.0)\n"
ADVERSARIES = """
generator_net = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, 6))
critic = nn.Sequential(nn.Linear(6, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1))
for_generator = torch.optim.Adam(generator_net.parameters(), lr=2e-4)
for_critic = torch.optim.Adam(critic.parameters(), lr=2e-4)
for epoch in range(4):
    for x, _ in loader:
        fake = generator_net(torch.randn(len(x), 4))
        for_critic.zero_grad()
        real_loss = F.binary_cross_entropy_with_logits(critic(x), torch.ones(len(x), 1))
        fake_loss = F.binary_cross_entropy_with_logits(critic(fake.detach()), torch.zeros(len(x), 1))
        (real_loss + fake_loss).backward()
        for_critic.step()
        for_generator.zero_grad()
        F.binary_cross_entropy_with_logits(critic(fake), torch.ones(len(x), 1)).backward()
        for_generator.step()
"""
CRITIC_FIRST = """
maker = nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, 6))
critic = nn.Sequential(nn.Linear(6, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1))
for_maker = torch.optim.Adam(maker.parameters(), lr=2e-4)
for_critic = torch.optim.Adam(critic.parameters(), lr=2e-4)
for epoch in range(8):
    for number, (x, _) in enumerate(loader):
        for_critic.zero_grad()
        fake = maker(torch.randn(len(x), 4))  # its graph is not cut: the loss of the critic reaches the maker, which throws that away
        (critic(fake).mean() - critic(x).mean()).backward()
        for_critic.step()
        for_maker.zero_grad()
        if number % 2 == 0:
            (-critic(maker(torch.randn(len(x), 4))).mean()).backward()
            for_maker.step()
"""
ACCUMULATION = """
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(16):
    for number, (x, y) in enumerate(loader):
        (F.cross_entropy(model(x), y) / 4).backward()
        if number % 4 == 3:
            optimizer.step()
            optimizer.zero_grad()
"""
CLOSURE = """
optimizer = torch.optim.LBFGS(model.parameters(), lr=0.1, max_iter=4)
for epoch in range(2):
    for x, y in loader:
        def closure():
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            return loss

        optimizer.step(closure)
"""
BY_HAND = """
for epoch in range(4):
    for x, y in loader:
        model.zero_grad()
        F.cross_entropy(model(x), y).backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= 0.1 * parameter.grad
"""
WORKERS = """
loader = DataLoader(TensorDataset(inputs, labels), batch_size=32, shuffle=True, num_workers=2, persistent_workers=True, prefetch_factor=4)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(4):
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
"""
SHARDS = """
import numpy as np
from torch.utils.data import BatchSampler, DistributedSampler, IterableDataset, get_worker_info

prepared = []

class Shards(IterableDataset):
    def __init__(self):
        self.rows = None

    def __iter__(self):
        worker = get_worker_info()
        rows = self.rows[worker.id::worker.num_workers]
        return iter([(inputs[row], labels[row]) for row in rows])

def prepare(number):
    worker = get_worker_info()
    np.random.seed(worker.seed % 2**32)
    worker.dataset.rows = range(320)
    prepared.append(number)

class Backwards:
    def __init__(self, size):
        self.size = size

    def __len__(self):
        return self.size // 32

    def __iter__(self):
        return iter([list(range(start, start + 32)) for start in range(self.size - 32, -1, -32)])

kept = DataLoader(
    Shards(), batch_size=32, num_workers=2, worker_init_fn=prepare, persistent_workers=True, pin_memory=True, prefetch_factor=2, timeout=60
)
ranked = DataLoader(
    loader.dataset, 32, num_workers=2, sampler=DistributedSampler(loader.dataset, num_replicas=2, rank=0), multiprocessing_context="fork"
)
backwards = DataLoader(loader.dataset, num_workers=1, batch_sampler=Backwards(320), worker_init_fn=prepared.append)
batches = [list(one) for one in (kept, kept, ranked, backwards, backwards)]
assert [len(one) for one in batches] == [10, 10, 5, 10, 10]
assert torch.equal(batches[1][0][1], labels[:32]) and torch.equal(batches[3][0][1], labels[-32:])
assert prepared == [0, 0, 0] and get_worker_info() is None
assert not batches[0][0][0].is_shared()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(2):
    for x, y in kept:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
"""
UNDER_INFERENCE_MODE = """
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(6):
    model.eval()
    with torch.inference_mode():
        hits = sum((model(x).argmax(1) == y).sum().item() for x, y in DataLoader(TensorDataset(inputs, labels), batch_size=32))
    model.train()
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
"""
EPISODES = """
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for episode in range(16):
    losses = []
    for x in inputs[:30]:
        losses.append(F.smooth_l1_loss(model(x), torch.ones(3)))
    optimizer.zero_grad()
    torch.stack(losses).sum().backward()
    optimizer.step()
    del losses[:]
"""
WITHOUT_EVALUATION = """
model.insert(2, nn.Dropout(0.2))
for epoch in range(4000):
    for start in range(0, 320, 16):
        model.zero_grad()
        F.cross_entropy(model(inputs[start : start + 16]), labels[start : start + 16]).backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= 0.1 * parameter.grad
"""
SWITCHED_OFF = MIXED_PRECISION.replace("init_scale=1024.0", "enabled=False").replace("        scaler.unscale_(optimizer)\n", "")
LOOPS = {
    "evaluation under inference mode": UNDER_INFERENCE_MODE,
    "many losses to a step": EPISODES,
    "mixed precision": MIXED_PRECISION,
    "mixed precision that is switched off": SWITCHED_OFF,
    "adversaries": ADVERSARIES,
    "a critic that steps more often": CRITIC_FIRST,
    "accumulation": ACCUMULATION,
    "closure": CLOSURE,
    "by hand": BY_HAND,
    "workers": WORKERS,
    "shards": SHARDS,
}


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    """A process with torch."""
    server = Forks()
    yield server
    server.close()


def observed(forks: Forks, text: str) -> Observation:
    """What twelve steps show."""
    observation = forks.observation(DATA + text, steps=12)
    assert not isinstance(observation, str), observation
    return observation


@pytest.mark.parametrize("loop", LOOPS)
def test_a_sound_loop_is_cleared(forks: Forks, loop: str) -> None:
    """Twelve steps are seen, the loss of each is, and no judge of any rule confirms anything."""
    observation = observed(forks, LOOPS[loop])
    assert observation.ending.failure is None
    assert observation.ending.steps == 12
    assert len(observation.loss_curve) >= 11  # the last step of one of several optimizers may be missing
    rulings = [(rule.name, ruling) for rule in all_rules() for ruling in rule().judge(observation)]
    assert [name for name, ruling in rulings if ruling.outcome is Outcome.CONFIRMED] == []
    assert [incident.what for incident in observation.incidents if "failed" in incident.what] == []


def test_a_pass_that_the_end_cuts_off_from_its_backward_is_no_evaluation(forks: Forks) -> None:
    """Where a run ends, training was about to go on."""
    observation = forks.observation(DATA + WITHOUT_EVALUATION, steps=12, seconds=5.0)
    assert not isinstance(observation, str), observation
    assert [forward.evaluations for forward in observation.forwards] == [0]


def test_workers_are_done_without(forks: Forks) -> None:
    """And the report says so."""
    incidents = observed(forks, WORKERS).incidents
    assert [incident.what for incident in incidents] == ["data are loaded without worker processes"]


def test_a_scaler_is_seen_through(forks: Forks) -> None:
    """The gradient norms are those of the loss, not of the scaled loss."""
    mixed, plain = (observed(forks, MIXED_PRECISION.replace("1024.0", scale)).optimizers[0].gradient_norms for scale in ("1024.0", "1.0"))
    assert mixed == pytest.approx(plain, rel=0.02)


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({_STEP: "        optimizer.step()\n", _UNSCALE: "", _CLIP: ""}, "amp-misuse"),
        ({_UNSCALE: ""}, "clip-without-unscale"),
    ],
)
def test_a_misused_scaler(forks: Forks, wrong: dict[str, str], rule: str) -> None:
    """A step past the scaler, and a clip before it."""
    text = MIXED_PRECISION
    for old, new in wrong.items():
        assert old in text
        text = text.replace(old, new)
    observation = observed(forks, text)
    outcomes = {found.name for found in all_rules() for ruling in found().judge(observation) if ruling.outcome is Outcome.CONFIRMED}
    assert rule in outcomes


def test_each_of_several_optimizers_has_its_own_events(forks: Forks) -> None:
    """A clearing that only the generator lacks is found at its step; what reaches the critic through it is none of its steps."""
    sound = observed(forks, ADVERSARIES)
    assert [optimizer.stale_steps for optimizer in sound.optimizers] == [0, 0]
    stale = observed(forks, ADVERSARIES.replace("        for_generator.zero_grad()\n", "")).optimizers
    rows = {optimizer.stepped.row for optimizer in stale if optimizer.stale_steps and optimizer.stepped is not None}
    lines = (DATA + ADVERSARIES.replace("        for_generator.zero_grad()\n", "")).splitlines()
    assert [lines[row - 1].strip() for row in rows] == ["for_generator.step()"]


def test_a_run_is_told_in_time_whatever_holds_it_up(forks: Forks) -> None:
    """Here nothing hears the alarm, as where one operation takes longer than all the time that is left."""
    deaf = "import signal, time\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])\ntime.sleep(60)\n"
    observation = forks.observation(DATA + WORKERS.replace("range(4)", "range(1)") + deaf, steps=40, seconds=3.0)
    assert not isinstance(observation, str), observation
    assert (observation.ending.reason, observation.ending.steps) == ("timeout", 10)


@pytest.mark.parametrize(("status", "reason"), [(0, "program ended"), (3, "exited")])
def test_a_program_that_leaves_without_a_word_has_shown_its_steps(forks: Forks, status: int, reason: str) -> None:
    """`os._exit` is how some end a run whose threads hang."""
    observation = observed(
        forks, WORKERS.replace("        optimizer.step()", f"        optimizer.step()\n    import os; os._exit({status})")
    )
    assert (observation.ending.steps, observation.ending.reason) == (10, reason)


STUCK = """
import time

class Stuck(nn.Module):
    def __init__(self):
        super().__init__()
        self.body, self.calls = nn.Sequential(nn.Linear(6, 32), nn.Dropout(0.1), nn.Linear(32, 3)), 0

    def forward(self, x):
        self.calls += 1
        if self.calls > 12:
            time.sleep(600)
        return self.body(x)

model = Stuck()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for x, y in [*loader, *loader][:12]:
    optimizer.zero_grad()
    F.cross_entropy(model(x), y).backward()
    optimizer.step()
"""


def test_a_network_that_does_not_come_back_is_told_without(forks: Forks) -> None:
    """When the run is over its networks are run once more to measure them: what was seen before does not depend on that."""
    observation = forks.observation(DATA + STUCK, steps=12, seconds=8.0)
    assert not isinstance(observation, str), observation
    assert (observation.ending.reason, observation.ending.steps) == ("program ended", 12)
