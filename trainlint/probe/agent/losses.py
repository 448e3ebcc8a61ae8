"""Calls of loss functions: what they were given, and what gradient they send back to the logits."""

from __future__ import annotations

import inspect
import math
import weakref
from collections import Counter
from collections.abc import Callable
from typing import Any

import torch

from . import cuts, places
from .harmless import harmless
from .modules import Modules, constructed, key
from .session import Session
from .tensors import Spread

LOSSES = frozenset(
    "cross_entropy nll_loss mse_loss l1_loss smooth_l1_loss huber_loss binary_cross_entropy binary_cross_entropy_with_logits kl_div "
    "gaussian_nll_loss poisson_nll_loss hinge_embedding_loss soft_margin_loss multilabel_soft_margin_loss multi_margin_loss "
    "multilabel_margin_loss cosine_embedding_loss margin_ranking_loss triplet_margin_loss ctc_loss".split()
)
CLASSIFYING = frozenset(
    "cross_entropy nll_loss mse_loss l1_loss smooth_l1_loss huber_loss binary_cross_entropy binary_cross_entropy_with_logits".split()
)
_SIMPLEX_TOLERANCE = 1e-3
_LABELS = 200
_BATCHES = 200
_LossModule: Any = torch.nn.modules.loss._Loss


class LossRecord:
    """The calls of a loss at one place."""

    def __init__(self, function: str, place: places.PlaceData, made: places.PlaceData | None, reduction: str) -> None:
        self.function, self.place, self.made, self.reduction = function, place, made, reduction
        self.calls = self.trained = 0
        self.values: list[torch.Tensor] = []
        self.input, self.target = Spread(), Spread()
        self.plain = True
        self.units: int | None = None
        self.simplex = self.log_simplex = True
        self.other_axis: int | None = None
        self.exclusive: bool | None = None
        self.origin: Any = None
        self.attenuation: list[float] = []
        self.class_losses: list[float] = []
        self.mixed = False
        self.input_gradient = self.target_gradient = self.target_made = False
        self.first_step = 0
        self.labels: Counter[str] = Counter()
        self.zeros: float | None = None
        """Share of zeros among the scores, as long as none of them is negative."""
        self.negative = False
        self.batches: list[torch.Tensor] = []
        """The labels of each batch trained on."""
        self.graphs: list[tuple[weakref.ref[Any], int]] = []
        """Each dies with the graph of one value, which was computed after so many steps."""
        self.alive = 0


