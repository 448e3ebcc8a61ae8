"""Made-up arguments for the functions of torch, so that what they do can be watched."""

import importlib
import inspect
import warnings
from typing import Any

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    torch = pytest.importorskip("torch")

from trainlint.knowledge.facts import Effect, Function


def find(name: str) -> Any:
    """The thing of this name, imported as far as need be."""
    parts = name.split(".")
    thing: Any = None
    for count in range(1, len(parts) + 1):
        if count > 1 and not inspect.ismodule(thing) and not hasattr(thing, parts[count - 1]):
            raise AttributeError(name)
        if count == 1:
            thing = importlib.import_module(parts[0])
        elif hasattr(thing, parts[count - 1]):
            thing = getattr(thing, parts[count - 1])
        else:
            thing = importlib.import_module(".".join(parts[:count]))
    if inspect.ismodule(thing) and hasattr(thing, parts[-1]):
        return getattr(thing, parts[-1])
    return thing


def tensors(seed: int) -> dict[str, Any]:
    """Tensors of several shapes, positive and below 1, that want gradients."""
    generator = torch.Generator().manual_seed(seed)

    def made(*shape: int) -> Any:
        return (torch.rand(*shape, generator=generator, dtype=torch.float64) * 0.8 + 0.1).requires_grad_()

    symmetric = made(3, 3).detach()
    definite = (symmetric @ symmetric.T + torch.eye(3, dtype=torch.float64)).requires_grad_()
    return {"matrix": definite, "vector": made(3), "cube": made(2, 3, 3), "map": made(2, 4, 4, 4), "volume": made(2, 4, 4, 4, 4)}


def argument(name: str, like: Any, seed: int) -> Any:
    """A plausible value for the parameter of this name beside a tensor like the given one."""
    other = tensors(seed)[next(key for key, value in tensors(seed).items() if value.dim() == like.dim())]
    ids = torch.zeros(like.shape, dtype=torch.long)
    table = {
        "dim": 0, "dims": (0,), "dim0": 0, "dim1": 1, "dim2": 1, "axis0": 0, "axis1": 0, "k": 1, "n": 2, "p": 0.5, "start_dim": 0,
        "end_dim": -1, "source": 0, "destination": 0, "start": 0, "length": 1, "index": ids, "indices": ids,
        "mask": like > like.mean(),
        "chunks": 1, "split_size_or_sections": 1, "indices_or_sections": 1, "shifts": 1, "repeats": 2, "shape": tuple(like.shape),
        "sizes": (like.shape[0],) if like.dim() else (), "size": tuple(like.shape), "stride": 1, "min": 0.2, "max": 1.5, "exponent": 2.0,
        "weight": other, "value": 0.5, "q": 0.5, "keepdim": False, "diagonal": 0, "offset": 0, "eps": 1e-3, "values": other, "end": other,
        "training": True, "train": True, "kernel_size": 2, "output_size": 2, "normalized_shape": like.shape[-1:], "num_groups": 1,
        "upscale_factor": 2, "downscale_factor": 2, "groups": 2, "num_samples": 2, "minlength": 3, "bins": 3, "pad": (1, 1),
        "lambd": 0.1, "threshold": 0.1, "n_fft": 2, "r": 2, "step": 1, "sections": 1, "reduce": "sum", "accumulate": False, "N": 3,
        "running_mean": torch.zeros(like.shape[1], dtype=like.dtype) if like.dim() > 1 else None, "norm_type": 2.0, "scale_factor": 2,
        "running_var": torch.ones(like.shape[1], dtype=like.dtype) if like.dim() > 1 else None, "rcond": 1e-3, "maxnorm": 1.0, "ord": 2,
        "attn_mask": None, "bias": None, "UPLO": "L", "left": True, "upper": True, "hermitian": False, "driver": None, "mode": None,
        "lengths": torch.tensor([2] * like.shape[0]) if like.dim() else None, "tau": 1.0, "hard": False, "pivots": None, "beta": 1.0,
        "ind": 1, "s": None, "norm": None, "memo": None, "interpolation": "linear", "largest": True, "sorted": True, "descending": False,
        "dimension": 0, "num_classes": 3, "dtype": torch.float64, "k1": 1, "from": 0, "to": 1, "dims_": 1,
    }  # fmt: skip
    return table.get(name, other)


def called(name: str, function: Any, fact: Function) -> tuple[Any, Any] | None:
    """A tensor and what the function makes of it, for the first shape and number of arguments that it takes."""
    for shape, calls in (("matrix", ON_MATRIX), ("map", ON_MAP)):
        if name in calls:
            subject = tensors(0)[shape]
            return subject, calls[name](subject)
    if fact.effect in {Effect.FRESH, Effect.CLASS_IDS} and fact.parameters[0] != "input":
        subject = tensors(0)["matrix"]
        return subject, function(*(_SIZES.get(parameter, 3) for parameter in fact.parameters[: 2 if "stride" in fact.parameters else None]))
    for subject in tensors(0).values():
        for count in range(1, len(fact.parameters) + 1):
            arguments: list[Any] = [subject, *(argument(parameter.lstrip("*"), subject, 1) for parameter in fact.parameters[1:count])]
            if fact.effect is Effect.COLLECT and not fact.parameters[0].startswith("*"):
                arguments[0] = [subject, subject]
            try:
                torch.manual_seed(0)
                return subject, function(*arguments)
            except (TypeError, RuntimeError, ValueError, IndexError, NotImplementedError, AssertionError, AttributeError):
                continue
    return None


