"""Branches: which arm is taken, and what is left when it is not known."""

from pathlib import Path

import pytest

from tests.program.annotated import happens


def test_both_arms_of_an_undecided_branch(tmp_path: Path) -> None:
    """Each arm runs from the state before the branch, and what they leave behind is joined."""
    happens(
        tmp_path,
        """
        if maybe():
            net.eval()  #: (1a) eval Linear
            net(data)  #: (1a) forward Linear: mode eval since 3,
        else:
            net(data)  #: (1b) forward Linear: mode train,
            net.train()  #: (1b) train Linear
        net(data)  #: forward Linear: mode train since 7 or eval since 3,
        """,
    )


def test_a_branch_without_an_else(tmp_path: Path) -> None:
    """An arm that does nothing leaves the state as it was: a network that nobody has touched is in training mode."""
    happens(
        tmp_path,
        """
        if maybe():
            net.eval()  #: (1a) eval Linear
        net(data)  #: forward Linear: mode train or eval since 3,
        """,
    )


@pytest.mark.parametrize(
    "condition", ["True", "1 < 2", 'not ""', '"a" in ("a", "b")', "None is None", "net is not None", "len([1, 2]) == 2", "[0]"]
)
def test_a_decided_branch(tmp_path: Path, condition: str) -> None:
    """Of a branch whose condition is known, one arm runs, and no branch is noted."""
    happens(
        tmp_path,
        f"""
        if {condition}:
            net.eval()  #: eval Linear
        else:
            net.train()
        """,
    )


def test_three_arms(tmp_path: Path) -> None:
    """`elif` is a branch inside the other arm."""
    happens(
        tmp_path,
        """
        if maybe():
            net.eval()  #: (1a) eval Linear
        elif maybe():
            net.train()  #: (1b)(2a) train Linear
        else:
            opt.zero_grad()  #: (1b)(2b) clear SGD(Linear)
        """,
    )


def test_an_arm_that_raises(tmp_path: Path) -> None:
    """What an arm does before it raises is not there on the way on."""
    happens(
        tmp_path,
        """
        net.train()  #: train Linear
        if maybe():
            net.eval()  #: (1a) eval Linear
            raise ValueError
        net(data)  #: forward Linear: mode train since 2,
        """,
    )


def test_an_arm_that_returns(tmp_path: Path) -> None:
    """What an arm does before it returns is there for the caller, not for the rest of the function."""
    happens(
        tmp_path,
        """
        def prepare():
            net.train()  #: train Linear
            if maybe():
                net.eval()  #: (1a) eval Linear
                return
            net(data)  #: forward Linear: mode train since 3,
        prepare()
        net(data)  #: forward Linear: mode train since 3 or eval since 5,
        """,
    )


def test_all_arms_leave(tmp_path: Path) -> None:
    """Nothing behind a branch happens when every arm leaves."""
    happens(
        tmp_path,
        """
        def choose():
            if maybe():
                return net
            else:
                raise ValueError
            net.eval()
        choose()(data)  #: forward Linear
        """,
    )


def test_what_a_branch_learns(tmp_path: Path) -> None:
    """Inside `is not None` the value is what it is on the other paths."""
    happens(
        tmp_path,
        """
        extra = None
        if maybe():
            extra = optim.Adam(net.parameters())
        if extra is not None:
            extra.step()  #: (1a) step Adam(Linear)
        if extra:
            extra.zero_grad()  #: (2a) clear Adam(Linear)
        """,
    )


def test_an_assumption_holds_inside_the_branch(tmp_path: Path) -> None:
    """A variable that an enclosing branch has tested decides the branches inside."""
    happens(
        tmp_path,
        """
        training = maybe()
        if training:
            if training:
                net.train()  #: (1a) train Linear
            else:
                net.eval()
        elif not training:
            opt.step()  #: (1b) step SGD(Linear)
        """,
    )


@pytest.mark.parametrize(("test", "arms"), [("flag and net", "(1a)"), ("not flag", "(1a)"), ("flag or not net", "(1a)")])
def test_boolean_operators(tmp_path: Path, test: str, arms: str) -> None:
    """A condition that rests on something unknown is not decided."""
    happens(
        tmp_path,
        f"""
        flag = maybe()
        if {test}:
            opt.step()  #: {arms} step SGD(Linear)
        """,
    )


