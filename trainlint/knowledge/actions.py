"""What acts on the state of a run: backward, step, clear, clip, train, eval; and the objects that do it."""

from trainlint.knowledge.facts import Action, Calls, Configured, Effect, Function, Gives, Harmless, Make, Verb

BACKWARD = Verb.BACKWARD
CLEAR = Verb.CLEAR
CLIP = Verb.CLIP
STEP = Verb.STEP
UNSCALE = Verb.UNSCALE
UPDATE = Verb.UPDATE

QUIET = Harmless()
SHOWN = Harmless(reports=True)

SCALER = ("init_scale", "growth_factor", "backoff_factor", "growth_interval", "enabled")
TIMM_SCALER = ("loss", "optimizer", "clip_grad", "clip_mode", "parameters", "create_graph", "need_update")
ACCELERATOR = ("device_placement", "split_batches", "mixed_precision", "gradient_accumulation_steps", "cpu")
DEEPSPEED = ("args", "model", "optimizer", "model_parameters", "training_data", "lr_scheduler")
PRIVATE = Gives(
    "module",
    ("module", "optimizer", "data_loader"),
    ("optimizer", "data_loader"),
    samples=("data_loader",),
    does=((Verb.CLIP_ALWAYS, "optimizer"),),
)

STATE_ACTIONS: dict[str, Action | Function | Gives | Make | Harmless] = {
    # Gradients
    "torch.autograd.backward": Action(((BACKWARD, "tensors"),), ("tensors", "grad_tensors", "retain_graph", "create_graph")),
    "torch.distributed.autograd.backward": Action(((Verb.BACKWARD, "roots"),), ("context_id", "roots", "retain_graph")),
    "torch.autograd.grad": Action(((Verb.GRADIENTS, "outputs"),), ("outputs", "inputs", "grad_outputs", "retain_graph", "create_graph")),
    # Optimizers and schedulers
    "torch.optim.Optimizer.step": Action(((STEP, "self"),), ("closure",), returns=None),
    "torch.optim.Optimizer.zero_grad": Action(((CLEAR, "self"),), ("set_to_none",)),
    "torch.optim.Optimizer.state_dict": QUIET,
    "torch.optim.Optimizer.load_state_dict": QUIET,
    "torch.optim.lr_scheduler.LRScheduler.step": Action(((Verb.SCHEDULE, "self"),), ("epoch",)),
    "torch.optim.lr_scheduler.ReduceLROnPlateau.step": Action(((Verb.SCHEDULE, "self"),), ("metrics", "epoch")),
    "torch.optim.lr_scheduler.LRScheduler.get_last_lr": QUIET,
    "torch.optim.lr_scheduler.LRScheduler.get_lr": QUIET,
    "torch.optim.lr_scheduler.LRScheduler.state_dict": QUIET,
    "torch.optim.lr_scheduler.LRScheduler.load_state_dict": QUIET,
    "timm.scheduler.Scheduler.step": Action(((Verb.SCHEDULE, "self"),), ("epoch", "metric")),
    "timm.scheduler.Scheduler.step_update": Action(((Verb.SCHEDULE, "self"),), ("num_updates", "metric")),
    # Modules
    "torch.nn.Module.train": Action(((Verb.TRAIN, "self"),), ("mode",), returns="self"),
    "torch.nn.Module.eval": Action(((Verb.EVALUATE, "self"),), returns="self"),
    "torch.nn.Module.zero_grad": Action(((CLEAR, "self"),), ("set_to_none",)),
    "torch.nn.Module.requires_grad_": Action(((Verb.FREEZE, "self"),), ("requires_grad",), returns="self"),
    "lightning.LightningModule.freeze": Action(((Verb.EVALUATE, "self"),)),
    "lightning.LightningModule.unfreeze": Action(((Verb.TRAIN, "self"),)),
    # Clipping
    "torch.nn.utils.clip_grad_norm_": Action(((CLIP, "parameters"),), ("parameters", "max_norm", "norm_type")),
    "torch.nn.utils.clip_grad_norm": Action(((CLIP, "parameters"),), ("parameters", "max_norm", "norm_type")),
    "torch.nn.utils.clip_grad_value_": Action(((CLIP, "parameters"),), ("parameters", "clip_value")),
    "torch.nn.utils.clip_grads_with_norm_": Action(((CLIP, "parameters"),), ("parameters", "max_norm", "total_norm")),
    "torch.distributed.fsdp.FullyShardedDataParallel.clip_grad_norm_": Action(((CLIP, "self"),), ("max_norm", "norm_type")),
    "fairscale.nn.FullyShardedDataParallel.clip_grad_norm_": Action(((CLIP, "self"),), ("max_norm", "norm_type")),
    "fairscale.optim.OSS.clip_grad_norm": Action(((CLIP, "self"),), ("max_norm", "norm_type")),
    "timm.utils.dispatch_clip_grad": Action(((CLIP, "parameters"),), ("parameters", "value", "mode", "norm_type")),
    "timm.utils.adaptive_clip_grad": Action(((CLIP, "parameters"),), ("parameters", "clip_factor", "eps", "norm_type")),
    # Scalers
    "torch.amp.GradScaler": Make("torch.amp.GradScaler", ("device", *SCALER)),
    "torch.cuda.amp.GradScaler": Make("torch.amp.GradScaler", SCALER),
    "torch.distributed.fsdp.sharded_grad_scaler.ShardedGradScaler": Make("torch.amp.GradScaler"),
    "fairscale.optim.grad_scaler.ShardedGradScaler": Make("torch.amp.GradScaler"),
    "torch.amp.GradScaler.scale": Gives("outputs", ("outputs",), does=((Verb.SCALE, "outputs"),)),
    "torch.amp.GradScaler.step": Action(((STEP, "optimizer"),), ("optimizer",)),
    "torch.amp.GradScaler.unscale_": Action(((UNSCALE, "optimizer"),), ("optimizer",)),
    "torch.amp.GradScaler.update": Action(((UPDATE, "self"),), ("new_scale",)),
    "torch.amp.GradScaler.get_scale": QUIET,
    "torch.amp.GradScaler.is_enabled": QUIET,
    "torch.amp.GradScaler.state_dict": QUIET,
    "torch.amp.GradScaler.load_state_dict": QUIET,
    "timm.utils.NativeScaler": Make("timm.utils.NativeScaler", ("device",)),
    "timm.utils.NativeScaler.state_dict": QUIET,
    "timm.utils.NativeScaler.load_state_dict": QUIET,
    "timm.utils.NativeScaler.__call__": Action(
        (
            (BACKWARD, "loss"),
            (UNSCALE, "optimizer?clip_grad!need_update"),
            (CLIP, "parameters?clip_grad!need_update"),
            (STEP, "optimizer!need_update"),
            (UPDATE, "self!need_update"),
        ),
        TIMM_SCALER,
    ),
    "timm.utils.ApexScaler": Make("timm.utils.ApexScaler"),
    "timm.utils.ApexScaler.__call__": Action(
        ((BACKWARD, "loss"), (CLIP, "optimizer?clip_grad!need_update"), (STEP, "optimizer!need_update")), TIMM_SCALER
    ),
    # apex
    "apex.amp.initialize": Gives("models", ("models", "optimizers", "enabled", "opt_level"), ("optimizers",)),
    "apex.amp.master_params": Gives("optimizer", ("optimizer",)),
    "apex.amp.init": QUIET,
    "apex.amp.state_dict": QUIET,
    "apex.amp.load_state_dict": QUIET,
    "apex.fp16_utils.FP16_Optimizer": Make("apex.fp16_utils.FP16_Optimizer", ("init_optimizer",), wraps="init_optimizer"),
    "apex.fp16_utils.FP16_Optimizer.backward": Action(((BACKWARD, "loss"),), ("loss", "update_master_grads", "retain_graph")),
    "apex.fp16_utils.FP16_Optimizer.update_master_grads": QUIET,
    "apex.fp16_utils.FP16_Optimizer.clip_master_grads": Action(((CLIP, "self"),), ("max_norm", "norm_type")),
    "apex.fp16_utils.FP16_Optimizer.step": Action(((STEP, "self"),), ("closure",)),
    "apex.fp16_utils.FP16_Optimizer.zero_grad": Action(((CLEAR, "self"),), ("set_grads_to_None",)),
    # DeepSpeed: its `step` clears
    "deepspeed.initialize": Make(
        "deepspeed.DeepSpeedEngine", DEEPSPEED, wraps="model", beside=("optimizer", "training_data", "lr_scheduler")
    ),
    "deepspeed.DeepSpeedEngine.backward": Action(((BACKWARD, "loss"),), ("loss", "retain_graph"), returns="loss"),
    "deepspeed.DeepSpeedEngine.step": Action(((STEP, "self"), (CLEAR, "self"))),
    "deepspeed.DeepSpeedEngine.zero_grad": Action(((CLEAR, "self"),)),
    "deepspeed.DeepSpeedEngine.train": Action(((Verb.TRAIN, "self"),), ("mode",), returns="self"),
    "deepspeed.DeepSpeedEngine.eval": Action(((Verb.EVALUATE, "self"),), returns="self"),
    "deepspeed.DeepSpeedEngine.save_checkpoint": QUIET,
    "deepspeed.DeepSpeedEngine.load_checkpoint": QUIET,
    "deepspeed.DeepSpeedEngine.get_global_grad_norm": QUIET,
    "deepspeed.init_distributed": QUIET,
    "deepspeed.add_config_arguments": Gives("parser", ("parser",)),
    # Opacus
    "opacus.PrivacyEngine": Make("opacus.PrivacyEngine", ("accountant", "secure_mode")),
    "opacus.PrivacyEngine.make_private": PRIVATE,
    "opacus.PrivacyEngine.make_private_with_epsilon": PRIVATE,
    "opacus.PrivacyEngine.get_epsilon": QUIET,
    "opacus.validators.ModuleValidator.fix": Gives("module", ("module",)),
    "opacus.validators.ModuleValidator.validate": QUIET,
    # Horovod, fairscale, XLA
    "horovod.torch.DistributedOptimizer": Gives("optimizer", ("optimizer", "named_parameters")),
    "horovod.torch.broadcast_parameters": QUIET,
    "horovod.torch.broadcast_optimizer_state": QUIET,
    "torch_xla.core.xla_model.optimizer_step": Action(((STEP, "optimizer"),), ("optimizer", "barrier")),
    "torch_xla.core.xla_model.mark_step": QUIET,
    "torch_xla.core.xla_model.xla_device": QUIET,
    "torch_xla.core.xla_model.save": SHOWN,
    "torch_xla.core.xla_model.master_print": SHOWN,
    "torch_xla.core.xla_model.is_master_ordinal": QUIET,
    "torch_xla.core.xla_model.reduce_gradients": Action((), ("optimizer",)),
    # mmengine
    "mmengine.optim.OptimWrapper": Make("mmengine.optim.OptimWrapper", ("optimizer",), wraps="optimizer"),
    "mmengine.optim.OptimWrapper.update_params": Action(((BACKWARD, "loss"), (STEP, "self"), (CLEAR, "self")), ("loss",)),
    "mmengine.optim.OptimWrapper.backward": Action(((BACKWARD, "loss"),), ("loss",)),
    "mmengine.optim.OptimWrapper.step": Action(((STEP, "self"),)),
    "mmengine.optim.OptimWrapper.zero_grad": Action(((CLEAR, "self"),)),
}

