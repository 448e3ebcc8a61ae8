"""Classes: instances, inheritance, and what decorators make of functions and methods."""

from pathlib import Path

import pytest

from tests.program.annotated import happens


def test_attributes_and_methods(tmp_path: Path) -> None:
    """What the constructor stores is there in every method."""
    happens(
        tmp_path,
        """
        class Trainer:
            epochs = 2
            def __init__(self, model, optimizer):
                self.model, self.optimizer = model, optimizer
            def step(self, x):
                F.mse_loss(self.model(x), x).backward()  #: [1,2] forward Linear: mode train, gradients on, trained | [1,2] backward
                self.optimizer.step()  #: [1,2] step SGD(Linear)
            def fit(self):
                for epoch in range(self.epochs):
                    self.step(data)
        Trainer(net, opt).fit()
        """,
    )


def test_instances_are_told_apart(tmp_path: Path) -> None:
    """Each instance has its own attributes."""
    happens(
        tmp_path,
        """
        class Holder:
            def __init__(self, width):
                self.model = nn.Linear(4, width)
        one, two = Holder(1), Holder(2)
        one.model.eval()  #: eval Linear
        one.model(data)  #: forward Linear: mode eval
        two.model(data)  #: forward Linear#2: mode train
        """,
    )


def test_inheritance(tmp_path: Path) -> None:
    """Methods are looked up in the order of the bases, and `super()` goes on from there."""
    happens(
        tmp_path,
        """
        class Base:
            def __init__(self, model):
                self.model = model
            def fit(self):
                self.prepare()
                self.update()
            def prepare(self):
                self.model.train()  #: train Linear
        class Mixin:
            def prepare(self):
                opt.zero_grad()  #: clear SGD(Linear)
                super().prepare()
        class Trainer(Mixin, Base):
            def __init__(self, model):
                super(Trainer, self).__init__(model)
            def update(self):
                opt.step()  #: step SGD(Linear)
        Trainer(net).fit()
        """,
    )


def test_a_base_that_is_called_by_name(tmp_path: Path) -> None:
    """`Base.method(self)` is the method of the base."""
    happens(
        tmp_path,
        """
        class Base:
            def prepare(self, model):
                model.train()  #: train Linear
        class Trainer(Base):
            def prepare(self, model):
                Base.prepare(self, model)
                model.eval()  #: eval Linear
        Trainer().prepare(net)
        """,
    )


def test_kinds_of_methods(tmp_path: Path) -> None:
    """Static methods, class methods and properties are what Python makes of them."""
    happens(
        tmp_path,
        """
        class Trainer:
            model = net
            @staticmethod
            def prepare(model):
                model.train()  #: train Linear
            @classmethod
            def make(cls):
                cls.prepare(cls.model)
                return cls()
            @property
            def optimizer(self):
                return opt
        Trainer.make().optimizer.step()  #: step SGD(Linear)
        """,
    )


def test_objects_that_are_called(tmp_path: Path) -> None:
    """`__call__` makes an object callable."""
    happens(
        tmp_path,
        """
        class Loss:
            def __init__(self, inner=nn.CrossEntropyLoss()):
                self.inner = inner
            def __call__(self, output, target):
                return self.inner(output, target)  #: loss on logits, trained
        Loss()(net(data), data).backward()  #: backward through 7:
        """,
        about="loss backward",
    )


def test_objects_that_are_looped_over(tmp_path: Path) -> None:
    """`__iter__` and `__getitem__` say what a loop over an object draws."""
    happens(
        tmp_path,
        """
        class Nets:
            def __iter__(self):
                yield net
        class Pairs(torch.utils.data.Dataset):
            def __getitem__(self, index):
                return torch.zeros(3), 1
            def __len__(self):
                return 8
        for each in Nets():
            each.eval()  #: [1,2] eval Linear
        for x, y in DataLoader(Pairs(), batch_size=2):
            net(x)  #: [1,2] forward Linear: mode eval since 11, gradients on; (tensor<zeros>)
        """,
    )


