"""Turns what was watched into the fields of `trainlint.observations.Observation`."""

from __future__ import annotations

import platform
from typing import Any

import torch
from torch import nn

from . import places
from .loaders import Loaders
from .losses import Losses, mixtures
from .modules import RECURRENT, Modules, NetworkRecord, Pass, constructed, is_weighted, key
from .operations import ActivationRecord, Watch
from .optimizers import SAMPLED, Optimizers
from .replays import Replays
from .session import Session
from .tensors import sample, tensors_in

Data = dict[str, Any]
CONTAINERS = (nn.Sequential, nn.ModuleList, nn.ModuleDict)


class Collection:
    """All parts of the agent, and what they saw."""

    def __init__(
        self, session: Session, modules: Modules, losses: Losses, watch: Watch, optimizers: Optimizers, loaders: Loaders, replays: Replays
    ) -> None:
        self.session, self.modules, self.losses, self.watch = session, modules, losses, watch
        self.optimizers, self.loaders, self.replays = optimizers, loaders, replays

    def observation(self, reason: str, failure: Data | None, incidents: list[Data]) -> Data:
        """The whole observation."""
        session = self.session
        if reason != "program ended":
            self.modules.drop_unfinished()
        return {
            "surroundings": self._surroundings(),
            "ending": {
                "reason": reason,
                "steps": self._steps(),
                "wanted_steps": session.wanted_steps,
                "evaluation_batches": session.evaluation_batches,
                "seconds": session.seconds,
                "trained_after_evaluation": self._trained_after_evaluation(),
                "failure": failure,
            },
            "networks": [self._network(number, record) for number, record in enumerate(self.modules.records)],
            "layers": [self._layer(number, module) for number, module in enumerate(self.modules.order)],
            "activations": self._activations(),
            "parameters": self._parameters(),
            "inputs": self._inputs(),
            "forwards": [forward for number, record in enumerate(self.modules.records) for forward in self._forwards(number, record)],
            "losses": self._losses(),
            "backwards": list(self.optimizers.backwards.values()),
            "optimizers": self._optimizers(),
            "schedulers": self.optimizers.schedulers.fields(),
            "clips": list(self.optimizers.clipping.clips.values()),
            "scalers": self.optimizers.clipping.fields(),
            "switches": self._switches(),
            "flags": self.modules.modes.fields(),
            "dropouts": list(self.watch.dropouts.records.values()),
            "kept_weights": self.modules.weights.fields(),
            "misbuilt": self.losses.misbuilt,
            "loaders": self._loaders(),
            "margins": list(self.watch.margins.values()),
            "crossings": list(self.watch.crossings.values()),
            "kept": [{"place": record.place, "alive": record.alive, "graph": 0} for record in self.losses.records.values() if record.alive],
            "non_finite": self._non_finite(),
            "overfit": self._by_heart(),
            "incidents": incidents,
        }

    def _steps(self) -> int:
        steps = [record.earlier + record.steps for record in self.optimizers.records] or [self.optimizers.manual_steps]
        return min(max(steps), self.session.wanted_steps)

    def _switches(self) -> list[Data]:
        found: dict[Any, Data] = {}
        for number, record in enumerate(self.modules.records):
            latest: int | None = None
            rare = _is_rare(record)
            for passed in record.passes:
                if passed.switch is None or passed.switch == latest:
                    continue
                latest = passed.switch
                switch = self.modules.modes.switches[passed.switch]
                if switch["place"] is None:
                    continue
                new = {"place": switch["place"], "mode": switch["mode"], "network": number, "calls": 0, "evaluations_first": 0}
                entry = found.setdefault((key(switch["place"]), number), new)
                entry["calls"] += 1
                entry["evaluations_first"] += bool(passed.active) and not passed.trained and self._evaluates(record, passed, rare=rare)
        return list(found.values())

    def _non_finite(self) -> Data | None:
        lost, first = self.optimizers.non_finite, self.watch.finiteness.first if self.watch.finiteness is not None else None
        if lost is None and first is not None:
            lost = {"step": self.session.steps, "where": "gradient"}
        return {**lost, **(first or {})} if lost is not None else None

    def _by_heart(self) -> list[float] | None:
        if not self.loaders.repeated or not self.optimizers.records:
            return None
        return max(self.optimizers.records, key=lambda record: record.steps).losses

    def _surroundings(self) -> Data:
        devices = {parameter.device.type for record in self.modules.records for parameter in record.module.parameters()}
        return {
            "python": platform.python_version(),
            "torch": str(torch.__version__),
            "device": "+".join(sorted(devices)) or "cpu",
            "seed": int(self.session.configuration.get("seed", 0)),
            "columns": places.columns_are_known,
        }

    def _network(self, number: int, record: NetworkRecord) -> Data:
        classes = any(loss.trained and loss.class_losses for loss in self.losses.records.values())
        return {
            "kind": type(record.module).__name__,
            "constructed": constructed.get(record.module),
            "parameters": sum(parameter.numel() for parameter in record.module.parameters() if parameter.requires_grad),
            "trained": any(passed.trained for passed in record.passes),
            "two_eval_passes_differ": self.replays.two_passes.get(number),
            "samples_mixed": self.replays.mixed.get(number),
            "outputs_by_mode": self.replays.outputs_by_mode.get(number, []),
            "fed": record.fed,
            "pretrained": any(child in self.modules.loaded for child in record.module.modules()),
            "drawn_from": any(passed.drawn and (passed.trained or not classes) for passed in record.passes),
        }

    def _home(self, module: nn.Module) -> int | None:
        return next((number for number, record in enumerate(self.modules.records) if module in record.names), None)

    def _layer(self, number: int, module: nn.Module) -> Data:
        record, home, optimizers = self.modules.layers[module], self._home(module), self.optimizers
        name = self.modules.records[home].names[module] if home is not None else ""
        ratio = optimizers.bias_ratio.get(id(module))
        return {
            "name": name or type(module).__name__,
            "kind": type(module).__name__,
            "network": home,
            "constructed": constructed.get(module),
            "calls": record.calls,
            "weighted": is_weighted(module),
            "recurrent": isinstance(module, RECURRENT),
            "made_in_forward": id(module) in self.modules.made_inside,
            "order": number,
            "gradient_norms": optimizers.gradients.get(id(module), []),
            "weight_gradient_rms": optimizers.rms.get(id(module), []),
            "update_ratios": optimizers.updates.get(id(module), []),
            "update_steps": optimizers.update_steps.get(id(module), []),
            "outputs": record.outputs.result(),
            "batch_sizes": [min(record.sizes), max(record.sizes)] if record.sizes else [],
            "dropout_variance_ratio": record.dropout_ratio,
            "thinned_by": self._thinned(module),
            "identical_units": record.identical,
            "bias_gradient_ratio": ratio,
            "initial_gain": self._initial_gain(module),
            "held_times": self._held_times(module),
        }

    def _initial_gain(self, module: nn.Module) -> float | None:
        if not is_weighted(module):
            return None
        gains = []
        for parameter in module._parameters.values():
            first = self.optimizers.first_values.get(id(parameter)) if parameter is not None and parameter.dim() >= 2 else None
            if first is not None and parameter is not None:
                gains.append(float(first.float().square().mean()) ** 0.5 * (parameter.numel() / parameter.shape[0]) ** 0.5)
        return max(gains, default=None)

    def _held_times(self, module: nn.Module) -> int:
        """How often one container holds it."""
        holders = (holder for record in self.modules.records for holder in record.names if isinstance(holder, CONTAINERS))
        return max((sum(child is module for child in holder._modules.values()) for holder in holders), default=0)

    def _thinned(self, module: nn.Module) -> Data | None:
        place = self.replays.thinned_by.get(module)
        if isinstance(place, nn.Module):
            made: Data | None = constructed.get(place)
            return made
        return place if isinstance(place, dict) else None

    def _activations(self) -> list[Data]:
        names = {id(module): self._layer_name(module) for module in self.modules.order}
        return [
            {
                "operation": record.operation,
                "place": self._activation_place(record),
                "layer": names.get(id(record.layer)) if record.layer is not None else None,
                "units": int(record.alive.numel()) if record.alive is not None else 0,
                "dead": float((~record.alive).float().mean()) if record.alive is not None else None,
                "saturated": record.flat / record.calls if record.operation in ("sigmoid", "tanh") and record.calls else None,
                "samples": record.samples,
                "outputs": record.outputs.result(),
            }
            for record in self.watch.activations.values()
            if record.outputs.data is not None
        ]

    def _activation_place(self, record: ActivationRecord) -> Data | None:
        """Where the layer was made, if the function is a layer's; else where it is called."""
        if record.layer is not None and type(record.layer).__module__.startswith("torch.nn.modules.activation"):
            return constructed.get(record.layer) or record.place
        return record.place

    def _layer_name(self, module: nn.Module) -> str:
        home = self._home(module)
        return (self.modules.records[home].names[module] if home is not None else "") or type(module).__name__

    def _parameters(self) -> list[Data]:
        optimizers = self.optimizers
        held: dict[int, list[int]] = {}
        for number, record in enumerate(optimizers.records):
            for one in record.parameters():
                held.setdefault(id(one), []).append(number)
        layers = {id(module): number for number, module in enumerate(self.modules.order)}
        found: dict[int, Data] = {}
        for module in self.modules.order:
            home = self._home(module)
            for name, parameter in module.named_parameters(recurse=False):
                if id(parameter) in found:
                    continue
                first = optimizers.first_values.get(id(parameter))
                now = sample(parameter, SAMPLED)
                found[id(parameter)] = {
                    "name": f"{self._layer_name(module)}.{name}",
                    "layer": layers[id(module)],
                    "network": home,
                    "size": parameter.numel(),
                    "trainable": parameter.requires_grad,
                    "optimizers": held.get(id(parameter), []),
                    "had_gradient": optimizers.had_gradient.get(id(parameter), False) or parameter.grad is not None,
                    "changed": None if first is None or first.shape != now.shape else not torch.equal(first, now),
                    "dtype": str(parameter.dtype).replace("torch.", ""),
                }
        return list(found.values())

    def _inputs(self) -> list[Data]:
        return [
            {
                "network": number,
                "layer": self._layer_name(entry.layer),
                "constructed": constructed.get(entry.layer),
                "spread": entry.spread.result(),
                "normalized_before": entry.normalized_before,
                "normalized_after": entry.normalized_after,
                "embedded": entry.embedded,
                "evaluation": not training,
                "pictures": any(tensor.dim() > 3 for tensor in tensors_in(record.train_arguments)),
            }
            for number, record in enumerate(self.modules.records)
            for training, entry in record.input.items()
            if entry.spread.data is not None
        ]

    def _forwards(self, number: int, record: NetworkRecord) -> list[Data]:
        groups: dict[Any, list[Pass]] = {}
        for passed in record.passes:
            if passed.place is not None:
                groups.setdefault(key(passed.place), []).append(passed)
        trained = any(passed.trained for passed in record.passes)
        segments = max(len({passed.segment for passed in record.passes if passed.trained}), 1)
        result = []
        layers = {id(module): index for index, module in enumerate(self.modules.order)}
        for place, group in groups.items():
            quiet = [passed for passed in group if not passed.trained]
            rare = len({passed.segment for passed in quiet}) < segments / 2
            judged = [passed for passed in quiet if trained and self._evaluates(record, passed, rare=rare)]
            active = sorted({index for passed in judged for index in passed.active})
            difference = self.replays.modes.get(number)
            result.append(
                {
                    "network": number,
                    "place": group[0].place,
                    "calls": len(group),
                    "trained": len(group) - len(quiet),
                    "evaluations": len(judged),
                    "in_train_mode": sum(bool(passed.active) for passed in judged),
                    "with_graph": sum(passed.graph for passed in judged),
                    "trained_in_eval_mode": sum(passed.trained and passed.switched for passed in group),
                    "active_layers": [layers[id(record.switches[index])] for index in active if id(record.switches[index]) in layers],
                    "mode_difference": difference[0] if difference and judged else None,
                    "decision_flips": difference[1] if difference and judged else None,
                    "batch_sizes": record.batches.get(place, []),
                    "carried": sum(passed.carried for passed in group),
                }
            )
        return result

    def _trained_after_evaluation(self) -> bool:
        for record in self.modules.records:
            quiet = next((number for number, passed in enumerate(record.passes) if not passed.trained and not passed.consumed), None)
            if quiet is not None and any(passed.trained for passed in record.passes[quiet:]):
                return True
        return False

    def _evaluates(self, record: NetworkRecord, passed: Pass, *, rare: bool) -> bool:
        if passed.consumed:
            return False
        held_out = passed.loader is not None and not self.loaders.records[passed.loader].trained
        generates = all(one.consumed for one in record.passes if one.trained)  # what it makes is shown, not scored
        return held_out or passed.scored or (rare and passed.decided and not generates)

    def _losses(self) -> list[Data]:
        looked_up = {module.num_embeddings for module in self.modules.order if isinstance(module, (nn.Embedding, nn.EmbeddingBag))}
        return [
            {
                "function": record.function,
                "place": record.place,
                "constructed": record.made,
                "calls": record.calls,
                "trained": record.trained,
                "values": [float(value) for value in record.values],
                "input": record.input.result(),
                "target": record.target.result(),
                "reduction": record.reduction,
                "plain": record.plain,
                "units": record.units,
                "simplex": record.simplex,
                "log_simplex": record.log_simplex,
                "simplex_axis": record.other_axis,
                "origin": None
                if record.origin is None
                else {"operation": record.origin.operation, "place": record.origin.place, "axis": record.origin.axis},
                "exclusive_targets": record.exclusive is True,
                "attenuation": [] if record.mixed else record.attenuation,
                "class_losses": record.class_losses,
                "input_needs_gradient": record.input_gradient,
                "target_needs_gradient": record.target_gradient,
                "labels": dict(record.labels),
                "zeros": record.zeros,
                "tokens": record.units in looked_up,
                "target_made": record.target_made,
                "first_step": record.first_step,
                "batch_mixture": mixtures(record.batches),
            }
            for record in self.losses.records.values()
            if record.input.data is not None
        ]

    def _optimizers(self) -> list[Data]:
        return [
            {
                "kind": type(record.optimizer).__name__,
                "constructed": record.made,
                "stepped": record.stepped,
                "steps": record.steps,
                "learning_rates": record.rates,
                "stale_steps": record.stale,
                "empty_steps": record.empty,
                "cleared_before_step": record.cleared_early,
                "backwards": record.backwards,
                "clears": record.clears,
                "gradient_norms": record.norms,
                "loss_values": record.losses,
                "update_ratios": record.ratios,
                "update_steps": record.ratio_steps,
                "clips": record.clips,
                "scaled": record.scaled,
                "recreated": record.recreated,
                "state_sizes": record.states,
                "momentum": float(record.optimizer.param_groups[0].get("momentum") or 0.0),
                "pass_counts": record.pass_counts,
                "thrown_away": record.thrown_away,
                "past_scaler": record.past_scaler,
                "plain_losses": record.plain_losses,
                "half_precision": any(parameter.dtype is torch.float16 for parameter in record.parameters()),
            }
            for record in self.optimizers.records
        ]

    def _loaders(self) -> list[Data]:
        return [
            {
                "constructed": record.made,
                "dataset": type(record.loader.dataset).__name__,
                "size": _length(record.loader.dataset),
                "batch_size": record.loader.batch_size,
                "batches": record.batches,
                "trained": record.trained,
                "shuffled": _is_shuffled(record.loader),
                "passes": record.begun,
                "reads_differ": self.replays.reads.get(number, (None, None))[0],
                "other_labels": self.replays.others.get(number),
                "reads_apart": self.replays.reads.get(number, (None, None))[1],
            }
            for number, record in enumerate(self.loaders.records)
        ]


def _is_rare(record: NetworkRecord) -> bool:
    """Whether the calls that nothing trains on are few against the steps."""
    trained, quiet = ({passed.segment for passed in record.passes if passed.trained is which} for which in (True, False))
    return len(quiet) < max(len(trained), 1) / 2


def _length(dataset: Any) -> int | None:
    try:
        return len(dataset)
    except (TypeError, NotImplementedError):
        return None


def _is_shuffled(loader: Any) -> bool | None:
    sampler: Any = getattr(loader, "sampler", None)
    own: Any = getattr(loader, "batch_sampler", None)
    if own is not None and getattr(loader, "batch_size", None) is None:  # made by the program, and the loader's is not used
        sampler = own
        while hasattr(sampler, "batch_sampler"):
            sampler = sampler.batch_sampler
        sampler = getattr(sampler, "sampler", None)
    if isinstance(sampler, torch.utils.data.SequentialSampler):
        return False
    return True if isinstance(sampler, torch.utils.data.RandomSampler) else None
