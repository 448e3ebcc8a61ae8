"""Calls: functions of the program are entered, with the arguments that they are given."""

from pathlib import Path

import pytest

from tests.program.annotated import happens


def test_arguments(tmp_path: Path) -> None:
    """Arguments reach their parameters by place and by name; what is not given is the default."""
    happens(
        tmp_path,
        """
        def f(model, optimizer, training=True, *, clear=False):
            model.train(training)  #: eval Linear | train Linear
            if clear:
                optimizer.zero_grad()  #: clear SGD(Linear)
        f(net, opt, False, clear=True)
        f(optimizer=opt, model=net)
        """,
    )


def test_stars(tmp_path: Path) -> None:
    """Lists and dicts of arguments that are known item by item are taken apart, and put together again."""
    happens(
        tmp_path,
        """
        def outer(*args, **kwargs):
            inner(*args, **kwargs)
        def inner(model, training):
            model.train(training)  #: eval Linear
        outer(*[net], **{"training": False})
        """,
    )


def test_a_call_with_literal_flags(tmp_path: Path) -> None:
    """Each call with its own flag is followed on its own."""
    happens(
        tmp_path,
        """
        def run(train):
            net.train(train)  #: [1,2] train Linear | [1,2] eval Linear
            for x in loader:
                if train:
                    opt.step()  #: [1,2][1,2] step SGD(Linear)
        for epoch in range(3):
            run(train=True)
            run(train=False)
        """,
    )


def test_a_function_returns_one_of_several(tmp_path: Path) -> None:
    """The value of a call is that of any of its returns."""
    happens(
        tmp_path,
        """
        def make(name):
            if name == "sgd":
                return optim.SGD(net.parameters(), lr=1)
            if name == "adam":
                return optim.Adam(net.parameters())
            return None
        make("adam").step()  #: step Adam(Linear)
        make(maybe()).step()  #: step SGD(Linear) | step Adam#2(Linear)
        """,
    )


def test_a_function_returns_several(tmp_path: Path) -> None:
    """Tuples are unpacked, inside each other too."""
    happens(
        tmp_path,
        """
        def make():
            model = nn.Conv2d(3, 4, 1)
            return model, (optim.Adam(model.parameters()), 1)
        model, (optimizer, *rest) = make()
        optimizer.step()  #: step Adam(Conv2d)
        """,
    )


def test_closures(tmp_path: Path) -> None:
    """A function sees the variables of the functions around it, as they are when it is called."""
    happens(
        tmp_path,
        """
        def make(model):
            count = 0
            def forward(x):
                nonlocal model, count
                count += 1
                result = model(x)  #: forward Linear | forward Conv2d
                model = nn.Conv2d(3, 4, 1)
                return result
            return forward
        forward = make(net)
        forward(data)
        forward(data)
        """,
    )


def test_globals(tmp_path: Path) -> None:
    """`global` variables are those of the module."""
    happens(
        tmp_path,
        """
        def switch():
            global net
            net = nn.Conv2d(3, 4, 1)
        net(data)  #: forward Linear
        switch()
        net(data)  #: forward Conv2d
        """,
    )


def test_variables_of_a_function_are_its_own(tmp_path: Path) -> None:
    """What a function assigns without `global` changes nothing outside."""
    happens(
        tmp_path,
        """
        def switch():
            net = nn.Conv2d(3, 4, 1)
        switch()
        net(data)  #: forward Linear
        """,
    )


def test_functions_are_values(tmp_path: Path) -> None:
    """A function that is passed on is entered where it is called."""
    happens(
        tmp_path,
        """
        import functools
        def twice(do, *args):
            do(*args)
            do(*args)
        def clear(optimizer, extra):
            optimizer.zero_grad()  #: clear SGD(Linear) | clear SGD(Linear) | clear SGD(Linear)
        twice(functools.partial(clear, opt), 1)
        (lambda optimizer: clear(optimizer, 1))(opt)
        """,
    )


def test_a_lambda(tmp_path: Path) -> None:
    """The value of a lambda's call is that of its expression."""
    happens(
        tmp_path,
        """
        step = lambda: opt.step()  #: step SGD(Linear)
        build = {"net": lambda width: nn.Linear(width, 2)}
        step()
        build["net"](4)(data)  #: forward Linear
        """,
    )


def test_recursion_ends(tmp_path: Path) -> None:
    """A function that calls itself is entered twice at most, and then is a call that cannot be followed."""
    happens(
        tmp_path,
        """
        def walk(model, depth):
            model.eval()  #: eval Linear | eval Linear
            walk(model, maybe())  #: touch Linear
        walk(net, 0)
        """,
    )


def test_a_chain_of_calls(tmp_path: Path) -> None:
    """Methods that give back their network can be called in a chain."""
    happens(
        tmp_path,
        """
        model = nn.Linear(4, 2).to("cuda").train().double()  #: train Linear
        model(data)  #: forward Linear: mode train since 2,
        """,
    )


def test_map_calls(tmp_path: Path) -> None:
    """`map` calls a function on what it is given."""
    happens(
        tmp_path,
        """
        scores = list(map(lambda x: net(x), loader))  #: forward Linear
        """,
    )


