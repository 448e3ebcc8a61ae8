"""Gradient modes: what `with` blocks and decorators do to the recording of gradients."""

from pathlib import Path

import pytest

from tests.program.annotated import happens, run
from trainlint.program.events import Forward, GradMode


@pytest.mark.parametrize(
    ("manager", "gradients"),
    [
        ("torch.no_grad()", "off"),
        ("torch.autograd.no_grad()", "off"),
        ("torch.inference_mode()", "off"),
        ("torch.inference_mode(False)", "on"),
        ("torch.set_grad_enabled(False)", "off"),
        ("torch.set_grad_enabled(True)", "on"),
        ("torch.enable_grad()", "on"),
        ("torch.autocast('cuda')", "on"),
        ("torch.autograd.profiler.profile()", "on"),
        ("open('log')", "on"),
        ("tqdm(total=9)", "on"),
        ("tqdm(loader) as bar", "on"),
        ("torch.no_grad(), torch.autocast('cuda')", "off"),
        ("torch.no_grad(), torch.enable_grad()", "on"),
        ("contextlib.nullcontext()", "on"),
        ("contextlib.suppress(ValueError)", "on"),
        ("maybe()", "unknown"),
        ("elsewhere.paused(net)", "unknown"),
        ("torch.set_grad_enabled(maybe())", "unknown"),
        ("torch.no_grad() if maybe() else contextlib.nullcontext()", "on or off"),
    ],
)
def test_what_a_context_manager_does(tmp_path: Path, manager: str, gradients: str) -> None:
    """Tabled context managers do what their row says; one that is not in sight may have switched gradients off. All restore."""
    happens(
        tmp_path,
        f"""
        import contextlib, elsewhere
        from tqdm import tqdm
        model = nn.Conv2d(1, 1, 1)
        with {manager}:
            model(data)  #: forward Conv2d: mode train, gradients {gradients};
        model(data)  #: forward Conv2d: mode train, gradients on;
        """,
        about="forward",
    )


@pytest.mark.parametrize(
    "enter", ["with Paused():", "with Own():", "stack = contextlib.ExitStack(); stack.enter_context(torch.no_grad())\n        if True:"]
)
def test_context_managers_in_disguise(tmp_path: Path, enter: str) -> None:
    """What derives from `no_grad`, or enters it in another way, does not leave gradients on for certain."""
    program = run(
        tmp_path,
        f"""
        import contextlib
        class Paused(torch.no_grad):
            pass
        class Own:
            def __enter__(self):
                self.inner = torch.no_grad()
                self.inner.__enter__()
            def __exit__(self, *error):
                self.inner.__exit__(*error)
        {enter}
            net(data)
        """,
    )
    [forward] = program.runs[0].of(Forward)
    assert GradMode.ON not in forward.grad


def test_switching_for_good(tmp_path: Path) -> None:
    """`set_grad_enabled` as a statement acts until the next one."""
    happens(
        tmp_path,
        """
        torch.set_grad_enabled(False)
        net(data)  #: forward Linear: mode train, gradients off;
        torch.set_grad_enabled(True)
        net(data)  #: forward Linear: mode train, gradients on;
        """,
    )


def test_switching_by_phase(tmp_path: Path) -> None:
    """A switch that follows from the item of a list is decided in each pass."""
    happens(
        tmp_path,
        """
        for phase in ["train", "val"]:
            with torch.set_grad_enabled(phase == "train"):
                net(data)  #: [1] forward Linear: mode train, gradients on; | [2] forward Linear: mode train, gradients off;
        """,
    )


@pytest.mark.parametrize("decorator", ["@torch.no_grad()", "@torch.no_grad", "@torch.inference_mode()", "@torch.autograd.no_grad()"])
def test_as_a_decorator(tmp_path: Path, decorator: str) -> None:
    """A decorated function records nothing, and restores what was there before."""
    happens(
        tmp_path,
        f"""
        {decorator}
        def predict(x):
            if maybe():
                return net(x)  #: (1a) forward Linear: mode train, gradients off;
            return net(x)  #: forward Linear: mode train, gradients off;
        predict(data)
        net(data)  #: forward Linear: mode train, gradients on;
        """,
    )


