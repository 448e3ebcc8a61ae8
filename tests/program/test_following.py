"""Which training loops count as followed, and why the others do not."""

from pathlib import Path

import pytest

from tests.program.annotated import run
from trainlint.program.following import CUT_SHORT, NO_CLEARING, NO_STEP, NOT_REACHED
from trainlint.program.interpreter import machine

HELPER = "\nfrom elsewhere import helper\n"


def judged(folder: Path, text: str) -> tuple[int, list[tuple[int, str]]]:
    """How many loops were followed, and the row and reason of each that was not."""
    program = run(folder, text)
    return program.loops_followed, [(loop.row, loop.reason) for loop in program.unfollowed]


@pytest.mark.parametrize(
    "text",
    [
        "for x in loader:\n    net(x).sum().backward()\n    opt.step()\n    opt.zero_grad()\n",
        "for x in loader:\n    net(x).sum().backward()\n    opt.step()\n",
        "while maybe():\n    if maybe():\n        net(data).sum().backward()\n        opt.step()\n",
        "def fit(model, optimizer, batches):\n    for x in batches:\n        model(x).sum().backward()\n        optimizer.step()\n        optimizer.zero_grad()\n",
        "def step(loss, optimizer):\n    optimizer.zero_grad()\n    loss.backward()\n    optimizer.step()\n",
        "class Trainer:\n    def fit(self):\n        for x in self.batches:\n            self.model(x).backward()\n            self.optimizer.step()\n            self.optimizer.zero_grad()\n",
        "def closure():\n    opt.zero_grad()\n    loss = net(data).sum()\n    loss.backward()\n    return loss\nfor x in loader:\n    opt.step(closure)\n",
        "scaler = torch.amp.GradScaler()\nfor x in loader:\n    scaler.scale(net(x).sum()).backward()\n    scaler.step(opt)\n    scaler.update()\n",
        "from accelerate import Accelerator\nfor x in loader:\n    Accelerator().backward(net(x).sum())\n    opt.step()\n",
        "for x in loader:\n    torch.autograd.backward(net(x).sum())\n    opt.step()\n",
    ],
    ids=["loop", "no clearing", "branches", "function", "step", "class", "closure", "scaler", "accelerate", "autograd"],
)
def test_loops_that_are_followed(tmp_path: Path, text: str) -> None:
    """A loop is followed when a run reaches its backward pass and it is known what steps and what clears."""
    assert judged(tmp_path, "\n" + text) == (1, [])


def test_a_backward_pass_that_nothing_follows(tmp_path: Path) -> None:
    """Certainly no step is an answer too."""
    assert judged(tmp_path, "\nfor x in loader:\n    net(x).sum().backward()\n") == (1, [])


def test_each_backward_pass_counts(tmp_path: Path) -> None:
    """Two backward passes of one loop are two things to follow; a function that is called twice holds one."""
    text = "def fit():\n    for x in loader:\n        net(x).sum().backward()\n        net(x).mean().backward()\n        opt.step()\nfit()\nfit()\n"
    assert judged(tmp_path, "\n" + text) == (2, [])


@pytest.mark.parametrize(
    "text", ["print(1)\n", "loss.backward\n", "def backward(x): pass\n", "backward(net(data))\n", "'loss.backward()'\n"]
)
def test_what_is_no_training_loop(tmp_path: Path, text: str) -> None:
    """Without a call of a method `backward` there is nothing to follow."""
    assert judged(tmp_path, "\n" + text) == (0, [])


@pytest.mark.parametrize(
    "text",
    [
        "if False:\n    net(data).sum().backward()\n",
        "def f():\n    return\n    net(data).sum().backward()\n",
        "raise ValueError\nnet(data).sum().backward()\n",
        "for x in loader:\n    continue\n    net(x).sum().backward()\n",
    ],
)
def test_a_backward_pass_that_no_run_reaches(tmp_path: Path, text: str) -> None:
    """Code that is never run is not followed."""
    followed, [(_, reason)] = judged(tmp_path, "\n" + text)
    assert (followed, reason) == (0, NOT_REACHED)