def test_a_dataclass(tmp_path: Path) -> None:
    """A dataclass has a constructor from its fields."""
    happens(
        tmp_path,
        """
        from dataclasses import dataclass
        @dataclass
        class State:
            model: nn.Module
            optimizer: optim.Optimizer = opt
        State(net).optimizer.step()  #: step SGD(Linear)
        State(optimizer=opt, model=net).model.eval()  #: eval Linear
        """,
    )


# Networks -------------------------------------------------------------------------------------------------------------


def test_a_network(tmp_path: Path) -> None:
    """A call of a network is one forward pass, whatever networks are inside."""
    happens(
        tmp_path,
        """
        class Block(nn.Module):
            def __init__(self, width):
                super().__init__()
                self.linear = nn.Linear(width, width)
            def forward(self, x):
                return F.relu(self.linear(x))  #: layer linear Linear | layer activation | layer linear Linear#2 | layer activation
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.blocks = nn.Sequential(Block(4), Block(4))
                self.head = nn.Linear(4, 2)
            def forward(self, x):
                return self.head(self.blocks(x))  #: layer linear Linear#3
        Net()(data)  #: forward Net: mode train, gradients on; (elsewhere.data) -> tensor<affine, 2 units, graph>
        """,
        about="forward layer",
    )


@pytest.mark.parametrize(
    "make",
    [
        "nn.Sequential(nn.Linear(4, 4), nn.Linear(4, 2))",
        "nn.Sequential(*[nn.Linear(4, 4), nn.Linear(4, 2)])",
        'nn.Sequential(OrderedDict([("a", nn.Linear(4, 4)), ("b", nn.Linear(4, 2))]))',
        "nn.Sequential(OrderedDict(a=nn.Linear(4, 4), b=nn.Linear(4, 2)))",
    ],
)
def test_sequential(tmp_path: Path, make: str) -> None:
    """A sequential container applies what it was given, in order, however that was written."""
    happens(
        tmp_path,
        f"""
        from collections import OrderedDict
        {make}(data)  #: forward Sequential: mode train, gradients on; (elsewhere.data) -> tensor<affine, 2 units, graph>
        """,
    )


def test_add_module(tmp_path: Path) -> None:
    """`add_module` and `append` add layers to a container."""
    happens(
        tmp_path,
        """
        model = nn.Sequential()
        model.add_module("a", nn.Linear(4, 3))
        model.append(nn.Softmax(dim=1))
        model(data)  #: forward Sequential: mode train, gradients on; (elsewhere.data) -> tensor<softmax, axis 1, 3 units, graph>
        """,
    )