@pytest.mark.parametrize(
    "test",
    [
        "False and net.eval()",
        "flag and False",
        "not (flag or True)",
    ],
)
def test_boolean_operators_that_are_decided(tmp_path: Path, test: str) -> None:
    """`and False` and `or True` are decided whatever the other side is."""
    happens(
        tmp_path,
        f"""
        flag = maybe()
        if {test}:
            opt.step()
        """,
    )


def test_the_right_side_of_and(tmp_path: Path) -> None:
    """What stands right of `and` happens on some path only."""
    happens(
        tmp_path,
        """
        maybe() and opt.step()  #: (1a) step SGD(Linear)
        """,
    )


def test_a_conditional_expression(tmp_path: Path) -> None:
    """The value of a conditional expression is that of either side."""
    happens(
        tmp_path,
        """
        other = nn.Linear(4, 3)
        chosen = net if maybe() else other
        chosen.eval()  #: eval Linear | eval Linear#2
        (net if True else other)(data)  #: forward Linear: mode eval
        """,
    )


def test_a_value_from_two_arms(tmp_path: Path) -> None:
    """A variable that both arms set may be either value, and a call is a call of either."""
    happens(
        tmp_path,
        """
        if maybe():
            optimizer = optim.SGD(net.parameters(), lr=1)
        else:
            optimizer = optim.Adam(net.parameters())
        optimizer.step()  #: step SGD(Linear) | step Adam(Linear)
        """,
    )


def test_a_variable_that_one_arm_sets(tmp_path: Path) -> None:
    """A variable that only one arm sets is that value: on the other path its use would be an error."""
    happens(
        tmp_path,
        """
        if maybe():
            optimizer = optim.SGD(net.parameters(), lr=1)
        optimizer.step()  #: step SGD(Linear)
        """,
    )


def test_defaults_of_settings_decide_nothing(tmp_path: Path) -> None:
    """The default of a command line option has a value, and decides no branch."""
    happens(
        tmp_path,
        """
        import argparse
        parser = argparse.ArgumentParser()
        parser.add_argument("--amp", action="store_true")
        parser.add_argument("--clip", type=float, default=0.0)
        args = parser.parse_args()
        if args.amp:
            net.eval()  #: (1a) eval Linear
        if args.clip > 0:
            torch.nn.utils.clip_grad_norm_(net.parameters(), args.clip)  #: (2a) clip parameters of Linear
        """,
    )


def test_defaults_of_a_dataclass_decide_nothing(tmp_path: Path) -> None:
    """Neither does the default of a configuration's field; what is given, does."""
    happens(
        tmp_path,
        """
        from dataclasses import dataclass
        @dataclass
        class Config:
            amp: bool = False
            clip: bool = False
        config = Config(clip=True)
        if config.amp:
            net.eval()  #: (1a) eval Linear
        if config.clip:
            net.train()  #: train Linear
        """,
    )


def test_a_flag_from_a_module_out_of_sight_decides_nothing(tmp_path: Path) -> None:
    """What a module that is not in the workspace calls `use_amp` may be false."""
    happens(
        tmp_path,
        """
        from elsewhere import use_amp
        if use_amp:
            net.eval()  #: (1a) eval Linear
        else:
            net.train()  #: (1b) train Linear
        """,
    )


def test_isinstance(tmp_path: Path) -> None:
    """`isinstance` is decided for what was constructed in sight."""
    happens(
        tmp_path,
        """
        class Net(nn.Module):
            pass
        if isinstance(Net(), nn.Module) and isinstance(net, nn.Linear) and not isinstance(net, nn.Conv2d):
            net.eval()  #: eval Linear
        if isinstance(data, Net):
            net.train()  #: (1a) train Linear
        """,
    )


def test_match(tmp_path: Path) -> None:
    """Any case of a `match` may apply, or none."""
    happens(
        tmp_path,
        """
        match maybe():
            case "train":
                net.train()  #: (1a) train Linear
            case "eval":
                net.eval()  #: (1b) eval Linear
        """,
    )


