"""What the judges make of observations: on either side of each threshold, without running anything."""

import math
from dataclasses import replace
from typing import Any

import pytest

from trainlint.engine.catalogue import find
from trainlint.measures import explosion, learned
from trainlint.observations import (
    Activation,
    Backward,
    Ending,
    Forward,
    Incident,
    Input,
    Layer,
    Loader,
    Loss,
    Network,
    NonFinite,
    Observation,
    Optimizer,
    Origin,
    Parameter,
    Place,
    Spread,
    Surroundings,
)
from trainlint.verdicts import Outcome

HERE = Place("/p/train.py", 3, 5, 3, 20, "step")
VALUES = Spread((32, 4), "float32", -2.0, 2.0, 0.0, 1.0, whole=False)
LABELS = Spread((32,), "int64", 0.0, 3.0, 1.5, 1.1, whole=True, distinct=4)
LAYER = Layer("0", "Linear", 0, HERE, 40, weighted=True, order=0)
FALLING = tuple(1.4 - 0.02 * step for step in range(40))
LOSS = Loss(
    function="cross_entropy",
    place=HERE,
    constructed=HERE,
    calls=40,
    trained=40,
    values=FALLING,
    input=VALUES,
    target=LABELS,
    reduction="mean",
    plain=True,
    units=4,
    simplex=False,
    log_simplex=False,
    simplex_axis=None,
    origin=None,
    exclusive_targets=False,
    attenuation=(1.0,) * 40,
    class_losses=FALLING,
    input_needs_gradient=True,
    target_needs_gradient=False,
    labels={"0": 320, "1": 320, "2": 320, "3": 320},
)
OPTIMIZER = Optimizer(
    kind="SGD",
    constructed=HERE,
    stepped=HERE,
    steps=40,
    learning_rates=(0.1,) * 40,
    stale_steps=0,
    empty_steps=0,
    cleared_before_step=0,
    backwards=40,
    clears=40,
    gradient_norms=(0.5,) * 40,
    loss_values=FALLING,
    update_ratios=(0.01,) * 10,
    clips=0,
    scaled=False,
)
FORWARD = Forward(0, HERE, 40, 40, 0, 0, 0, 0, ())
SOUND = Observation(
    Surroundings("3.11", "2.2", "cpu", 0, columns=True),
    Ending("steps reached", 40, 40, 3, 1.0),
    networks=(Network("Net", HERE, 1000, trained=True),),
    layers=(LAYER,),
    forwards=(FORWARD,),
    losses=(LOSS,),
    backwards=(Backward(HERE, 40, FALLING, 0),),
    optimizers=(OPTIMIZER,),
)


def judged(name: str, observation: Observation) -> set[Outcome]:
    """What the judge of a rule says."""
    return {ruling.outcome for ruling in find(name)().judge(observation)}


def loss(**changes: Any) -> Observation:
    """The sound observation with another loss."""
    return replace(SOUND, losses=(replace(LOSS, **changes),))


def optimizer(**changes: Any) -> Observation:
    """The sound observation with another optimizer."""
    return replace(SOUND, optimizers=(replace(OPTIMIZER, **changes),))


def entry(spread: Spread, **changes: Any) -> Observation:
    """The sound observation with this input."""
    given: dict[str, Any] = {"normalized_before": False, "normalized_after": False, "embedded": False, "evaluation": False, **changes}
    return replace(SOUND, inputs=(Input(0, "0", HERE, spread, **given),))


def activation(**changes: Any) -> Observation:
    """The sound observation with this activation."""
    plain = Activation("relu", HERE, "1", 16, dead=0.1, saturated=None, samples=512, outputs=VALUES)
    return replace(SOUND, activations=(replace(plain, **changes),))


def evaluation(**changes: Any) -> Observation:
    """The sound observation with an evaluation."""
    return replace(SOUND, forwards=(FORWARD, replace(FORWARD, trained=0, calls=3, evaluations=3, **changes)))


