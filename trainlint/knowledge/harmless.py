"""Calls that touch neither networks nor optimizers.

A row of a package or module speaks for everything in it that has no row of its own.
"""

from trainlint.knowledge.facts import Alias, Effect, Fact, Function, Gives, Harmless, Make

QUIET = Harmless()
SHOWN = Harmless(reports=True)
NUMBER = Function(Effect.NUMBER, ("x",))

_QUIET_ROOTS = (
    # The standard library
    "abc argparse ast base64 binascii bisect calendar codecs collections colorsys configparser csv ctypes dataclasses "
    "datetime decimal difflib distutils email enum errno faulthandler fnmatch fractions gc getopt getpass glob gzip hashlib heapq html "
    "http importlib inspect io itertools json keyword linecache locale lzma math mimetypes numbers operator os pathlib pickle "
    "pkgutil platform queue random re resource secrets select shlex shutil signal site six socket sqlite3 ssl stat statistics string "
    "struct subprocess sys sysconfig tarfile tempfile textwrap time timeit token traceback types typing typing_extensions unicodedata "
    "unittest urllib uuid warnings weakref xml zipfile zlib "
    # Data, text, sound
    "PIL ale_py av cv2 datasets dgl.data folium ftfy gdown geopandas gym gymnasium h5py huggingface_hub imageio imgaug jieba jsonlines "
    "kaggle laspy librosa lmdb lxml music21 networkx nibabel nltk numba numpy obspy open3d openpyxl pandas pettingzoo polars "
    "pretty_midi pyarrow pycocotools pydicom pydub rasterio rdkit regex requests sacremoses scipy sentencepiece shapely SimpleITK "
    "skimage sklearn soundfile spacy sympy tiktoken tokenizers torchtext.data torchtext.datasets torchtext.vocab trimesh unidecode "
    "webdataset xarray yaml zarr "
    # Other frameworks: whatever they do, they do it to their own networks
    "autograd cupy flax jax onnx onnxruntime optax tensorflow tensorflow_datasets tensorrt tflite_runtime xgboost lightgbm catboost "
    # Settings, machines, looks
    "GPUtil absl.flags addict attr attrs colorama cloudpickle dill dotenv easydict filelock fsspec fvcore.common humanize joblib "
    "ml_collections click labml nvidia_smi nvitop omegaconf optuna ordered_set packaging psutil py3nvml pydantic pynvml setproctitle "
    "simple_parsing termcolor toml tomli tyro yacs yaspin pytest "
    # torch
    "torch.__config__ torch.accelerator torch.backends torch.compiler torch.cuda torch.mps torch.onnx torch.profiler torch.random "
    "torch.nn.modules.utils torch.testing torch.utils.benchmark torch.utils.collect_env torch.utils.cpp_extension torch.version torch.xpu "
    # Its neighbours
    "accelerate.utils ignite.metrics ignite.utils lightning.callbacks "
    "lightning.fabric lightning.loggers lightning.plugins lightning.profilers lightning.strategies lightning.utilities thop "
    "timm.data torch_geometric.data torch_geometric.transforms torch_geometric.utils torchaudio.datasets torchaudio.functional "
    "torchaudio.load torchaudio.transforms torchinfo torchsummary torchvision.io torchvision.utils "
    "transformers.integrations transformers.utils"
)

_SHOWN_ROOTS = (
    "IPython.display bokeh comet_ml clearml aim fastprogress logging loguru matplotlib mlflow neptune plotly pprint prettytable pylab rich "
    "sacrebleu sacred seaborn seqeval sklearn.metrics streamlit swanlab tabulate tensorboard_logger texttable torchmetrics visdom wandb "
    "labml.tracker labml.logger absl.logging evaluate"
)

