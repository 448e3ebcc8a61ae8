"""Frameworks: base classes with hooks, and the objects that run the loop."""

from trainlint.knowledge.facts import Hooks, Runner

LIGHTNING = Hooks(
    training=("training_step",),
    evaluation=("validation_step", "test_step", "predict_step"),
    optimizers=("configure_optimizers",),
    manual_switch="automatic_optimization",
    clips=None,
    training_data=("train_dataloader",),
    module=True,
)
TRANSFORMERS_TRAINER = Runner(
    ("model", "args", "data_collator", "train_dataset", "eval_dataset"),
    ("train", "evaluate", "predict", "hyperparameter_search"),
    clips=True,
)
"""Its settings clip by default: TrainingArguments.max_grad_norm is 1.0."""
TRANSFORMERS = Hooks(
    training=("compute_loss",),
    evaluation=("prediction_step",),
    optimizers=("create_optimizer",),
    clips=True,
    runner=TRANSFORMERS_TRAINER,
)
FASTAI = Runner(
    ("dls", "model", "loss_func", "opt_func", "lr"), ("fit", "fit_one_cycle", "fine_tune", "fit_flat_cos", "validate"), clips=None
)
SKORCH = Runner(("module", "criterion", "train_split"), ("fit", "partial_fit", "predict"), clips=None)
CATALYST = Runner(("model", "engine"), ("train", "evaluate_loader", "predict_loader"))

FRAMEWORKS: dict[str, Hooks | Runner] = {
    "lightning.LightningModule": LIGHTNING,
    "lightning.Trainer": Runner(
        ("accelerator", "strategy", "devices"),
        ("fit", "validate", "test", "predict"),
        takes=("model", "train_dataloaders", "val_dataloaders", "datamodule"),
        training_data=("train_dataloaders", "train_dataloader"),
        clip=("gradient_clip_val",),
    ),
    "lightning.LightningDataModule": Hooks(training=(), evaluation=(), training_data=("train_dataloader",), clips=False),
    "transformers.Trainer": TRANSFORMERS,
    "transformers.Seq2SeqTrainer": TRANSFORMERS,
    "trl.SFTTrainer": TRANSFORMERS_TRAINER,
    "trl.DPOTrainer": TRANSFORMERS_TRAINER,
    "ignite.engine.Engine": Runner(("process_function",), ("run",), step="process_function"),
    "ignite.engine.create_supervised_trainer": Runner(("model", "optimizer", "loss_fn", "device"), ("run",)),
    "ignite.engine.create_supervised_evaluator": Runner(("model", "metrics", "device"), ("run",)),
    "fastai.learner.Learner": FASTAI,
    "fastai.vision.all.Learner": FASTAI,
    "composer.ComposerModel": Hooks(training=("loss",), evaluation=("eval_forward",), clips=None, module=True),
    "composer.Trainer": Runner(("model", "train_dataloader"), ("fit", "eval", "predict"), clips=None),
    "catalyst.dl.Runner": Hooks(
        training=("handle_batch",), evaluation=("predict_batch",), optimizers=("get_optimizer",), manual=True, runner=CATALYST
    ),
    "catalyst.dl.SupervisedRunner": CATALYST,
    "mmengine.model.BaseModel": Hooks(training=("train_step",), evaluation=("val_step", "test_step"), manual=True, clips=None, module=True),
    "mmengine.runner.Runner": Runner(("model", "work_dir", "train_dataloader"), ("train", "val", "test"), clips=None),
    "skorch.NeuralNetClassifier": SKORCH,
    "skorch.NeuralNetRegressor": SKORCH,
}
