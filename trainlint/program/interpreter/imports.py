"""Imports: libraries with a table, modules of the workspace, and everything else."""

from functools import cache
from pathlib import Path

from trainlint.knowledge.library import FACTS, is_library
from trainlint.program.interpreter.heap import Heap
from trainlint.program.interpreter.machine import Completion, Frame, Machine, RunTruncatedError
from trainlint.program.interpreter.variables import bind_name
from trainlint.program.values import Known, Library, Module, Scope, Unknown, Value
from trainlint.source import ir


def run_import(machine: Machine, node: ir.Import) -> Completion:
    """`import a.b as c, …`."""
    for name, alias in node.names:
        if alias is not None:
            bind_name(machine, alias, find_module(machine, name))
        else:
            root = name.partition(".")[0]
            bind_name(machine, root, find_module(machine, root))
            if root != name:
                find_module(machine, name)
    return None


def run_import_from(machine: Machine, node: ir.ImportFrom) -> Completion:
    """`from module import names`; a star takes everything that a known module has."""
    source = find_module(machine, node.module, node.level)
    if node.names is None:
        _star(machine, source)
        return None
    for name, alias in node.names:
        bind_name(machine, alias or name, _from_module(machine, source, name))
    return None


def _star(machine: Machine, source: Value) -> None:
    scope = machine.scope
    if isinstance(source, Module):
        scope.module.star_unresolved |= source.star_unresolved
        names = source.scope.cells.get("__all__")
        listed = None
        if names is not None and hasattr(names, "items"):
            listed = {item.value for item in names.items if isinstance(item, Known)}
        for name, value in list(source.scope.cells.items()):
            if (listed is None and not name.startswith("_")) or (listed is not None and name in listed):
                bind_name(machine, name, value)
    elif isinstance(source, Library):
        for name in _names_in(source.name):
            bind_name(machine, name, Library(f"{source.name}.{name}"))
    else:
        scope.module.star_unresolved = True


@cache
def _names_in(package: str) -> tuple[str, ...]:
    """The names that a star import of a library is known to bring."""
    prefix = f"{package}."
    return tuple(dict.fromkeys(name[len(prefix) :].partition(".")[0] for name in FACTS if name.startswith(prefix)))


def _from_module(machine: Machine, source: Value, name: str) -> Value:
    if isinstance(source, Library):
        return Library(f"{source.name}.{name}")
    if isinstance(source, Module):
        value = source.scope.cells.get(name)
        if value is None:
            value = submodule(machine, source, name)
        return value if value is not None else Unknown()
    return Unknown()


def find_module(machine: Machine, name: str, level: int = 0) -> Value:
    """What `import name` gives: a library with a table wins over a file of the workspace."""
    importer = machine.scope.module.path
    if not level and is_library(name.partition(".")[0]):
        return Library(name)
    path = machine.workspace.resolve(name, importer, level, machine.script)
    if path is None:
        return Unknown() if level else Library(name)
    return load_module(machine, path, name)


def submodule(machine: Machine, package: Module, name: str) -> Value | None:
    """A module inside a package, if there is one."""
    folder = package.path if package.path.is_dir() else package.path.parent
    if not package.path.is_dir() and package.path.name != "__init__.py":
        return None
    path = machine.workspace.in_folder(folder, name)
    return None if path is None else load_module(machine, path, f"{package.name}.{name}")


def load_module(machine: Machine, path: Path, name: str) -> Value:
    """The module of a file, its body run once for all entries: what it makes is not undone between them."""
    module = machine.modules.get(path)
    if module is not None:
        return module
    module = new_module(path, name)
    if machine.imported > _MAX_IMPORTED:
        module.star_unresolved = True
        return module
    machine.modules[path] = module
    if path.is_dir():
        return module
    file = machine.workspace.load(path)
    if file is None or (len(file.text) > _LARGE and not machine.workspace.is_relevant(path)):
        module.star_unresolved = True
        return Unknown() if file is None else module
    machine.imported += len(file.text)
    run_module(machine, module, file.body)
    return module


def new_module(path: Path, name: str) -> Module:
    """A module whose body has not run."""
    module = Module(path, name)
    module.scope = Scope({"__name__": Known(name), "__file__": Known(str(path))}, None, module)
    return module


def run_module(machine: Machine, module: Module, body: ir.Block) -> None:
    """Runs an imported module's body, apart from the run that imports it."""
    saved = {name: getattr(machine, name) for name in _CONTEXT}
    try:  # from here on: where calls nest too deep, the next one may be the one that fails
        machine.begin()
        machine.steps, machine.depth = saved["steps"], saved["depth"] + 1
        machine.heap = Heap()
        machine.frames.append(Frame(module.scope, 0, 0))
        if machine.depth < _MAX_IMPORT_DEPTH:
            machine.block(body)
    except RunTruncatedError:
        module.star_unresolved = True
    finally:
        steps = machine.steps
        for attribute, value in saved.items():
            setattr(machine, attribute, value)
        machine.steps = min(steps, machine.steps + _MAX_IMPORT_STEPS)


_LARGE = 40_000
"""Characters from which on a module that mentions no training library is not run: settings and re-exports are small."""
_MAX_IMPORTED = 2_000_000
"""Characters of modules that are run for one script; what it imports beyond is not known."""
_MAX_IMPORT_DEPTH = 60
_MAX_IMPORT_STEPS = 1000
_CONTEXT = (
    "events", "frames", "loop_frames", "loops", "guards", "forward", "steps", "limit", "depth", "assumed", "heap", "restored",
    "finals", "drawn",
)  # fmt: skip
