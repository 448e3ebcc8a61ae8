"""Calls that cannot be followed: what they may have touched, and what they cannot have."""

from pathlib import Path

import pytest

from tests.program.annotated import happens

HELPER = "\nfrom elsewhere import helper\n"


def test_what_is_passed_may_be_touched(tmp_path: Path) -> None:
    """An unseen function may have done anything to the networks and optimizers that it is given, and to nothing else."""
    happens(
        tmp_path,
        HELPER + "other = nn.Conv2d(1, 1, 1)\n"
        "helper(opt)  #: touch Linear, SGD(Linear)\n"
        "net(data)  #: forward Linear: mode train or unknown,\n"
        "other(data)  #: forward Conv2d: mode train,\n",
    )


@pytest.mark.parametrize(
    "argument",
    [
        "[net]",
        "(1, (2, net))",
        "{'model': net}",
        "*[net]",
        "**{'model': net}",
        "model=net",
        "net.forward",
        "net.parameters()",
        pytest.param("lambda: net", marks=pytest.mark.xfail(reason="what a closure holds is out of reach")),
    ],
)
def test_what_is_inside_of_an_argument_may_be_touched(tmp_path: Path, argument: str) -> None:
    """A network inside of a container, a closure or a bound method is reached too."""
    happens(tmp_path, HELPER + f"helper({argument})  #: touch Linear\n")


def test_an_object_that_holds_it(tmp_path: Path) -> None:
    """So is what an object of the program holds."""
    happens(
        tmp_path,
        """
        from elsewhere import helper
        class Trainer:
            def __init__(self):
                self.model, self.optimizer = net, opt
            def fit(self):
                helper(self)  #: touch Linear, SGD(Linear)
        Trainer().fit()
        """,
    )


@pytest.mark.parametrize(
    "call",
    [
        "logging.info(net)",
        "print(net, opt)",
        "time.time()",
        "os.makedirs('a')",
        "np.save('a', net.weight)",
        "wandb.watch(net)",
        "tqdm(net)",
        "torch.save(net.state_dict(), 'a')",
        "torch.save({'model': net, 'optimizer': opt}, 'a')",
        "sum(p.numel() for p in net.parameters())",
        "net.state_dict()",
        "opt.state_dict()",
        "str(net)",
        "len(list(net.parameters()))",
        "hasattr(net, 'x')",
        "id(net)",
        "torch.cuda.synchronize()",
        "plt.plot(net.weight)",
        "summary(net, (1, 28, 28))",
        "isinstance(opt, optim.SGD)",
        "net.load_state_dict(torch.load('a'))",
        "torch.manual_seed(1)",
    ],
)
def test_harmless_calls_touch_nothing(tmp_path: Path, call: str) -> None:
    """Printing, saving, logging, plotting and counting leave networks and optimizers alone."""
    happens(
        tmp_path,
        f"""
        import logging, time, os, numpy as np, wandb, matplotlib.pyplot as plt
        from tqdm import tqdm
        from torchsummary import summary
        {call}
        net(data)  #: forward Linear: mode train,
        """,
        about="touch forward",
    )


def test_methods_of_data_touch_nothing(tmp_path: Path) -> None:
    """A method of something tensor-like, or of something unknown that holds no network, touches nothing."""
    happens(
        tmp_path,
        """
        from elsewhere import meter
        for x in loader:
            p = net(x)  #: [1,2] forward Linear
            x.whatever(p).item()
            meter.update(p.argmax(1), x)
        """,
    )


def test_an_output_that_is_passed_touches_nothing(tmp_path: Path) -> None:
    """A metric that is given an output cannot step: it holds no optimizer, and the output is scored."""
    happens(
        tmp_path,
        """
        from elsewhere import accuracy
        with torch.no_grad():
            for x, y in loader:
                accuracy(net(x), y)  #: [1,2] forward Linear: mode train, gradients off, scored;
        """,
    )


def test_what_an_unseen_function_returns(tmp_path: Path) -> None:
    """Its result was computed from what it was given."""
    happens(
        tmp_path,
        """
        from elsewhere import criterion
        for x, y in loader:
            loss = criterion(net(x), y)  #: [1,2] forward Linear: mode train, gradients on, trained, scored, escaped;
            losses = {"total": loss}
            losses["total"].backward()  #: [1,2] backward through 4
        """,
    )


def test_what_an_unseen_function_may_keep(tmp_path: Path) -> None:
    """What an unseen constructor was given, its object may use later: an unseen engine may step."""
    happens(
        tmp_path,
        """
        from elsewhere import Engine
        engine = Engine(net, opt)  #: touch Linear, SGD(Linear)
        for x in loader:
            engine.update(x)  #: [1,2] touch Linear, SGD(Linear)
        """,
    )


def test_an_unseen_base_class(tmp_path: Path) -> None:
    """A constructor of a base that is not in sight is given the object, and has nothing of it yet."""
    happens(
        tmp_path,
        """
        from elsewhere import Base
        class Net(Base, nn.Module):
            def __init__(self):
                Base.__init__(self, 3)
                super().__init__()
                self.inner = nn.Linear(4, 2)
            def forward(self, x):
                return self.inner(x)
        Net()(data)  #: forward Net: mode train,
        """,
        about="forward",
    )


def test_a_star_import_out_of_sight(tmp_path: Path) -> None:
    """A name that may come from a module out of sight is unknown, and never a builtin that a library has."""
    happens(
        tmp_path,
        """
        from elsewhere import *
        from elsewhere.more import *
        with fast():
            net(data)  #: forward Linear: mode train, gradients unknown;
        helper(net)  #: touch Linear
        """,
    )


def test_a_method_of_an_unseen_network(tmp_path: Path) -> None:
    """Any method of a network that is not in sight may be a forward pass, and may switch gradients off by itself."""
    happens(
        tmp_path,
        """
        def evaluate(model, loader):
            model.eval()  #: @evaluate [~1] eval model?
            for x in loader:
                model.validation_step(x).item()  #: @evaluate [~1][1,2] forward model?: mode eval since 3, gradients unknown, scored;
        """,
    )
