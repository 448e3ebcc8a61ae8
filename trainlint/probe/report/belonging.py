"""Which figures belong to which finding: those in which its mechanism can be seen."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from trainlint.probe.report.figure import Figure
from trainlint.probe.report.gradient_figures import gradient_at_logits, gradient_norms, gradients_by_layer
from trainlint.probe.report.label_figures import label_balance
from trainlint.probe.report.loss_figures import cost_over_steps, first_loss, loss_of_one_batch
from trainlint.probe.report.mode_figures import outputs_by_mode, variance_behind_dropout
from trainlint.probe.report.subject import Subject
from trainlint.probe.report.update_figures import learning_rates, update_ratios
from trainlint.probe.report.value_figures import activations, inputs, loss_inputs

Maker = Callable[[Subject], Figure | None]

MECHANISMS: Mapping[str, tuple[Maker, ...]] = MappingProxyType(
    {
        "batchnorm-after-dropout": (variance_behind_dropout,),
        "bce-on-logits": (loss_inputs,),
        "broken-accumulation": (gradient_norms,),
        "cannot-overfit-one-batch": (loss_of_one_batch,),
        "class-count-mismatch": (label_balance,),
        "class-imbalance": (label_balance,),
        "clip-after-step": (gradient_norms,),
        "clip-before-backward": (gradient_norms,),
        "clip-without-unscale": (gradient_norms,),
        "dead-units": (activations,),
        "detached-loss": (gradients_by_layer,),
        "dropout-ignores-mode": (outputs_by_mode,),
        "evaluation-in-train-mode": (outputs_by_mode,),
        "exhausted-parameters": (gradients_by_layer,),
        "exploding-gradients": (gradient_norms,),
        "gradients-cleared-before-step": (gradient_norms,),
        "initial-loss-off": (first_loss,),
        "kl-div-without-log": (loss_inputs,),
        "learning-rate-out-of-range": (update_ratios,),
        "mismatched-preprocessing": (inputs,),
        "misordered-transforms": (inputs,),
        "missing-backward": (gradients_by_layer,),
        "missing-gradient-clipping": (gradient_norms,),
        "nll-without-log-softmax": (loss_inputs,),
        "non-finite-values": (gradient_norms,),
        "parameters-never-updated": (gradients_by_layer,),
        "parameters-not-optimized": (gradients_by_layer,),
        "rectified-logits": (loss_inputs,),
        "regression-loss-for-classes": (gradient_at_logits,),
        "saturated-units": (activations,),
        "scheduler-before-optimizer": (learning_rates,),
        "sigmoid-before-bce-with-logits": (loss_inputs, gradient_at_logits),
        "sigmoid-then-bce": (loss_inputs,),
        "sigmoid-with-mse": (gradient_at_logits,),
        "single-logit-cross-entropy": (gradient_at_logits,),
        "softmax-before-cross-entropy": (loss_inputs, gradient_at_logits),
        "softmax-over-wrong-axis": (loss_inputs,),
        "stale-gradients": (gradient_norms,),
        "swapped-loss-arguments": (loss_inputs,),
        "train-mode-in-evaluation": (outputs_by_mode,),
        "uncentered-input": (inputs,),
        "unnormalized-input": (inputs,),
        "unregistered-modules": (gradients_by_layer,),
        "update-ratio": (update_ratios,),
        "vanishing-gradients": (gradients_by_layer,),
    }
)
"""By the name of the rule."""

OF_THE_RUN: tuple[Maker, ...] = (inputs, label_balance, gradient_norms, gradients_by_layer, update_ratios, learning_rates, activations)
"""What shows how any program trains, faults or none."""


def figures_beside(subject: Subject, drawn: Iterable[str]) -> list[Figure]:
    """The figures of a verdict, those left out that stand beside another one already."""
    assert subject.verdict is not None
    made = [maker(subject) for maker in (*MECHANISMS.get(subject.verdict.finding.name, ()), cost_over_steps)]
    return [figure for figure in made if figure is not None and figure.name not in drawn]


def figures_of_the_run(subject: Subject, drawn: Iterable[str]) -> list[Figure]:
    """Those that stand beside no verdict."""
    made = [maker(subject) for maker in OF_THE_RUN]
    return [figure for figure in made if figure is not None and figure.name not in drawn]
