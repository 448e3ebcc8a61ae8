"""Modes: what `train()` and `eval()` make of a network and its parts."""

from pathlib import Path

import pytest

from tests.program.annotated import happens

NET = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Sequential(nn.Linear(4, 4), nn.Dropout(0.5))
        self.head = nn.Linear(4, 2)
    def forward(self, x):
        return self.head(self.backbone(x))
model = Net()
"""


def test_a_new_network_is_in_training_mode(tmp_path: Path) -> None:
    """Nobody needs to call `train()` first."""
    happens(tmp_path, "\nnn.Linear(1, 1)(data)  #: forward Linear: mode train,\n")


@pytest.mark.parametrize(
    ("switch", "mode"),
    [
        ("net.eval()", "eval since 2"),
        ("net.train(False)", "eval since 2"),
        ("net.train(mode=False)", "eval since 2"),
        ("net.train(True)", "train since 2"),
        ("net.train()", "train since 2"),
        ("net.train(maybe())", "unknown since 2"),
        ("net.requires_grad_(False).eval()", "eval since 2"),
    ],
)
def test_switches(tmp_path: Path, switch: str, mode: str) -> None:
    """`train` goes by its argument; without one it switches training on."""
    happens(tmp_path, f"\n{switch}\nnet(data)  #: forward Linear: mode {mode},\n", about="forward")


def test_parts_follow_the_whole(tmp_path: Path) -> None:
    """`eval()` on a network reaches the networks inside it."""
    happens(
        tmp_path,
        NET + "model.eval()  #: eval Net\n"
        "model.backbone(data)  #: forward Sequential: mode eval since 10,\n"
        "model.head(data)  #: forward Linear: mode eval since 10,\n"
        "model(data)  #: forward Net: mode eval since 10,\n",
    )


def test_the_whole_does_not_follow_its_parts(tmp_path: Path) -> None:
    """`eval()` on a part leaves the rest as it is."""
    happens(
        tmp_path,
        NET + "model.backbone.eval()  #: eval Sequential\n"
        "model(data)  #: forward Net: mode train,\n"
        "model.backbone(data)  #: forward Sequential: mode eval since 10,\n"
        "model.head(data)  #: forward Linear: mode train,\n",
    )


def test_each_network_has_its_mode(tmp_path: Path) -> None:
    """Two networks of one class are in modes of their own."""
    happens(
        tmp_path,
        """
        other = nn.Linear(4, 2)
        net.eval()  #: eval Linear
        other(data)  #: forward Linear#2: mode train,
        """,
    )


def test_remembering_the_mode(tmp_path: Path) -> None:
    """A mode that was read before and is restored afterwards is what it was."""
    happens(
        tmp_path,
        """
        def evaluate():
            was_training = net.training
            net.eval()  #: eval Linear | eval Linear
            net(data)  #: forward Linear: mode eval since 4, | forward Linear: mode eval since 4,
            net.train(was_training)  #: train Linear | eval Linear
        evaluate()
        net(data)  #: forward Linear: mode train since 6,
        net.eval()  #: eval Linear
        evaluate()
        net(data)  #: forward Linear: mode eval since 6,
        """,
    )


def test_a_mode_that_is_kept_on_some_path(tmp_path: Path) -> None:
    """Where a network is restored on some path only, it may be in either mode, and both places are known."""
    happens(
        tmp_path,
        """
        for x in loader:
            net.train()  #: [1,2] train Linear
            if maybe():
                net.eval()  #: [1] (1a) eval Linear | [2] (2a) eval Linear
            net(x)  #: [1,2] forward Linear: mode train since 3 or eval since 5,
        """,
    )


def test_networks_that_are_looped_over(tmp_path: Path) -> None:
    """`for part in model.children()` reaches each part."""
    happens(
        tmp_path,
        NET + "for part in model.children():\n"
        "    part.eval()\n"
        "model.head(data)  #: forward Linear: mode eval since 11,\n"
        "model(data)  #: forward Net: mode train,\n",
        about="forward",
    )


def test_a_network_that_may_be_one_of_two(tmp_path: Path) -> None:
    """`eval()` on one of two networks switches the one that it is."""
    happens(
        tmp_path,
        """
        other = nn.Conv2d(1, 1, 1)
        chosen = net if maybe() else other
        chosen.eval()  #: eval Linear | eval Conv2d
        chosen(data)  #: (1a) forward Linear: mode eval since 4, | (1b) forward Conv2d: mode eval since 4,
        """,
        about="eval forward",
    )


def test_an_unknown_network(tmp_path: Path) -> None:
    """A network from elsewhere is in a mode that is not known, until it is put into one."""
    happens(
        tmp_path,
        """
        from elsewhere import build
        model = build()
        model.eval()  #: eval ?
        model(data)  #: forward ?: mode eval since 4,
        """,
    )


def test_a_part_of_an_unknown_network(tmp_path: Path) -> None:
    """A part that is not known of a network that is, is in its mode."""
    happens(
        tmp_path,
        """
        from torchvision.models import resnet18
        model = resnet18()
        model.eval()  #: eval resnet18
        model.layer4(data)  #: forward resnet18.?: mode eval since 4,
        """,
    )


def test_freezing_each_parameter(tmp_path: Path) -> None:
    """`requires_grad_(False)` on every parameter freezes the network."""
    happens(
        tmp_path,
        """
        for p in net.parameters():
            p.requires_grad_(False)
        net(torch.zeros(4))  #: forward Linear: mode train, gradients on, frozen; (tensor<zeros>) -> tensor<affine, 2 units>
        """,
    )


def test_freezing_one_parameter(tmp_path: Path) -> None:
    """A network with one frozen parameter is trained all the same."""
    happens(
        tmp_path,
        """
        net.bias.requires_grad = False
        net(torch.zeros(4))  #: forward Linear: mode train, gradients on; (tensor<zeros>) -> tensor<affine, 2 units, graph>
        """,
    )


def test_freezing(tmp_path: Path) -> None:
    """A network without trainable parameters is frozen, its output has no graph of its own."""
    happens(
        tmp_path,
        """
        net.requires_grad_(False)
        net(torch.zeros(4))  #: forward Linear: mode train, gradients on, frozen; (tensor<zeros>) -> tensor<affine, 2 units>
        other = nn.Linear(4, 3)
        for p in other.parameters():
            p.requires_grad = False
        other(torch.zeros(4))  #: forward Linear#2: mode train, gradients on, frozen; (tensor<zeros>) -> tensor<affine, 3 units>
        """,
    )
