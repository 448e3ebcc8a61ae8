"""What the numbers of a tensor stand for, on their way from the data through a network into a loss."""

from pathlib import Path

import pytest

from tests.program.annotated import happens, run
from trainlint.program.events import Retain


@pytest.mark.parametrize(
    ("made", "seen"),
    [
        ("z", "tensor<affine, 2 units, graph>"),
        ("torch.softmax(z, dim=1)", "tensor<softmax, axis 1, 2 units, graph>"),
        ("z.softmax(-1)", "tensor<softmax, axis -1, 2 units, graph>"),
        ("nn.Softmax(dim=1)(z)", "tensor<softmax, axis 1, 2 units, graph>"),
        ("F.log_softmax(z, 1)", "tensor<log softmax, axis 1, 2 units, graph>"),
        ("torch.log(torch.softmax(z, 1))", "tensor<log softmax, axis 1, 2 units, graph>"),
        ("z.sigmoid()", "tensor<sigmoid, 2 units, graph>"),
        ("F.logsigmoid(z)", "tensor<log sigmoid, 2 units, graph>"),
        ("torch.tanh(z)", "tensor<tanh, 2 units, graph>"),
        ("F.relu(z)", "tensor<rectified, 2 units, graph>"),
        ("F.gelu(z)", "tensor<2 units, graph>"),
        ("z.sigmoid().squeeze()", "tensor<sigmoid, graph>"),
        ("z.softmax(1).to('cuda').contiguous()", "tensor<softmax, axis 1, 2 units, graph>"),
        ("z.view(-1)", "tensor<affine, graph>"),
        ("z / 2", "tensor<affine, 2 units, graph>"),
        ("-z", "tensor<affine, 2 units, graph>"),
        ("z + z", "tensor<affine, 2 units, graph>"),
        ("1 - z.sigmoid()", "tensor<2 units, graph>"),
        ("z.sigmoid() * 2", "tensor<2 units, graph>"),
        ("z.sum()", "tensor<graph>"),
        ("z.detach()", "tensor<affine, 2 units>"),
        ("z.data", "tensor<affine, 2 units>"),
        ("z.argmax(1)", "tensor<class ids>"),
        ("z.max(1)[1]", "tensor<class ids>"),
        ("torch.max(z, 1).indices", "tensor<class ids>"),
        ("torch.topk(z, 1)[1]", "tensor<class ids>"),
        ("z.softmax(1)[:, 1]", "tensor<graph>"),
        ("z.sigmoid()[:, 0]", "tensor<sigmoid, graph>"),
        ("z.softmax(1)[:4]", "tensor<softmax, axis 1, 2 units, graph>"),
        ("torch.cat([z, z])", "tensor<affine, graph>"),
        ("torch.stack([z.sigmoid(), z.sigmoid()])", "tensor<sigmoid, graph>"),
        ("z.item()", "number"),
        ("float(z)", "number"),
        ("z > 0", "tensor"),
        ("(z > 0).float()", "tensor"),
        ("z.sigmoid().round()", "tensor"),
        ("F.dropout(z)", "tensor<affine, 2 units, dropped, graph>"),
        ("F.dropout(z, 0.0)", "tensor<affine, 2 units, graph>"),
        ("F.linear(F.dropout(z), z)", "tensor<affine, graph>"),
        ("nn.BatchNorm1d(2)(z)", "tensor<graph>"),
        ("nn.Identity()(z)", "tensor<affine, 2 units, graph>"),
        ("nn.Flatten()(z.sigmoid())", "tensor<sigmoid, 2 units, graph>"),
        ("F.max_pool2d(z, 2)", "tensor<graph>"),
        ("z if maybe() else z.sigmoid()", "tensor<2 units, graph>"),
        ("z.sigmoid() if maybe() else z.sigmoid()", "tensor<sigmoid, 2 units, graph>"),
        ("nn.LSTM(4, 8)(z)[0]", "tensor<8 units, graph>"),
    ],
)
def test_kinds(tmp_path: Path, made: str, seen: str) -> None:
    """Layers, functions, methods and arithmetic make of a tensor what they make of it."""
    happens(
        tmp_path,
        f"""
        z = net(data)
        F.mse_loss({made}, torch.zeros(2))  #: loss on values: {seen} against tensor<zeros>
        """,
        about="loss",
    )


@pytest.mark.parametrize(
    ("made", "seen"),
    [
        ("torch.zeros(2)", "tensor<zeros>"),
        ("torch.ones(2)", "tensor<ones>"),
        ("torch.randn(2, requires_grad=True)", "tensor<graph>"),
        ("nn.Parameter(torch.zeros(2))", "tensor<graph>"),
        ("torch.randint(0, 10, (4,))", "tensor<class ids, 10 classes>"),
        ("torch.randint(10, (4,))", "tensor<class ids, 10 classes>"),
        ("F.one_hot(torch.randint(0, 10, (4,)), 10)", "tensor<one hot, 10 units>"),
        ("F.one_hot(torch.randint(0, 10, (4,)))", "tensor<one hot, 10 units>"),
        ("torch.eye(10)[torch.randint(0, 10, (4,))]", "tensor<one hot>"),
        ("torch.zeros(4, 10).scatter_(1, torch.randint(0, 10, (4, 1)), 1)", "tensor<one hot>"),
        ("torch.randint(0, 10, (4,)).float()", "tensor<class ids, 10 classes>"),
        ("torch.randint(0, 10, (4,)) == 3", "tensor<class ids, 2 classes>"),
        ("torch.tensor([0.5, 1.5])", "tensor"),
        ("torch.from_numpy(maybe())", "tensor"),
    ],
)
def test_targets(tmp_path: Path, made: str, seen: str) -> None:
    """Class ids, one-hot rows and plain tensors are told apart."""
    happens(tmp_path, f"\nF.mse_loss({made}, 0)  #: loss on values: {seen} against 0\n", about="loss")