IDS = torch.tensor([0, 1, 2])
F = torch.nn.functional

ON_MATRIX: dict[str, Any] = {
    "torch.select": lambda x: torch.select(x, 0, 1),
    "torch.tile": lambda x: torch.tile(x, (2,)),
    "torch.view_as_real": lambda x: torch.view_as_real(torch.complex(x, x)),
    "torch.view_as_complex": lambda x: torch.view_as_complex(x[:, :2].contiguous()),
    "torch.as_strided": lambda x: torch.as_strided(x, (2, 2), (1, 1)),
    "torch.full_like": lambda x: torch.full_like(x, 1.0),
    "torch.randint_like": lambda x: torch.randint_like(x, 3),
    "torch.repeat_interleave": lambda x: torch.repeat_interleave(x, 2, 0),
    "torch.einsum": lambda x: torch.einsum("ij,jk->ik", x, x),
    "torch.mv": lambda x: torch.mv(x, x[0]),
    "torch.addmv": lambda x: torch.addmv(x[0], x, x[0]),
    "torch.addbmm": lambda x: torch.addbmm(x, x[None], x[None]),
    "torch.where": lambda x: torch.where(x > 1, x, 0.0),
    "torch.masked_fill": lambda x: torch.masked_fill(x, x > 1, 0.0),
    "torch.masked_scatter": lambda x: torch.masked_scatter(x, x > 1, x * 2),
    "torch.index_add": lambda x: torch.index_add(x, 0, IDS, x),
    "torch.index_copy": lambda x: torch.index_copy(x, 0, IDS[:1], x[:1].detach()),
    "torch.index_put": lambda x: torch.index_put(x, (IDS[:1],), x[:1].detach()),
    "torch.index_reduce": lambda x: torch.index_reduce(x, 0, IDS, x.detach(), "mean"),
    "torch.select_scatter": lambda x: torch.select_scatter(x, x[0].detach(), 0, 1),
    "torch.slice_scatter": lambda x: torch.slice_scatter(x, x[:1].detach(), 0, 0, 1),
    "torch.diagonal_scatter": lambda x: torch.diagonal_scatter(x, x[0].detach()),
    "torch.imag": lambda x: torch.imag(torch.complex(x, x)),
    "torch.stft": lambda x: torch.stft(x.flatten(), 4, window=torch.ones(4).double(), return_complex=True),
    "torch.istft": lambda x: torch.istft(
        torch.stft(x.flatten(), 4, window=torch.ones(4).double(), return_complex=True), 4, window=torch.ones(4).double()
    ),
    "torch.bincount": lambda x: torch.bincount(x.flatten().long()),
    "torch.bitwise_and": lambda x: torch.bitwise_and(x > 0, x > 1),
    "torch.bitwise_or": lambda x: torch.bitwise_or(x > 0, x > 1),
    "torch.bitwise_xor": lambda x: torch.bitwise_xor(x > 0, x > 1),
    "torch.bitwise_not": lambda x: torch.bitwise_not(x > 0),
    "torch.bitwise_left_shift": lambda x: torch.bitwise_left_shift(x.long(), 1),
    "torch.bitwise_right_shift": lambda x: torch.bitwise_right_shift(x.long(), 1),
    "torch.gcd": lambda x: torch.gcd(x.long(), x.long()),
    "torch.lcm": lambda x: torch.lcm(x.long(), x.long()),
    "torch.searchsorted": lambda x: torch.searchsorted(x.flatten().sort()[0], x),
    "torch.is_nonzero": lambda x: torch.is_nonzero(x[0, 0]),
    "torch.mvlgamma": lambda x: torch.mvlgamma(x + 3, 2),
    "torch.acosh": lambda x: torch.acosh(x + 2),
    "torch.arccosh": lambda x: torch.arccosh(x + 2),
    "torch.clamp_max": lambda x: torch.clamp_max(x, 1.5),
    "torch.relu": lambda x: torch.relu(x - 1.5),
    "torch.prelu": lambda x: torch.prelu(x, x[0, :1]),
    "torch.special.multigammaln": lambda x: torch.special.multigammaln(x + 3, 2),
    "torch.special.polygamma": lambda x: torch.special.polygamma(1, x),
    "torch.linalg.solve_triangular": lambda x: torch.linalg.solve_triangular(x, x, upper=True),
    "torch.linalg.multi_dot": lambda x: torch.linalg.multi_dot([x, x]),
    "torch.linalg.lu_solve": lambda x: torch.linalg.lu_solve(*torch.linalg.lu_factor(x), x),
    "torch.linalg.tensorsolve": lambda x: torch.linalg.tensorsolve(x, x[0]),
    "torch.sparse.mm": lambda x: torch.sparse.mm(x.to_sparse(), x),
    "torch.sparse.sum": lambda x: torch.sparse.sum(x.to_sparse()),
    "torch.sparse_coo_tensor": lambda x: torch.sparse_coo_tensor(torch.arange(3)[None], x[0]).to_dense(),
    "torch.nn.utils.parameters_to_vector": lambda x: torch.nn.utils.parameters_to_vector([x]),
    "torch.nn.utils.rnn.pad_packed_sequence": lambda x: torch.nn.utils.rnn.pad_packed_sequence(torch.nn.utils.rnn.pack_sequence([x, x])),
    "torch.nn.utils.rnn.unpack_sequence": lambda x: torch.nn.utils.rnn.unpack_sequence(torch.nn.utils.rnn.pack_sequence([x, x])),
    "torch.nn.utils.rnn.unpad_sequence": lambda x: torch.nn.utils.rnn.unpad_sequence(x * 1, torch.tensor([3, 3, 3])),
    "torch.distributions.kl_divergence": lambda x: torch.distributions.kl_divergence(normal(x), normal(x * 2)),
    "torch.distributions.Distribution.sample": lambda x: normal(x).sample(),
    "torch.distributions.Distribution.sample_n": lambda x: normal(x).sample_n(2),
    "torch.distributions.Distribution.rsample": lambda x: normal(x).rsample(),
    "torch.distributions.Distribution.log_prob": lambda x: normal(x).log_prob(x.detach() + 1),
    "torch.distributions.Distribution.cdf": lambda x: normal(x).cdf(x.detach() + 1),
    "torch.distributions.Distribution.icdf": lambda x: normal(x).icdf(x.detach() / 10),
    "torch.distributions.Distribution.entropy": lambda x: normal(x).entropy(),
    "torch.distributions.Distribution.perplexity": lambda x: normal(x).perplexity(),
    "torch.nn.functional.relu": lambda x: F.relu(x - 1.5),
    "torch.nn.functional.prelu": lambda x: F.prelu(x, x[0, :1]),
    "torch.nn.functional.embedding": lambda x: F.embedding(IDS, x),
    "torch.nn.functional.embedding_bag": lambda x: F.embedding_bag(IDS[None], x),
    "torch.nn.functional.one_hot": lambda x: F.one_hot(x.long(), 5),
    "torch.nn.functional.scaled_dot_product_attention": lambda x: F.scaled_dot_product_attention(x[None], x[None], x[None]),
    "torch.nn.functional.multi_head_attention_forward": lambda x: torch.nn.MultiheadAttention(3, 1, dtype=x.dtype)(x, x, x),
    "torch.nn.functional.affine_grid": lambda x: F.affine_grid(x[None, :2], [1, 1, 2, 2], align_corners=False),
}
"""Calls that made-up arguments do not fit, on a matrix …"""