def deep(first: float, losses: tuple[float, ...]) -> Observation:
    """Four layers, the first of which gets this share of the gradient of the last."""
    layers = tuple(replace(LAYER, order=n, weight_gradient_rms=((1.0 if n else first),) * 5) for n in range(4))
    return replace(SOUND, layers=layers, optimizers=(replace(OPTIMIZER, loss_values=losses),), losses=())


def parameter(**changes: Any) -> Observation:
    """The sound observation with one parameter in its layer."""
    plain = Parameter("0.weight", 0, 0, 12, trainable=True, optimizers=(0,), had_gradient=True, changed=True, dtype="float32")
    return replace(SOUND, parameters=(replace(plain, **changes),))


def network(**changes: Any) -> Observation:
    """The sound observation with another network, trained on a hundred examples."""
    loader = Loader(HERE, "Pictures", 100, 32, 40, trained=True, shuffled=True)
    return replace(SOUND, networks=(replace(SOUND.networks[0], **changes),), loaders=(loader,))


UNIT = replace(VALUES, minimum=0.0, maximum=1.0, mean=0.5, std=0.3, shape=(32, 3, 8, 8), channel_means=(0.5,), channel_stds=(0.3,))
RAW = replace(VALUES, minimum=0.0, maximum=255.0, mean=120.0, std=70.0, whole=True)
BURST = (*(1.0,) * 20, 60.0, *(1.0,) * 19)
FLAT = (1.4,) * 40
BINARY = replace(LABELS, maximum=1.0, distinct=2)
SIGMOID = Origin("sigmoid", HERE)
FAULTY = {
    "unnormalized-input": entry(RAW),
    "uncentered-input": entry(UNIT),
    "batchnorm-after-dropout": replace(SOUND, layers=(replace(LAYER, dropout_variance_ratio=1.4),)),
    "sigmoid-with-mse": loss(function="mse_loss", origin=SIGMOID, attenuation=(0.49,) * 9),
    "softmax-before-cross-entropy": loss(simplex=True, origin=Origin("softmax", HERE, 1), attenuation=(0.1,) * 9),
    "sigmoid-before-bce-with-logits": loss(
        function="binary_cross_entropy_with_logits", origin=SIGMOID, input=replace(VALUES, minimum=0.1, maximum=0.9)
    ),
    "bce-on-logits": loss(function="binary_cross_entropy"),
    "sigmoid-then-bce": loss(function="binary_cross_entropy", origin=SIGMOID, input=replace(VALUES, minimum=0.1, maximum=1.0)),
    "single-logit-cross-entropy": loss(units=1, values=(0.0,) * 40),
    "regression-loss-for-classes": loss(function="mse_loss", attenuation=(2.5,) * 9, labels={"0": 9, "1": 9}, units=1, target=BINARY),
    "class-count-mismatch": loss(function="binary_cross_entropy_with_logits", units=1),
    "missing-gradient-clipping": optimizer(gradient_norms=BURST),
    "stale-gradients": optimizer(stale_steps=39),
    "evaluation-in-train-mode": evaluation(in_train_mode=3, active_layers=(0,), mode_difference=0.4),
    "evaluation-builds-graph": evaluation(with_graph=3),
    "loss_not_decreasing": optimizer(loss_values=FLAT),
    "non_finite_values": replace(SOUND, non_finite=NonFinite(7, "loss", "log", HERE)),
    "vanishing_gradients": deep(1e-5, FLAT),
    "exploding_gradients": optimizer(gradient_norms=BURST),
    "dead_units": activation(dead=0.9),
    "saturated_units": activation(operation="tanh", dead=None, saturated=0.8),
    "update_ratio": optimizer(update_ratios=(0.3,) * 10, loss_values=(1.4,) * 40),
    "initial_loss_off": replace(loss(class_losses=(7.0, *FALLING[1:])), layers=(replace(LAYER, initial_gain=8.0),)),
    "class_imbalance": loss(labels={"0": 900, "1": 20}),
    "cannot_overfit_one_batch": replace(SOUND, overfit=(1.4, *FLAT)),
    "parameters_never_updated": parameter(changed=False, had_gradient=False),
    "few_examples": network(parameters=1_000_000),
    "samples_mixed": network(samples_mixed=0.3),
}
SOUND_TWINS = {
    "unnormalized-input": entry(VALUES),
    "uncentered-input": entry(VALUES),
    "batchnorm-after-dropout": replace(SOUND, layers=(replace(LAYER, dropout_variance_ratio=1.0),)),
    "sigmoid-with-mse": loss(function="mse_loss", origin=SIGMOID, attenuation=(1.0,) * 9),
    "sigmoid-before-bce-with-logits": loss(function="binary_cross_entropy_with_logits"),
    "bce-on-logits": loss(function="binary_cross_entropy", origin=SIGMOID, input=replace(VALUES, minimum=0.1, maximum=0.9)),
    "sigmoid-then-bce": loss(function="binary_cross_entropy_with_logits"),
    "regression-loss-for-classes": loss(function="mse_loss", attenuation=(), target=VALUES, labels={}),
    "class-count-mismatch": loss(function="binary_cross_entropy_with_logits", units=1, labels={"0": 9, "1": 9}),
    "evaluation-in-train-mode": evaluation(),
    "evaluation-builds-graph": evaluation(),
    "vanishing_gradients": deep(0.5, FALLING),
    "dead_units": activation(),
    "saturated_units": activation(operation="tanh", dead=None, saturated=0.1),
    "cannot_overfit_one_batch": replace(SOUND, overfit=FALLING + (0.1,) * 10),
    "few_examples": network(),
    "samples_mixed": network(samples_mixed=0.0),
}
SILENT_WHERE_SOUND = {"parameters_never_updated"}
"""It says nothing about layers without parameters."""


