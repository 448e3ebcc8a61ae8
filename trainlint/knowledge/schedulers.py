"""Learning-rate schedulers."""

from trainlint.knowledge.facts import Scheduler

ONE_CYCLE = ("optimizer", "max_lr", "total_steps", "epochs", "steps_per_epoch", "pct_start", "anneal_strategy")
WARM = ("optimizer", "num_warmup_steps", "num_training_steps")
CYCLES = ("cycle_mul", "cycle_decay", "cycle_limit", "warmup_t", "warmup_lr_init", "warmup_prefix", "t_in_epochs")
STEPS = ("optimizer", "decay_t", "decay_rate", "warmup_t", "warmup_lr_init", "warmup_prefix", "t_in_epochs")

SCHEDULERS: dict[str, Scheduler] = {
    # torch
    "torch.optim.lr_scheduler.StepLR": Scheduler(("optimizer", "step_size", "gamma", "last_epoch"), "epoch"),
    "torch.optim.lr_scheduler.MultiStepLR": Scheduler(("optimizer", "milestones", "gamma", "last_epoch"), "epoch"),
    "torch.optim.lr_scheduler.ExponentialLR": Scheduler(("optimizer", "gamma", "last_epoch"), "epoch"),
    "torch.optim.lr_scheduler.ReduceLROnPlateau": Scheduler(
        ("optimizer", "mode", "factor", "patience", "threshold"), "epoch", needs_metric=True
    ),
    "torch.optim.lr_scheduler.OneCycleLR": Scheduler(ONE_CYCLE, "batch"),
    "torch.optim.lr_scheduler.CyclicLR": Scheduler(("optimizer", "base_lr", "max_lr", "step_size_up", "step_size_down"), "batch"),
    "torch.optim.lr_scheduler.LambdaLR": Scheduler(("optimizer", "lr_lambda", "last_epoch")),
    "torch.optim.lr_scheduler.MultiplicativeLR": Scheduler(("optimizer", "lr_lambda", "last_epoch")),
    "torch.optim.lr_scheduler.ConstantLR": Scheduler(("optimizer", "factor", "total_iters", "last_epoch")),
    "torch.optim.lr_scheduler.LinearLR": Scheduler(("optimizer", "start_factor", "end_factor", "total_iters", "last_epoch")),
    "torch.optim.lr_scheduler.PolynomialLR": Scheduler(("optimizer", "total_iters", "power", "last_epoch")),
    "torch.optim.lr_scheduler.CosineAnnealingLR": Scheduler(("optimizer", "T_max", "eta_min", "last_epoch")),
    "torch.optim.lr_scheduler.CosineAnnealingWarmRestarts": Scheduler(("optimizer", "T_0", "T_mult", "eta_min", "last_epoch")),
    "torch.optim.lr_scheduler.SequentialLR": Scheduler(("optimizer", "schedulers", "milestones", "last_epoch"), wraps="schedulers"),
    "torch.optim.lr_scheduler.ChainedScheduler": Scheduler(("schedulers", "optimizer"), wraps="schedulers"),
    "torch.optim.swa_utils.SWALR": Scheduler(("optimizer", "swa_lr", "anneal_epochs", "anneal_strategy", "last_epoch")),
    # transformers: functions that return a torch scheduler
    "transformers.get_scheduler": Scheduler(("name", *WARM)),
    "transformers.get_constant_schedule": Scheduler(("optimizer", "last_epoch")),
    "transformers.get_constant_schedule_with_warmup": Scheduler(("optimizer", "num_warmup_steps", "last_epoch")),
    "transformers.get_linear_schedule_with_warmup": Scheduler((*WARM, "last_epoch")),
    "transformers.get_cosine_schedule_with_warmup": Scheduler((*WARM, "num_cycles", "last_epoch")),
    "transformers.get_cosine_with_hard_restarts_schedule_with_warmup": Scheduler((*WARM, "num_cycles", "last_epoch")),
    "transformers.get_cosine_with_min_lr_schedule_with_warmup": Scheduler((*WARM, "num_cycles", "last_epoch")),
    "transformers.get_polynomial_decay_schedule_with_warmup": Scheduler((*WARM, "lr_end", "power", "last_epoch")),
    "transformers.get_inverse_sqrt_schedule": Scheduler(("optimizer", "num_warmup_steps", "timescale", "last_epoch")),
    "transformers.get_wsd_schedule": Scheduler(("optimizer", "num_warmup_steps", "num_decay_steps")),
    "transformers.get_reduce_on_plateau_schedule": Scheduler(("optimizer",), needs_metric=True),
    # timm: `step` with the number of the next epoch, `step_update` with the number of updates
    "timm.scheduler.CosineLRScheduler": Scheduler(("optimizer", "t_initial", "lr_min", *CYCLES), from_torch=False),
    "timm.scheduler.TanhLRScheduler": Scheduler(("optimizer", "t_initial", "lb", "ub", "lr_min", *CYCLES), from_torch=False),
    "timm.scheduler.PolyLRScheduler": Scheduler(("optimizer", "t_initial", "power", "lr_min", *CYCLES), from_torch=False),
    "timm.scheduler.StepLRScheduler": Scheduler(STEPS, from_torch=False),
    "timm.scheduler.MultiStepLRScheduler": Scheduler(STEPS, from_torch=False),
    "timm.scheduler.PlateauLRScheduler": Scheduler(("optimizer", "decay_rate", "patience_t", "threshold"), from_torch=False),
    "timm.scheduler.create_scheduler": Scheduler(("args", "optimizer"), from_torch=False, first=True),
    "timm.scheduler.create_scheduler_v2": Scheduler(("optimizer", "sched", "num_epochs"), from_torch=False, first=True),
    # Others
    "warmup_scheduler.GradualWarmupScheduler": Scheduler(
        ("optimizer", "multiplier", "total_epoch", "after_scheduler"), from_torch=False, wraps="after_scheduler"
    ),
}
