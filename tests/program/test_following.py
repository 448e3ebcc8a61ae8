"""Which training loops count as followed, and why the others do not."""

from pathlib import Path

import pytest

from tests.program.annotated import SETUP, run
from trainlint.program.analysis import analyse
from trainlint.program.following import CUT_SHORT, NO_CLEARING, NO_STEP, NOT_REACHED
from trainlint.program.interpreter import machine
from trainlint.source import ir

HELPER = "\nfrom elsewhere import helper\n"


def judged(folder: Path, text: str) -> tuple[int, list[tuple[int, str]]]:
    """How many loops were followed, and the row and reason of each that was not."""
    program = run(folder, text)
    return program.loops_followed, [(loop.row, loop.reason) for loop in program.unfollowed]


FOLLOWED = {
    "loop": """
        for x in loader:
            net(x).sum().backward()
            opt.step()
            opt.zero_grad()
    """,
    "no clearing": """
        for x in loader:
            net(x).sum().backward()
            opt.step()
    """,
    "branches": """
        while maybe():
            if maybe():
                net(data).sum().backward()
                opt.step()
    """,
    "function": """
        def fit(model, optimizer, batches):
            for x in batches:
                model(x).sum().backward()
                optimizer.step()
                optimizer.zero_grad()
    """,
    "step": """
        def step(loss, optimizer):
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    """,
    "class": """
        class Trainer:
            def fit(self):
                for x in self.batches:
                    self.model(x).backward()
                    self.optimizer.step()
                    self.optimizer.zero_grad()
    """,
    "closure": """
        def closure():
            opt.zero_grad()
            loss = net(data).sum()
            loss.backward()
            return loss
        for x in loader:
            opt.step(closure)
    """,
    "scaler": """
        scaler = torch.amp.GradScaler()
        for x in loader:
            scaler.scale(net(x).sum()).backward()
            scaler.step(opt)
            scaler.update()
    """,
    "accelerate": """
        from accelerate import Accelerator
        for x in loader:
            Accelerator().backward(net(x).sum())
            opt.step()
    """,
    "autograd": """
        for x in loader:
            torch.autograd.backward(net(x).sum())
            opt.step()
    """,
}


@pytest.mark.parametrize("text", FOLLOWED.values(), ids=FOLLOWED)
def test_loops_that_are_followed(tmp_path: Path, text: str) -> None:
    """A loop is followed when a run reaches its backward pass and it is known what steps and what clears."""
    assert judged(tmp_path, text) == (1, [])


def test_a_backward_pass_that_nothing_follows(tmp_path: Path) -> None:
    """Certainly no step is an answer too."""
    assert judged(tmp_path, "\nfor x in loader:\n    net(x).sum().backward()\n") == (1, [])


def test_each_backward_pass_counts(tmp_path: Path) -> None:
    """Two backward passes of one loop are two things to follow; a function that is called twice holds one."""
    text = """
        def fit():
            for x in loader:
                net(x).sum().backward()
                net(x).mean().backward()
                opt.step()
        fit()
        fit()
    """
    assert judged(tmp_path, text) == (2, [])


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


def test_another_call_may_know_more(tmp_path: Path) -> None:
    """A loop is followed when it is known for any call of its function what happens around its backward pass."""
    text = """
        from elsewhere import helper
        def fit(after):
            for x in loader:
                net(x).sum().backward()
                opt.step()
                after(opt)
        fit(helper)
        fit(lambda o: o.zero_grad())
    """
    assert judged(tmp_path, text) == (1, [])


def test_a_failure_of_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry on which the interpreter fails is named, its loops are not followed, and other entries are run all the same."""

    def fail(*_: object) -> None:
        raise KeyError("lost")

    text = SETUP + "\ndef fit():\n    while maybe():\n        net(data).sum().backward()\n        opt.step()\nassert net\n"
    (tmp_path / "main.py").write_text(text, encoding="utf-8")
    monkeypatch.setitem(machine.EXECUTE, ir.Assert, fail)
    program = analyse([tmp_path / "main.py"])
    assert program.failures == ((tmp_path / "main.py", "KeyError in the run of __main__: 'lost'"),)
    assert program.loops_followed == 1
    monkeypatch.setitem(machine.EXECUTE, ir.While, fail)
    program = analyse([tmp_path / "main.py"])
    assert [reason for _, reason in program.failures] == ["KeyError in the run of __main__: 'lost'", "KeyError in the run of fit: 'lost'"]
    assert program.loops_followed == 0


@pytest.mark.xfail(reason="an optimizer over tensors holds nothing that is known, and nothing is known to clear it")
def test_an_optimizer_over_tensors(tmp_path: Path) -> None:
    """An optimizer may hold tensors of the program; it clears what it holds."""
    text = """
        image = torch.zeros(3, requires_grad=True)
        optimizer = optim.Adam([image])
        for step in range(100):
            (image ** 2).sum().backward()
            optimizer.step()
            image.grad = None
    """
    assert judged(tmp_path, text) == (1, [])


@pytest.mark.xfail(reason="any call that is spelled `backward` is taken for a backward pass of torch")
def test_a_method_of_the_program_that_is_called_backward(tmp_path: Path) -> None:
    """A call of the program's own method `backward` is followed into it: the backward pass is the one that stands there."""
    text = """
        class Trainer:
            def backward(self, loss):
                loss.backward()
                opt.step()
        for x in loader:
            Trainer().backward(net(x).sum())
    """
    assert judged(tmp_path, text) == (1, [])
