"""Layers: the classes that networks are built of."""

from trainlint.knowledge.facts import Kind, Layer, Role

_CONV = ("in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation", "groups", "bias", "padding_mode")
_CONV_TRANSPOSE = (
    "in_channels", "out_channels", "kernel_size", "stride", "padding", "output_padding", "groups", "bias", "dilation", "padding_mode",
)  # fmt: skip
_LAZY_CONV = ("out_channels", "kernel_size", "stride", "padding", "dilation", "groups", "bias", "padding_mode")
_LAZY_CONV_TRANSPOSE = ("out_channels", "kernel_size", "stride", "padding", "output_padding", "groups", "bias", "dilation", "padding_mode")
_EMBEDDING = ("num_embeddings", "embedding_dim", "padding_idx", "max_norm", "norm_type", "scale_grad_by_freq", "sparse")
_BAG = ("num_embeddings", "embedding_dim", "max_norm", "norm_type", "scale_grad_by_freq", "mode", "sparse")
_RNN = ("input_size", "hidden_size", "num_layers", "nonlinearity", "bias", "batch_first", "dropout", "bidirectional")
_LSTM = ("input_size", "hidden_size", "num_layers", "bias", "batch_first", "dropout", "bidirectional", "proj_size")
_GRU = ("input_size", "hidden_size", "num_layers", "bias", "batch_first", "dropout", "bidirectional")
_ATTENTION = ("embed_dim", "num_heads", "dropout", "bias", "add_bias_kv", "add_zero_attn", "kdim", "vdim", "batch_first")
_TRANSFORMER = (
    "d_model", "nhead", "num_encoder_layers", "num_decoder_layers", "dim_feedforward", "dropout", "activation",
    "custom_encoder", "custom_decoder", "layer_norm_eps", "batch_first", "norm_first", "bias",
)  # fmt: skip
_TRANSFORMER_LAYER = ("d_model", "nhead", "dim_feedforward", "dropout", "activation", "layer_norm_eps", "batch_first", "norm_first", "bias")
_BATCH_NORM = ("num_features", "eps", "momentum", "affine", "track_running_stats")
_LAZY_NORM = ("eps", "momentum", "affine", "track_running_stats")
_SYNC = ("num_features", "eps", "momentum", "affine", "track_running_stats", "process_group")
_AVG_POOL = ("kernel_size", "stride", "padding", "ceil_mode", "count_include_pad", "divisor_override")
_MAX_POOL = ("kernel_size", "stride", "padding", "dilation", "return_indices", "ceil_mode")
_ENCODER = Layer(Role.TRANSFORMER, _TRANSFORMER_LAYER, "d_model", "d_model", probability="dropout", probability_default=0.1)

