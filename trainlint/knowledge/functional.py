"""Functions of tensors: torch.nn.functional, torch.nn.init, and their kin in other libraries."""

from trainlint.knowledge.facts import Effect, Function, Kind

ACTIVATE = Effect.ACTIVATE
ARITHMETIC = Effect.ARITHMETIC
BATCH_NORM = Effect.BATCH_NORM
COLLECT = Effect.COLLECT
CUT = Effect.CUT
DISCRETE = Effect.DISCRETE
DROPOUT = Effect.DROPOUT
EMBED = Effect.EMBED
IN_PLACE_FILL = Effect.IN_PLACE_FILL
KEEP = Effect.KEEP
MIX = Effect.MIX
NORMALIZE = Effect.NORMALIZE
ONE_HOT = Effect.ONE_HOT
PACK = Effect.PACK
WEIGH = Effect.WEIGH

DOT_PRODUCT = ("query", "key", "value", "attn_mask", "dropout_p", "is_causal")
HEADS = (
    "query", "key", "value", "embed_dim_to_check", "num_heads", "in_proj_weight", "in_proj_bias", "bias_k", "bias_v",
    "add_zero_attn", "dropout_p", "out_proj_weight", "out_proj_bias", "training",
)  # fmt: skip
BATCH = ("input", "running_mean", "running_var", "weight", "bias", "training", "momentum", "eps")
TORCH_BATCH = ("input", "weight", "bias", "running_mean", "running_var", "training", "momentum", "eps")
CONV = Function(WEIGH, ("input", "weight", "bias", "stride", "padding", "dilation", "groups"))
CONV_TRANSPOSE = Function(WEIGH, ("input", "weight", "bias", "stride", "padding", "output_padding", "groups", "dilation"))
DROP = Function(DROPOUT, ("input", "p", "training"), probability="p", mode="training", mode_default=True)
ALPHA_DROP = Function(DROPOUT, ("input", "p", "training"), probability="p", mode="training", mode_default=False)
TORCH_DROP = Function(DROPOUT, ("input", "p", "train"), probability="p", mode="train")

