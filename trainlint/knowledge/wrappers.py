"""What returns what it was given, or a copy of it; what calls what it was given."""

from trainlint.knowledge.facts import Alias, Binds, Calls, Copies, Gives, Setting, Settings

MODULE = Gives("module", ("module",))
MODEL = Gives("model", ("model",))
NAMED = Gives("module", ("module", "name"))
PARALLEL = Gives("module", ("module", "device_ids", "output_device", "dim"))
SHARDED = Gives("module", ("module", "process_group"))
BAR = Gives("iterable", ("iterable", "desc", "total"), iterates=True)
COPIED = Copies("model", ("model",))

WRAPPERS: dict[str, Alias | Gives | Copies | Binds | Calls] = {
    # Parallel and compiled networks
    "torch.nn.DataParallel": PARALLEL,
    "torch.nn.DataParallel.module": Gives("module"),
    "torch.nn.parallel.DistributedDataParallel": PARALLEL,
    "torch.nn.parallel.DistributedDataParallel.module": Gives("module"),
    "torch.distributed.fsdp.FullyShardedDataParallel": SHARDED,
    "torch.distributed.fsdp.FullyShardedDataParallel.module": Gives("module"),
    "torch.distributed.fsdp.fully_shard": Gives("module", ("module", "mesh")),
    "torch.distributed.fsdp.wrap.wrap": MODULE,
    "torch.distributed.tensor.parallel.parallelize_module": Gives("module", ("module", "device_mesh", "parallelize_plan")),
    "torch.nn.SyncBatchNorm.convert_sync_batchnorm": SHARDED,
    "torch.compile": Gives("model", ("model", "fullgraph", "dynamic", "backend", "mode")),
    "torch.jit.script": Gives("obj", ("obj",)),
    "torch.jit.trace": Gives("func", ("func", "example_inputs")),
    "torch.jit.freeze": Gives("mod", ("mod", "preserved_attrs")),
    "torch.jit.optimize_for_inference": Gives("mod", ("mod",)),
    "torch.fx.symbolic_trace": Gives("root", ("root", "concrete_args")),
    "torch.nn.utils.weight_norm": NAMED,
    "torch.nn.utils.spectral_norm": NAMED,
    "torch.nn.utils.remove_weight_norm": NAMED,
    "torch.nn.utils.remove_spectral_norm": NAMED,
    "torch.nn.utils.parametrizations.weight_norm": NAMED,
    "torch.nn.utils.parametrizations.spectral_norm": NAMED,
    "torch.nn.utils.parametrizations.orthogonal": NAMED,
    "torch.nn.utils.parametrize.register_parametrization": Gives("module", ("module", "tensor_name", "parametrization")),
    "torch.nn.utils.prune.l1_unstructured": NAMED,
    "torch.nn.utils.prune.random_unstructured": NAMED,
    "torch.nn.utils.prune.remove": NAMED,
    "torch.distributed.algorithms._checkpoint.checkpoint_wrapper.checkpoint_wrapper": MODULE,
    "apex.parallel.DistributedDataParallel": MODULE,
    "apex.parallel.DistributedDataParallel.module": Gives("module"),
    "apex.parallel.convert_syncbn_model": SHARDED,
    "fairscale.nn.FullyShardedDataParallel": SHARDED,
    "fairscale.nn.FullyShardedDataParallel.module": Gives("module"),
    "fairscale.nn.data_parallel.ShardedDataParallel": Gives("module", ("module", "sharded_optimizer")),
    "fairscale.nn.checkpoint.checkpoint_wrapper": MODULE,
    "fairscale.nn.wrap.auto_wrap": MODULE,
    "fairscale.nn.wrap.wrap": MODULE,
    "timm.utils.unwrap_model": MODEL,
    "timm.layers.convert_sync_batchnorm": SHARDED,
    "timm.optim.Lookahead": Gives("base_optimizer", ("base_optimizer", "alpha", "k")),
    "torch_optimizer.Lookahead": Gives("optimizer", ("optimizer", "k", "alpha")),
    "peft.get_peft_model": Gives("model", ("model", "peft_config")),
    "peft.prepare_model_for_kbit_training": MODEL,
    "ignite.distributed.auto_model": MODEL,
    "ignite.distributed.auto_optim": Gives("optimizer", ("optimizer",)),
    "torch_geometric.compile": MODEL,
    "torch_geometric.nn.DataParallel": Gives("module", ("module", "device_ids")),
    "torch_geometric.nn.to_hetero": Gives("module", ("module", "metadata")),
    # Copies
    "copy.deepcopy": Copies("x", ("x", "memo")),
    "copy.copy": Copies("x", ("x",), deep=False),
    "torch.optim.swa_utils.AveragedModel": Copies("model", ("model", "device", "avg_fn")),
    "torch.optim.swa_utils.AveragedModel.module": COPIED,
    "timm.utils.ModelEma": Copies("model", ("model", "decay", "device")),
    "timm.utils.ModelEma.ema": COPIED,
    "timm.utils.ModelEmaV2": Copies("model", ("model", "decay", "device")),
    "timm.utils.ModelEmaV2.module": COPIED,
    "timm.utils.ModelEmaV3": Copies("model", ("model", "decay", "min_decay")),
    "timm.utils.ModelEmaV3.module": COPIED,
    "ema_pytorch.EMA": Copies("model", ("model", "ema_model", "beta")),
    "ema_pytorch.EMA.ema_model": COPIED,
    # Progress bars and iterators
    "tqdm.tqdm": BAR,
    "tqdm.trange": Alias("range"),
    "six.moves.range": Alias("range"),
    "six.moves.xrange": Alias("range"),
    "six.moves.zip": Alias("zip"),
    "itertools.izip": Alias("zip"),
    "itertools.zip_longest": Alias("zip"),
    "rich.progress.track": Gives("sequence", ("sequence", "description"), iterates=True),
    "progressbar.progressbar": Gives("iterator", ("iterator",), iterates=True),
    "fastprogress.progress_bar": Gives("gen", ("gen",), iterates=True),
    "itertools.chain": Gives("*", ("*iterables",), iterates=True),
    "itertools.chain.from_iterable": Gives("iterable", ("iterable",), iterates=True),
    "itertools.cycle": Gives("iterable", ("iterable",), iterates=True),
    "itertools.islice": Gives("iterable", ("iterable",), iterates=True),
    "torch_geometric.loader.PrefetchLoader": Gives("loader", ("loader", "device"), iterates=True),
    "torch_xla.distributed.parallel_loader.MpDeviceLoader": Gives("loader", ("loader", "device"), iterates=True),
    "labml.monit.iterate": Gives("iterable", ("name", "iterable"), iterates=True),
    # Python
    "functools.partial": Binds(("func", "*args")),
    "typing.cast": Gives("val", ("typ", "val")),
    "weakref.proxy": Gives("object", ("object",)),
    "horovod.torch.allreduce": Gives("tensor", ("tensor", "average", "name")),  # gradients flow through it
    # Calls
    "torch.utils.checkpoint.checkpoint": Calls("function", ("function", "*args"), "*args", keywords="**kwargs"),
    "torch.utils.checkpoint.checkpoint_sequential": Calls("functions", ("functions", "segments", "input"), "input"),
    "torch.func.functional_call": Calls("module", ("module", "parameter_and_buffer_dicts", "args", "kwargs"), "args", keywords="kwargs"),
    "torch.nn.utils.stateless.functional_call": Calls(
        "module", ("module", "parameters_and_buffers", "args", "kwargs"), "args", keywords="kwargs"
    ),
    "torch.nn.parallel.data_parallel": Calls("module", ("module", "inputs", "device_ids"), "inputs"),
    "torch.multiprocessing.Process": Calls("target", ("group", "target", "name", "args", "kwargs"), "args", returns=False),
    "multiprocessing.Process": Calls("target", ("group", "target", "name", "args", "kwargs"), "args", returns=False),
    "memory_profiler.memory_usage": Calls("proc", ("proc", "interval", "timeout"), "", returns=False),
    "threading.Thread": Calls("target", ("group", "target", "name", "args", "kwargs"), "args", returns=False),
    "torch.multiprocessing.spawn": Calls("fn", ("fn", "args", "nprocs"), "args", before=1, returns=False),
    "torch_xla.distributed.xla_multiprocessing.spawn": Calls("fn", ("fn", "args", "nprocs"), "args", before=1, returns=False),
    "accelerate.notebook_launcher": Calls("function", ("function", "args", "num_processes"), "args", returns=False),
}

SETTINGS: dict[str, Setting | Settings] = {
    "argparse.ArgumentParser.add_argument": Setting(("*name_or_flags",), "*name_or_flags", action="action", target="dest"),
    "argparse.ArgumentParser.parse_args": Settings(("args",)),
    "argparse.ArgumentParser.parse_known_args": Settings(("args",), pair=True),
    "click.option": Setting(("*param_decls",), "*param_decls"),
    "absl.flags.DEFINE_bool": Setting(("name", "default", "help"), "name"),
    "absl.flags.DEFINE_boolean": Setting(("name", "default", "help"), "name"),
    "absl.flags.DEFINE_enum": Setting(("name", "default", "enum_values", "help"), "name"),
    "absl.flags.DEFINE_float": Setting(("name", "default", "help"), "name"),
    "absl.flags.DEFINE_integer": Setting(("name", "default", "help"), "name"),
    "absl.flags.DEFINE_string": Setting(("name", "default", "help"), "name"),
}
