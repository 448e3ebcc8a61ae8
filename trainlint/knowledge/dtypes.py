"""Types of numbers."""

from trainlint.knowledge.facts import Dtype

DOUBLE = Dtype("float", 64, 11)
SINGLE = Dtype("float", 32, 8)
HALF = Dtype("float", 16, 5)
BRAIN = Dtype("float", 16, 8)
COMPLEX = Dtype("complex", 64)
BOOL = Dtype("bool", 8)
BYTE = Dtype("integer", 8)
SHORT = Dtype("integer", 16)
INT = Dtype("integer", 32)
LONG = Dtype("integer", 64)

DTYPES: dict[str, Dtype] = {
    "torch.float64": DOUBLE,
    "torch.double": DOUBLE,
    "torch.float32": SINGLE,
    "torch.float": SINGLE,
    "torch.float16": HALF,
    "torch.half": HALF,
    "torch.bfloat16": BRAIN,
    "torch.complex64": COMPLEX,
    "torch.cfloat": COMPLEX,
    "torch.bool": BOOL,
    "torch.uint8": BYTE,
    "torch.int8": BYTE,
    "torch.int16": SHORT,
    "torch.short": SHORT,
    "torch.int32": INT,
    "torch.int": INT,
    "torch.int64": LONG,
    "torch.long": LONG,
    "numpy.float64": DOUBLE,
    "numpy.double": DOUBLE,
    "numpy.float32": SINGLE,
    "numpy.single": SINGLE,
    "numpy.float16": HALF,
    "numpy.half": HALF,
    "numpy.complex64": COMPLEX,
    "numpy.bool_": BOOL,
    "numpy.uint8": BYTE,
    "numpy.int8": BYTE,
    "numpy.int16": SHORT,
    "numpy.uint16": SHORT,
    "numpy.int32": INT,
    "numpy.uint32": INT,
    "numpy.int64": LONG,
    "numpy.uint64": LONG,
}
