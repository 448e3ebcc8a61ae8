"""Whole networks."""

from trainlint.knowledge.facts import Base, Fact, Harmless, Network

WEIGHTS = ("pretrained", "weights")
BACKBONE = ("pretrained", "weights", "pretrained_backbone", "weights_backbone")
SMP_CALL = ("encoder_name", "encoder_depth", "encoder_weights")

PLAIN = Network(("weights", "progress"), batch_norm=False, dropout=True, pretrained=WEIGHTS, units="num_classes")
"""Dropout, or whole blocks left out at random; no batch norm."""
NORMED = Network(("weights", "progress"), batch_norm=True, dropout=False, pretrained=WEIGHTS, units="num_classes")
BOTH = Network(("weights", "progress"), batch_norm=True, dropout=True, pretrained=WEIGHTS, units="num_classes")
DENSE = Network(("weights", "progress"), batch_norm=True, dropout=None, pretrained=WEIGHTS, units="num_classes")
VIT = Network(("weights", "progress"), batch_norm=False, dropout=None, pretrained=WEIGHTS, units="num_classes")
_SEGMENT_CALL = ("weights", "progress", "num_classes")
SEGMENT = Network(_SEGMENT_CALL, batch_norm=True, dropout=True, pretrained=BACKBONE, pretrained_default=True, units="num_classes")
SEGMENT_LITE = Network(_SEGMENT_CALL, batch_norm=True, dropout=False, pretrained=BACKBONE, pretrained_default=True, units="num_classes")
DETECT = Network(_SEGMENT_CALL, pretrained=BACKBONE, pretrained_default=True, normalizes=True)
SMP = Network(SMP_CALL, pretrained=("encoder_weights",), pretrained_default=True, units="classes")
SMP_DROP = Network(SMP_CALL, dropout=True, pretrained=("encoder_weights",), pretrained_default=True, units="classes")
SMP_PSP = Network(
    ("encoder_name", "encoder_weights", "encoder_depth"),
    dropout=True, pretrained=("encoder_weights",), pretrained_default=True, units="classes",
)  # fmt: skip
_DROPPING = (
    "bert-", "google-bert/", "distilbert", "roberta-", "FacebookAI/", "distilroberta", "xlm-roberta", "camembert", "gpt2",
    "openai-community/gpt2", "distilgpt2", "microsoft/deberta", "google/electra", "facebook/bart", "t5-", "google-t5/", "google/flan-t5",
    "dmis-lab/biobert", "microsoft/codebert", "emilyalsentzer/", "allenai/scibert", "cardiffnlp/twitter-roberta", "vinai/bertweet",
)  # fmt: skip
"""Checkpoints whose configuration drops a tenth; ALBERT's, ViT's and those of newer language models drop nothing."""
FETCHED = Network(
    ("pretrained_model_name_or_path",),
    dropping=_DROPPING, pretrained_default=True, evaluating=True, without_gradients=("generate",),
)  # fmt: skip
BUILT = Network(("config",), without_gradients=("generate",))
EFFICIENT = Network(("model_name",), batch_norm=True, dropout=True, pretrained_default=True, units="num_classes")

