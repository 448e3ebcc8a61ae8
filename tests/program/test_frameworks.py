"""Frameworks: what they do around the methods that the program gives them."""

from pathlib import Path

import pytest

from tests.program.annotated import happens


def test_lightning(tmp_path: Path) -> None:
    """Each of two epochs trains on two batches, in training mode, and then validates on two, in evaluation mode without gradients."""
    happens(
        tmp_path,
        """
        import pytorch_lightning as pl
        class Lit(pl.LightningModule):
            def __init__(self):
                super().__init__()
                self.net = nn.Linear(4, 2)
            def forward(self, x):
                return self.net(x)
            def training_step(self, batch, index):  #: @Lit [~1,2][~1,2] clear Adam(Lit) | @Lit [~1,2][~1,2] step Adam(Lit)
                x, y = batch
                return F.cross_entropy(self(x), y)  #: @Lit [~1,2][~1,2] forward Lit: mode train, gradients on, trained
            def validation_step(self, batch, index):
                x, y = batch
                (self(x).argmax(1) == y).sum()  #: @Lit [~1,2][~1,2] forward Lit: mode eval, gradients off, scored;
            def configure_optimizers(self):
                return optim.Adam(self.parameters())
        """,
        about="forward step clear",
    )


@pytest.mark.parametrize(
    "optimizers",
    [
        "optim.Adam(self.parameters())",
        "[optim.Adam(self.parameters())]",
        '{"optimizer": optim.Adam(self.parameters()), "lr_scheduler": 1}',
        "[optim.Adam(self.parameters())], [1]",
    ],
)
def test_what_configure_optimizers_may_return(tmp_path: Path, optimizers: str) -> None:
    """An optimizer, a list of them, a dict with one, or a pair with schedulers."""
    happens(
        tmp_path,
        f"""
        import lightning as L
        class Lit(L.LightningModule):
            def __init__(self):
                super().__init__()
                self.net = nn.Linear(4, 2)
            def training_step(self, batch, index):  #: @Lit [~1,2][~1,2] clear Adam(Lit) | @Lit [~1,2][~1,2] step Adam(Lit)
                return {{"loss": self.net(batch).mean()}}
            def configure_optimizers(self):
                return {optimizers}
        """,
        about="clear step",
    )


def test_lightning_with_manual_optimization(tmp_path: Path) -> None:
    """With `automatic_optimization = False` the module does all of it by itself."""
    happens(
        tmp_path,
        """
        import pytorch_lightning as pl
        class Lit(pl.LightningModule):
            def __init__(self):
                super().__init__()
                self.net = nn.Linear(4, 2)
                self.automatic_optimization = False
            def training_step(self, batch, index):
                optimizer = self.optimizers()
                optimizer.zero_grad()  #: @Lit [~1,2][~1,2] clear
                self.manual_backward(self.net(batch).mean())  #: @Lit [~1,2][~1,2] backward through 11
                optimizer.step()  #: @Lit [~1,2][~1,2] step
            def configure_optimizers(self):
                return optim.Adam(self.parameters())
        """,
        about="clear step backward",
    )


def test_methods_of_a_lightning_module(tmp_path: Path) -> None:
    """`self.log` and `self.save_hyperparameters` are no forward passes."""
    happens(
        tmp_path,
        """
        import pytorch_lightning as pl
        class Lit(pl.LightningModule):
            def __init__(self):
                super().__init__()
                self.save_hyperparameters()
                self.net = nn.Linear(4, 2)
            def training_step(self, batch, index):
                loss = self.net(batch).mean()  #: @Lit [~1,2][~1,2] forward Linear: mode train
                self.log("loss", loss)
                return loss
            def configure_optimizers(self):
                return optim.Adam(self.parameters())
        """,
        about="forward",
    )


def test_accelerate(tmp_path: Path) -> None:
    """`prepare` gives back what it is given, `backward` goes through the loss, and clipping is that of the parameters."""
    happens(
        tmp_path,
        """
        from accelerate import Accelerator
        accelerator = Accelerator()
        model, optimizer, batches = accelerator.prepare(net, opt, loader)
        for x, y in batches:
            with accelerator.accumulate(model):
                loss = F.cross_entropy(model(x), y)  #: [1,2] forward Linear: mode train, gradients on, trained
                accelerator.backward(loss)  #: [1,2] backward through 7
                accelerator.clip_grad_norm_(model.parameters(), 1.0)  #: [1,2] clip parameters of Linear
                optimizer.step()  #: [1,2] step SGD(Linear)
                optimizer.zero_grad()  #: [1,2] clear SGD(Linear)
        """,
    )


def test_an_attribute_of_a_library_object_decides_nothing(tmp_path: Path) -> None:
    """`accelerator.sync_gradients` is true in some passes and false in others."""
    happens(
        tmp_path,
        """
        from accelerate import Accelerator
        accelerator = Accelerator()
        for x in loader:
            if accelerator.sync_gradients:
                opt.zero_grad()  #: [1] (1a) clear SGD(Linear) | [2] (2a) clear SGD(Linear)
        """,
    )


