"""Optimizers."""

from trainlint.knowledge.facts import Optimizer

ADAM = ("params", "lr", "betas", "eps", "weight_decay")
ADAM_AMSGRAD = (*ADAM, "amsgrad")
SGD = ("params", "lr", "momentum", "dampening", "weight_decay", "nesterov")
FUSED_ADAM = ("params", "lr", "bias_correction", "betas", "eps")
LION = ("params", "lr", "betas", "weight_decay")
ADAFACTOR = ("params", "lr", "eps", "clip_threshold", "decay_rate", "beta1", "weight_decay", "scale_parameter", "relative_step")
LBFGS = ("params", "lr", "max_iter", "max_eval", "tolerance_grad", "tolerance_change", "history_size", "line_search_fn")

ADAM_8BIT = Optimizer("adam", ADAM, 1e-3)
ADAM_LIKE = Optimizer("adam", ADAM, 1e-3)
DADAPT = Optimizer("other", ("params", "lr"), 1.0)
SCHEDULE_FREE = Optimizer("other", ("params", "lr"))

OPTIMIZERS: dict[str, Optimizer] = {
    # torch
    "torch.optim.SGD": Optimizer("sgd", SGD, 1e-3),
    "torch.optim.Adam": Optimizer("adam", ADAM_AMSGRAD, 1e-3),
    "torch.optim.AdamW": Optimizer("adam", ADAM_AMSGRAD, 1e-3),
    "torch.optim.NAdam": Optimizer("adam", (*ADAM, "momentum_decay"), 2e-3),
    "torch.optim.RAdam": Optimizer("adam", ADAM, 1e-3),
    "torch.optim.SparseAdam": Optimizer("adam", ADAM[:4], 1e-3),
    "torch.optim.RMSprop": Optimizer("adam", ("params", "lr", "alpha", "eps", "weight_decay", "momentum", "centered"), 1e-2),
    "torch.optim.Adagrad": Optimizer("adagrad", ("params", "lr", "lr_decay", "weight_decay", "initial_accumulator_value", "eps"), 1e-2),
    "torch.optim.Adamax": Optimizer("other", ADAM, 2e-3),
    "torch.optim.Adadelta": Optimizer("other", ("params", "lr", "rho", "eps", "weight_decay"), 1.0),
    "torch.optim.Adafactor": Optimizer("other", ("params", "lr", "beta2_decay", "eps", "d", "weight_decay"), 1e-2, clips=True),
    "torch.optim.ASGD": Optimizer("other", ("params", "lr", "lambd", "alpha", "t0", "weight_decay"), 1e-2),
    "torch.optim.Muon": Optimizer("other", ("params", "lr", "weight_decay", "momentum", "nesterov"), 1e-3),
    "torch.optim.Rprop": Optimizer("other", ("params", "lr", "etas", "step_sizes"), 1e-2),
    "torch.optim.LBFGS": Optimizer("second-order", LBFGS, 1.0),
    "torch.distributed.optim.ZeroRedundancyOptimizer": Optimizer("other", ("params", "optimizer_class")),
    # apex, DeepSpeed, fairscale, bitsandbytes
    "apex.optimizers.FusedAdam": Optimizer("adam", FUSED_ADAM, 1e-3),
    "apex.optimizers.FusedSGD": Optimizer("sgd", SGD),
    "apex.optimizers.FusedAdagrad": Optimizer("adagrad", ("params", "lr", "eps", "weight_decay"), 1e-2),
    "apex.optimizers.FusedNovoGrad": Optimizer("other", FUSED_ADAM, 1e-3),
    "apex.optimizers.FusedLAMB": Optimizer("other", FUSED_ADAM, 1e-3, clips=True),
    "deepspeed.ops.adam.FusedAdam": Optimizer("adam", FUSED_ADAM, 1e-3),
    "deepspeed.ops.adam.DeepSpeedCPUAdam": Optimizer("adam", ("model_params", *FUSED_ADAM[1:]), 1e-3, "model_params"),
    "deepspeed.ops.lamb.FusedLamb": Optimizer("other", FUSED_ADAM, 1e-3),
    "fairscale.optim.OSS": Optimizer("other", ("params", "optim")),
    "bitsandbytes.optim.Adam": ADAM_8BIT,
    "bitsandbytes.optim.Adam8bit": ADAM_8BIT,
    "bitsandbytes.optim.AdamW": ADAM_8BIT,
    "bitsandbytes.optim.AdamW8bit": ADAM_8BIT,
    "bitsandbytes.optim.PagedAdamW": ADAM_8BIT,
    "bitsandbytes.optim.PagedAdamW8bit": ADAM_8BIT,
    # timm
    "timm.optim.create_optimizer": Optimizer("other", ("args", "model", "filter_bias_and_bn"), holds="model"),
    "timm.optim.create_optimizer_v2": Optimizer(
        "other", ("model_or_params", "opt", "lr", "weight_decay", "momentum"), holds="model_or_params"
    ),
    "timm.optim.AdaBelief": Optimizer("adam", ADAM_AMSGRAD, 1e-3),
    "timm.optim.AdamP": Optimizer("adam", ADAM, 1e-3),
    "timm.optim.NAdamW": Optimizer("adam", ADAM, 1e-3),
    "timm.optim.RMSpropTF": Optimizer("adam", ("params", "lr", "alpha", "eps", "weight_decay", "momentum", "centered"), 1e-2),
    "timm.optim.SGDP": Optimizer("sgd", SGD),
    "timm.optim.SGDW": Optimizer("sgd", SGD, 1e-3),
    "timm.optim.Adafactor": Optimizer("other", ("params", "lr", "eps", "eps_scale", "clip_threshold"), clips=True),
    "timm.optim.Adahessian": Optimizer("other", ADAM, 0.1),
    "timm.optim.Adan": Optimizer("other", ADAM, 1e-3),
    "timm.optim.Lamb": Optimizer("other", ("params", "lr", "bias_correction", "betas", "eps"), 1e-3, clips=True),
    "timm.optim.Lars": Optimizer("other", SGD, 1.0),
    "timm.optim.Lion": Optimizer("other", LION, 1e-4),
    "timm.optim.MADGRAD": Optimizer("other", ("params", "lr", "momentum", "weight_decay", "eps"), 1e-2),
    "timm.optim.Muon": Optimizer("other", ("params", "lr", "weight_decay", "momentum", "nesterov")),
    # transformers and its ancestors
    "transformers.AdamW": Optimizer("adam", (*ADAM, "correct_bias"), 1e-3),
    "transformers.Adafactor": Optimizer("other", ADAFACTOR, clips=True),
    "pytorch_transformers.AdamW": Optimizer("adam", (*ADAM, "correct_bias"), 1e-3),
    "pytorch_pretrained_bert.optimization.BertAdam": Optimizer("adam", ("params", "lr", "warmup", "t_total"), clips=True),
    # torch_optimizer
    "torch_optimizer.AccSGD": Optimizer("other", ("params", "lr", "kappa", "xi"), 1e-3),
    "torch_optimizer.AdaBelief": Optimizer("adam", ADAM_AMSGRAD, 1e-3),
    "torch_optimizer.AdaBound": Optimizer("other", ("params", "lr", "betas", "final_lr", "gamma"), 1e-3),
    "torch_optimizer.Adafactor": Optimizer("other", ("params", "lr", "eps2", "clip_threshold"), clips=True),
    "torch_optimizer.Adahessian": Optimizer("other", ADAM, 0.15),
    "torch_optimizer.AdaMod": Optimizer("adam", ("params", "lr", "betas", "beta3", "eps", "weight_decay"), 1e-3),
    "torch_optimizer.AdamP": ADAM_LIKE,
    "torch_optimizer.AggMo": Optimizer("other", ("params", "lr", "betas", "weight_decay"), 1e-3),
    "torch_optimizer.Apollo": Optimizer("other", ("params", "lr", "beta", "eps", "warmup"), 1e-2),
    "torch_optimizer.DiffGrad": ADAM_LIKE,
    "torch_optimizer.Lamb": Optimizer("other", ADAM, 1e-3, clips=True),
    "torch_optimizer.LARS": Optimizer("other", SGD, 1e-2),
    "torch_optimizer.Lion": Optimizer("other", LION, 1e-4),
    "torch_optimizer.MADGRAD": Optimizer("other", ("params", "lr", "momentum", "weight_decay", "eps"), 1e-2),
    "torch_optimizer.NovoGrad": Optimizer("other", ADAM, 1e-3),
    "torch_optimizer.PID": Optimizer("other", ("params", "lr", "momentum", "dampening", "weight_decay"), 1e-3),
    "torch_optimizer.QHAdam": Optimizer("other", ("params", "lr", "betas", "nus", "weight_decay"), 1e-3),
    "torch_optimizer.QHM": Optimizer("other", ("params", "lr", "momentum", "nu", "weight_decay"), 1e-3),
    "torch_optimizer.RAdam": ADAM_LIKE,
    "torch_optimizer.SGDP": Optimizer("sgd", ("params", "lr", "momentum", "dampening", "eps"), 1e-3),
    "torch_optimizer.SGDW": Optimizer("sgd", SGD, 1e-3),
    "torch_optimizer.Shampoo": Optimizer("other", ("params", "lr", "momentum", "weight_decay"), 0.1),
    "torch_optimizer.SWATS": Optimizer("other", ADAM_AMSGRAD, 1e-3),
    "torch_optimizer.Yogi": Optimizer("adam", ADAM[:4], 1e-2),
    # Others
    "lion_pytorch.Lion": Optimizer("other", LION, 1e-4),
    "adabelief_pytorch.AdaBelief": Optimizer("adam", ADAM, 1e-3),
    "dadaptation.DAdaptAdam": DADAPT,
    "dadaptation.DAdaptSGD": DADAPT,
    "prodigyopt.Prodigy": DADAPT,
    "schedulefree.AdamWScheduleFree": SCHEDULE_FREE,
    "schedulefree.SGDScheduleFree": SCHEDULE_FREE,
}