def rule_name(name: str) -> str:
    """The name of the rule that lives in a file of this name."""
    return name.replace("_", "-")


@pytest.mark.parametrize("name", FAULTY)
def test_beyond_the_threshold(name: str) -> None:
    """The mechanism is confirmed, with value, threshold and source."""
    rulings = list(find(rule_name(name))().judge(FAULTY[name]))
    assert {ruling.outcome for ruling in rulings} == {Outcome.CONFIRMED}
    assert all(ruling.measured and ruling.threshold and ruling.source for ruling in rulings)


@pytest.mark.parametrize("name", FAULTY)
def test_on_the_sound_side(name: str) -> None:
    """Nothing is confirmed, and what can be ruled out is."""
    outcomes = judged(rule_name(name), SOUND_TWINS.get(name, SOUND))
    wanted = set() if name in SILENT_WHERE_SOUND else {Outcome.NOT_REPRODUCED}
    assert outcomes == wanted or (name == "missing-gradient-clipping" and outcomes == {Outcome.NOT_REPRODUCED})


@pytest.mark.parametrize("name", ["unnormalized-input", "uncentered-input", "few_examples"])
def test_stand_ins_decide_nothing_about_data(name: str) -> None:
    """Where the data are stand-ins, what depends on them is inconclusive."""
    made_up = replace(FAULTY[name], incidents=(Incident("stand-in data", "MNIST"),))
    assert judged(rule_name(name), made_up) == {Outcome.INCONCLUSIVE}


def test_a_recurrent_network_may_explode_later() -> None:
    """Small gradients for forty steps say nothing about the steps after them."""
    recurrent = replace(SOUND, layers=(replace(LAYER, recurrent=True),))
    assert judged("missing-gradient-clipping", recurrent) == {Outcome.INCONCLUSIVE}