def test_a_gradient_scaler(tmp_path: Path) -> None:
    """A scaler scales the loss, unscales, steps the optimizer and updates itself."""
    happens(
        tmp_path,
        """
        scaler = torch.cuda.amp.GradScaler()
        for x, y in loader:
            with torch.cuda.amp.autocast():
                loss = F.cross_entropy(net(x), y)  #: [1,2] forward Linear: mode train, gradients on, trained
            scaler.scale(loss).backward()  #: [1,2] backward through 5
            scaler.unscale_(opt)  #: [1,2] unscale SGD(Linear)
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)  #: [1,2] clip parameters of Linear
            scaler.step(opt)  #: [1,2] step SGD(Linear)
            scaler.update()  #: [1,2] update GradScaler
        """,
    )


def test_a_closure(tmp_path: Path) -> None:
    """`step(closure)` calls the closure, and then steps."""
    happens(
        tmp_path,
        """
        optimizer = optim.LBFGS(net.parameters())
        for x in loader:
            def closure():
                optimizer.zero_grad()  #: [1,2] clear LBFGS(Linear)
                loss = net(x).mean()  #: [1,2] forward Linear: mode train, gradients on, trained;
                loss.backward()  #: [1,2] backward through 6
                return loss
            optimizer.step(closure)  #: [1,2] step LBFGS(Linear) with a closure
        """,
    )


def test_schedulers(tmp_path: Path) -> None:
    """A step of a scheduler is no step of its optimizer."""
    happens(
        tmp_path,
        """
        scheduler = optim.lr_scheduler.StepLR(opt, step_size=1)
        for epoch in range(3):
            opt.step()  #: [1,2] step SGD(Linear)
            scheduler.step()  #: [1,2] schedule scheduler(SGD(Linear))
        """,
    )


def test_clearing_by_hand(tmp_path: Path) -> None:
    """`p.grad = None` and `p.grad.zero_()` clear gradients, `clamp_` clips them."""
    happens(
        tmp_path,
        """
        for p in net.parameters():
            p.grad = None  #: [1,2] clear tensor<parameter of Linear, graph>
        for p in net.parameters():
            p.grad.zero_()  #: [1,2] clear tensor<parameter of Linear, graph>
        for p in net.parameters():
            p.grad.data.clamp_(-1, 1)  #: [1,2] clip tensor<parameter of Linear, graph>
        net.zero_grad()  #: clear Linear
        torch.nn.utils.clip_grad_value_(net.parameters(), 1)  #: clip parameters of Linear
        """,
    )


def test_what_an_optimizer_holds(tmp_path: Path) -> None:
    """Groups, chains, lists and single parameters are read as far as they go."""
    happens(
        tmp_path,
        """
        import itertools
        other = nn.Conv2d(1, 1, 1)
        optim.SGD([{"params": net.parameters()}, {"params": other.parameters(), "lr": 1}], lr=1).step()  #: step SGD(Conv2d, Linear)
        optim.SGD(list(net.parameters()) + list(other.parameters()), lr=1).step()  #: step SGD#2(Conv2d, Linear)
        optim.SGD(itertools.chain(net.parameters(), other.parameters()), lr=1).step()  #: step SGD#3(Conv2d, Linear)
        optim.SGD(params=[net.weight], lr=1).step()  #: step SGD#4(Linear, …)
        optim.SGD(filter(lambda p: p.requires_grad, net.parameters()), lr=1).step()  #: step SGD#5(Linear, …)
        optim.SGD([p for p in net.parameters() if p.requires_grad], lr=1).step()  #: step SGD#6(Linear, …)
        optim.SGD(maybe(), lr=1).step()  #: step SGD#7(?)
        """,
    )


def test_a_penalty_on_gradients(tmp_path: Path) -> None:
    """`autograd.grad` computes gradients and stores none: it is no backward pass of its own."""
    happens(
        tmp_path,
        """
        for x in loader:
            p = net(x)  #: [1,2] forward Linear: mode train, gradients on, trained
            torch.autograd.grad(p.sum(), x)
        """,
    )


def test_a_method_that_is_not_called(tmp_path: Path) -> None:
    """`optimizer.zero_grad` without parentheses does nothing, and is noted."""
    happens(
        tmp_path,
        """
        for x in loader:
            opt.zero_grad  #: [1,2] uncalled SGD(Linear).zero_grad
        """,
    )


def test_a_statement_that_cannot_be_read(tmp_path: Path) -> None:
    """The run goes on behind it, and knows that something may have happened there."""
    happens(
        tmp_path,
        """
        for x in loader:
            opt.zero_grad(  #: [1,2] truncated a statement here could not be read
            opt.step()  #: [1,2] step SGD(Linear)
        net.eval()  #: eval Linear
        """,
    )


@pytest.mark.parametrize(
    "loss",
    [
        "outputs.loss",
        "outputs[0]",
        "outputs['loss']",
        "F.cross_entropy(outputs.logits, batch['labels'])",
    ],
)
def test_transformers(tmp_path: Path, loss: str) -> None:
    """The output of a network of transformers has a loss and logits."""
    happens(
        tmp_path,
        f"""
        from transformers import AutoModelForSequenceClassification
        model = AutoModelForSequenceClassification.from_pretrained("bert")
        for batch in loader:
            outputs = model(**batch)  #: [1,2] forward AutoModelForSequenceClassification: mode eval, gradients on, trained
            {loss}.backward()  #: [1,2] backward through 5
        """,
    )
