"""Code that nothing in sight calls: it runs all the same, and what its parameters are follows from their use, never from their names."""

from pathlib import Path

import pytest

from tests.program.annotated import happens


def test_a_function_that_nobody_calls(tmp_path: Path) -> None:
    """Its loops are played; what is stepped and cleared is an optimizer, what is switched to evaluation is a network."""
    happens(
        tmp_path,
        """
        def fit(a, b, c):
            a.train()  #: @fit [~1] train a?
            for x, y in c:
                b.zero_grad()  #: @fit [~1][1,2] clear b?(?)
                F.cross_entropy(a(x), y).backward()  #: @fit [~1][1,2] forward a?: mode train | @fit [~1][1,2] backward through 6
                b.step()  #: @fit [~1][1,2] step b?(?)
            a.eval()  #: @fit [~1] eval a?
        """,
    )


def test_names_play_no_part(tmp_path: Path) -> None:
    """A parameter called `optimizer` that nothing is done to is no optimizer, and one called `loader` may be one."""
    happens(
        tmp_path,
        """
        def fit(optimizer, model, loader):
            for x in optimizer:
                loader.zero_grad()  #: @fit [~1][1,2] clear loader?(?)
                loader.step()  #: @fit [~1][1,2] step loader?(?)
                model.append(x)
        """,
    )


@pytest.mark.parametrize(
    ("use", "seen"),
    [
        ("it.eval()", "eval it?"),
        ("it.train(); opt.add_param_group(it.parameters())", "train it?"),
        ("opt.add_param_group(it.parameters()); it.zero_grad()", "clear it?"),
        ("it.zero_grad(); it(data)", "clear it? | forward it?: mode unknown, gradients on"),
        ("it.load_state_dict(1); it(data)", ""),
        ("it.zero_grad(); it.step()", "clear it?(?) | step it?(?)"),
        ("it.param_groups[0]['lr'] = 1; it.step()", "step it?(?)"),
        ("it.step(); it.get_last_lr()", "schedule scheduler(?)"),
        ("it.unscale_(opt); it.step(opt); it.update()", "unscale SGD(Linear) | step SGD(Linear) | update GradScaler"),
        ("it.append(net)", ""),
    ],
)
def test_roles(tmp_path: Path, use: str, seen: str) -> None:
    """What is done with a parameter shows whether it is a network, an optimizer, a scheduler or a scaler."""
    happens(
        tmp_path,
        f"""
        def f(it):
            while maybe():
                {use}  {"#: " if seen else ""}{" | ".join(f"@f [~1][1,2] {each}" for each in seen.split(" | ") if each)}
        """,
        about="eval train clear forward step schedule unscale update",
    )


def test_uses_follow_aliases_and_attributes(tmp_path: Path) -> None:
    """A use under another name counts, and for what a constructor stores, the uses in all methods do."""
    happens(
        tmp_path,
        """
        class Trainer:
            def __init__(self, a, b):
                self.a = a
                self.b = b.to("cuda")
            def fit(self, c):
                d = self.a
                for x in c:
                    d.zero_grad()  #: @Trainer [~1][1,2] clear a?(?)
                    self.b(x).mean().backward()  #: @Trainer [~1][1,2] forward b?: mode unknown | @Trainer [~1][1,2] backward through
                    self.a.step()  #: @Trainer [~1][1,2] step a?(?)
            def check(self):
                self.b.eval()  #: @Trainer [~1] eval b?
        """,
    )


def test_the_first_step_after_backward(tmp_path: Path) -> None:
    """Of unknown things that are only stepped, the first after a backward pass is the optimizer; the next one is not."""
    happens(
        tmp_path,
        """
        def fit(model, a, b, c):
            for x in c:
                model(x).mean().backward()  #: @fit [~1][1,2] backward
                a.step()  #: @fit [~1][1,2] step a?
                b.step()
        """,
        about="backward step schedule",
    )


def test_an_optimizer_out_of_sight(tmp_path: Path) -> None:
    """Something unknown that is given parameters gives an optimizer over their networks."""
    happens(
        tmp_path,
        """
        from elsewhere import make_optimizer
        optimizer = make_optimizer(net.parameters(), lr=1)
        optimizer.step()  #: step optimizer(Linear)
        def fit(kind):
            kind(net.parameters()).step()  #: @fit [~1] step optimizer(Linear) | @fit [~2] step optimizer#2(Linear)
        """,
        about="step",
    )


def test_defaults(tmp_path: Path) -> None:
    """A parameter's default is used where it is a class or function; flags, None and strings are settings, which decide nothing."""
    happens(
        tmp_path,
        """
        def fit(model, make=optim.Adam, amp=False, resume=None, mode="a"):
            make(model.parameters()).zero_grad()  #: @fit [~1] clear Adam(model?)
            if amp:
                opt.zero_grad()  #: @fit [~1] (1a) clear SGD(Linear)
            if resume:
                opt.zero_grad()  #: @fit [~1] (2a) clear SGD(Linear)
            if mode == "b":
                opt.zero_grad()  #: @fit [~1] (3a) clear SGD(Linear)
        """,
    )