ON_MAP: dict[str, Any] = {
    "torch.nn.functional.local_response_norm": lambda x: F.local_response_norm(x, 2),
    "torch.nn.functional.interpolate": lambda x: F.interpolate(x, scale_factor=2, mode="bilinear"),
    "torch.nn.functional.upsample": lambda x: F.upsample(x, scale_factor=2),
    "torch.nn.functional.upsample_nearest": lambda x: F.upsample_nearest(x, scale_factor=2),
    "torch.nn.functional.upsample_bilinear": lambda x: F.upsample_bilinear(x, scale_factor=2),
    "torch.nn.functional.grid_sample": lambda x: F.grid_sample(x, torch.zeros(2, 1, 1, 2).double(), align_corners=False),
    "torch.nn.functional.fold": lambda x: F.fold(x.flatten(2)[:, :, :9], (4, 4), 2),
    "torch.batch_norm": lambda x: torch.batch_norm(x, None, None, None, None, True, 0.1, 1e-5, False),
}
"""… and on a batch of maps."""

SHAPES = {1: (16,), 2: (4, 4), 3: (2, 2, 4)}


def transposed(name: str, axes: int) -> Any:
    """A call of a transposed convolution over so many axes."""
    return lambda x: find(name)(x.reshape(2, 4, *SHAPES[axes]), torch.ones(4, 2, *[1] * axes).double())


def tenth(name: str) -> Any:
    """A call with a tenth of the values, which then lie in 0–1."""
    return lambda x: find(name)(x / 10)


for _axes in SHAPES:
    for _place in ("torch", "torch.nn.functional"):
        ON_MAP[f"{_place}.conv_transpose{_axes}d"] = transposed(f"{_place}.conv_transpose{_axes}d", _axes)
for _name in (
    "asin",
    "acos",
    "atanh",
    "arcsin",
    "arccos",
    "arctanh",
    "erfinv",
    "logit",
    "special.erfinv",
    "special.logit",
    "special.ndtri",
):
    ON_MATRIX[f"torch.{_name}"] = tenth(f"torch.{_name}")


def normal(scale: Any) -> Any:
    """A normal distribution with that deviation."""
    return torch.distributions.Normal(scale, scale)


_SIZES: dict[str, Any] = {"size": (3,), "stride": (1,), "low": 0, "fill_value": 1.0, "end": 9, "periodic": True, "step": 2, "offset": 0}
