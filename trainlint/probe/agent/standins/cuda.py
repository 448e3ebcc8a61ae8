"""A GPU that a program asks for and this machine has not: everything happens on the CPU instead.

`torch.cuda.is_available()` stays false, so that programs that ask first take their own way to the CPU.
"""

from __future__ import annotations

import contextlib
import functools
import re
import time
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

from .. import imports, incidents

_ASKS = re.compile(rb"cuda|gpu|nccl", re.IGNORECASE)

_MAKERS = (
    "arange as_tensor asarray empty empty_like empty_strided eye full full_like linspace logspace normal ones ones_like rand rand_like "
    "randint randint_like randn randn_like randperm scalar_tensor tensor tril_indices triu_indices zeros zeros_like"
).split()
"""Functions of torch that put a tensor on a device."""

_TENSOR_MAKERS = "new_empty new_full new_ones new_tensor new_zeros".split()
_NOTHING = (
    "empty_cache init ipc_collect reset_accumulated_memory_stats reset_max_memory_allocated reset_max_memory_cached "
    "reset_peak_memory_stats set_device set_per_process_memory_fraction set_stream synchronize"
).split()
_ZERO = "current_device max_memory_allocated max_memory_cached max_memory_reserved memory_allocated memory_cached memory_reserved".split()
_TYPES = "BFloat16Tensor BoolTensor ByteTensor CharTensor DoubleTensor FloatTensor HalfTensor IntTensor LongTensor ShortTensor".split()


def install(sources: list[bytes]) -> None:
    """Once torch is there, and has no GPU, and one of the program's texts speaks of one."""
    if any(_ASKS.search(text) for text in sources):
        imports.when_imported("torch", _stand_in)
        for module in ("lightning.pytorch", "pytorch_lightning"):
            imports.when_imported(module, _trainers_on_cpu)
        imports.when_imported("transformers.training_args", _arguments_for_cpu)