def test_a_line_through_large_numbers_is_no_finding_of_the_run() -> None:
    """One layer alone is a regression, unless it is given pixels; with a second layer, large values are told."""
    prices, pixels = replace(VALUES, maximum=135.0, std=20.0), replace(VALUES, minimum=0.0, maximum=255.0, std=80.0, whole=True)
    two = (LAYER, replace(LAYER, order=1))
    for values, layers, told in ((prices, (LAYER,), False), (prices, two, True), (pixels, (LAYER,), True)):
        (ruling,) = find("unnormalized-input")().judge(replace(entry(values), layers=layers))
        assert (ruling.outcome, bool(ruling.message)) == (Outcome.CONFIRMED, told)


def test_large_steps_are_right_where_the_loss_falls() -> None:
    """From far above a guess to that of one, as a network that began with too many classes does; a fall by a tenth says nothing."""
    two = {"0": 64, "1": 64}
    for start, outcome in ((2.1, Outcome.INCONCLUSIVE), (0.77, Outcome.CONFIRMED)):
        falling = tuple(0.7 + (start - 0.7) * 0.9**step for step in range(40))
        seen = optimizer(update_ratios=(0.08,) * 10, loss_values=falling)
        assert judged("update-ratio", replace(seen, losses=(replace(LOSS, labels=two, values=falling),))) == {outcome}


def test_large_steps_take_ten_to_be_judged() -> None:
    """Unless the loss has blown up by then."""
    for last, outcome in ((1.3, Outcome.INCONCLUSIVE), (9e3, Outcome.CONFIRMED)):
        seen = optimizer(update_ratios=(0.08,) * 7, loss_values=(1.4, 1.5, 1.2, 1.4, last, last, last))
        assert judged("update-ratio", replace(seen, losses=(), ending=replace(SOUND.ending, steps=7))) == {outcome}


def test_small_steps_are_those_of_the_gradients_or_of_the_rate() -> None:
    """Adam moves the weights by its rate, whatever the gradients are; SGD by them, and they may be small at first."""
    for kind, outcome in (("Adam", Outcome.CONFIRMED), ("SGD", Outcome.INCONCLUSIVE)):
        assert judged("update-ratio", optimizer(kind=kind, update_ratios=(7e-5,) * 10, loss_values=FLAT)) == {outcome}


def test_a_loss_stands_still_where_the_weights_hardly_move() -> None:
    """Forty small steps show nothing, and say nothing about the next thousand; weights that do not move at all learn nothing."""
    assert judged("loss-not-decreasing", optimizer(loss_values=FLAT, update_ratios=(7e-5,) * 10)) == {Outcome.INCONCLUSIVE}
    assert judged("loss-not-decreasing", optimizer(loss_values=FLAT, update_ratios=(0.0,) * 10)) == {Outcome.CONFIRMED}


def test_an_initialization_made_for_depth_is_no_fault() -> None:
    """Kaiming's weights, depth and dropout make a first loss as large as weights that are far too large do."""
    large = replace(FAULTY["initial_loss_off"], layers=(replace(LAYER, initial_gain=1.4),))
    assert judged("initial-loss-off", large) == {Outcome.INCONCLUSIVE}


def test_a_first_loss_is_held_against_what_rare_classes_leave_to_guess() -> None:
    """A bias that knows the frequencies begins with a small loss, and networks that were trained before may."""
    known = loss(class_losses=(0.25, *FALLING[1:]), labels={"0": 900, "1": 60}, function="binary_cross_entropy_with_logits", units=1)
    assert judged("initial-loss-off", known) == {Outcome.NOT_REPRODUCED}
    assert judged("initial-loss-off", loss(class_losses=(0.1, *FALLING[1:]), first_step=20)) == {Outcome.INCONCLUSIVE}


def test_large_steps_are_a_fault_where_the_loss_does_not_fall() -> None:
    """A small head moves by large steps and learns; what blew up is confirmed though it has found its way back."""
    ratios = (0.3,) * 4 + (0.01,) * 6
    for name in ("update-ratio", "learning-rate-out-of-range"):
        assert judged(name, optimizer(update_ratios=ratios, loss_values=FALLING)) == {Outcome.INCONCLUSIVE}
        assert judged(name, optimizer(update_ratios=ratios, loss_values=(1.4, 900.0, *FALLING[2:]))) == {Outcome.CONFIRMED}