LAYERS: dict[str, Layer] = {
    # Linear maps
    "torch.nn.Linear": Layer(Role.LINEAR, ("in_features", "out_features", "bias"), "out_features", "in_features"),
    "torch.nn.LazyLinear": Layer(Role.LINEAR, ("out_features", "bias"), units="out_features"),
    "torch.nn.Bilinear": Layer(Role.LINEAR, ("in1_features", "in2_features", "out_features", "bias"), "out_features", "in1_features"),
    # Convolutions
    "torch.nn.Conv1d": Layer(Role.CONVOLUTION, _CONV, "out_channels", "in_channels"),
    "torch.nn.Conv2d": Layer(Role.CONVOLUTION, _CONV, "out_channels", "in_channels"),
    "torch.nn.Conv3d": Layer(Role.CONVOLUTION, _CONV, "out_channels", "in_channels"),
    "torch.nn.ConvTranspose1d": Layer(Role.CONVOLUTION, _CONV_TRANSPOSE, "out_channels", "in_channels"),
    "torch.nn.ConvTranspose2d": Layer(Role.CONVOLUTION, _CONV_TRANSPOSE, "out_channels", "in_channels"),
    "torch.nn.ConvTranspose3d": Layer(Role.CONVOLUTION, _CONV_TRANSPOSE, "out_channels", "in_channels"),
    "torch.nn.LazyConv1d": Layer(Role.CONVOLUTION, _LAZY_CONV, units="out_channels"),
    "torch.nn.LazyConv2d": Layer(Role.CONVOLUTION, _LAZY_CONV, units="out_channels"),
    "torch.nn.LazyConv3d": Layer(Role.CONVOLUTION, _LAZY_CONV, units="out_channels"),
    "torch.nn.LazyConvTranspose1d": Layer(Role.CONVOLUTION, _LAZY_CONV_TRANSPOSE, units="out_channels"),
    "torch.nn.LazyConvTranspose2d": Layer(Role.CONVOLUTION, _LAZY_CONV_TRANSPOSE, units="out_channels"),
    "torch.nn.LazyConvTranspose3d": Layer(Role.CONVOLUTION, _LAZY_CONV_TRANSPOSE, units="out_channels"),
    # Embeddings
    "torch.nn.Embedding": Layer(Role.EMBEDDING, _EMBEDDING, units="embedding_dim"),
    "torch.nn.EmbeddingBag": Layer(Role.EMBEDDING, _BAG, units="embedding_dim"),
    # Recurrent layers
    "torch.nn.RNN": Layer(Role.RECURRENT, _RNN, "hidden_size", "input_size", probability="dropout"),
    "torch.nn.LSTM": Layer(Role.RECURRENT, _LSTM, "hidden_size", "input_size", probability="dropout"),
    "torch.nn.GRU": Layer(Role.RECURRENT, _GRU, "hidden_size", "input_size", probability="dropout"),
    "torch.nn.RNNCell": Layer(Role.RECURRENT, ("input_size", "hidden_size", "bias", "nonlinearity"), "hidden_size", "input_size"),
    "torch.nn.LSTMCell": Layer(Role.RECURRENT, ("input_size", "hidden_size", "bias"), "hidden_size", "input_size"),
    "torch.nn.GRUCell": Layer(Role.RECURRENT, ("input_size", "hidden_size", "bias"), "hidden_size", "input_size"),
    # Attention
    "torch.nn.MultiheadAttention": Layer(Role.ATTENTION, _ATTENTION, "embed_dim", "embed_dim", probability="dropout"),
    # Transformers
    "torch.nn.Transformer": Layer(Role.TRANSFORMER, _TRANSFORMER, "d_model", "d_model", probability="dropout", probability_default=0.1),
    "torch.nn.TransformerEncoder": Layer(Role.TRANSFORMER, ("encoder_layer", "num_layers", "norm", "enable_nested_tensor", "mask_check")),
    "torch.nn.TransformerDecoder": Layer(Role.TRANSFORMER, ("decoder_layer", "num_layers", "norm")),
    "torch.nn.TransformerEncoderLayer": _ENCODER,
    "torch.nn.TransformerDecoderLayer": _ENCODER,
    # Dropout
    "torch.nn.Dropout": Layer(Role.DROPOUT, ("p", "inplace"), probability="p", probability_default=0.5),
    "torch.nn.Dropout1d": Layer(Role.DROPOUT, ("p", "inplace"), probability="p", probability_default=0.5),
    "torch.nn.Dropout2d": Layer(Role.DROPOUT, ("p", "inplace"), probability="p", probability_default=0.5),
    "torch.nn.Dropout3d": Layer(Role.DROPOUT, ("p", "inplace"), probability="p", probability_default=0.5),
    "torch.nn.AlphaDropout": Layer(Role.DROPOUT, ("p", "inplace"), probability="p", probability_default=0.5),
    "torch.nn.FeatureAlphaDropout": Layer(Role.DROPOUT, ("p", "inplace"), probability="p", probability_default=0.5),
    # Normalization
    "torch.nn.BatchNorm1d": Layer(Role.BATCH_NORM, _BATCH_NORM, inputs="num_features"),
    "torch.nn.BatchNorm2d": Layer(Role.BATCH_NORM, _BATCH_NORM, inputs="num_features"),
    "torch.nn.BatchNorm3d": Layer(Role.BATCH_NORM, _BATCH_NORM, inputs="num_features"),
    "torch.nn.LazyBatchNorm1d": Layer(Role.BATCH_NORM, _LAZY_NORM),
    "torch.nn.LazyBatchNorm2d": Layer(Role.BATCH_NORM, _LAZY_NORM),
    "torch.nn.LazyBatchNorm3d": Layer(Role.BATCH_NORM, _LAZY_NORM),
    "torch.nn.SyncBatchNorm": Layer(Role.BATCH_NORM, _SYNC, inputs="num_features"),
    "torch.nn.LayerNorm": Layer(Role.NORM, ("normalized_shape", "eps", "elementwise_affine", "bias")),
    "torch.nn.GroupNorm": Layer(Role.NORM, ("num_groups", "num_channels", "eps", "affine"), inputs="num_channels"),
    "torch.nn.RMSNorm": Layer(Role.NORM, ("normalized_shape", "eps", "elementwise_affine")),
    "torch.nn.InstanceNorm1d": Layer(Role.NORM, _BATCH_NORM, inputs="num_features"),
    "torch.nn.InstanceNorm2d": Layer(Role.NORM, _BATCH_NORM, inputs="num_features"),
    "torch.nn.InstanceNorm3d": Layer(Role.NORM, _BATCH_NORM, inputs="num_features"),
    "torch.nn.LazyInstanceNorm1d": Layer(Role.NORM, _LAZY_NORM),
    "torch.nn.LazyInstanceNorm2d": Layer(Role.NORM, _LAZY_NORM),
    "torch.nn.LazyInstanceNorm3d": Layer(Role.NORM, _LAZY_NORM),
    "torch.nn.LocalResponseNorm": Layer(Role.NORM, ("size", "alpha", "beta", "k")),
    "torch.nn.CrossMapLRN2d": Layer(Role.NORM, ("size", "alpha", "beta", "k")),
    # Activations
    "torch.nn.ReLU": Layer(Role.ACTIVATION, ("inplace",), kind=Kind.RECTIFIED),
    "torch.nn.ReLU6": Layer(Role.ACTIVATION, ("inplace",), kind=Kind.RECTIFIED),
    "torch.nn.Softplus": Layer(Role.ACTIVATION, ("beta", "threshold"), kind=Kind.POSITIVE),
    "torch.nn.Sigmoid": Layer(Role.ACTIVATION, kind=Kind.SIGMOID),
    "torch.nn.Hardsigmoid": Layer(Role.ACTIVATION, ("inplace",), kind=Kind.SIGMOID),
    "torch.nn.LogSigmoid": Layer(Role.ACTIVATION, kind=Kind.LOG_SIGMOID),
    "torch.nn.Tanh": Layer(Role.ACTIVATION, kind=Kind.TANH),
    "torch.nn.Softsign": Layer(Role.ACTIVATION, kind=Kind.TANH),
    "torch.nn.Softmax": Layer(Role.ACTIVATION, ("dim",), kind=Kind.SOFTMAX, axis="dim"),
    "torch.nn.Softmax2d": Layer(Role.ACTIVATION, kind=Kind.SOFTMAX),
    "torch.nn.Softmin": Layer(Role.ACTIVATION, ("dim",), kind=Kind.SOFTMAX, axis="dim"),
    "torch.nn.LogSoftmax": Layer(Role.ACTIVATION, ("dim",), kind=Kind.LOG_SOFTMAX, axis="dim"),
    "torch.nn.CELU": Layer(Role.ACTIVATION, ("alpha", "inplace")),
    "torch.nn.ELU": Layer(Role.ACTIVATION, ("alpha", "inplace")),
    "torch.nn.GELU": Layer(Role.ACTIVATION, ("approximate",)),
    "torch.nn.GLU": Layer(Role.ACTIVATION, ("dim",)),
    "torch.nn.Hardshrink": Layer(Role.ACTIVATION, ("lambd",)),
    "torch.nn.Hardswish": Layer(Role.ACTIVATION, ("inplace",)),
    "torch.nn.Hardtanh": Layer(Role.ACTIVATION, ("min_val", "max_val", "inplace", "min_value", "max_value")),
    "torch.nn.LeakyReLU": Layer(Role.ACTIVATION, ("negative_slope", "inplace")),
    "torch.nn.Mish": Layer(Role.ACTIVATION, ("inplace",)),
    "torch.nn.PReLU": Layer(Role.ACTIVATION, ("num_parameters", "init")),
    "torch.nn.RReLU": Layer(Role.ACTIVATION, ("lower", "upper", "inplace")),
    "torch.nn.SELU": Layer(Role.ACTIVATION, ("inplace",)),
    "torch.nn.SiLU": Layer(Role.ACTIVATION, ("inplace",)),
    "torch.nn.Softshrink": Layer(Role.ACTIVATION, ("lambd",)),
    "torch.nn.Tanhshrink": Layer(Role.ACTIVATION),
    "torch.nn.Threshold": Layer(Role.ACTIVATION, ("threshold", "value", "inplace")),
    # Pooling
    "torch.nn.AvgPool1d": Layer(Role.POOLING, ("kernel_size", "stride", "padding", "ceil_mode", "count_include_pad")),
    "torch.nn.AvgPool2d": Layer(Role.POOLING, _AVG_POOL),
    "torch.nn.AvgPool3d": Layer(Role.POOLING, _AVG_POOL),
    "torch.nn.MaxPool1d": Layer(Role.POOLING, _MAX_POOL),
    "torch.nn.MaxPool2d": Layer(Role.POOLING, _MAX_POOL),
    "torch.nn.MaxPool3d": Layer(Role.POOLING, _MAX_POOL),
    "torch.nn.AdaptiveAvgPool1d": Layer(Role.POOLING, ("output_size",)),
    "torch.nn.AdaptiveAvgPool2d": Layer(Role.POOLING, ("output_size",)),
    "torch.nn.AdaptiveAvgPool3d": Layer(Role.POOLING, ("output_size",)),
    "torch.nn.AdaptiveMaxPool1d": Layer(Role.POOLING, ("output_size", "return_indices")),
    "torch.nn.AdaptiveMaxPool2d": Layer(Role.POOLING, ("output_size", "return_indices")),
    "torch.nn.AdaptiveMaxPool3d": Layer(Role.POOLING, ("output_size", "return_indices")),
    "torch.nn.LPPool1d": Layer(Role.POOLING, ("norm_type", "kernel_size", "stride", "ceil_mode")),
    "torch.nn.LPPool2d": Layer(Role.POOLING, ("norm_type", "kernel_size", "stride", "ceil_mode")),
    "torch.nn.LPPool3d": Layer(Role.POOLING, ("norm_type", "kernel_size", "stride", "ceil_mode")),
    "torch.nn.FractionalMaxPool2d": Layer(Role.POOLING, ("kernel_size", "output_size", "output_ratio", "return_indices")),
    "torch.nn.FractionalMaxPool3d": Layer(Role.POOLING, ("kernel_size", "output_size", "output_ratio", "return_indices")),
    # Padding and upsampling
    "torch.nn.Upsample": Layer(Role.RESIZE, ("size", "scale_factor", "mode", "align_corners", "recompute_scale_factor")),
    "torch.nn.UpsamplingBilinear2d": Layer(Role.RESIZE, ("size", "scale_factor")),
    "torch.nn.UpsamplingNearest2d": Layer(Role.RESIZE, ("size", "scale_factor")),
    "torch.nn.MaxUnpool1d": Layer(Role.RESIZE, ("kernel_size", "stride", "padding")),
    "torch.nn.MaxUnpool2d": Layer(Role.RESIZE, ("kernel_size", "stride", "padding")),
    "torch.nn.MaxUnpool3d": Layer(Role.RESIZE, ("kernel_size", "stride", "padding")),
    "torch.nn.CircularPad1d": Layer(Role.RESIZE, ("padding",)),
    "torch.nn.CircularPad2d": Layer(Role.RESIZE, ("padding",)),
    "torch.nn.CircularPad3d": Layer(Role.RESIZE, ("padding",)),
    "torch.nn.ConstantPad1d": Layer(Role.RESIZE, ("padding", "value")),
    "torch.nn.ConstantPad2d": Layer(Role.RESIZE, ("padding", "value")),
    "torch.nn.ConstantPad3d": Layer(Role.RESIZE, ("padding", "value")),
    "torch.nn.ReflectionPad1d": Layer(Role.RESIZE, ("padding",)),
    "torch.nn.ReflectionPad2d": Layer(Role.RESIZE, ("padding",)),
    "torch.nn.ReflectionPad3d": Layer(Role.RESIZE, ("padding",)),
    "torch.nn.ReplicationPad1d": Layer(Role.RESIZE, ("padding",)),
    "torch.nn.ReplicationPad2d": Layer(Role.RESIZE, ("padding",)),
    "torch.nn.ReplicationPad3d": Layer(Role.RESIZE, ("padding",)),
    "torch.nn.ZeroPad1d": Layer(Role.RESIZE, ("padding",)),
    "torch.nn.ZeroPad2d": Layer(Role.RESIZE, ("padding",)),
    "torch.nn.ZeroPad3d": Layer(Role.RESIZE, ("padding",)),
    # Other shapes, same numbers
    "torch.nn.Flatten": Layer(Role.RESHAPE, ("start_dim", "end_dim")),
    "torch.nn.Unflatten": Layer(Role.RESHAPE, ("dim", "unflattened_size")),
    "torch.nn.Unfold": Layer(Role.RESHAPE, ("kernel_size", "dilation", "padding", "stride")),
    "torch.nn.PixelShuffle": Layer(Role.RESHAPE, ("upscale_factor",)),
    "torch.nn.PixelUnshuffle": Layer(Role.RESHAPE, ("downscale_factor",)),
    "torch.nn.ChannelShuffle": Layer(Role.RESHAPE, ("groups",)),
    "torch.nn.Identity": Layer(Role.IDENTITY, ("*args",)),
    # Containers
    "torch.nn.Sequential": Layer(Role.SEQUENCE, ("*args",)),
    "torch.nn.ModuleList": Layer(Role.LIST, ("modules",)),
    "torch.nn.ModuleDict": Layer(Role.MAPPING, ("modules",)),
    # The rest
    "torch.nn.ParameterList": Layer(Role.OTHER, ("values",)),
    "torch.nn.ParameterDict": Layer(Role.OTHER, ("parameters",)),
    "torch.nn.Fold": Layer(Role.OTHER, ("output_size", "kernel_size", "dilation", "padding", "stride")),
    "torch.nn.CosineSimilarity": Layer(Role.OTHER, ("dim", "eps")),
    "torch.nn.PairwiseDistance": Layer(Role.OTHER, ("p", "eps", "keepdim")),
    "torch.nn.AdaptiveLogSoftmaxWithLoss": Layer(Role.OTHER, ("in_features", "n_classes", "cutoffs", "div_value", "head_bias")),
    "torch.nn.LinearCrossEntropyLoss": Layer(Role.OTHER, ("in_features", "num_classes", "out_features", "bias")),
    "torch.nn.Embedding.from_pretrained": Layer(Role.EMBEDDING, ("embeddings", "freeze", "padding_idx", "max_norm", "norm_type")),
    "torch.nn.EmbeddingBag.from_pretrained": Layer(Role.EMBEDDING, ("embeddings", "freeze", "max_norm", "norm_type")),
}