def test_methods_with_decorators(tmp_path: Path) -> None:
    """A decorated method of a network or trainer records nothing; one of another name does."""
    happens(
        tmp_path,
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.inner = nn.Linear(4, 2)
            @torch.no_grad()
            def predict(self, x):
                return self.inner(x)
            def forward(self, x):
                return self.inner(x)
        model = Net()
        model.predict(data)  #: forward Net: mode train, gradients off; (elsewhere.data) -> tensor<affine, 2 units>
        model(data)  #: forward Net: mode train, gradients on; (elsewhere.data) -> tensor<affine, 2 units, graph>
        """,
    )


def test_a_context_manager_of_the_program(tmp_path: Path) -> None:
    """The code before and after `yield` runs around the block."""
    happens(
        tmp_path,
        """
        from contextlib import contextmanager
        @contextmanager
        def evaluating(model):
            model.eval()  #: eval Linear
            try:
                with torch.no_grad():
                    yield model
            finally:
                model.train()  #: train Linear
        with evaluating(net) as model:
            model(data)  #: forward Linear: mode eval since 5, gradients off;
        net(data)  #: forward Linear: mode train since 10, gradients on;
        """,
    )


def test_a_class_of_the_program_as_context_manager(tmp_path: Path) -> None:
    """`__enter__` and `__exit__` run around the block."""
    happens(
        tmp_path,
        """
        class Evaluating:
            def __init__(self, model):
                self.model = model
            def __enter__(self):
                self.model.eval()  #: eval Linear
                return self.model
            def __exit__(self, *error):
                self.model.train()  #: train Linear
        with Evaluating(net) as model:
            model(data)  #: forward Linear: mode eval since 6,
        net(data)  #: forward Linear: mode train since 9,
        """,
    )


def test_a_return_leaves_the_block(tmp_path: Path) -> None:
    """A `return` from inside of `no_grad` ends it."""
    happens(
        tmp_path,
        """
        def predict(x):
            with torch.no_grad():
                return net(x)  #: forward Linear: mode train, gradients off;
        predict(data)
        net(data)  #: forward Linear: mode train, gradients on;
        """,
    )


def test_a_return_on_some_path_leaves_the_block(tmp_path: Path) -> None:
    """So does one on some path."""
    happens(
        tmp_path,
        """
        def predict(x):
            with torch.no_grad():
                if maybe():
                    return None
                return net(x)  #: forward Linear: mode train, gradients off;
        predict(data)
        net(data)  #: forward Linear: mode train, gradients on;
        """,
    )


def test_a_continue_leaves_the_block(tmp_path: Path) -> None:
    """`continue` inside of `no_grad` ends it: the next pass records gradients again."""
    happens(
        tmp_path,
        """
        for x in loader:
            net(x)  #: [1,2] forward Linear: mode train, gradients on;
            with torch.no_grad():
                if maybe():
                    continue
        """,
    )


def test_a_break_leaves_the_block(tmp_path: Path) -> None:
    """`break` inside of `no_grad` ends it."""
    happens(
        tmp_path,
        """
        for x in loader:
            with torch.no_grad():
                if maybe():
                    break
        net(data)  #: forward Linear: mode train, gradients on;
        """,
    )


def test_a_continue_leaves_a_block_of_the_program(tmp_path: Path) -> None:
    """A loop goes on from inside of a `with` over a context manager of the program."""
    happens(
        tmp_path,
        """
        from contextlib import contextmanager
        @contextmanager
        def timed():
            yield
        for x in loader:
            with timed():
                if maybe():
                    continue
                net(x)  #: [1,2] forward Linear
        """,
    )


def test_gradients_inside_a_block(tmp_path: Path) -> None:
    """A call inside the block is inside it, whichever function it is in."""
    happens(
        tmp_path,
        """
        def predict(x):
            return net(x)  #: forward Linear: mode train, gradients on; | forward Linear: mode train, gradients off;
        predict(data)
        with torch.no_grad():
            predict(data)
        """,
    )


def test_what_is_computed_without_gradients_has_no_graph(tmp_path: Path) -> None:
    """Under `no_grad` neither an output carries a graph, nor what is made of it."""
    happens(
        tmp_path,
        """
        with torch.no_grad():
            p = net(data)  #: forward Linear: mode train, gradients off, trained; (elsewhere.data) -> tensor<affine, 2 units>
        (p * 2).mean().backward()  #: backward through 3: tensor
        """,
    )


def test_a_loss_without_gradients(tmp_path: Path) -> None:
    """A loss that is computed under `no_grad` carries no graph, whatever its target is."""
    happens(
        tmp_path,
        """
        losses = []
        for x, y in loader:
            with torch.no_grad():
                loss = F.cross_entropy(net(x), y)  #: [1,2] loss on logits: tensor<affine, 2 units> against ?
            losses.append(loss)
        F.mse_loss(sum(losses), y)  #: loss on values: tensor against ?
        """,
        about="loss",
    )