def test_a_default_that_is_an_object(tmp_path: Path) -> None:
    """A loss, network or optimizer that is constructed as a default is what the parameter is."""
    happens(
        tmp_path,
        """
        def fit(x, y, criterion=nn.BCELoss()):
            return criterion(x, y)  #: @fit [~1] loss on binary probabilities
        """,
        about="loss",
    )


def test_correlated_flags(tmp_path: Path) -> None:
    """A flag that a function tests more than once is true in one run and false in another."""
    happens(
        tmp_path,
        """
        def run(train, loader):
            net.train(train)  #: @run [~1] train Linear | @run [~1] eval Linear
            for x in loader:
                loss = net(x).mean()  #: @run [~1][1,2] forward Linear: mode train | @run [~1][1,2] forward Linear: mode eval
                if train:
                    loss.backward()  #: @run [~1][1,2] backward through
        """,
    )


def test_a_flag_that_is_tested_once(tmp_path: Path) -> None:
    """A flag that is tested once makes an undecided branch."""
    happens(
        tmp_path,
        """
        def run(train):
            if train:
                net.train()  #: @run [~1] (1a) train Linear
            else:
                net.eval()  #: @run [~1] (1b) eval Linear
            net(data)  #: @run [~1] forward Linear: mode train since 4 or eval since 6,
        """,
    )


def test_a_training_step(tmp_path: Path) -> None:
    """A function that steps outside of any loop is one step of a loop out of sight: it runs twice."""
    happens(
        tmp_path,
        """
        def step(x, y):
            F.cross_entropy(net(x), y).backward()  #: @step [~1,2] forward Linear | @step [~1,2] backward
            opt.step()  #: @step [~1,2] step SGD(Linear)
        def predict(x):
            return net(x)  #: @predict [~1] forward Linear: mode train, gradients on, returned;
        """,
    )


def test_what_is_called_is_no_entry(tmp_path: Path) -> None:
    """A function that the script has entered is not run once more, and one that another uncalled function calls has its arguments."""
    happens(
        tmp_path,
        """
        def used(model):
            model.eval()  #: eval Linear
        used(net)
        def inner(model):
            model.train()  #: @outer [~1] train Conv2d
        def outer():
            inner(nn.Conv2d(1, 1, 1))
        """,
    )


def test_what_stands_under_the_guard(tmp_path: Path) -> None:
    """The script runs as `__main__`."""
    happens(
        tmp_path,
        """
        def main():
            net.eval()  #: eval Linear
        if __name__ == "__main__":
            main()
        """,
    )


def test_a_class_that_nobody_uses(tmp_path: Path) -> None:
    """One instance is made; the methods that train run first, and the others find what they left behind."""
    happens(
        tmp_path,
        """
        class Trainer:
            def __init__(self, optimizer):
                self.model = nn.Linear(4, 2)
                self.optimizer = optimizer
            def predict(self, x):
                return self.model(x)  #: @Trainer [~1] forward Linear: mode eval since 13, gradients on, returned
            def fit(self, loader):
                self.optimizer.zero_grad()  #: @Trainer [~1] clear optimizer?(?)
                for x in loader:
                    self.model(x).mean().backward()  #: @Trainer [~1][1,2] forward Linear: mode train | @Trainer [~1][1,2] backward
                    self.optimizer.step()  #: @Trainer [~1][1,2] step optimizer?(?)
                self.model.eval()  #: @Trainer [~1] eval Linear
        """,
    )


def test_a_method_that_nobody_calls(tmp_path: Path) -> None:
    """Of a class that the script uses, the methods that it does not call are run as well."""
    happens(
        tmp_path,
        """
        class Trainer:
            def __init__(self, model):
                self.model = model
            def fit(self):
                self.model.train()  #: train Linear
            def check(self):
                self.model.eval()  #: @Trainer [~1] eval model?
        Trainer(net).fit()
        """,
    )


def test_a_network_that_nobody_uses(tmp_path: Path) -> None:
    """A network's `forward` is a forward pass of it, and its result goes to a caller out of sight."""
    happens(
        tmp_path,
        """
        class Net(nn.Module):
            def __init__(self, width, units=3):
                super().__init__()
                self.layer = nn.Linear(width, units)
            def forward(self, x):
                return self.layer(x)  #: @Net [~1] layer linear Linear
        """,
        about="layer",
    )


def test_entries_do_not_change_each_other(tmp_path: Path) -> None:
    """What one entry does to the networks of the script is gone when the next one begins."""
    happens(
        tmp_path,
        """
        def a():
            net.eval()  #: @a [~1] eval Linear
        def b():
            net(data)  #: @b [~1] forward Linear: mode train,
        """,
    )


def test_entries_do_not_change_the_variables_of_each_other(tmp_path: Path) -> None:
    """What one entry assigns to global variables is gone when the next one begins."""
    happens(
        tmp_path,
        """
        def a():
            global net
            net = nn.Conv2d(1, 1, 1)
        def b():
            net(data)  #: @b [~1] forward Linear: mode train,
        """,
    )