_ACCELERATE: dict[str, Action | Function | Gives | Make | Harmless] = {
    "prepare": Gives("*", ("*args", "device_placement")),
    "prepare_model": Gives("model", ("model", "device_placement", "evaluation_mode")),
    "prepare_data_loader": Gives("data_loader", ("data_loader", "device_placement")),
    "prepare_optimizer": Gives("optimizer", ("optimizer", "device_placement")),
    "prepare_scheduler": Gives("scheduler", ("scheduler",)),
    "unwrap_model": Gives("model", ("model", "keep_fp32_wrapper")),
    "skip_first_batches": Gives("dataloader", ("dataloader", "num_batches")),
    "backward": Action(((BACKWARD, "loss"),), ("loss",)),
    "clip_grad_norm_": Action(((CLIP, "parameters"),), ("parameters", "max_norm", "norm_type")),
    "clip_grad_value_": Action(((CLIP, "parameters"),), ("parameters", "clip_value")),
    "unscale_gradients": Action(((UNSCALE, "optimizer?"),), ("optimizer",)),
    "gather": Function(Effect.CUT, ("tensor",)),
    "gather_for_metrics": Function(Effect.CUT, ("input_data",)),
    "reduce": Function(Effect.CUT, ("tensor", "reduction")),
    "pad_across_processes": Function(Effect.CUT, ("tensor", "dim")),
    "print": SHOWN,
    "log": SHOWN,
    "save": SHOWN,
    "save_model": SHOWN,
    "save_state": QUIET,
    "load_state": QUIET,
    "get_state_dict": QUIET,
    "register_for_checkpointing": QUIET,
    "wait_for_everyone": QUIET,
    "init_trackers": QUIET,
    "get_tracker": QUIET,
    "end_training": QUIET,
    "free_memory": QUIET,
    "clear": QUIET,
    "set_trigger": QUIET,
    "check_trigger": QUIET,
}