def test_a_module_list(tmp_path: Path) -> None:
    """A loop over a ModuleList applies its modules."""
    happens(
        tmp_path,
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.layers = nn.ModuleList([nn.Linear(4, 4) for _ in range(2)])
                self.heads = nn.ModuleDict({"a": nn.Linear(4, 3)})
            def forward(self, x):
                for layer in self.layers:
                    x = layer(x)
                return self.heads["a"](self.layers[0](x))
        Net()(data)  #: forward Net: mode train, gradients on; (elsewhere.data) -> tensor<affine, 3 units, graph>
        """,
    )


def test_a_layer_by_its_number(tmp_path: Path) -> None:
    """A container's layer can be taken by its number."""
    happens(
        tmp_path,
        """
        model = nn.Sequential(nn.Linear(4, 3), nn.Dropout(0.5), nn.ReLU())
        model[0](data)  #: forward Linear
        model[-1](data)  #: forward ReLU
        for layer in model[:2]:
            layer(data)  #: [1] forward Linear | [2] forward Dropout
        """,
    )


def test_any_method_of_a_network_is_a_forward_pass(tmp_path: Path) -> None:
    """A method that computes an output is a forward pass when it is called from outside, and no more than one."""
    happens(
        tmp_path,
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.inner = nn.Linear(4, 4)
            def encode(self, x):
                return self.inner(x)
            def forward(self, x):
                return self.encode(x)
        model = Net()
        model.encode(data)  #: forward Net
        model.forward(data)  #: forward Net
        model(data)  #: forward Net
        model.inner(data)  #: forward Linear
        """,
    )


def test_training_code_in_a_method_of_a_network(tmp_path: Path) -> None:
    """A method of a network that trains is no forward pass; those that it calls are."""
    happens(
        tmp_path,
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.inner = nn.Linear(4, 4)
                self.optimizer = optim.Adam(self.parameters())
            def forward(self, x):
                return self.inner(x)
            def fit(self, loader):
                self.train()  #: train Net
                for x, y in loader:
                    loss = F.mse_loss(self(x), y)  #: [1,2] forward Net: mode train since 10, gradients on, trained
                    loss.backward()  #: [1,2] backward
                    self.optimizer.step()  #: [1,2] step Adam(Net)
                return loss
        Net().fit(loader)
        """,
    )


def test_a_loss_of_the_program(tmp_path: Path) -> None:
    """A class that derives from a library loss is that loss."""
    happens(
        tmp_path,
        """
        class Smooth(nn.CrossEntropyLoss):
            def forward(self, output, target):
                return super().forward(output * 2, target)  #: loss on logits, trained
        class Plain(nn.CrossEntropyLoss):
            pass
        Smooth()(net(data), data).backward()
        Plain()(net(data), data).backward()  #: loss on logits, trained
        """,
        about="loss",
    )


def test_an_optimizer_of_the_program(tmp_path: Path) -> None:
    """A class that derives from an optimizer is one: its steps are events, its code is not entered."""
    happens(
        tmp_path,
        """
        class Lookahead(optim.Optimizer):
            def __init__(self, params, lr):
                super().__init__(params, {})
            def step(self):
                net.eval()
        class Faster(optim.Adam):
            pass
        optimizer = Lookahead(net.parameters(), 1)
        optimizer.zero_grad()  #: clear optimizer(Linear)
        optimizer.step()  #: step optimizer(Linear)
        Faster(net.parameters()).step()  #: step optimizer#2(Linear)
        """,
    )


def test_a_layer_of_the_program(tmp_path: Path) -> None:
    """A class that derives from a layer is that layer, with the arguments that its constructor passes on."""
    happens(
        tmp_path,
        """
        class Head(nn.Linear):
            def __init__(self, units):
                super().__init__(8, units)
        Head(5)(data)  #: forward Head: mode train, gradients on; (elsewhere.data) -> tensor<affine, 5 units, graph>
        """,
    )


@pytest.mark.parametrize(
    "wrapped", ["nn.DataParallel(net)", "nn.parallel.DistributedDataParallel(net)", "torch.compile(net)", "net.cuda()"]
)
def test_wrappers_are_what_they_wrap(tmp_path: Path, wrapped: str) -> None:
    """What a wrapper gives back is the network, in the same mode and with the same parameters."""
    happens(
        tmp_path,
        f"""
        model = {wrapped}
        model.eval()  #: eval Linear
        net(data)  #: forward Linear: mode eval
        opt.step()  #: step SGD(Linear)
        """,
    )


@pytest.mark.parametrize("wrapped", ["nn.DataParallel(net)", "nn.parallel.DistributedDataParallel(net)"])
def test_what_a_wrapper_holds(tmp_path: Path, wrapped: str) -> None:
    """`model.module` of a wrapper is the network in it."""
    happens(
        tmp_path,
        f"""
        model = {wrapped}
        model.module.eval()  #: eval Linear
        net(data)  #: forward Linear: mode eval
        optim.Adam(model.module.parameters()).step()  #: step Adam(Linear)
        """,
    )


def test_a_copy_is_another_network(tmp_path: Path) -> None:
    """A deep copy has a mode and parameters of its own."""
    happens(
        tmp_path,
        """
        import copy
        teacher = copy.deepcopy(net)
        teacher.eval()  #: eval Linear
        net(data)  #: forward Linear#2: mode train
        """,
    )


# Decorators -----------------------------------------------------------------------------------------------------------


def test_a_decorator_of_the_program(tmp_path: Path) -> None:
    """A decorator is called, and what it returns is what the name means."""
    happens(
        tmp_path,
        """
        import functools
        def prepared(function):
            @functools.wraps(function)
            def wrapper(*args, **kwargs):
                net.eval()  #: eval Linear
                try:
                    return function(*args, **kwargs)
                finally:
                    net.train()  #: train Linear
            return wrapper
        @prepared
        def predict(x):
            return net(x)  #: forward Linear: mode eval since 6,
        predict(data)
        net(data)  #: forward Linear: mode train since 10,
        """,
    )


def test_a_decorator_with_arguments(tmp_path: Path) -> None:
    """A decorator may be made by a call, and may be a class."""
    happens(
        tmp_path,
        """
        def in_mode(training):
            def decorate(function):
                def wrapper(*args):
                    net.train(training)  #: eval Linear
                    return function(*args)
                return wrapper
            return decorate
        class Counted:
            def __init__(self, function):
                self.function = function
            def __call__(self, *args):
                opt.zero_grad()  #: clear SGD(Linear)
                return self.function(*args)
        @in_mode(False)
        @Counted
        def predict(x):
            return net(x)  #: forward Linear: mode eval since 5,
        predict(data)
        """,
    )


def test_a_decorator_that_gives_no_grad(tmp_path: Path) -> None:
    """A decorator factory may choose `no_grad` for the function."""
    happens(
        tmp_path,
        """
        def smart_inference_mode():
            def decorate(function):
                return torch.no_grad()(function)
            return decorate
        @smart_inference_mode()
        def predict(x):
            return net(x)  #: forward Linear: mode train, gradients off;
        predict(data)
        """,
    )


def test_a_decorator_of_a_class(tmp_path: Path) -> None:
    """A registry's decorator has put the class where it is looked for."""
    happens(
        tmp_path,
        """
        registry = {}
        def register(name):
            def decorate(cls):
                registry[name] = cls
                return cls
            return decorate
        @register("net")
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.layer = nn.Linear(4, 2)
            def forward(self, x):
                return self.layer(x)
        registry["net"]()(data)  #: forward Net: mode train
        """,
    )


def test_a_function_in_a_registry(tmp_path: Path) -> None:
    """So has that of a function."""
    happens(
        tmp_path,
        """
        registry = {}
        def register(function):
            registry[function.__name__] = function
            registry["prepare"] = function
            return function
        @register
        def prepare():
            net.eval()  #: eval Linear
        registry["prepare"]()
        """,
    )


def test_a_decorator_out_of_sight(tmp_path: Path) -> None:
    """A decorator that is not in sight leaves the function as it is, but may switch gradients off."""
    happens(
        tmp_path,
        """
        from elsewhere import fast
        @fast
        def predict(x):
            return net(x)  #: forward Linear: mode train, gradients unknown;
        predict(data)
        """,
    )


@pytest.mark.parametrize(
    "decorator", ["@torch.jit.script", "@functools.lru_cache(maxsize=None)", "@torch.compile(mode='max-autotune')", "@typing.no_type_check"]
)
def test_decorators_that_change_nothing(tmp_path: Path, decorator: str) -> None:
    """Tabled decorators leave a function as it is."""
    happens(
        tmp_path,
        f"""
        import functools, typing
        {decorator}
        def predict(x):
            return net(x)  #: forward Linear: mode train, gradients on;
        predict(data)
        """,
    )