_QUIET = (
    "torch.manual_seed torch.seed torch.initial_seed torch.get_rng_state torch.set_rng_state torch.Generator torch.Size torch.finfo "
    "torch.iinfo torch.set_default_dtype torch.get_default_dtype torch.set_default_device torch.get_default_device "
    "torch.set_default_tensor_type torch.set_printoptions torch.set_num_threads torch.get_num_threads torch.set_num_interop_threads "
    "torch.set_float32_matmul_precision torch.get_float32_matmul_precision torch.use_deterministic_algorithms "
    "torch.set_deterministic_debug_mode torch.set_flush_denormal torch.is_grad_enabled torch.is_inference_mode_enabled "
    "torch.is_autocast_enabled torch.get_autocast_gpu_dtype torch.is_storage torch.result_type torch.promote_types torch.can_cast "
    "torch.broadcast_shapes torch.typename torch.compiled_with_cxx11_abi torch.load torch.hub.load_state_dict_from_url torch.hub.set_dir "
    "torch.hub.get_dir torch.hub.list torch.hub.help torch.hub.download_url_to_file torch.utils.model_zoo.load_url "
    "torch.utils.data.get_worker_info torch.nn.init.calculate_gain torch.jit.is_scripting torch.jit.is_tracing torch.jit.annotate "
    "torch.jit.isinstance torch.get_device torch.multiprocessing.set_start_method torch.multiprocessing.get_context "
    "torch.multiprocessing.set_sharing_strategy torch.multiprocessing.cpu_count torch.multiprocessing.Queue torch.multiprocessing.Lock "
    "torch.multiprocessing.Manager torch.autograd.gradcheck torch.distributed.init_process_group torch.distributed.destroy_process_group "
    "torch.distributed.barrier torch.distributed.get_rank torch.distributed.get_world_size torch.distributed.get_backend "
    "torch.distributed.is_available torch.distributed.is_initialized torch.distributed.is_nccl_available torch.distributed.new_group "
    "torch.distributed.all_reduce torch.distributed.all_gather torch.distributed.all_gather_object "
    "torch.distributed.all_gather_into_tensor torch.distributed.all_to_all torch.distributed.broadcast "
    "torch.distributed.broadcast_object_list torch.distributed.gather torch.distributed.gather_object torch.distributed.reduce "
    "torch.distributed.reduce_scatter torch.distributed.scatter torch.distributed.send torch.distributed.recv torch.distributed.isend "
    "torch.distributed.irecv torch.distributed.monitored_barrier torch.distributed.device_mesh.init_device_mesh "
    "torch.distributed.is_torchelastic_launched accelerate.PartialState accelerate.DataLoaderConfiguration "
    "accelerate.DistributedDataParallelKwargs accelerate.DeepSpeedPlugin accelerate.FullyShardedDataParallelPlugin "
    "accelerate.InitProcessGroupKwargs lightning.seed_everything transformers.set_seed transformers.is_torch_available "
    "transformers.logging.set_verbosity_info transformers.logging.set_verbosity_error ignite.engine.Events transformers.HfArgumentParser "
    "ignite.distributed.get_rank ignite.distributed.get_world_size ignite.distributed.device ignite.distributed.barrier "
    "ignite.distributed.backend ignite.distributed.get_local_rank timm.list_models timm.models.list_models timm.utils.random_seed "
    "timm.utils.is_primary timm.utils.init_distributed_device timm.utils.distribute_bn timm.utils.get_outdir timm.utils.add_bool_arg "
    "timm.utils.setup_default_logging timm.utils.reduce_tensor timm.utils.natural_key timm.utils.world_info_from_env timm.layers.to_2tuple "
    "timm.layers.set_layer_config hydra.utils.to_absolute_path hydra.utils.get_original_cwd horovod.torch.init horovod.torch.rank "
    "horovod.torch.size horovod.torch.local_rank multiprocessing.cpu_count multiprocessing.Queue "
    "multiprocessing.Lock multiprocessing.Value multiprocessing.Manager multiprocessing.set_start_method multiprocessing.get_context "
    "threading.Event functools.cmp_to_key ignite.handlers.Checkpoint ignite.handlers.DiskSaver ignite.handlers.EarlyStopping "
    "ignite.handlers.ModelCheckpoint ignite.handlers.ProgressBar ignite.handlers.TerminateOnNan ignite.handlers.TimeLimit "
    "ignite.handlers.Timer input"
)

_SHOWN = (
    "print json.dump json.dumps pickle.dump pickle.dumps csv.writer csv.DictWriter yaml.dump joblib.dump click.echo "
    "torch.save torch.jit.save torch.onnx.export torch.distributed.checkpoint.save_state_dict torchvision.utils.save_image "
    "torchvision.io.write_jpeg torchvision.io.write_png cv2.imwrite cv2.imshow imageio.imwrite imageio.mimsave imageio.mimwrite "
    "skimage.io.imsave scipy.misc.imsave scipy.io.savemat scipy.io.wavfile.write soundfile.write torchaudio.save "
    "numpy.save numpy.savez numpy.savez_compressed numpy.savetxt numpy.testing.assert_allclose safetensors.torch.save_file "
    "tqdm.tqdm.write tqdm.tqdm.set_postfix tqdm.tqdm.set_postfix_str tqdm.tqdm.set_description tqdm.tqdm.set_description_str "
    "sys.stdout.write sys.stderr.write warnings.warn timm.utils.accuracy timm.utils.update_summary lightning.utilities.rank_zero_info "
    "lightning.utilities.rank_zero_warn matplotlib.pyplot.imshow optuna.Trial.report ray.tune.report ray.train.report tune.report"
)