def test_a_function_that_is_defined_under_a_branch(tmp_path: Path) -> None:
    """Of two definitions under an undecided branch either may be meant."""
    happens(
        tmp_path,
        """
        if maybe():
            def prepare():
                net.train()  #: (1a) train Linear
        else:
            def prepare():
                net.eval()  #: (1b) eval Linear
        prepare()
        net(data)  #: forward Linear: mode train since 4 or eval since 7,
        """,
    )


def test_a_function_that_steps_has_no_loop_of_its_own(tmp_path: Path) -> None:
    """What a called function does belongs to the passes of its caller's loops."""
    happens(
        tmp_path,
        """
        def train_step(batch):
            loss = F.cross_entropy(net(batch), batch)  #: [1,2] forward Linear: mode train, gradients on, trained
            loss.backward()  #: [1,2] backward through
            opt.step()  #: [1,2] step SGD(Linear)
            return loss.item()
        total = 0
        for batch in loader:
            total += train_step(batch)
        """,
    )


def test_getattr_and_setattr(tmp_path: Path) -> None:
    """Attributes may be read and written by name."""
    happens(
        tmp_path,
        """
        class Holder:
            pass
        holder = Holder()
        setattr(holder, "model", net)
        getattr(holder, "model").eval()  #: eval Linear
        getattr(optim, "Adam")(net.parameters()).step()  #: step Adam(Linear)
        """,
    )


@pytest.mark.parametrize(
    "build", ["nets = [net]", "nets = []; nets.append(net)", "nets = list((net,))", "nets = [None] * 1; nets[0] = net", "nets = [net] + []"]
)
def test_lists(tmp_path: Path, build: str) -> None:
    """What is put into a list is found there."""
    happens(
        tmp_path,
        f"""
        {build}
        nets[0].eval()  #: eval Linear
        for each in nets:
            each.train()  #: [1] train Linear
        """,
    )


def test_a_list_that_a_loop_fills(tmp_path: Path) -> None:
    """What a loop appends is there, as often as it was played, and more of it."""
    happens(
        tmp_path,
        """
        nets = []
        for i in range(10):
            nets.append(nn.Linear(4, 4))
        for each in nets:
            each.eval()  #: [1,2] eval Linear | [1,2] eval Linear#2
        """,
    )


def test_dicts(tmp_path: Path) -> None:
    """Dicts hold what is stored under a constant key."""
    happens(
        tmp_path,
        """
        state = {"model": net, **dict(optimizer=opt)}
        state["other"] = nn.Conv2d(3, 4, 1)
        state.update(extra=net)
        state["model"].eval()  #: eval Linear
        state.get("optimizer").step()  #: step SGD(Linear)
        state["other"](data)  #: forward Conv2d
        state["extra"](data)  #: forward Linear: mode eval
        state.get("nothing", net).train()  #: train Linear
        """,
    )


def test_comprehensions(tmp_path: Path) -> None:
    """A comprehension is a loop, has variables of its own, and makes a list of what it computes."""
    happens(
        tmp_path,
        """
        x = net
        outputs = [net(x) for x in loader]  #: [1,2] forward Linear: mode train, gradients on, trained
        x.eval()  #: eval Linear
        torch.stack(outputs).mean().backward()  #: backward through 3[1], 3[2]:
        """,
    )


def test_a_short_comprehension(tmp_path: Path) -> None:
    """A comprehension over a list or range that is known item by item makes each item."""
    happens(
        tmp_path,
        """
        nets = [nn.Linear(width, 2) for width in (4, 8) if width > 4]
        more = [nn.Conv2d(1, 1, i) for i in range(3)]
        optim.Adam([p for model in nets for p in model.parameters()]).step()  #: step Adam(Linear, …)
        for each in more:
            each.eval()  #: [1] eval Conv2d | [2] eval Conv2d#2 | [3] eval Conv2d#3
        by_name = {name: nn.Linear(4, 1) for name in ("a", "b")}
        by_name["b"].train()  #: train Linear#2
        """,
        about="eval train step",
    )


def test_a_generator_expression(tmp_path: Path) -> None:
    """A generator expression that sums losses carries all of them."""
    happens(
        tmp_path,
        """
        sum(F.cross_entropy(net(x), y) for x, y in loader).backward()  #: backward through 2[1], 2[2]:
        """,
        about="backward",
    )


def test_generators_and_yield_from(tmp_path: Path) -> None:
    """What a generator yields, itself or through another, is drawn by the loop over it."""
    happens(
        tmp_path,
        """
        def some():
            yield net
        def all_of_them():
            yield from some()
        for each in all_of_them():
            each.eval()  #: [1,2] eval Linear
        """,
    )


def test_a_generator_of_pairs(tmp_path: Path) -> None:
    """A loop unpacks what a generator yields."""
    happens(
        tmp_path,
        """
        def batches():
            for x, y in loader:
                yield x.float(), y
        for x, y in batches():
            F.cross_entropy(net(x), y).backward()  #: [1,2] forward Linear: mode train, gradients on, trained | [1,2] backward through
        """,
    )


def test_async(tmp_path: Path) -> None:
    """`async` functions and `await` are followed like others."""
    happens(
        tmp_path,
        """
        import asyncio
        async def train():
            async for x in loader:
                opt.step()  #: [1,2] step SGD(Linear)
        async def main():
            await train()
        asyncio.run(main())
        """,
    )
