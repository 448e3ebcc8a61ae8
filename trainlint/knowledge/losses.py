"""Losses: classes, and the functions that are their twins."""

from trainlint.knowledge.facts import Loss, Takes

LOGITS = Takes.LOGITS
LOG_PROBABILITIES = Takes.LOG_PROBABILITIES
BINARY_LOGITS = Takes.BINARY_LOGITS
BINARY_PROBABILITIES = Takes.BINARY_PROBABILITIES
VALUES = Takes.VALUES
OTHER = Takes.OTHER

PAIR = ("input", "target")
TRIPLET = ("anchor", "positive", "negative")
RANKED = ("input1", "input2", "target")
CTC = ("log_probs", "targets", "input_lengths", "target_lengths")
LEGACY = ("size_average", "reduce", "reduction")
"""Every older loss has these, the first two long deprecated."""

LOSSES: dict[str, Loss] = {
    # Classes
    "torch.nn.CrossEntropyLoss": Loss(LOGITS, PAIR, ("weight", "size_average", "ignore_index", "reduce", "reduction", "label_smoothing")),
    "torch.nn.NLLLoss": Loss(LOG_PROBABILITIES, PAIR, ("weight", "size_average", "ignore_index", "reduce", "reduction")),
    "torch.nn.NLLLoss2d": Loss(LOG_PROBABILITIES, PAIR, ("weight", "size_average", "ignore_index", "reduce", "reduction")),
    "torch.nn.BCELoss": Loss(BINARY_PROBABILITIES, PAIR, ("weight", *LEGACY)),
    "torch.nn.BCEWithLogitsLoss": Loss(BINARY_LOGITS, PAIR, ("weight", *LEGACY, "pos_weight")),
    "torch.nn.MultiLabelSoftMarginLoss": Loss(BINARY_LOGITS, PAIR, ("weight", *LEGACY)),
    "torch.nn.MSELoss": Loss(VALUES, PAIR, LEGACY, symmetric=True),
    "torch.nn.L1Loss": Loss(VALUES, PAIR, LEGACY, symmetric=True),
    "torch.nn.SmoothL1Loss": Loss(VALUES, PAIR, (*LEGACY, "beta"), symmetric=True),
    "torch.nn.HuberLoss": Loss(VALUES, PAIR, ("reduction", "delta"), symmetric=True),
    "torch.nn.KLDivLoss": Loss(Takes.DIVERGENCE, PAIR, (*LEGACY, "log_target")),
    "torch.nn.PoissonNLLLoss": Loss(OTHER, ("log_input", "target"), ("log_input", "full", "size_average", "eps", "reduce", "reduction")),
    "torch.nn.GaussianNLLLoss": Loss(OTHER, ("input", "target", "var"), ("full", "eps", "reduction")),
    "torch.nn.CTCLoss": Loss(OTHER, CTC, ("blank", "reduction", "zero_infinity")),
    "torch.nn.MultiMarginLoss": Loss(OTHER, PAIR, ("p", "margin", "weight", *LEGACY)),
    "torch.nn.MultiLabelMarginLoss": Loss(OTHER, PAIR, LEGACY),
    "torch.nn.SoftMarginLoss": Loss(OTHER, PAIR, LEGACY),
    "torch.nn.HingeEmbeddingLoss": Loss(OTHER, PAIR, ("margin", *LEGACY)),
    "torch.nn.MarginRankingLoss": Loss(OTHER, RANKED, ("margin", *LEGACY)),
    "torch.nn.CosineEmbeddingLoss": Loss(OTHER, RANKED, ("margin", *LEGACY)),
    "torch.nn.TripletMarginLoss": Loss(OTHER, TRIPLET, ("margin", "p", "eps", "swap", *LEGACY)),
    "torch.nn.TripletMarginWithDistanceLoss": Loss(OTHER, TRIPLET, ("distance_function", "margin", "swap", "reduction")),
    # Functions
    "torch.nn.functional.cross_entropy": Loss(
        LOGITS, (*PAIR, "weight", "size_average", "ignore_index", "reduce", "reduction", "label_smoothing")
    ),
    "torch.nn.functional.nll_loss": Loss(LOG_PROBABILITIES, (*PAIR, "weight", "size_average", "ignore_index", "reduce", "reduction")),
    "torch.nn.functional.binary_cross_entropy": Loss(BINARY_PROBABILITIES, (*PAIR, "weight", *LEGACY)),
    "torch.nn.functional.binary_cross_entropy_with_logits": Loss(BINARY_LOGITS, (*PAIR, "weight", *LEGACY, "pos_weight")),
    "torch.nn.functional.multilabel_soft_margin_loss": Loss(BINARY_LOGITS, (*PAIR, "weight", *LEGACY)),
    "torch.nn.functional.mse_loss": Loss(VALUES, (*PAIR, *LEGACY), symmetric=True),
    "torch.nn.functional.l1_loss": Loss(VALUES, (*PAIR, *LEGACY), symmetric=True),
    "torch.nn.functional.smooth_l1_loss": Loss(VALUES, (*PAIR, *LEGACY, "beta"), symmetric=True),
    "torch.nn.functional.huber_loss": Loss(VALUES, (*PAIR, "reduction", "delta"), symmetric=True),
    "torch.nn.functional.kl_div": Loss(Takes.DIVERGENCE, (*PAIR, *LEGACY, "log_target")),
    "torch.nn.functional.poisson_nll_loss": Loss(OTHER, (*PAIR, "log_input", "full", "size_average", "eps", "reduce", "reduction")),
    "torch.nn.functional.gaussian_nll_loss": Loss(OTHER, (*PAIR, "var", "full", "eps", "reduction")),
    "torch.nn.functional.ctc_loss": Loss(OTHER, (*CTC, "blank", "reduction", "zero_infinity")),
    "torch.nn.functional.multi_margin_loss": Loss(OTHER, (*PAIR, "p", "margin", "weight", *LEGACY)),
    "torch.nn.functional.multilabel_margin_loss": Loss(OTHER, (*PAIR, *LEGACY)),
    "torch.nn.functional.soft_margin_loss": Loss(OTHER, (*PAIR, *LEGACY)),
    "torch.nn.functional.hinge_embedding_loss": Loss(OTHER, (*PAIR, "margin", *LEGACY)),
    "torch.nn.functional.margin_ranking_loss": Loss(OTHER, (*RANKED, "margin", *LEGACY)),
    "torch.nn.functional.cosine_embedding_loss": Loss(OTHER, (*RANKED, "margin", *LEGACY)),
    "torch.nn.functional.triplet_margin_loss": Loss(OTHER, (*TRIPLET, "margin", "p", "eps", "swap", *LEGACY)),
    "torch.nn.functional.triplet_margin_with_distance_loss": Loss(OTHER, (*TRIPLET, "distance_function", "margin", "swap", "reduction")),
    # torchvision, timm
    "torchvision.ops.sigmoid_focal_loss": Loss(BINARY_LOGITS, ("inputs", "targets", "alpha", "gamma", "reduction")),
    "torchvision.ops.generalized_box_iou_loss": Loss(OTHER, ("boxes1", "boxes2", "reduction", "eps"), symmetric=True),
    "torchvision.ops.distance_box_iou_loss": Loss(OTHER, ("boxes1", "boxes2", "reduction", "eps")),
    "torchvision.ops.complete_box_iou_loss": Loss(OTHER, ("boxes1", "boxes2", "reduction", "eps")),
    "timm.loss.LabelSmoothingCrossEntropy": Loss(LOGITS, ("x", "target"), ("smoothing",)),
    "timm.loss.SoftTargetCrossEntropy": Loss(LOGITS, ("x", "target"), ()),
    "timm.loss.BinaryCrossEntropy": Loss(BINARY_LOGITS, ("x", "target"), ("smoothing", "target_threshold", "weight", "reduction")),
    "timm.loss.AsymmetricLossMultiLabel": Loss(BINARY_LOGITS, ("x", "y"), ("gamma_neg", "gamma_pos", "clip", "eps")),
    "timm.loss.AsymmetricLossSingleLabel": Loss(LOGITS, ("inputs", "target"), ("gamma_pos", "gamma_neg", "eps", "reduction")),
    "timm.loss.JsdCrossEntropy": Loss(OTHER, ("output", "target"), ("num_splits", "alpha", "smoothing")),
    # Segmentation: what they want depends on settings
    "segmentation_models_pytorch.losses.SoftCrossEntropyLoss": Loss(
        LOGITS, ("y_pred", "y_true"), ("reduction", "smooth_factor", "ignore_index", "dim")
    ),
    "segmentation_models_pytorch.losses.SoftBCEWithLogitsLoss": Loss(
        BINARY_LOGITS, ("y_pred", "y_true"), ("weight", "ignore_index", "reduction", "smooth_factor", "pos_weight")
    ),
    "segmentation_models_pytorch.losses.DiceLoss": Loss(
        OTHER, ("y_pred", "y_true"), ("mode", "classes", "log_loss", "from_logits", "smooth", "ignore_index", "eps")
    ),
    "segmentation_models_pytorch.losses.JaccardLoss": Loss(
        OTHER, ("y_pred", "y_true"), ("mode", "classes", "log_loss", "from_logits", "smooth")
    ),
    "segmentation_models_pytorch.losses.TverskyLoss": Loss(
        OTHER, ("y_pred", "y_true"), ("mode", "classes", "log_loss", "from_logits", "smooth", "ignore_index", "eps")
    ),
    "segmentation_models_pytorch.losses.FocalLoss": Loss(OTHER, ("y_pred", "y_true"), ("mode", "alpha", "gamma", "ignore_index")),
    "segmentation_models_pytorch.losses.LovaszLoss": Loss(OTHER, ("y_pred", "y_true"), ("mode", "per_image", "ignore_index")),
    "segmentation_models_pytorch.losses.MCCLoss": Loss(OTHER, ("y_pred", "y_true"), ("eps",)),
    "monai.losses.DiceLoss": Loss(OTHER, PAIR, ("include_background", "to_onehot_y", "sigmoid", "softmax")),
    "monai.losses.MaskedDiceLoss": Loss(OTHER, (*PAIR, "mask"), ("include_background", "to_onehot_y", "sigmoid", "softmax")),
    "monai.losses.GeneralizedDiceLoss": Loss(OTHER, PAIR, ("include_background", "to_onehot_y", "sigmoid", "softmax")),
    "monai.losses.DiceCELoss": Loss(OTHER, PAIR, ("include_background", "to_onehot_y", "sigmoid", "softmax")),
    "monai.losses.DiceFocalLoss": Loss(OTHER, PAIR, ("include_background", "to_onehot_y", "sigmoid", "softmax")),
    "monai.losses.FocalLoss": Loss(OTHER, PAIR, ("include_background", "to_onehot_y", "gamma", "alpha", "weight", "reduction")),
    "monai.losses.TverskyLoss": Loss(OTHER, PAIR, ("include_background", "to_onehot_y", "sigmoid", "softmax")),
}
