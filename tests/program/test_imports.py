"""Programs of several files: what is imported is followed, in both directions."""

from pathlib import Path

import pytest

from tests.program.annotated import IMPORTS, happens

MODELS = (
    IMPORTS
    + """
class Net(nn.Module):
    def __init__(self, units=2):
        super().__init__()
        self.layer = nn.Linear(4, units)
    def forward(self, x):
        return self.layer(x)  #: layer linear Linear
"""
)
USE = "\nnet = {}(3)\nnet(torch.zeros(4))  #: forward Net: mode train, gradients on; (tensor<zeros>) -> tensor<affine, 3 units, graph>\n"


@pytest.mark.parametrize(
    ("statement", "name", "file"),
    [
        ("from models import Net", "Net", "models.py"),
        ("import models", "models.Net", "models.py"),
        ("import models as m", "m.Net", "models.py"),
        ("from models import Net as Network", "Network", "models.py"),
        ("from models import *", "Net", "models.py"),
        ("import pkg.models", "pkg.models.Net", "pkg/models.py"),
        ("from pkg import models", "models.Net", "pkg/models.py"),
        ("from pkg.models import Net", "Net", "pkg/models.py"),
        ("import pkg.models as m", "m.Net", "pkg/models.py"),
        ("from pkg.deep.models import Net", "Net", "pkg/deep/models.py"),
    ],
)
def test_imports(tmp_path: Path, statement: str, name: str, file: str) -> None:
    """However a class is imported, it is the class of that file."""
    happens(tmp_path, {"main.py": IMPORTS + "; " + statement + USE.format(name), file: MODELS}, about="forward layer")


@pytest.mark.parametrize("mention", ["import torch\n", ""])
def test_a_package_that_passes_on(tmp_path: Path, mention: str) -> None:
    """A package's `__init__.py` may import from its modules, relatively and by star."""
    happens(
        tmp_path,
        {
            "main.py": IMPORTS + "; from pkg import Net, build" + USE.format("Net") + "build().eval()  #: eval Net\n",
            "pkg/__init__.py": mention + "from .models import *\nfrom .build import build\n__all__ = ['Net', 'build']\n",
            "pkg/models.py": MODELS,
            "pkg/build.py": IMPORTS + "\nfrom . import models\nfrom .models import Net\n\ndef build():\n    return models.Net()\n",
        },
        about="forward eval layer",
    )


def test_a_file_that_mentions_no_library(tmp_path: Path) -> None:
    """A file between two others is run, whether or not it mentions a library itself."""
    happens(
        tmp_path,
        {
            "main.py": IMPORTS + "; from build import build" + USE.format("build"),
            "build.py": "from models import Net\n\ndef build(units):\n    return Net(units)\n",
            "models.py": MODELS,
        },
        about="forward layer",
    )


def test_constants_of_a_configuration(tmp_path: Path) -> None:
    """What a module of constants says is known."""
    happens(
        tmp_path,
        {
            "main.py": IMPORTS
            + """
import config
nn.Linear(4, config.units)(1)  #: forward Linear: mode train, gradients on; (1) -> tensor<affine, 7 units, graph>
""",
            "config.py": "units = 7\n",
        },
    )


def test_circular_imports(tmp_path: Path) -> None:
    """Files that import each other are run once each."""
    happens(
        tmp_path,
        {
            "main.py": IMPORTS + "; from a import Net" + USE.format("Net"),
            "a.py": "import torch\nimport b\n" + MODELS,
            "b.py": "import torch\nimport a\n\ndef build():\n    return a.Net()\n",
        },
        about="forward layer",
    )


def test_an_import_inside_of_a_function(tmp_path: Path) -> None:
    """Imports inside of functions, branches and `try` count too."""
    happens(
        tmp_path,
        {
            "main.py": IMPORTS
            + """
try:
    from fast_models import Net
except ImportError:
    Net = None
def build():
    from models import Net
    return Net(3)
build()(torch.zeros(4))  #: forward Net: mode train
""",
            "models.py": MODELS,
        },
        about="forward layer",
    )


def test_a_function_of_another_file_trains(tmp_path: Path) -> None:
    """What an imported function does belongs to the run of the script that calls it."""
    happens(
        tmp_path,
        {
            "main.py": IMPORTS
            + """
from models import Net
from engine import train_epoch
net = Net()
optimizer = optim.Adam(net.parameters())
for epoch in range(3):
    train_epoch(net, optimizer, DataLoader(1))
""",
            "engine.py": IMPORTS
            + """
def train_epoch(model, optimizer, loader):
    for x, y in loader:
        F.cross_entropy(model(x), y).backward()  #: [1,2][1,2] forward Net: mode train | [1,2][1,2] backward through
        optimizer.step()  #: [1,2][1,2] step Adam(Net)
""",
            "models.py": MODELS.replace("#: layer linear Linear", ""),
        },
    )


def test_files_that_import_the_target(tmp_path: Path) -> None:
    """A file that is checked is also seen as the files that import it use it."""
    happens(
        tmp_path,
        {
            "engine.py": IMPORTS
            + """
def train_epoch(model, optimizer):
    model.train()  #: train Linear
    optimizer.step()  #: step Adam(Linear)
""",
            "run.py": IMPORTS
            + """
from engine import train_epoch
net = nn.Linear(4, 2)
net.eval()  #: eval Linear
train_epoch(net, optim.Adam(net.parameters()))
""",
        },
    )


def test_a_library_with_a_table_is_the_table(tmp_path: Path) -> None:
    """A workspace file that is called like a library does not stand in for it."""
    happens(
        tmp_path,
        {
            "main.py": IMPORTS + "\nnet = nn.Linear(4, 2)\nnet.eval()  #: eval Linear\n",
            "torch/__init__.py": "import torch\nclass nn:\n    Linear = None\n",
            "torch/nn.py": "import torch\nLinear = None\n",
        },
    )


def test_imports_are_those_of_the_script(tmp_path: Path) -> None:
    """An absolute import in a module of a package means what the script's folder holds, not what lies beside the module."""
    happens(
        tmp_path,
        {
            "main.py": IMPORTS + "; from pkg.build import build" + USE.format("build"),
            "pkg/__init__.py": "",
            "pkg/build.py": "import torch\nfrom models import Net as build\n",
            "pkg/models.py": "import torch\nNet = print\n",
            "models.py": MODELS,
        },
        about="forward layer",
    )


def test_what_importing_does(tmp_path: Path) -> None:
    """What happens while a module is imported belongs to no run of the script, and what it makes is there."""
    happens(
        tmp_path,
        {
            "main.py": IMPORTS + "\nfrom shared import net\nnet(1)  #: forward Linear: mode train\n",
            "shared.py": IMPORTS + "\nnet = nn.Linear(4, 2)\nnet(1)\n",
        },
    )


def test_a_submodule_of_an_imported_package(tmp_path: Path) -> None:
    """`import pkg.models` makes `models` an attribute of `pkg`."""
    happens(
        tmp_path,
        {
            "main.py": IMPORTS + "\nimport pkg\nimport pkg.models\nnet = pkg.models.Net(3)\nnet.eval()  #: eval Net\n",
            "pkg/__init__.py": "",
            "pkg/models.py": MODELS.replace("#: layer linear Linear", ""),
        },
        about="eval layer",
    )