def _stand_in(torch: ModuleType) -> None:
    if torch.cuda.is_available():
        return
    cpu = torch.device("cpu")

    def here(device: Any) -> Any:
        """The device to use instead."""
        name = device if isinstance(device, str) else device.type if isinstance(device, torch.device) else ""
        if isinstance(device, int) and not isinstance(device, bool):
            name = "cuda"
        if name.startswith(("cuda", "hip")):
            incidents.record("stand-in device", "cuda, on the CPU instead")
            return cpu
        return device

    def on_cpu(original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def made(*args: Any, **kwargs: Any) -> Any:
            if kwargs.get("device") is not None:
                kwargs["device"] = here(kwargs["device"])
            if kwargs.get("pin_memory"):
                kwargs["pin_memory"] = False
            return original(*args, **kwargs)

        return made

    for name in _MAKERS:
        if hasattr(torch, name):
            original, made = getattr(torch, name), on_cpu(getattr(torch, name))
            _take_place_in_scripts(torch, original, made)
            setattr(torch, name, made)
    for name in _TENSOR_MAKERS:
        setattr(torch.Tensor, name, on_cpu(getattr(torch.Tensor, name)))
    _move(torch, here)
    _replace_namespace(torch, here)


def _take_place_in_scripts(torch: ModuleType, original: Any, made: Any) -> None:
    """`torch.jit.script` knows functions of torch by what they are, and would try to compile another one."""
    builtins = torch.jit._builtins
    operator = builtins._find_builtin(original)
    if operator is not None:
        builtins._register_builtin(made, operator)


def _move(torch: ModuleType, here: Callable[[Any], Any]) -> None:
    """Tensors, modules and files that are brought to a GPU stay where they are."""

    def to(original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def moved(self: Any, *args: Any, **kwargs: Any) -> Any:
            if args and (isinstance(args[0], (str, torch.device)) or (isinstance(args[0], int) and not isinstance(args[0], bool))):
                args = (here(args[0]), *args[1:])
            if "device" in kwargs:
                kwargs["device"] = here(kwargs["device"])
            return original(self, *args, **kwargs)

        return moved

    def stay(self: Any, *_: Any, **__: Any) -> Any:
        here("cuda")
        return self

    for owner in (torch.Tensor, torch.nn.Module):
        owner.to = to(owner.to)
        owner.cuda = stay
    torch.nn.utils.rnn.PackedSequence.to = to(torch.nn.utils.rnn.PackedSequence.to)
    torch.nn.utils.rnn.PackedSequence.cuda = stay
    torch.Tensor.pin_memory = stay

    kind = torch.Tensor.type

    @functools.wraps(kind)
    def typed(self: Any, dtype: Any = None, *args: Any, **kwargs: Any) -> Any:
        return kind(self, dtype.replace("torch.cuda.", "torch.") if isinstance(dtype, str) else dtype, *args, **kwargs)

    torch.Tensor.type = typed
    load = torch.load

    @functools.wraps(load)
    def loaded(f: Any, map_location: Any = None, *args: Any, **kwargs: Any) -> Any:
        if isinstance(map_location, dict):
            map_location = {source: here(target) for source, target in map_location.items()}
        elif map_location is None or not callable(map_location):
            map_location = "cpu" if map_location is None else here(map_location)
        return load(f, map_location, *args, **kwargs)

    torch.load = loaded


def _replace_namespace(torch: ModuleType, here: Callable[[Any], Any]) -> None:
    """What `torch.cuda` and its neighbours would refuse."""
    cuda = torch.cuda
    for name in _NOTHING:
        setattr(cuda, name, lambda *_, **__: None)
    for name in _ZERO:
        setattr(cuda, name, lambda *_, **__: 0)
    for name in _TYPES:
        setattr(cuda, name, getattr(torch, name))
    properties = SimpleNamespace(name="CPU", total_memory=1, major=0, minor=0, multi_processor_count=1)
    cuda.get_device_name = lambda *_: "CPU"
    cuda.get_device_properties = lambda *_: properties
    cuda.get_device_capability = lambda *_: (0, 0)
    cuda.mem_get_info = lambda *_: (1, 1)
    cuda.memory_summary = lambda *_, **__: ""
    cuda.memory_stats = lambda *_, **__: {}
    cuda.Event, cuda.Stream = _Event, _Stream
    cuda.current_stream = cuda.default_stream = lambda *_: _Stream()
    cuda.stream = cuda.device = lambda *_: contextlib.nullcontext()
    cuda.nvtx.range_push = cuda.nvtx.range_pop = cuda.nvtx.mark = lambda *_: None

    default = torch.set_default_device
    torch.set_default_device = lambda device: default(here(device) if device is not None else None)
    default_type = torch.set_default_tensor_type
    torch.set_default_tensor_type = lambda kind: default_type(kind.replace("torch.cuda.", "torch.") if isinstance(kind, str) else kind)

    class Generator(torch._C.Generator):  # type: ignore[misc, name-defined]
        def __new__(cls, device: Any = "cpu") -> Any:
            return super().__new__(cls, device=here(device))

    torch.Generator = Generator
    _replace_parallel(torch)


def _replace_parallel(torch: ModuleType) -> None:
    parallel = torch.nn.parallel.DistributedDataParallel
    original = parallel.__init__

    @functools.wraps(original)
    def made(self: Any, module: Any, device_ids: Any = None, output_device: Any = None, *args: Any, **kwargs: Any) -> None:  # noqa: ARG001
        original(self, module, None, None, *args, **kwargs)

    parallel.__init__ = made
    distributed = torch.distributed
    if distributed.is_available():
        begin = distributed.init_process_group

        @functools.wraps(begin)
        def begun(backend: Any = None, *args: Any, **kwargs: Any) -> Any:
            return begin("gloo" if backend is None or "nccl" in str(backend) else backend, *args, **kwargs)

        distributed.init_process_group = begun


class _Stream(contextlib.nullcontext):  # type: ignore[type-arg]
    """Work that is done at once."""

    def __init__(self, *_: Any, **__: Any) -> None:
        super().__init__()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *_, **__: None


class _Event(_Stream):
    """A moment."""

    def record(self, *_: Any) -> None:
        """Now."""
        self.moment = time.perf_counter()

    def elapsed_time(self, other: _Event) -> float:
        """Milliseconds until another moment."""
        return (other.moment - self.moment) * 1000

    def query(self) -> bool:
        """It has come."""
        return True


def _trainers_on_cpu(lightning: ModuleType) -> None:
    """Lightning refuses a GPU that is not there, and half precision without one."""
    import torch

    trainer = lightning.Trainer
    original = trainer.__init__

    @functools.wraps(original)
    def made(self: Any, *args: Any, **kwargs: Any) -> None:
        if not torch.cuda.is_available() and (kwargs.get("accelerator") in {"gpu", "cuda"} or kwargs.get("gpus")):
            incidents.record("stand-in device", "cuda, on the CPU instead")
            kwargs.pop("gpus", None)
            kwargs.update(accelerator="cpu", devices=1, strategy="auto")
            if str(kwargs.get("precision", "")).startswith("16"):
                kwargs["precision"] = "32-true"
        original(self, *args, **kwargs)

    trainer.__init__ = made


def _arguments_for_cpu(module: ModuleType) -> None:
    """`TrainingArguments` refuses half precision without a GPU."""
    import torch

    arguments = module.TrainingArguments
    original = arguments.__init__

    @functools.wraps(original)
    def made(self: Any, *args: Any, **kwargs: Any) -> None:
        if not torch.cuda.is_available() and (kwargs.get("fp16") or kwargs.get("tf32")):
            incidents.record("stand-in device", "cuda, on the CPU instead")
            kwargs.update(fp16=False, tf32=None)
        original(self, *args, **kwargs)

    arguments.__init__ = made