_FABRIC: dict[str, Action | Calls | Function | Gives | Harmless] = {
    "setup": Gives("*", ("module", "*optimizers")),
    "setup_module": Gives("module", ("module",)),
    "setup_optimizers": Gives("*", ("*optimizers",)),
    "setup_dataloaders": Gives("*", ("*dataloaders",)),
    "to_device": Gives("obj", ("obj",)),
    "backward": Action(((BACKWARD, "tensor"),), ("tensor", "*args")),
    "clip_gradients": Action(((CLIP, "optimizer"),), ("module", "optimizer", "clip_val", "max_norm")),
    "all_gather": Function(Effect.CUT, ("data",)),
    "all_reduce": Function(Effect.CUT, ("data",)),
    "broadcast": Function(Effect.CUT, ("obj", "src")),
    "launch": Calls("function", ("function", "*args"), "*args", before=1, keywords="**kwargs"),
    "print": SHOWN,
    "log": SHOWN,
    "log_dict": SHOWN,
    "save": SHOWN,
    "load": QUIET,
    "load_raw": QUIET,
    "barrier": QUIET,
    "call": QUIET,
    "seed_everything": QUIET,
}

_LIGHTNING: dict[str, Action | Configured | Function | Harmless] = {
    "manual_backward": Action(((BACKWARD, "loss"),), ("loss", "*args")),
    "clip_gradients": Action(((CLIP, "optimizer"),), ("optimizer", "gradient_clip_val", "gradient_clip_algorithm")),
    "log": SHOWN,
    "log_dict": SHOWN,
    "print": SHOWN,
    "optimizers": Configured(),
    "toggle_optimizer": QUIET,
    "untoggle_optimizer": QUIET,
    "save_hyperparameters": QUIET,
    "all_gather": Function(Effect.CUT, ("data",)),
}

OBJECT_ACTIONS: dict[str, Action | Calls | Configured | Function | Gives | Make | Harmless] = {
    "accelerate.Accelerator": Make("accelerate.Accelerator", ACCELERATOR),
    "accelerate.skip_first_batches": Gives("dataloader", ("dataloader", "num_batches")),
    "accelerate.dispatch_model": Gives("model", ("model", "device_map")),
    "accelerate.load_checkpoint_and_dispatch": Gives("model", ("model", "checkpoint")),
    "accelerate.prepare_pippy": Gives("model", ("model",)),
    "accelerate.utils.extract_model_from_parallel": Gives("model", ("model",)),
    **{f"accelerate.Accelerator.{name}": fact for name, fact in _ACCELERATE.items()},
    "lightning.Fabric": Make("lightning.Fabric", ("accelerator", "strategy", "devices")),
    **{f"lightning.Fabric.{name}": fact for name, fact in _FABRIC.items()},
    **{f"lightning.LightningModule.{name}": fact for name, fact in _LIGHTNING.items()},
}