@pytest.mark.parametrize(
    ("mean", "std", "pictures", "outcome"),
    [(2.6, 1.1, False, "inconclusive"), (2.6, 1.1, True, "confirmed"), (0.0, 4.0, False, "confirmed")],
)
def test_series_drift_and_pictures_do_not(mean: float, std: float, outcome: str, *, pictures: bool) -> None:
    """What is evaluated on may lie elsewhere in a series that grows; another scale is another preprocessing."""
    past = Input(0, "0", HERE, VALUES, normalized_before=False, normalized_after=False, embedded=False, evaluation=False, pictures=pictures)
    present = replace(past, spread=replace(VALUES, mean=mean, std=std), evaluation=True)
    observed = replace(SOUND, inputs=(past, present), forwards=(replace(FORWARD, evaluations=3),))
    assert judged("mismatched-preprocessing", observed) == {Outcome(outcome)}


@pytest.mark.parametrize(("others", "outcome"), [(0.9, "confirmed"), (0.0625, "inconclusive"), (None, "inconclusive")])
def test_one_class_alone_is_an_order_where_the_data_have_others(others: float | None, outcome: str) -> None:
    """Pictures sorted into folders show one class for forty batches; a rare class may show none by chance."""
    sorted_data = Loader(HERE, "Pictures", 9000, 32, 40, trained=True, shuffled=False, other_labels=others)
    assert judged("unshuffled-training-data", replace(loss(batch_mixture=(0.0, 0.0)), loaders=(sorted_data,))) == {Outcome(outcome)}


def test_what_fits_an_entropy_is_taken_off_losses_in_its_unit_alone() -> None:
    """Ratings that are fitted as numbers are no classes, and the squares of their errors no entropies."""
    curve = tuple(10.0 - 0.2 * step for step in range(40))
    observed = replace(optimizer(loss_values=curve), losses=(replace(LOSS, function="mse_loss", values=curve),))
    assert learned(observed) > 0.7


def test_gradients_that_are_zero_anyway_cannot_be_stale() -> None:
    """A loss without a gradient hides whether gradients are cleared."""
    assert judged("stale-gradients", optimizer(empty_steps=40)) == {Outcome.INCONCLUSIVE}


@pytest.mark.parametrize(
    ("norms", "found"),
    [
        ((1.0, 2.0, 1.0, 1.0, 1.0, 30.0), 5),
        ((50.0, 1.0, 1.0, 1.0, 30.0), None),  # no more than what it began with
        ((1.0, 0.1, 0.01, 0.001, 0.0001, 0.01), None),  # a network that learns: the median goes to 0
        ((30.0, 5.0, 0.5, 55.0, 0.3, 0.1, 60.0, 1.0, 0.6, 0.2, 95.0), None),  # a discriminator that wins, and loses now and then
        ((1.0, float("nan")), 1),
    ],
)
def test_explosion(norms: tuple[float, ...], found: int | None) -> None:
    """A norm explodes against the steps before it and those at the beginning."""
    burst = explosion(norms)
    assert (burst[0] if burst else None) == found


@pytest.mark.parametrize(
    ("norms", "said"),
    [
        ((1.0, 2.0, 3.0, math.inf), "the gradient became infinite at step 4; the median norm of the steps before is 2"),
        ((math.nan,), "the gradient stopped being a number (nan) at step 1"),
        ((1.0, 1.0, 1.0, 1.0, 1.0, 50.0), "at step 6 the gradient norm grows 50 times the median of the steps before (50)"),
    ],
)
def test_an_explosion_in_words(norms: tuple[float, ...], said: str) -> None:
    """Steps are counted from 1, as in the report's figures, and what is no number is not called a multiple of one."""
    (ruling,) = find("missing-gradient-clipping")().judge(optimizer(gradient_norms=norms, clips=0))
    assert ruling.measured == said