NETWORKS: dict[str, Network] = {
    # torchvision
    "torchvision.models.alexnet": PLAIN,
    "torchvision.models.squeezenet1_0": PLAIN,
    "torchvision.models.squeezenet1_1": PLAIN,
    "torchvision.models.vgg11": PLAIN,
    "torchvision.models.vgg13": PLAIN,
    "torchvision.models.vgg16": PLAIN,
    "torchvision.models.vgg19": PLAIN,
    "torchvision.models.vgg11_bn": BOTH,
    "torchvision.models.vgg13_bn": BOTH,
    "torchvision.models.vgg16_bn": BOTH,
    "torchvision.models.vgg19_bn": BOTH,
    "torchvision.models.googlenet": BOTH,
    "torchvision.models.inception_v3": BOTH,
    "torchvision.models.mnasnet0_5": BOTH,
    "torchvision.models.mnasnet0_75": BOTH,
    "torchvision.models.mnasnet1_0": BOTH,
    "torchvision.models.mnasnet1_3": BOTH,
    "torchvision.models.mobilenet_v2": BOTH,
    "torchvision.models.mobilenet_v3_large": BOTH,
    "torchvision.models.mobilenet_v3_small": BOTH,
    "torchvision.models.efficientnet_b0": BOTH,
    "torchvision.models.efficientnet_b1": BOTH,
    "torchvision.models.efficientnet_b2": BOTH,
    "torchvision.models.efficientnet_b3": BOTH,
    "torchvision.models.efficientnet_b4": BOTH,
    "torchvision.models.efficientnet_b5": BOTH,
    "torchvision.models.efficientnet_b6": BOTH,
    "torchvision.models.efficientnet_b7": BOTH,
    "torchvision.models.efficientnet_v2_s": BOTH,
    "torchvision.models.efficientnet_v2_m": BOTH,
    "torchvision.models.efficientnet_v2_l": BOTH,
    "torchvision.models.maxvit_t": BOTH,
    "torchvision.models.resnet18": NORMED,
    "torchvision.models.resnet34": NORMED,
    "torchvision.models.resnet50": NORMED,
    "torchvision.models.resnet101": NORMED,
    "torchvision.models.resnet152": NORMED,
    "torchvision.models.resnext50_32x4d": NORMED,
    "torchvision.models.resnext101_32x8d": NORMED,
    "torchvision.models.resnext101_64x4d": NORMED,
    "torchvision.models.wide_resnet50_2": NORMED,
    "torchvision.models.wide_resnet101_2": NORMED,
    "torchvision.models.shufflenet_v2_x0_5": NORMED,
    "torchvision.models.shufflenet_v2_x1_0": NORMED,
    "torchvision.models.shufflenet_v2_x1_5": NORMED,
    "torchvision.models.shufflenet_v2_x2_0": NORMED,
    "torchvision.models.regnet_y_400mf": NORMED,
    "torchvision.models.regnet_y_800mf": NORMED,
    "torchvision.models.regnet_y_1_6gf": NORMED,
    "torchvision.models.regnet_y_3_2gf": NORMED,
    "torchvision.models.regnet_y_8gf": NORMED,
    "torchvision.models.regnet_y_16gf": NORMED,
    "torchvision.models.regnet_y_32gf": NORMED,
    "torchvision.models.regnet_y_128gf": NORMED,
    "torchvision.models.regnet_x_400mf": NORMED,
    "torchvision.models.regnet_x_800mf": NORMED,
    "torchvision.models.regnet_x_1_6gf": NORMED,
    "torchvision.models.regnet_x_3_2gf": NORMED,
    "torchvision.models.regnet_x_8gf": NORMED,
    "torchvision.models.regnet_x_16gf": NORMED,
    "torchvision.models.regnet_x_32gf": NORMED,
    "torchvision.models.densenet121": DENSE,
    "torchvision.models.densenet161": DENSE,
    "torchvision.models.densenet169": DENSE,
    "torchvision.models.densenet201": DENSE,
    "torchvision.models.convnext_tiny": PLAIN,
    "torchvision.models.convnext_small": PLAIN,
    "torchvision.models.convnext_base": PLAIN,
    "torchvision.models.convnext_large": PLAIN,
    "torchvision.models.swin_t": PLAIN,
    "torchvision.models.swin_s": PLAIN,
    "torchvision.models.swin_b": PLAIN,
    "torchvision.models.swin_v2_t": PLAIN,
    "torchvision.models.swin_v2_s": PLAIN,
    "torchvision.models.swin_v2_b": PLAIN,
    "torchvision.models.vit_b_16": VIT,
    "torchvision.models.vit_b_32": VIT,
    "torchvision.models.vit_l_16": VIT,
    "torchvision.models.vit_l_32": VIT,
    "torchvision.models.vit_h_14": VIT,
    "torchvision.models.video.r3d_18": NORMED,
    "torchvision.models.video.mc3_18": NORMED,
    "torchvision.models.video.r2plus1d_18": NORMED,
    "torchvision.models.video.s3d": BOTH,
    "torchvision.models.video.mvit_v1_b": PLAIN,
    "torchvision.models.video.mvit_v2_s": PLAIN,
    "torchvision.models.video.swin3d_t": PLAIN,
    "torchvision.models.video.swin3d_s": PLAIN,
    "torchvision.models.video.swin3d_b": PLAIN,
    "torchvision.models.segmentation.deeplabv3_resnet50": SEGMENT,
    "torchvision.models.segmentation.deeplabv3_resnet101": SEGMENT,
    "torchvision.models.segmentation.deeplabv3_mobilenet_v3_large": SEGMENT,
    "torchvision.models.segmentation.fcn_resnet50": SEGMENT,
    "torchvision.models.segmentation.fcn_resnet101": SEGMENT,
    "torchvision.models.segmentation.lraspp_mobilenet_v3_large": SEGMENT_LITE,
    "torchvision.models.detection.fasterrcnn_resnet50_fpn": DETECT,
    "torchvision.models.detection.fasterrcnn_resnet50_fpn_v2": DETECT,
    "torchvision.models.detection.fasterrcnn_mobilenet_v3_large_320_fpn": DETECT,
    "torchvision.models.detection.fasterrcnn_mobilenet_v3_large_fpn": DETECT,
    "torchvision.models.detection.fcos_resnet50_fpn": DETECT,
    "torchvision.models.detection.keypointrcnn_resnet50_fpn": DETECT,
    "torchvision.models.detection.maskrcnn_resnet50_fpn": DETECT,
    "torchvision.models.detection.maskrcnn_resnet50_fpn_v2": DETECT,
    "torchvision.models.detection.retinanet_resnet50_fpn": DETECT,
    "torchvision.models.detection.retinanet_resnet50_fpn_v2": DETECT,
    "torchvision.models.detection.ssd300_vgg16": DETECT,
    "torchvision.models.detection.ssdlite320_mobilenet_v3_large": DETECT,
    "torchvision.models.optical_flow.raft_large": NORMED,
    "torchvision.models.optical_flow.raft_small": NORMED,
    "torchvision.models.ResNet": Network(("block", "layers", "num_classes"), batch_norm=True, dropout=False, units="num_classes"),
    "torchvision.models.VGG": Network(("features", "num_classes"), dropout=True, units="num_classes"),
    "torchvision.ops.Conv2dNormActivation": Network(("in_channels", "out_channels"), dropout=False),
    "torchvision.ops.Conv3dNormActivation": Network(("in_channels", "out_channels"), dropout=False),
    "torchvision.ops.MLP": Network(("in_channels", "hidden_channels")),
    "torchvision.ops.FeaturePyramidNetwork": Network(("in_channels_list", "out_channels"), dropout=False),
    "torch.hub.load": Network(("repo_or_dir", "model"), pretrained=WEIGHTS, evaluating=None),
    "torch.jit.load": Network(("f", "map_location"), evaluating=None),
    # timm
    "timm.create_model": Network(("model_name", "pretrained"), pretrained=("pretrained",), units="num_classes"),
    "timm.models.vision_transformer.VisionTransformer": Network(batch_norm=False, units="num_classes"),
    "timm.models.vision_transformer.Block": Network(("dim", "num_heads"), batch_norm=False),
    "timm.models.vision_transformer.Attention": Network(("dim", "num_heads"), batch_norm=False),
    "timm.models.vision_transformer.PatchEmbed": Network(("img_size", "patch_size", "in_chans", "embed_dim")),
    "timm.layers.PatchEmbed": Network(("img_size", "patch_size", "in_chans", "embed_dim")),
    "timm.layers.Mlp": Network(("in_features", "hidden_features", "out_features"), batch_norm=False),
    # Segmentation, medicine, graphs
    "segmentation_models_pytorch.Unet": SMP,
    "segmentation_models_pytorch.UnetPlusPlus": SMP,
    "segmentation_models_pytorch.MAnet": SMP,
    "segmentation_models_pytorch.Linknet": SMP,
    "segmentation_models_pytorch.FPN": SMP_DROP,
    "segmentation_models_pytorch.PSPNet": SMP_PSP,
    "segmentation_models_pytorch.DeepLabV3": SMP_DROP,
    "segmentation_models_pytorch.DeepLabV3Plus": SMP_DROP,
    "segmentation_models_pytorch.PAN": SMP,
    "segmentation_models_pytorch.UPerNet": SMP,
    "segmentation_models_pytorch.Segformer": SMP,
    "segmentation_models_pytorch.DPT": SMP,
    "monai.networks.nets.UNet": Network(("spatial_dims", "in_channels", "out_channels"), units="out_channels"),
    "monai.networks.nets.UNETR": Network(("in_channels", "out_channels"), units="out_channels"),
    "monai.networks.nets.DenseNet121": Network(("spatial_dims", "in_channels", "out_channels"), batch_norm=True, units="out_channels"),
    "torch_geometric.nn.GCN": Network(("in_channels", "hidden_channels", "num_layers", "out_channels")),
    "torch_geometric.nn.GraphSAGE": Network(("in_channels", "hidden_channels", "num_layers", "out_channels")),
    "torch_geometric.nn.GAT": Network(("in_channels", "hidden_channels", "num_layers", "out_channels")),
    "torch_geometric.nn.GIN": Network(("in_channels", "hidden_channels", "num_layers", "out_channels")),
    "torch_geometric.nn.MLP": Network(("channel_list",)),
    "efficientnet_pytorch.EfficientNet.from_pretrained": EFFICIENT,
    "efficientnet_pytorch.EfficientNet.from_name": Network(("model_name",), batch_norm=True, dropout=True, units="num_classes"),
    # transformers
    "transformers.AutoModel.from_pretrained": FETCHED,
    "transformers.AutoModel.from_config": BUILT,
    "transformers.AutoModelForAudioClassification.from_pretrained": FETCHED,
    "transformers.AutoModelForAudioClassification.from_config": BUILT,
    "transformers.AutoModelForCausalLM.from_pretrained": FETCHED,
    "transformers.AutoModelForCausalLM.from_config": BUILT,
    "transformers.AutoModelForImageClassification.from_pretrained": FETCHED,
    "transformers.AutoModelForImageClassification.from_config": BUILT,
    "transformers.AutoModelForMaskedLM.from_pretrained": FETCHED,
    "transformers.AutoModelForMaskedLM.from_config": BUILT,
    "transformers.AutoModelForMultipleChoice.from_pretrained": FETCHED,
    "transformers.AutoModelForMultipleChoice.from_config": BUILT,
    "transformers.AutoModelForObjectDetection.from_pretrained": FETCHED,
    "transformers.AutoModelForObjectDetection.from_config": BUILT,
    "transformers.AutoModelForQuestionAnswering.from_pretrained": FETCHED,
    "transformers.AutoModelForQuestionAnswering.from_config": BUILT,
    "transformers.AutoModelForSemanticSegmentation.from_pretrained": FETCHED,
    "transformers.AutoModelForSemanticSegmentation.from_config": BUILT,
    "transformers.AutoModelForSeq2SeqLM.from_pretrained": FETCHED,
    "transformers.AutoModelForSeq2SeqLM.from_config": BUILT,
    "transformers.AutoModelForSequenceClassification.from_pretrained": FETCHED,
    "transformers.AutoModelForSequenceClassification.from_config": BUILT,
    "transformers.AutoModelForSpeechSeq2Seq.from_pretrained": FETCHED,
    "transformers.AutoModelForSpeechSeq2Seq.from_config": BUILT,
    "transformers.AutoModelForTokenClassification.from_pretrained": FETCHED,
    "transformers.AutoModelForTokenClassification.from_config": BUILT,
}

_TOOLS = ("Config", "Tokenizer", "TokenizerFast", "Processor", "ProcessorFast", "FeatureExtractor", "Arguments", "Collator", "Callback")
_TASKS = (
    "Model", "LMHeadModel", "DoubleHeadsModel", "Embeddings", "Layer", "Attention", "Block", "MLP", "Encoder", "Decoder", "RMSNorm",
)  # fmt: skip


def transformers_class(name: str) -> Fact | None:
    """The fact of a class of transformers, or of its `from_pretrained`, by the name that the library gives such classes."""
    parts = name.split(".")
    owner = parts[1]
    if len(parts) > (3 if parts[-1] in {"from_pretrained", "from_config"} else 2):
        return None
    if owner.endswith("PreTrainedModel"):
        return FETCHED if parts[-1] == "from_pretrained" else Base("torch.nn.Module")
    if owner.startswith(("TF", "Flax")):
        return None
    if owner.endswith(_TOOLS) or owner.startswith("DataCollator"):
        return Harmless()
    if owner.endswith(_TASKS) or (owner[:1].isupper() and "For" in owner[1:]):
        return FETCHED if parts[-1] == "from_pretrained" else BUILT
    return None