HARMLESS: dict[str, Harmless] = {
    **dict.fromkeys(_QUIET_ROOTS.split(), QUIET),
    **dict.fromkeys(_QUIET.split(), QUIET),
    **dict.fromkeys(_SHOWN_ROOTS.split(), SHOWN),
    **dict.fromkeys(_SHOWN.split(), SHOWN),
    "tqdm.tqdm.update": QUIET,
    "tqdm.tqdm.close": QUIET,
    "tqdm.tqdm.refresh": QUIET,
    "tqdm.tqdm.reset": QUIET,
}

_WRITER = "tensorboard.SummaryWriter"

OBJECTS: dict[str, Make | Gives | Alias] = {
    "collections.OrderedDict": Alias("dict"),
    "collections.defaultdict": Alias("defaultdict"),
    "collections.deque": Alias("list"),
    "torch.utils.tensorboard.SummaryWriter": Make(_WRITER, ("log_dir",)),
    "tensorboardX.SummaryWriter": Make(_WRITER, ("logdir",)),
    "logging.getLogger": Make("logging.Logger", ("name",)),
    "logging.Logger": Make("logging.Logger", ("name",)),
    "accelerate.logging.get_logger": Make("logging.Logger", ("name",)),
    "transformers.utils.logging.get_logger": Make("logging.Logger", ("name",)),
    "ignite.utils.setup_logger": Make("logging.Logger", ("name",)),
    "argparse.ArgumentParser": Make("argparse.ArgumentParser", ("prog",)),
    "argparse.ArgumentParser.add_argument_group": Gives("self", ("title",)),
    "argparse.ArgumentParser.add_mutually_exclusive_group": Gives("self"),
    "evaluate.load": Make("evaluate.EvaluationModule", ("path",)),
    "evaluate.combine": Make("evaluate.EvaluationModule", ("evaluations",)),
    "datasets.load_metric": Make("evaluate.EvaluationModule", ("path",)),
    "timm.utils.AverageMeter": Make("timm.utils.AverageMeter"),
}

_WRITES = "add_scalar add_scalars add_histogram add_image add_images add_figure add_text add_graph add_embedding add_pr_curve add_hparams"
_LOGS = "debug info warning warn error critical exception log"

OBJECT_METHODS: dict[str, Harmless] = {
    **{f"{_WRITER}.{name}": SHOWN for name in _WRITES.split()},
    **{f"{_WRITER}.{name}": QUIET for name in ("close", "flush")},
    **{f"logging.Logger.{name}": SHOWN for name in _LOGS.split()},
    "argparse.ArgumentParser.set_defaults": QUIET,
    "argparse.ArgumentParser.add_subparsers": QUIET,
    "argparse.ArgumentParser.print_help": QUIET,
    "evaluate.EvaluationModule.add": SHOWN,
    "evaluate.EvaluationModule.add_batch": SHOWN,
    "evaluate.EvaluationModule.compute": SHOWN,
    "timm.utils.AverageMeter.update": SHOWN,
    "timm.utils.AverageMeter.reset": QUIET,
    "torchmetrics.Metric.__call__": SHOWN,
    "torchmetrics.Metric.update": SHOWN,
    "torchmetrics.Metric.compute": SHOWN,
    "torchmetrics.Metric.forward": SHOWN,
    "torchmetrics.Metric.reset": QUIET,
    "torchmetrics.Metric.to": QUIET,
}

_MATH = "ceil copysign cos exp expm1 fabs floor fsum isfinite isinf isnan log log10 log1p log2 pow sin sqrt tan tanh trunc"

NUMBERS: dict[str, Function] = {
    **{f"math.{name}": NUMBER for name in _MATH.split()},
    **{f"statistics.{name}": Function(Effect.NUMBER, ("data",)) for name in ("fmean", "mean", "median", "pstdev", "stdev")},
}


def metric(name: str) -> Fact | None:
    """The fact of something of torchmetrics: classes, which begin with a capital, make metrics, functions score at once."""
    return Make("torchmetrics.Metric") if name.rpartition(".")[2][:1].isupper() else None