def test_training_decides(tmp_path: Path) -> None:
    """`self.training` is what `train()` and `eval()` have made it."""
    happens(
        tmp_path,
        """
        class Net(nn.Module):
            def forward(self, x):
                if self.training:
                    return F.dropout(x)  #: layer dropout
                return torch.tanh(x)  #: layer activation
        model = Net()
        model(data)
        model.eval()
        model(data)
        """,
        about="layer",
    )


def test_try(tmp_path: Path) -> None:
    """A body runs straight; its handlers are branches besides it, and `else` belongs to the body."""
    happens(
        tmp_path,
        """
        try:
            opt.zero_grad()  #: clear SGD(Linear)
        except ValueError:
            net.eval()  #: (1b) eval Linear
        except KeyError as error:
            net.train()  #: (1c) train Linear
        else:
            opt.step()  #: step SGD(Linear)
        finally:
            net(data)  #: forward Linear: mode train or train since 7 or eval since 5,
        """,
    )


def test_a_handler_that_raises(tmp_path: Path) -> None:
    """A handler that raises again leaves nothing behind."""
    happens(
        tmp_path,
        """
        try:
            net.train()  #: train Linear
        except ValueError:
            net.eval()  #: (1b) eval Linear
            raise
        net(data)  #: forward Linear: mode train since 3,
        """,
    )


def test_finally_restores_after_a_return(tmp_path: Path) -> None:
    """What `finally` does happens on the way out of a `return`."""
    happens(
        tmp_path,
        """
        def evaluate():
            net.eval()  #: eval Linear
            try:
                return net(data)  #: forward Linear: mode eval
            finally:
                net.train()  #: train Linear
        evaluate()
        net(data)  #: forward Linear: mode train since 7,
        """,
    )


@pytest.mark.xfail(reason="a `return` inside an undecided branch leaves without running `finally`")
def test_finally_restores_after_a_return_on_some_path(tmp_path: Path) -> None:
    """What `finally` does happens on the way out of every `return`."""
    happens(
        tmp_path,
        """
        def evaluate():
            net.eval()
            try:
                if maybe():
                    return None
                return net(data)  #: forward Linear: mode eval
            finally:
                net.train()
        evaluate()
        net(data)  #: forward Linear: mode train since 9,
        """,
        about="forward",
    )


def test_finally_restores_after_a_continue_on_some_path(tmp_path: Path) -> None:
    """What `finally` does happens on the way out of `continue` and `break`, too."""
    happens(
        tmp_path,
        """
        for x in loader:
            net(x)  #: [1] forward Linear: mode train, | [2] forward Linear: mode train since 10,
            net.eval()
            try:
                if maybe():
                    continue
                opt.step()
            finally:
                net.train()
        """,
        about="forward",
    )


def test_assignment_expressions(tmp_path: Path) -> None:
    """`:=` binds, and what it binds can be tested."""
    happens(
        tmp_path,
        """
        if (model := net) is not None:
            model.eval()  #: eval Linear
        model(data)  #: forward Linear: mode eval
        """,
    )


def test_delete(tmp_path: Path) -> None:
    """A deleted variable is gone: the name means what it means around it."""
    happens(
        tmp_path,
        """
        def f(net):
            del net
        f(1)
        net.eval()  #: eval Linear
        """,
    )


def test_a_list_that_one_arm_fills(tmp_path: Path) -> None:
    """What one arm appends is there afterwards; on the other path it is not, and is not missed."""
    happens(
        tmp_path,
        """
        found = []
        if maybe():
            found.append(net)
        for each in found:
            each.eval()  #: [1] eval Linear
        """,
    )


@pytest.mark.xfail(reason="a dict stays open after an arm that was left by `raise`")
def test_an_arm_that_raises_leaves_no_mark_on_a_dict(tmp_path: Path) -> None:
    """A key that is not known, written on a path that raises, does not make the dict one that is not known."""
    happens(
        tmp_path,
        """
        nets = {"a": net}
        if maybe():
            nets[maybe()] = 1
            raise ValueError
        for each in nets.values():
            each.eval()  #: [1] eval Linear
        """,
    )