class Losses:
    """Watches the losses."""

    def __init__(self, session: Session, modules: Modules) -> None:
        self.session, self.modules = session, modules
        self.records: dict[tuple[Any, ...], LossRecord] = {}
        self.misbuilt: list[dict[str, Any]] = []

    def install(self) -> None:
        """Looks at what losses are constructed with."""
        construct, watch = _LossModule.__init__, self

        def constructing(loss: Any, size_average: Any = None, reduce: Any = None, reduction: str = "mean") -> None:
            if watch.session.watching and (isinstance(size_average, torch.Tensor) or isinstance(reduce, torch.Tensor)):
                place = places.here(loss, type(loss).__name__)
                if place is not None:
                    watch.misbuilt.append({"place": place, "kind": type(loss).__name__})
            construct(loss, size_average, reduce, reduction)

        _LossModule.__init__ = constructing

    def called(self, func: Callable[..., Any], name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Computes a loss and takes note."""
        given = _bound(func, args, kwargs)
        place = places.here(called=self.modules.losses[-1] if self.modules.losses else name)
        if place is None or not isinstance(given.get("input"), torch.Tensor):
            return func(*args, **kwargs)
        values, target = given["input"], given.get("target")
        made = constructed.get(self.modules.losses[-1]) if self.modules.losses else None
        record = self.records.setdefault((name, key(place)), LossRecord(name, place, made, str(given.get("reduction", "mean"))))
        record.first_step = record.first_step if record.calls else self.session.steps
        record.calls += 1
        if self.session.detailed or record.calls <= 3:
            self._look(record, given, values, target)
        result = func(*args, **kwargs)
        if isinstance(result, torch.Tensor):
            if len(record.values) < self.session.wanted_steps and result.numel():
                record.values.append(result.detach().mean())
            if result.requires_grad:
                self._follow_gradient(record, name, given, values, target, result)
            passed, source = getattr(values, "_trainlint_pass", None), getattr(target, "_trainlint_pass", None)
            if passed is not None:
                passed.scored = True
            if passed is not None and not result.requires_grad:
                result._trainlint_pass = passed
            if torch.is_grad_enabled():
                cuts.note(func, name, (values, target), result)
            if source is not None and result.requires_grad:
                source.consumed = record.target_made = True
            record.target_made |= result.requires_grad and hasattr(target, "_trainlint_cut")
        return result

    def on_step(self) -> None:
        """Counts the graphs of earlier steps that something still holds."""
        for record in self.records.values():
            record.graphs = [(graph, steps) for graph, steps in record.graphs if graph() is not None]
            record.alive = max(record.alive, sum(steps < self.session.steps for _, steps in record.graphs))

    @harmless
    def _look(self, record: LossRecord, given: dict[str, Any], values: torch.Tensor, target: Any) -> None:
        record.input.add(values)
        axis = 1 if values.dim() >= 2 else 0
        record.units = values.shape[axis] if values.dim() >= 2 else 1
        self._look_at_scores(record, values)
        record.input_gradient |= values.requires_grad
        record.origin = record.origin or getattr(values, "_trainlint_origin", None)
        if isinstance(target, torch.Tensor):
            record.target.add(target)
            record.target_gradient |= target.requires_grad
            if target.dim() >= 2 and target.shape[1] > 1 and target.numel():
                record.exclusive = record.exclusive is not False and _is_one_hot(target.detach())
            else:
                record.exclusive = False
            if torch.is_grad_enabled():
                self._count_labels(record, target)
                if target.dim() == 1 and values.dim() == 2 and not target.is_floating_point() and len(record.batches) < _BATCHES:
                    record.batches.append(target.detach().cpu())
        ignored = given.get("ignore_index")
        record.plain &= given.get("weight") is None and given.get("pos_weight") is None and not given.get("label_smoothing")
        if (
            isinstance(ignored, int)
            and isinstance(target, torch.Tensor)
            and not target.is_floating_point()
            and bool((target == ignored).any())
        ):
            record.plain = False
        if values.dim() >= 2 and values.is_floating_point() and values.numel():
            detached = values.detach().float()
            record.simplex &= _is_simplex(detached, axis)
            exponentials = detached.exp()
            record.log_simplex &= _is_simplex(exponentials, axis)
            if not record.simplex and not record.log_simplex and record.other_axis is None:
                others = [other for other in range(values.dim()) if other != axis and values.shape[other] > 1]
                along = (other for other in others if _is_simplex(detached, other) or _is_simplex(exponentials, other))
                record.other_axis = next(along, None)
        else:
            record.simplex = record.log_simplex = False

    @staticmethod
    def _look_at_scores(record: LossRecord, values: torch.Tensor) -> None:
        origin = getattr(values, "_trainlint_origin", None)
        scores = origin.source if origin is not None and origin.source is not None and "softmax" in origin.operation else values
        if record.negative or not scores.numel() or not scores.is_floating_point():
            return
        if bool((scores.detach() < 0).any()):
            record.negative, record.zeros = True, None
        else:
            record.zeros = max(record.zeros or 0.0, float((scores.detach() == 0).float().mean()))

    @staticmethod
    def _count_labels(record: LossRecord, target: torch.Tensor) -> None:
        if len(record.labels) > _LABELS or target.numel() > 1 << 20:
            return
        labels = target.detach()
        if labels.dim() >= 2 and labels.shape[1] > 1 and labels.is_floating_point() and _is_simplex(labels.float(), 1):
            labels = labels.argmax(1)
        if labels.is_floating_point() and not bool((labels == labels.round()).all()):
            return
        for label, count in zip(*torch.unique(labels, return_counts=True)):
            record.labels[str(int(label))] += int(count)

    @harmless
    def _follow_gradient(
        self, record: LossRecord, name: str, given: dict[str, Any], values: torch.Tensor, target: Any, result: torch.Tensor
    ) -> None:
        origin = getattr(values, "_trainlint_origin", None)
        squashed = (
            origin is not None and origin.source is not None and origin.operation in ("softmax", "sigmoid", "log_softmax", "logsigmoid")
        )
        logits: Any = origin.source if squashed and origin is not None else values
        reference = None
        if name in CLASSIFYING and isinstance(target, torch.Tensor) and len(record.class_losses) < self.session.wanted_steps:
            loss = _class_loss(name, logits.detach().reshape(values.shape), target.detach())
            record.class_losses += [loss] if loss is not None else []
        if name in CLASSIFYING and isinstance(target, torch.Tensor) and not self.session.light:
            softmax = squashed and origin is not None and "softmax" in origin.operation
            reference = _reference(name, logits.detach().reshape(values.shape), target.detach(), softmax=softmax)
        upstream: list[torch.Tensor] = []
        counted = [False]

        def from_above(gradient: torch.Tensor) -> None:
            if not self.session.measuring:
                upstream[:] = [gradient.detach()]
                if not counted[0]:
                    counted[0] = True
                    record.trained += 1

        def at_logits(gradient: torch.Tensor) -> None:
            if not upstream or reference is None or self.session.measuring or len(record.attenuation) >= self.session.wanted_steps:
                return
            expected = _expected(name, reference, upstream[0], str(given.get("reduction", "mean")))
            size = float(expected.norm()) if expected is not None else 0.0
            if size > 0 and math.isfinite(size) and gradient.shape == logits.shape:
                record.attenuation.append(float(gradient.detach().float().norm()) / size)

        result.register_hook(from_above)
        record.graphs.append((weakref.ref(from_above), self.session.steps))
        if not logits.requires_grad or reference is None:
            return
        if getattr(logits, "_trainlint_losses", 0):
            record.mixed = True
        logits._trainlint_losses = getattr(logits, "_trainlint_losses", 0) + 1
        if record.plain and not record.mixed:
            logits.register_hook(at_logits)


def mixtures(batches: list[torch.Tensor]) -> tuple[float, float] | None:
    """The mean entropy of the labels in a batch, as they came and after all of them were shuffled, in nats."""
    sizes = [len(batch) for batch in batches]
    if len(batches) < 2 or max(sizes) < 2:
        return None
    every = torch.cat(batches)
    generator = torch.Generator().manual_seed(0)
    shuffled = every[torch.randperm(len(every), generator=generator)].split(sizes)
    return _entropy(batches), _entropy(list(shuffled))


def _entropy(batches: list[torch.Tensor]) -> float:
    entropies = []
    for batch in batches:
        shares = torch.unique(batch, return_counts=True)[1].float() / len(batch)
        entropies.append(float(-(shares * shares.log()).sum()))
    return sum(entropies) / len(entropies)


def _bound(func: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    try:
        bound = inspect.signature(func).bind(*args, **kwargs)
    except (TypeError, ValueError):
        return {}
    bound.apply_defaults()
    return dict(bound.arguments)


def _is_one_hot(target: torch.Tensor) -> bool:
    return bool(((target == 0) | (target == 1)).all()) and bool((target.sum(1) == 1).all())


def _is_simplex(values: torch.Tensor, axis: int) -> bool:
    if values.shape[axis] < 2:
        return False
    rows = values.sum(axis)
    return bool((values >= -_SIMPLEX_TOLERANCE).all()) and bool(((rows - 1).abs() < _SIMPLEX_TOLERANCE).all())


def _reference(name: str, logits: torch.Tensor, target: torch.Tensor, *, softmax: bool) -> torch.Tensor | None:
    """softmax(z) − y, or σ(z) − y where each unit decides for itself; None where the targets are no classes."""
    logits = logits.float()
    units = logits.shape[1] if logits.dim() >= 2 else 1
    indexed = not target.is_floating_point() and target.dim() == logits.dim() - 1 and name in ("cross_entropy", "nll_loss")
    if indexed:
        if bool((target < 0).any()) or bool((target >= max(units, 2)).any()):
            return None
        if units == 1:
            return torch.sigmoid(logits) - target.float().unsqueeze(1)
        wanted = torch.nn.functional.one_hot(target.long(), units).movedim(-1, 1).float()
        return torch.softmax(logits, 1) - wanted
    if target.numel() != logits.numel():
        return None
    wanted = target.float().reshape(logits.shape)
    if not bool(((wanted == 0) | (wanted == 1)).all()) or not bool(wanted.any()):
        return None
    if bool((wanted == wanted.reshape(-1)[0]).all()) and wanted.numel() > 1:
        return None  # one constant for all, as of a discriminator that is told what is real
    exclusive = units > 1 and logits.dim() >= 2 and bool((wanted.sum(1) == 1).all())
    if units > 1 and not exclusive and name in ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"):
        return None  # a reconstruction
    if exclusive and (softmax or name in ("cross_entropy", "mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss")):
        return torch.softmax(logits, 1) - wanted
    return torch.sigmoid(logits) - wanted


def _class_loss(name: str, logits: torch.Tensor, target: torch.Tensor) -> float | None:
    """The cross-entropy at the logits, in the form that the number of units asks for; None where the targets are no classes."""
    logits = logits.float()
    units = logits.shape[1] if logits.dim() >= 2 else 1
    indexed = not target.is_floating_point() and target.dim() == logits.dim() - 1 and units > 1 and name in ("cross_entropy", "nll_loss")
    if indexed:
        return float(torch.nn.functional.cross_entropy(logits, target.long())) if bool((target < units).all()) else None
    if target.numel() != logits.numel():
        return None
    wanted = target.float().reshape(logits.shape)
    if not bool(((wanted == 0) | (wanted == 1)).all()):
        return None
    if units > 1 and _is_one_hot(wanted):
        return float(torch.nn.functional.cross_entropy(logits, wanted.argmax(1)))
    return float(torch.nn.functional.binary_cross_entropy_with_logits(logits, wanted))


def _expected(name: str, reference: torch.Tensor, upstream: torch.Tensor, reduction: str) -> torch.Tensor | None:
    """The gradient of the matching loss under the same reduction."""
    if reduction == "none":
        if upstream.numel() == reference.numel():
            return reference * upstream.float().reshape(reference.shape)
        return reference * upstream.float().unsqueeze(1) if upstream.dim() == reference.dim() - 1 else None
    if upstream.numel() != 1:
        return None
    if reduction == "sum":
        return reference * float(upstream)
    exclusive = name in ("cross_entropy", "nll_loss") and reference.dim() >= 2
    return reference * (float(upstream) / (reference.numel() // reference.shape[1] if exclusive else reference.numel()))