_NAMED_CONV = ("in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation", "groups", "bias")
_FUSED_NORM = Layer(Role.NORM, ("normalized_shape", "eps", "elementwise_affine", "memory_efficient"))
_DROP_BLOCK = Layer(Role.DROPOUT, ("p", "block_size", "inplace", "eps"), probability="p")
_DROP_PATH = Layer(Role.DROPOUT, ("drop_prob", "scale_by_keep"), probability="drop_prob")
_NUM_CHANNELS = Layer(Role.NORM, ("num_channels", "eps", "affine"), inputs="num_channels")
_GRAPH = ("in_channels", "out_channels")
_GRAPH_CONV = Layer(Role.CONVOLUTION, _GRAPH, "out_channels", "in_channels")
_HEADS = ("in_channels", "out_channels", "heads", "concat", "negative_slope", "dropout")
_HEADED = Layer(Role.CONVOLUTION, _HEADS, None, "in_channels", probability="dropout")
_APEX_SYNC = ("num_features", "eps", "momentum", "affine", "track_running_stats", "process_group", "channel_last", "fuse_relu")

MORE_LAYERS: dict[str, Layer] = {
    # torchvision
    "torchvision.ops.DeformConv2d": Layer(Role.CONVOLUTION, _NAMED_CONV, "out_channels", "in_channels"),
    "torchvision.ops.FrozenBatchNorm2d": Layer(Role.NORM, ("num_features", "eps"), inputs="num_features"),
    "torchvision.ops.StochasticDepth": Layer(Role.DROPOUT, ("p", "mode"), probability="p"),
    "torchvision.ops.DropBlock2d": _DROP_BLOCK,
    "torchvision.ops.DropBlock3d": _DROP_BLOCK,
    "torchvision.ops.Permute": Layer(Role.RESHAPE, ("dims",)),
    "torchvision.ops.RoIAlign": Layer(Role.OTHER, ("output_size", "spatial_scale", "sampling_ratio", "aligned")),
    "torchvision.ops.RoIPool": Layer(Role.OTHER, ("output_size", "spatial_scale")),
    "torchvision.ops.SqueezeExcitation": Layer(Role.OTHER, ("input_channels", "squeeze_channels", "activation", "scale_activation")),
    # timm, apex, einops
    "timm.layers.DropPath": _DROP_PATH,
    "timm.layers.LayerNorm": _NUM_CHANNELS,
    "timm.layers.LayerNorm2d": _NUM_CHANNELS,
    "timm.layers.SelectAdaptivePool2d": Layer(Role.POOLING, ("output_size", "pool_type", "flatten", "input_fmt")),
    "apex.normalization.FusedLayerNorm": _FUSED_NORM,
    "apex.normalization.FusedRMSNorm": _FUSED_NORM,
    "apex.normalization.MixedFusedLayerNorm": Layer(Role.NORM, ("normalized_shape", "eps")),
    "apex.normalization.MixedFusedRMSNorm": Layer(Role.NORM, ("normalized_shape", "eps")),
    "apex.parallel.SyncBatchNorm": Layer(Role.BATCH_NORM, _APEX_SYNC, inputs="num_features"),
    "einops.layers.torch.Rearrange": Layer(Role.RESHAPE, ("pattern",)),
    "einops.layers.torch.Reduce": Layer(Role.POOLING, ("pattern", "reduction")),
    # Graphs: the first argument of a call is the node features. With several heads the number of units depends on `concat`.
    "torch_geometric.nn.Linear": Layer(Role.LINEAR, ("in_channels", "out_channels", "bias"), "out_channels", "in_channels"),
    "torch_geometric.nn.GCNConv": Layer(Role.CONVOLUTION, (*_GRAPH, "improved", "cached"), "out_channels", "in_channels"),
    "torch_geometric.nn.SAGEConv": Layer(Role.CONVOLUTION, (*_GRAPH, "aggr", "normalize"), "out_channels", "in_channels"),
    "torch_geometric.nn.ChebConv": Layer(Role.CONVOLUTION, (*_GRAPH, "K", "normalization"), "out_channels", "in_channels"),
    "torch_geometric.nn.GraphConv": Layer(Role.CONVOLUTION, (*_GRAPH, "aggr", "bias"), "out_channels", "in_channels"),
    "torch_geometric.nn.TAGConv": Layer(Role.CONVOLUTION, (*_GRAPH, "K", "bias"), "out_channels", "in_channels"),
    "torch_geometric.nn.SGConv": Layer(Role.CONVOLUTION, (*_GRAPH, "K", "cached"), "out_channels", "in_channels"),
    "torch_geometric.nn.ClusterGCNConv": _GRAPH_CONV,
    "torch_geometric.nn.FeaStConv": _GRAPH_CONV,
    "torch_geometric.nn.LEConv": _GRAPH_CONV,
    "torch_geometric.nn.MFConv": _GRAPH_CONV,
    "torch_geometric.nn.RGCNConv": _GRAPH_CONV,
    "torch_geometric.nn.ResGatedGraphConv": _GRAPH_CONV,
    "torch_geometric.nn.GATConv": _HEADED,
    "torch_geometric.nn.GATv2Conv": _HEADED,
    "torch_geometric.nn.TransformerConv": Layer(
        Role.CONVOLUTION, ("in_channels", "out_channels", "heads", "concat", "beta", "dropout"), None, "in_channels", probability="dropout"
    ),
    "torch_geometric.nn.GINConv": Layer(Role.OTHER, ("nn", "eps", "train_eps")),
    "torch_geometric.nn.GINEConv": Layer(Role.OTHER, ("nn", "eps", "train_eps", "edge_dim")),
    "torch_geometric.nn.EdgeConv": Layer(Role.OTHER, ("nn", "aggr")),
    "torch_geometric.nn.BatchNorm": Layer(Role.BATCH_NORM, ("in_channels", "eps", "momentum", "affine"), inputs="in_channels"),
    "torch_geometric.nn.GraphNorm": Layer(Role.NORM, ("in_channels", "eps"), inputs="in_channels"),
}