def test_a_function_that_a_decorator_takes_away(tmp_path: Path) -> None:
    """A function that is registered somewhere out of sight is run like any other that nothing in sight calls."""
    text = "from elsewhere import jobs\n@jobs.append\ndef update():\n    net(data).sum().backward()\n    opt.step()\n"
    assert judged(tmp_path, "\n" + text) == (1, [])


@pytest.mark.parametrize(
    "text",
    [
        "def main():\n    def update(x):\n        net(x).sum().backward()\n        opt.step()\n    helper(update)\nmain()\n",
        "def make():\n    def update(x):\n        net(x).sum().backward()\n        opt.step()\n    return update\n",
    ],
    ids=["passed on", "returned"],
)
@pytest.mark.xfail(reason="functions inside functions that nothing in sight calls are not run")
def test_a_function_inside_a_function(tmp_path: Path, text: str) -> None:
    """Every function that nothing in sight calls is run, also one that stands inside of another."""
    assert judged(tmp_path, HELPER + text) == (1, [])


def test_a_run_that_is_cut_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A loop whose run takes too many steps is not followed, for what would have come later is not known."""
    monkeypatch.setattr(machine, "MAX_STEPS", 60)
    text = "for x in loader:\n    net(x).sum().backward()\n    while maybe():\n" + "        print(x)\n" * 40 + "    opt.step()\n"
    assert judged(tmp_path, "\n" + text) == (0, [(3, CUT_SHORT)])


@pytest.mark.parametrize("stepped", ["helper(opt)", "helper([opt])", "helper(optimizer=opt)"])
def test_a_step_that_is_not_known(tmp_path: Path, stepped: str) -> None:
    """Where an unseen function got hold of the optimizer after the backward pass, it may have stepped."""
    assert judged(tmp_path, HELPER + f"for x in loader:\n    net(x).sum().backward()\n    {stepped}\n") == (0, [(4, NO_STEP)])


def test_a_clearing_that_is_not_known(tmp_path: Path) -> None:
    """Where one got hold of the optimizer between its steps, it may have cleared the gradients."""
    assert judged(tmp_path, HELPER + "for x in loader:\n    net(x).sum().backward()\n    opt.step()\n    helper(opt)\n") == (
        0,
        [(4, NO_CLEARING)],
    )


def test_a_clearing_that_is_known_beside_one_that_is_not(tmp_path: Path) -> None:
    """What is cleared for certain is cleared, whoever else may have done it."""
    text = "for x in loader:\n    net(x).sum().backward()\n    opt.step()\n    opt.zero_grad()\n    helper(opt)\n"
    assert judged(tmp_path, HELPER + text) == (1, [])


def test_another_entry_may_know_more(tmp_path: Path) -> None:
    """A loop is followed when any run knows what happens around its backward pass."""
    text = "def fit(after):\n    for x in loader:\n        net(x).sum().backward()\n        opt.step()\n        after(opt)\nfit(helper)\nfit(lambda o: o.zero_grad())\n"
    assert judged(tmp_path, HELPER + text)[0] == 1


def test_a_failure_of_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file on which the interpreter fails is named, its loops are not followed, and other files are run all the same."""
    from trainlint.program import analysis

    def fail(*_: object) -> None:
        raise KeyError("lost")

    (tmp_path / "main.py").write_text("import torch\ntorch.zeros(1).backward()\n", encoding="utf-8")
    monkeypatch.setattr(analysis, "run_script", fail)
    program = analysis.analyse([tmp_path / "main.py"])
    assert program.failures == ((tmp_path / "main.py", "KeyError: 'lost'"),)
    assert program.runs == ()


@pytest.mark.xfail(reason="any call that is spelled `backward` is taken for a backward pass of torch")
def test_a_method_of_the_program_that_is_called_backward(tmp_path: Path) -> None:
    """A call of the program's own method `backward` is followed into it: the backward pass is the one that stands there."""
    text = "class Trainer:\n    def backward(self, loss):\n        loss.backward()\n        opt.step()\nfor x in loader:\n    Trainer().backward(net(x).sum())\n"
    assert judged(tmp_path, "\n" + text) == (1, [])
