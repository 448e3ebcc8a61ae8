"""What an imported name means: seen by which network is put into evaluation mode."""

from pathlib import Path

import pytest

from tests.program.annotated import IMPORTS, happens

NETS = IMPORTS + "\nclass Net(nn.Module): pass\nclass _Hidden(nn.Module): pass\nother = nn.Conv2d(1, 1, 1)\n"


def evaluates(folder: Path, script: str, **files: str) -> None:
    """Asserts what a script of a project does; `pkg__models` stands for pkg/models.py."""
    texts = {f"{name.replace('__', '/').replace('/init/', '/__init__')}.py": text for name, text in files.items()}
    happens(folder, {"main.py": f"{IMPORTS}\n{script}", **texts}, about="eval touch")


def test_a_star_import_brings_public_names(tmp_path: Path) -> None:
    """`*` brings what has no leading underscore, whatever it is."""
    evaluates(
        tmp_path,
        "from models import *\nNet().eval()  #: eval Net\nother.eval()  #: eval Conv2d\n_Hidden().eval()  #: eval ?\n",
        models=NETS,
    )


def test_a_star_import_brings_what_is_listed(tmp_path: Path) -> None:
    """Where there is `__all__`, it says what `*` brings: hidden names too, and no others."""
    evaluates(
        tmp_path,
        "Net = nn.Linear(1, 1)\nfrom models import *\nNet.eval()  #: eval Linear\n_Hidden().eval()  #: eval _Hidden\n",
        models=NETS + "__all__ = ['_Hidden']\n",
    )


def test_a_star_import_of_a_star_import(tmp_path: Path) -> None:
    """What a module has from a star import, its own star import passes on, library names included."""
    evaluates(
        tmp_path,
        "from all_models import *\nNet().eval()  #: eval Net\nLinear(1, 1).eval()  #: eval Linear\n",
        all_models="from torch.nn import *\nfrom models import *\n",
        models=NETS,
    )


def test_names_of_a_star_import_out_of_sight(tmp_path: Path) -> None:
    """A star import that cannot be resolved leaves known names as they are, and makes all others unknown."""
    evaluates(
        tmp_path,
        "from models import *\nfrom elsewhere import *\nNet().eval()  #: eval Net\nOther(other).train()  #: touch Conv2d\n",
        models=NETS,
    )


def test_a_later_binding_wins(tmp_path: Path) -> None:
    """An import is an assignment: the last one counts."""
    evaluates(
        tmp_path,
        """
from models import other
from more import other
other.eval()  #: eval Linear
from models import other
other.eval()  #: eval Conv2d
""",
        models=NETS,
        more=IMPORTS + "\nother = nn.Linear(1, 1)\n",
    )


def test_circular_imports(tmp_path: Path) -> None:
    """A module that is being run is seen as far as it has got; once all have run, each sees the other whole."""
    evaluates(
        tmp_path,
        "import a, b\na.build().eval()  #: eval Net\nb.Net().eval()  #: eval Net#2\n",
        a="import torch\nimport b\ndef build(): return b.Net()\n",
        b=IMPORTS + "\nimport a\nclass Net(nn.Module): pass\n",
    )


def test_a_folder_without_init(tmp_path: Path) -> None:
    """A folder of modules is a package, too, and passes on what is imported through it."""
    evaluates(
        tmp_path,
        "import parts.models\nfrom parts import models\nparts.models.Net().eval()  #: eval Net\nmodels.Net().eval()  #: eval Net#2\n",
        parts__models=NETS,
    )


@pytest.mark.parametrize("name", ["torch", "torchvision", "transformers", "numpy", "logging", "accelerate", "timm"])
def test_a_file_that_is_called_like_a_library(tmp_path: Path, name: str) -> None:
    """A library with a table is always the table, even where its source lies in the workspace."""
    evaluates(tmp_path, f"from {name} import Net\nnn.Linear(1, 1).eval()  #: eval Linear\n", **{name: "import torch\nnn = Net = 1\n"})


@pytest.mark.parametrize("name", ["datasets", "evaluate", "token", "queue", "tune"])
def test_a_file_that_is_called_as_many_are(tmp_path: Path, name: str) -> None:
    """Names that people give to modules of their own mean these, where they are there."""
    evaluates(tmp_path, f"from {name} import Net\nNet().eval()  #: eval Net\n", **{name: NETS})


def test_a_library_that_is_called_as_many_files_are(tmp_path: Path) -> None:
    """Where no file of the name is there, it is the library: loading a data set touches no network."""
    evaluates(tmp_path, "import datasets\nnet = nn.Linear(1, 1)\ndatasets.load_dataset('a')\nnet.eval()  #: eval Linear\n")


def test_names_of_classes_and_functions_are_looked_up_where_they_stand(tmp_path: Path) -> None:
    """A function of another module sees the names of its own module."""
    evaluates(
        tmp_path,
        "from models import build\nNet = None\nbuild().eval()  #: eval Net\n",
        models=NETS + "def build(): return Net()\n",
    )


def test_a_name_of_a_class_body(tmp_path: Path) -> None:
    """Methods do not see the names of their class's body, functions around them they do."""
    evaluates(
        tmp_path,
        """
net = nn.Linear(1, 1)
def make():
    inner = nn.Conv2d(1, 1, 1)
    class Holder:
        net = nn.Conv1d(1, 1, 1)
        def switch(self):
            net.eval()  #: eval Linear
            self.net.eval()  #: eval Conv1d
            inner.eval()  #: eval Conv2d
    return Holder()
make().switch()
""",
    )


def test_builtins_may_be_given_other_meanings(tmp_path: Path) -> None:
    """A builtin's name is a name like any other."""
    evaluates(tmp_path, "def print(net): net.eval()  #: eval Linear\nprint(nn.Linear(1, 1))\n")
