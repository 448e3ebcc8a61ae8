"""Images: where they are read, and what turns them into other images. OpenCV, PIL, imageio, scikit-image, SciPy."""

from trainlint.knowledge.facts import Effect, Function, Kind, Make

ACTIVATE = Effect.ACTIVATE
ARITHMETIC = Effect.ARITHMETIC
ARRAY = Effect.ARRAY
KEEP = Effect.KEEP
RAW_IMAGE = Effect.RAW_IMAGE
UNIT = Effect.UNIT

FILTER = Function(KEEP, ("src",))
IMREAD = Function(RAW_IMAGE, ("uri",))

IMAGES: dict[str, Function | Make] = {
    # Readers
    "PIL.Image.effect_noise": Function(RAW_IMAGE, ("size", "sigma")),
    "PIL.Image.new": Function(RAW_IMAGE, ("mode", "size", "color")),
    "PIL.Image.open": Function(RAW_IMAGE, ("fp", "mode")),
    "cv2.imread": Function(RAW_IMAGE, ("filename", "flags")),
    "cv2.imdecode": Function(RAW_IMAGE, ("buf", "flags")),
    "imageio.imread": IMREAD,
    "imageio.v2.imread": IMREAD,
    "imageio.v3.imread": IMREAD,
    "skimage.io.imread": Function(RAW_IMAGE, ("fname", "as_gray")),
    "scipy.misc.imread": Function(RAW_IMAGE, ("name", "flatten", "mode")),
    "scipy.ndimage.imread": Function(RAW_IMAGE, ("fname", "flatten", "mode")),
    "torchvision.io.read_image": Function(RAW_IMAGE, ("path", "mode")),
    "torchvision.io.decode_image": Function(RAW_IMAGE, ("input", "mode")),
    "torchvision.io.decode_jpeg": Function(RAW_IMAGE, ("input", "mode")),
    "torchvision.io.decode_png": Function(RAW_IMAGE, ("input", "mode")),
    "torchvision.io.read_video": Function(RAW_IMAGE, ("filename",), first=True),
    "torchvision.datasets.folder.default_loader": Function(RAW_IMAGE, ("path",)),
    "torchvision.datasets.folder.pil_loader": Function(RAW_IMAGE, ("path",)),
    # PIL: methods of an image are those of an array or none at all
    "PIL.Image.fromarray": Function(KEEP, ("obj", "mode")),
    "PIL.ImageOps.exif_transpose": Function(KEEP, ("image",)),
    "PIL.ImageOps.fit": Function(KEEP, ("image", "size")),
    "PIL.ImageOps.expand": Function(KEEP, ("image", "border", "fill")),
    "PIL.ImageOps.flip": Function(KEEP, ("image",)),
    "PIL.ImageOps.mirror": Function(KEEP, ("image",)),
    "PIL.ImageOps.invert": Function(KEEP, ("image",)),
    "PIL.ImageOps.grayscale": Function(KEEP, ("image",)),
    "PIL.ImageOps.equalize": Function(KEEP, ("image", "mask")),
    "PIL.ImageOps.autocontrast": Function(KEEP, ("image", "cutoff")),
    # OpenCV
    "cv2.cvtColor": Function(KEEP, ("src", "code")),
    "cv2.resize": Function(KEEP, ("src", "dsize")),
    "cv2.flip": Function(KEEP, ("src", "flipCode")),
    "cv2.rotate": Function(KEEP, ("src", "rotateCode")),
    "cv2.copyMakeBorder": FILTER,
    "cv2.blur": FILTER,
    "cv2.GaussianBlur": FILTER,
    "cv2.medianBlur": FILTER,
    "cv2.bilateralFilter": FILTER,
    "cv2.equalizeHist": FILTER,
    "cv2.erode": FILTER,
    "cv2.dilate": FILTER,
    "cv2.warpAffine": Function(KEEP, ("src", "M", "dsize")),
    "cv2.warpPerspective": Function(KEEP, ("src", "M", "dsize")),
    "cv2.remap": FILTER,
    "cv2.merge": Function(Effect.COLLECT, ("mv",)),
    "cv2.split": Function(KEEP, ("m",)),
    # scikit-image: most of it works in 0–1, which depends on the dtype that comes in; only what always scales is here
    "skimage.img_as_float": Function(UNIT, ("image",)),
    "skimage.img_as_float32": Function(UNIT, ("image",)),
    "skimage.util.img_as_float": Function(UNIT, ("image",)),
    "skimage.util.img_as_float32": Function(UNIT, ("image",)),
    "skimage.transform.resize": Function(UNIT, ("image", "output_shape")),
    "skimage.transform.rescale": Function(UNIT, ("image", "scale")),
    "skimage.transform.rotate": Function(UNIT, ("image", "angle")),
    "skimage.color.rgb2gray": Function(UNIT, ("rgb",)),
    "skimage.color.gray2rgb": Function(KEEP, ("image",)),
    # SciPy
    "scipy.special.softmax": Function(ACTIVATE, ("x", "axis"), kind=Kind.SOFTMAX, axis="axis"),
    "scipy.special.log_softmax": Function(ACTIVATE, ("x", "axis"), kind=Kind.LOG_SOFTMAX, axis="axis"),
    "scipy.special.expit": Function(ACTIVATE, ("x",), kind=Kind.SIGMOID),
    "scipy.special.logsumexp": Function(ARITHMETIC, ("a", "axis"), guarded=True),
    "scipy.ndimage.zoom": Function(KEEP, ("input", "zoom")),
    "scipy.ndimage.rotate": Function(KEEP, ("input", "angle")),
    "scipy.ndimage.gaussian_filter": Function(KEEP, ("input", "sigma")),
    # transformers' and Keras' readers
    "keras.utils.load_img": Function(RAW_IMAGE, ("path",)),
    "keras.utils.img_to_array": Function(ARRAY, ("img",)),
    "transformers.image_utils.load_image": Function(RAW_IMAGE, ("image",)),
}