@pytest.mark.parametrize(
    ("transform", "scale"),
    [
        ("T.ToTensor()", "unit"),
        ("T.Compose([T.Resize(32), T.ToTensor()])", "unit"),
        ("T.Compose([T.ToTensor(), T.Normalize((0.5,), (0.5,))])", "centred"),
        ("T.Compose([T.RandomHorizontalFlip(), T.ToTensor()])", "unit"),
        ("T.PILToTensor()", "raw"),
        ("T.Compose([T.PILToTensor(), T.ConvertImageDtype(torch.float)])", "unit"),
        ("T.Lambda(lambda image: T.functional.to_tensor(image))", "unit"),
        ("T.Compose([T.ToTensor(), lambda x: x * 2 - 1])", "centred"),
        ("lambda image: (T.ToTensor()(image) - 0.5) / 0.5", "centred"),
        ("T.Compose([T.ToTensor()] + [T.Normalize(0.5, 0.5)])", "centred"),
    ],
)
def test_scales(tmp_path: Path, transform: str, scale: str) -> None:
    """A data set's images are raw pixels; its transforms scale and centre them."""
    happens(
        tmp_path,
        f"""
        from torchvision import datasets, transforms as T
        images = datasets.MNIST("data", train=True, transform={transform})
        for x, y in DataLoader(images, batch_size=8):
            F.cross_entropy(net(x), y)  #: [1,2] forward Linear: mode train, gradients on, scored; (tensor<{scale}>)
        """,
        about="forward",
    )


def test_labels_of_a_data_set(tmp_path: Path) -> None:
    """The labels of a data set are class ids, through splits and subsets too."""
    happens(
        tmp_path,
        """
        from torchvision import datasets
        images = datasets.CIFAR10("data")
        train, valid = torch.utils.data.random_split(images, [40000, 10000])
        for x, y in DataLoader(train):
            F.cross_entropy(0, y.to("cuda"))  #: [1,2] loss on logits: 0 against tensor<class ids, 10 classes>
        """,
        about="loss",
    )


@pytest.mark.parametrize(
    ("made", "scale"),
    [
        ("x", "raw"),
        ("x / 255", "unit"),
        ("x / 255.0", "unit"),
        ("x * (1 / 255)", "unit"),
        ("x.float() / 255", "unit"),
        ("(x - 127.5) / 127.5", "centred"),
        ("x.div(255).sub(0.5)", "centred"),
        ("x.reshape(-1, 784)", "raw"),
    ],
)
def test_scaling_by_hand(tmp_path: Path, made: str, scale: str) -> None:
    """Raw pixels divided by 255 are scaled, minus their mean they are centred."""
    happens(
        tmp_path,
        f"""
        from torchvision import datasets
        x = datasets.MNIST("data").data
        net({made})  #: forward Linear: mode train, gradients on; (tensor<{scale}>)
        """,
    )


def test_what_is_kept_over_passes(tmp_path: Path) -> None:
    """A sum or list of losses that carry their graphs retains those of earlier passes; numbers do not."""
    happens(
        tmp_path,
        """
        total, losses, number = 0, [], 0
        for x, y in loader:
            loss = F.cross_entropy(net(x), y)  #: [1,2] forward Linear
            total = total + loss  #: [2] retain tensor<1 unit, graph> in tensor<1 unit, graph>, which holds 4[1]
            losses.append(loss)  #: [2] retain tensor<1 unit, graph> in [tensor<1 unit, graph>
            number += loss.item()
            losses[-1].backward()  #: [1,2] backward
        """,
        about="forward retain backward",
    )


def test_which_earlier_pass_is_named(tmp_path: Path) -> None:
    """Of several earlier passes whose graphs are kept, the first is named, each time that the program is read."""
    loop = """
        losses = []
        for epoch in range(9):
            for x, y in loader:
                losses.append(net(x).sum())
    """
    program = run(tmp_path, loop * 16)
    [played] = program.runs
    last = [event for event in played.of(Retain) if [each.number for each in event.loops] == [2, 1]]
    assert [[each.number for each in event.earlier.loops] for event in last if event.earlier is not None] == [[1, 1]] * 16


@pytest.mark.parametrize(
    "kept", ["loss.item()", "loss.detach()", "float(loss)", "loss.data", "loss.detach().cpu().numpy()", "loss.cpu().tolist()"]
)
def test_what_is_kept_without_its_graph(tmp_path: Path, kept: str) -> None:
    """A number retains nothing."""
    happens(
        tmp_path,
        f"""
        total, losses = 0, []
        for x, y in loader:
            loss = F.cross_entropy(net(x), y)
            total += {kept}
            losses += [{kept}]
        """,
        about="retain",
    )