FUNCTIONAL: dict[str, Function] = {
    # Activations
    "torch.nn.functional.relu": Function(ACTIVATE, ("input",), kind=Kind.RECTIFIED),
    "torch.nn.functional.relu6": Function(ACTIVATE, ("input",), kind=Kind.RECTIFIED),
    "torch.nn.functional.softplus": Function(ACTIVATE, ("input", "beta", "threshold"), kind=Kind.POSITIVE),
    "torch.nn.functional.sigmoid": Function(ACTIVATE, ("input",), kind=Kind.SIGMOID),
    "torch.nn.functional.hardsigmoid": Function(ACTIVATE, ("input",), kind=Kind.SIGMOID),
    "torch.nn.functional.logsigmoid": Function(ACTIVATE, ("input",), kind=Kind.LOG_SIGMOID),
    "torch.nn.functional.tanh": Function(ACTIVATE, ("input",), kind=Kind.TANH),
    "torch.nn.functional.softsign": Function(ACTIVATE, ("input",), kind=Kind.TANH),
    "torch.nn.functional.softmax": Function(ACTIVATE, ("input", "dim"), kind=Kind.SOFTMAX, axis="dim"),
    "torch.nn.functional.softmin": Function(ACTIVATE, ("input", "dim"), kind=Kind.SOFTMAX, axis="dim"),
    "torch.nn.functional.gumbel_softmax": Function(ACTIVATE, ("logits", "tau", "hard", "eps", "dim"), kind=Kind.SOFTMAX, axis="dim"),
    "torch.nn.functional.log_softmax": Function(ACTIVATE, ("input", "dim"), kind=Kind.LOG_SOFTMAX, axis="dim"),
    "torch.nn.functional.celu": Function(ACTIVATE, ("input",)),
    "torch.nn.functional.elu": Function(ACTIVATE, ("input",)),
    "torch.nn.functional.gelu": Function(ACTIVATE, ("input", "approximate")),
    "torch.nn.functional.glu": Function(ACTIVATE, ("input", "dim")),
    "torch.nn.functional.hardshrink": Function(ACTIVATE, ("input", "lambd")),
    "torch.nn.functional.hardswish": Function(ACTIVATE, ("input",)),
    "torch.nn.functional.hardtanh": Function(ACTIVATE, ("input", "min_val", "max_val")),
    "torch.nn.functional.leaky_relu": Function(ACTIVATE, ("input", "negative_slope")),
    "torch.nn.functional.mish": Function(ACTIVATE, ("input",)),
    "torch.nn.functional.prelu": Function(ACTIVATE, ("input", "weight")),
    "torch.nn.functional.rrelu": Function(ACTIVATE, ("input", "lower", "upper", "training")),
    "torch.nn.functional.selu": Function(ACTIVATE, ("input",)),
    "torch.nn.functional.silu": Function(ACTIVATE, ("input",)),
    "torch.nn.functional.softshrink": Function(ACTIVATE, ("input", "lambd")),
    "torch.nn.functional.tanhshrink": Function(ACTIVATE, ("input",)),
    "torch.nn.functional.threshold": Function(ACTIVATE, ("input", "threshold", "value")),
    # Weights
    "torch.nn.functional.linear": Function(WEIGH, ("input", "weight", "bias")),
    "torch.nn.functional.bilinear": Function(WEIGH, ("input1", "input2", "weight", "bias")),
    "torch.nn.functional.conv1d": CONV,
    "torch.nn.functional.conv2d": CONV,
    "torch.nn.functional.conv3d": CONV,
    "torch.nn.functional.conv_transpose1d": CONV_TRANSPOSE,
    "torch.nn.functional.conv_transpose2d": CONV_TRANSPOSE,
    "torch.nn.functional.conv_transpose3d": CONV_TRANSPOSE,
    "torch.nn.functional.embedding": Function(EMBED, ("input", "weight", "padding_idx", "max_norm", "norm_type", "scale_grad_by_freq")),
    "torch.nn.functional.embedding_bag": Function(EMBED, ("input", "weight", "offsets", "max_norm", "norm_type", "scale_grad_by_freq")),
    "torch.nn.functional.one_hot": Function(ONE_HOT, ("tensor", "num_classes"), count="num_classes"),
    "torch.nn.functional.scaled_dot_product_attention": Function(ARITHMETIC, DOT_PRODUCT, probability="dropout_p"),
    "torch.nn.functional.multi_head_attention_forward": Function(
        ARITHMETIC, HEADS, mode="training", mode_default=True, probability="dropout_p", first=True
    ),
    # Normalization and dropout
    "torch.nn.functional.layer_norm": Function(NORMALIZE, ("input", "normalized_shape", "weight", "bias", "eps")),
    "torch.nn.functional.group_norm": Function(NORMALIZE, ("input", "num_groups", "weight", "bias", "eps")),
    "torch.nn.functional.instance_norm": Function(NORMALIZE, ("input", "running_mean", "running_var", "weight", "bias", "use_input_stats")),
    "torch.nn.functional.rms_norm": Function(NORMALIZE, ("input", "normalized_shape", "weight", "eps")),
    "torch.nn.functional.local_response_norm": Function(NORMALIZE, ("input", "size")),
    "torch.nn.functional.normalize": Function(NORMALIZE, ("input", "p", "dim", "eps"), guarded=True),
    "torch.nn.functional.batch_norm": Function(BATCH_NORM, BATCH, mode="training", mode_default=False),
    "torch.nn.functional.dropout": DROP,
    "torch.nn.functional.dropout1d": DROP,
    "torch.nn.functional.dropout2d": DROP,
    "torch.nn.functional.dropout3d": DROP,
    "torch.nn.functional.alpha_dropout": ALPHA_DROP,
    "torch.nn.functional.feature_alpha_dropout": ALPHA_DROP,
    # Neighbours
    "torch.nn.functional.avg_pool1d": Function(MIX, ("input", "kernel_size", "stride", "padding", "ceil_mode")),
    "torch.nn.functional.avg_pool2d": Function(MIX, ("input", "kernel_size", "stride", "padding", "ceil_mode")),
    "torch.nn.functional.avg_pool3d": Function(MIX, ("input", "kernel_size", "stride", "padding", "ceil_mode")),
    "torch.nn.functional.max_pool1d": Function(MIX, ("input", "kernel_size", "stride", "padding", "dilation")),
    "torch.nn.functional.max_pool2d": Function(MIX, ("input", "kernel_size", "stride", "padding", "dilation")),
    "torch.nn.functional.max_pool3d": Function(MIX, ("input", "kernel_size", "stride", "padding", "dilation")),
    "torch.nn.functional.adaptive_avg_pool1d": Function(MIX, ("input", "output_size")),
    "torch.nn.functional.adaptive_avg_pool2d": Function(MIX, ("input", "output_size")),
    "torch.nn.functional.adaptive_avg_pool3d": Function(MIX, ("input", "output_size")),
    "torch.nn.functional.adaptive_max_pool1d": Function(MIX, ("input", "output_size", "return_indices")),
    "torch.nn.functional.adaptive_max_pool2d": Function(MIX, ("input", "output_size", "return_indices")),
    "torch.nn.functional.adaptive_max_pool3d": Function(MIX, ("input", "output_size", "return_indices")),
    "torch.nn.functional.lp_pool1d": Function(MIX, ("input", "norm_type", "kernel_size", "stride", "ceil_mode")),
    "torch.nn.functional.lp_pool2d": Function(MIX, ("input", "norm_type", "kernel_size", "stride", "ceil_mode")),
    "torch.nn.functional.lp_pool3d": Function(MIX, ("input", "norm_type", "kernel_size", "stride", "ceil_mode")),
    "torch.nn.functional.fractional_max_pool2d": Function(MIX, ("input", "kernel_size", "output_size", "output_ratio")),
    "torch.nn.functional.fractional_max_pool3d": Function(MIX, ("input", "kernel_size", "output_size", "output_ratio")),
    "torch.nn.functional.max_unpool1d": Function(MIX, ("input", "indices", "kernel_size", "stride", "padding", "output_size")),
    "torch.nn.functional.max_unpool2d": Function(MIX, ("input", "indices", "kernel_size", "stride", "padding", "output_size")),
    "torch.nn.functional.max_unpool3d": Function(MIX, ("input", "indices", "kernel_size", "stride", "padding", "output_size")),
    "torch.nn.functional.pad": Function(MIX, ("input", "pad", "mode", "value")),
    "torch.nn.functional.interpolate": Function(MIX, ("input", "size", "scale_factor", "mode", "align_corners")),
    "torch.nn.functional.upsample": Function(MIX, ("input", "size", "scale_factor", "mode", "align_corners")),
    "torch.nn.functional.upsample_nearest": Function(MIX, ("input", "size", "scale_factor")),
    "torch.nn.functional.upsample_bilinear": Function(MIX, ("input", "size", "scale_factor")),
    "torch.nn.functional.grid_sample": Function(MIX, ("input", "grid", "mode", "padding_mode", "align_corners")),
    "torch.nn.functional.unfold": Function(MIX, ("input", "kernel_size", "dilation", "padding", "stride")),
    "torch.nn.functional.fold": Function(MIX, ("input", "output_size", "kernel_size", "dilation", "padding", "stride")),
    "torch.nn.functional.max_pool1d_with_indices": Function(MIX, ("input", "kernel_size", "stride", "padding", "dilation"), first=True),
    "torch.nn.functional.max_pool2d_with_indices": Function(MIX, ("input", "kernel_size", "stride", "padding", "dilation"), first=True),
    "torch.nn.functional.max_pool3d_with_indices": Function(MIX, ("input", "kernel_size", "stride", "padding", "dilation"), first=True),
    "torch.nn.functional.adaptive_max_pool1d_with_indices": Function(MIX, ("input", "output_size", "return_indices"), first=True),
    "torch.nn.functional.adaptive_max_pool2d_with_indices": Function(MIX, ("input", "output_size", "return_indices"), first=True),
    "torch.nn.functional.adaptive_max_pool3d_with_indices": Function(MIX, ("input", "output_size", "return_indices"), first=True),
    "torch.nn.functional.pixel_shuffle": Function(KEEP, ("input", "upscale_factor")),
    "torch.nn.functional.pixel_unshuffle": Function(KEEP, ("input", "downscale_factor")),
    "torch.nn.functional.channel_shuffle": Function(KEEP, ("input", "groups")),
    "torch.nn.functional.affine_grid": Function(ARITHMETIC, ("theta", "size", "align_corners")),
    "torch.nn.functional.pairwise_distance": Function(ARITHMETIC, ("x1", "x2", "p", "eps", "keepdim"), operation="norm", guarded=True),
    "torch.nn.functional.pdist": Function(ARITHMETIC, ("input", "p"), operation="norm", guarded=True),
    "torch.nn.functional.cosine_similarity": Function(ARITHMETIC, ("x1", "x2", "dim", "eps"), guarded=True),
    # The same in torch itself
    "torch.relu": Function(ACTIVATE, ("input",), kind=Kind.RECTIFIED),
    "torch.sigmoid": Function(ACTIVATE, ("input",), kind=Kind.SIGMOID),
    "torch.tanh": Function(ACTIVATE, ("input",), kind=Kind.TANH),
    "torch.softmax": Function(ACTIVATE, ("input", "dim"), kind=Kind.SOFTMAX, axis="dim"),
    "torch.log_softmax": Function(ACTIVATE, ("input", "dim"), kind=Kind.LOG_SOFTMAX, axis="dim"),
    "torch.selu": Function(ACTIVATE, ("input",)),
    "torch.celu": Function(ACTIVATE, ("input",)),
    "torch.prelu": Function(ACTIVATE, ("input", "weight")),
    "torch.rrelu": Function(ACTIVATE, ("input", "lower", "upper", "training")),
    "torch.hardshrink": Function(ACTIVATE, ("input", "lambd")),
    "torch.threshold": Function(ACTIVATE, ("input", "threshold", "value")),
    "torch.conv1d": CONV,
    "torch.conv2d": CONV,
    "torch.conv3d": CONV,
    "torch.conv_transpose1d": CONV_TRANSPOSE,
    "torch.conv_transpose2d": CONV_TRANSPOSE,
    "torch.conv_transpose3d": CONV_TRANSPOSE,
    "torch.bilinear": Function(WEIGH, ("input1", "input2", "weight", "bias")),
    "torch.layer_norm": Function(NORMALIZE, ("input", "normalized_shape", "weight", "bias", "eps")),
    "torch.group_norm": Function(NORMALIZE, ("input", "num_groups", "weight", "bias", "eps")),
    "torch.rms_norm": Function(NORMALIZE, ("input", "normalized_shape", "weight", "eps")),
    "torch.batch_norm": Function(BATCH_NORM, TORCH_BATCH, mode="training"),
    "torch.dropout": TORCH_DROP,
    "torch.alpha_dropout": TORCH_DROP,
    "torch.feature_dropout": TORCH_DROP,
    "torch.feature_alpha_dropout": TORCH_DROP,
    "torch.avg_pool1d": Function(MIX, ("input", "kernel_size", "stride", "padding", "ceil_mode")),
    "torch.adaptive_avg_pool1d": Function(MIX, ("input", "output_size")),
    "torch.max_pool1d": Function(MIX, ("input", "kernel_size", "stride", "padding", "dilation")),
    "torch.max_pool2d": Function(MIX, ("input", "kernel_size", "stride", "padding", "dilation")),
    "torch.max_pool3d": Function(MIX, ("input", "kernel_size", "stride", "padding", "dilation")),
    # Sparse tensors
    "torch.sparse_coo_tensor": Function(ARITHMETIC, ("indices", "values", "size")),
    "torch.sparse.mm": Function(ARITHMETIC, ("mat1", "mat2"), operation="matmul"),
    "torch.sparse.sum": Function(ARITHMETIC, ("input", "dim"), operation="sum"),
    # Sequences
    "torch.nn.utils.rnn.pad_sequence": Function(COLLECT, ("sequences", "batch_first", "padding_value")),
    "torch.nn.utils.rnn.pack_sequence": Function(PACK, ("sequences", "enforce_sorted")),
    "torch.nn.utils.rnn.pack_padded_sequence": Function(PACK, ("input", "lengths", "batch_first", "enforce_sorted")),
    "torch.nn.utils.rnn.pad_packed_sequence": Function(KEEP, ("sequence", "batch_first", "padding_value"), first=True),
    "torch.nn.utils.rnn.unpack_sequence": Function(KEEP, ("packed_sequences",)),
    "torch.nn.utils.rnn.unpad_sequence": Function(KEEP, ("padded_sequences", "lengths", "batch_first")),
    "torch.nn.utils.parameters_to_vector": Function(COLLECT, ("parameters",)),
    # Initialization
    "torch.nn.init.zeros_": Function(IN_PLACE_FILL, ("tensor",), operation="zeros"),
    "torch.nn.init.ones_": Function(IN_PLACE_FILL, ("tensor",), operation="ones"),
    "torch.nn.init.constant_": Function(IN_PLACE_FILL, ("tensor", "val"), operation="constant"),
    "torch.nn.init.uniform_": Function(IN_PLACE_FILL, ("tensor", "a", "b"), operation="uniform"),
    "torch.nn.init.normal_": Function(IN_PLACE_FILL, ("tensor", "mean", "std"), operation="normal"),
    "torch.nn.init.trunc_normal_": Function(IN_PLACE_FILL, ("tensor", "mean", "std", "a", "b"), operation="normal"),
    "torch.nn.init.xavier_uniform_": Function(IN_PLACE_FILL, ("tensor", "gain"), operation="xavier"),
    "torch.nn.init.xavier_normal_": Function(IN_PLACE_FILL, ("tensor", "gain"), operation="xavier"),
    "torch.nn.init.kaiming_uniform_": Function(IN_PLACE_FILL, ("tensor", "a", "mode", "nonlinearity"), operation="kaiming"),
    "torch.nn.init.kaiming_normal_": Function(IN_PLACE_FILL, ("tensor", "a", "mode", "nonlinearity"), operation="kaiming"),
    "torch.nn.init.orthogonal_": Function(IN_PLACE_FILL, ("tensor", "gain"), operation="orthogonal"),
    "torch.nn.init.eye_": Function(IN_PLACE_FILL, ("tensor",), operation="eye"),
    "torch.nn.init.dirac_": Function(IN_PLACE_FILL, ("tensor", "groups"), operation="eye"),
    "torch.nn.init.sparse_": Function(IN_PLACE_FILL, ("tensor", "sparsity", "std"), operation="normal"),
    "torch.nn.init.constant": Function(IN_PLACE_FILL, ("tensor", "val"), operation="constant"),
    "torch.nn.init.uniform": Function(IN_PLACE_FILL, ("tensor", "a", "b"), operation="uniform"),
    "torch.nn.init.normal": Function(IN_PLACE_FILL, ("tensor", "mean", "std"), operation="normal"),
    "torch.nn.init.xavier_uniform": Function(IN_PLACE_FILL, ("tensor", "gain"), operation="xavier"),
    "torch.nn.init.xavier_normal": Function(IN_PLACE_FILL, ("tensor", "gain"), operation="xavier"),
    "torch.nn.init.kaiming_uniform": Function(IN_PLACE_FILL, ("tensor", "a", "mode", "nonlinearity"), operation="kaiming"),
    "torch.nn.init.kaiming_normal": Function(IN_PLACE_FILL, ("tensor", "a", "mode", "nonlinearity"), operation="kaiming"),
    "torch.nn.init.orthogonal": Function(IN_PLACE_FILL, ("tensor", "gain"), operation="orthogonal"),
    "torch.nn.init.eye": Function(IN_PLACE_FILL, ("tensor",), operation="eye"),
    "timm.layers.trunc_normal_": Function(IN_PLACE_FILL, ("tensor", "mean", "std", "a", "b"), operation="normal"),
    # Other libraries
    "timm.layers.drop_path": Function(
        DROPOUT, ("x", "drop_prob", "training"), probability="drop_prob", mode="training", mode_default=False
    ),
    "torchvision.ops.stochastic_depth": Function(
        DROPOUT, ("input", "p", "mode", "training"), probability="p", mode="training", mode_default=True
    ),
    "torchvision.ops.box_iou": Function(ARITHMETIC, ("boxes1", "boxes2")),
    "torchvision.ops.generalized_box_iou": Function(ARITHMETIC, ("boxes1", "boxes2")),
    "torchvision.ops.box_convert": Function(ARITHMETIC, ("boxes", "in_fmt", "out_fmt")),
    "torchvision.ops.box_area": Function(ARITHMETIC, ("boxes",)),
    "torchvision.ops.clip_boxes_to_image": Function(ARITHMETIC, ("boxes", "size")),
    "torchvision.ops.roi_align": Function(ARITHMETIC, ("input", "boxes", "output_size", "spatial_scale", "sampling_ratio", "aligned")),
    "torchvision.ops.roi_pool": Function(ARITHMETIC, ("input", "boxes", "output_size", "spatial_scale")),
    "torchvision.ops.nms": Function(DISCRETE, ("boxes", "scores", "iou_threshold")),
    "torchvision.ops.batched_nms": Function(DISCRETE, ("boxes", "scores", "idxs", "iou_threshold")),
    "torchvision.utils.make_grid": Function(CUT, ("tensor", "nrow", "padding", "normalize")),
    "einops.rearrange": Function(KEEP, ("tensor", "pattern")),
    "einops.repeat": Function(KEEP, ("tensor", "pattern")),
    "einops.reduce": Function(ARITHMETIC, ("tensor", "pattern", "reduction")),
    "einops.einsum": Function(ARITHMETIC, ("*tensors_and_pattern",), operation="matmul"),
    "torch_geometric.nn.global_mean_pool": Function(MIX, ("x", "batch")),
    "torch_geometric.nn.global_max_pool": Function(MIX, ("x", "batch")),
    "torch_geometric.nn.global_add_pool": Function(ARITHMETIC, ("x", "batch"), operation="sum"),
    "torch_scatter.scatter": Function(ARITHMETIC, ("src", "index", "dim")),
    "torch_scatter.scatter_add": Function(ARITHMETIC, ("src", "index", "dim"), operation="sum"),
    "torch_scatter.scatter_mean": Function(ARITHMETIC, ("src", "index", "dim"), operation="mean"),
}
