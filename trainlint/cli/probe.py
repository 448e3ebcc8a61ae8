"""`trainlint probe`: runs a few real steps of a training program and says which findings truly happen."""

import argparse
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trainlint.probe.interpreters import Interpreter
    from trainlint.probe.probing import ProbeReport
    from trainlint.probe.runner import Program, Request

DESCRIPTION = """\
Runs the program unedited, in a process of its own, observes some steps and an evaluation, stops it, and says for each finding
whether its mechanism was seen at work. Everything after SCRIPT belongs to the script. What the program writes is thrown away,
the network is closed to it, and time and memory are limited; this contains accidents and is no security sandbox.

Exit status: 0 nothing confirmed; 1 something confirmed; 2 wrong usage, or no step observed; 130 interrupted (Ctrl-C)."""

_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
_OTHER_FRAMEWORKS = {"keras": "Keras", "tensorflow": "TensorFlow", "jax": "JAX", "mxnet": "MXNet", "paddle": "PaddlePaddle"}
_OF_PYTORCH = frozenset({"accelerate", "fastai", "ignite", "lightning", "transformers"})


def add_to(commands: Any) -> None:
    """Adds the command to the command line."""
    parser = commands.add_parser(
        "probe",
        help="run a few real steps of a program and judge what happens",
        description=DESCRIPTION,
        usage="trainlint probe [options] SCRIPT|-m MODULE|NOTEBOOK.ipynb [arguments of the script]",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("script", nargs=argparse.REMAINDER, metavar="SCRIPT", help="the program, and its own arguments")
    parser.add_argument("-m", dest="module", nargs=argparse.REMAINDER, metavar="MODULE", help="run a module, as `python -m` does")
    parser.add_argument("--python", metavar="PATH", help="the interpreter; by default the one that the program would be run with")
    parser.add_argument("--steps", type=_positive, default=40, metavar="K", help="optimizer steps to observe (40)")
    parser.add_argument("--timeout", type=_seconds, default=120.0, metavar="SECONDS", help="for everything together (120)")
    parser.add_argument("--memory-limit", type=_size, default=8 << 30, metavar="SIZE", help="for all processes of the program (8G)")
    parser.add_argument(
        "--device", choices=("cpu", "cuda"), help="where it runs; by default CUDA where the program asks for it and there is one"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of all randomness (0)")
    parser.add_argument("--select", metavar="RULES", action="extend", type=_words, help="judge these rules alone")
    parser.add_argument("--preview", action="store_true", default=None, help="judge the rules in preview as well")
    parser.add_argument("--no-counterfactual", action="store_true", help="do not measure what the faults cost")
    parser.add_argument("--overfit", action="store_true", help="also train on one batch alone, which any sound program can learn")
    parser.add_argument("--synthetic-data", choices=("auto", "never", "always"), default="auto", help="stand-ins for data that are missing")
    parser.add_argument("--allow-network", action="store_true", help="let the program use the network")
    parser.add_argument("--output-format", choices=("full", "json"), default="full", help="what the report looks like (full)")
    parser.add_argument("--report", type=Path, metavar="FILE.html", help="also write a page with curves, which needs trainlint[probe]")
    parser.add_argument("-v", "--verbose", action="store_true", help="show what the program printed last")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Probes, prints, and judges the result."""
    started = time.monotonic()
    from trainlint.cli.probe_display import Display
    from trainlint.probe.interpreters import interpreter_for
    from trainlint.probe.probing import probe
    from trainlint.probe.ranks import alone, is_first, world_size
    from trainlint.probe.runner import Request
    from trainlint.settings.resolution import Resolution

    program = _program(options)
    if not is_first(os.environ):
        return 0
    _check_report(options.report)
    _check_framework(program)
    interpreter = interpreter_for(program.script.parent, options.python, os.environ, patience=options.timeout / 4)
    program = _with_interpreter(program, interpreter)
    request = Request(
        steps=options.steps,
        seed=options.seed,
        memory=options.memory_limit,
        device=options.device,
        synthetic_data=options.synthetic_data,
        allow_network=options.allow_network,
        overfit=options.overfit,
        environment=alone(os.environ),
        processes=world_size(os.environ),
    )
    given = {"select": tuple(options.select) if options.select else None, "preview": options.preview}
    resolution = Resolution.of_command_line([], isolated=False, **{key: value for key, value in given.items() if value is not None})
    for_programs = options.output_format == "json"
    _begin(program, interpreter, request, options.timeout, to_error=for_programs)
    with Display(sys.stderr, options.steps, started=started, timeout=options.timeout) as display:
        report = probe(
            program,
            interpreter,
            request,
            resolution,
            timeout=options.timeout,
            started=started,
            counterfactual=not options.no_counterfactual,
            watch=display.watch,
        )
    return _end(report, options)


def _begin(program: "Program", interpreter: "Interpreter", request: "Request", timeout: float, *, to_error: bool) -> None:
    named = f"-m {program.module}" if program.module else program.shown
    found = interpreter.found if " " in interpreter.found else f"from {interpreter.found}"
    line = f"probing {named} with {interpreter.path} ({found}): {request.steps} steps, {timeout:.0f} s at most in all"
    print(line, file=sys.stderr if to_error else sys.stdout, flush=True)


def _end(report: "ProbeReport", options: argparse.Namespace) -> int:
    from trainlint.probe.unstepped import why_nothing
    from trainlint.reporting.terminal import Terminal
    from trainlint.verdicts import Outcome

    if options.output_format == "json":
        from trainlint.probe.rows import json_object

        print(json_object(report))
    else:
        from trainlint.probe.telling import told

        for line in told(report, Terminal.of(sys.stdout)):
            print(line)
    if options.report is not None:
        from trainlint.probe.report.page import write_page

        write_page(report, options.report)
        print(f"the report is in {options.report}", file=sys.stderr)
    confirmed = report.count(Outcome.CONFIRMED)
    printed = report.observed.outcome.legible[-4000:].removesuffix("\n")
    if printed and (options.verbose or (not report.steps and not confirmed)):
        print(printed, file=sys.stderr)
    if not report.steps:
        print(f"trainlint: no step was observed: {why_nothing(report.observed, report.program)}", file=sys.stderr)
    if confirmed:
        return 1
    return 0 if report.steps else 2


def _program(options: argparse.Namespace) -> "Program":
    from trainlint.engine.usage import UsageError
    from trainlint.probe.runner import Program
    from trainlint.source.reading import SUFFIX

    words = list(options.script)
    if options.module is not None:
        if not options.module:
            raise UsageError("`-m` needs the name of a module")
        name, *arguments = list(options.module) + words  # argparse takes a `--` after it, and what follows, for the script's
        script = _module_file(name)
        return Program(script, _own(arguments), "", Path.cwd(), os.fspath(script), name)
    if words[:1] == ["--"]:
        del words[0]
    if not words:
        raise UsageError("`trainlint probe` needs the script that it shall run")
    shown, *arguments = words
    if shown.startswith("-"):
        raise UsageError(f"there is no option `{shown}`; what belongs to the script stands after it")
    script = Path(shown)
    if not script.is_file():
        raise UsageError(f"there is no file `{shown}`")
    folder = script.resolve().parent if script.suffix == SUFFIX else Path.cwd()  # as Jupyter does
    return Program(script.resolve(), _own(arguments), "", folder, shown)


def _check_report(path: Path | None) -> None:
    """Says at once what would else be known at the end alone; UsageError where no report can be written."""
    from importlib.util import find_spec

    from trainlint.engine.usage import UsageError

    if path is None:
        return
    if not path.parent.is_dir() or path.is_dir():
        raise UsageError(f"the report `{path}` cannot be written: {'it is a folder' if path.is_dir() else 'there is no such folder'}")
    missing = [name for name in ("jinja2", "vl_convert") if find_spec(name) is None]
    if missing:
        raise UsageError(f"`--report` needs {' and '.join(missing)}: install trainlint[probe]")


def _check_framework(program: "Program") -> None:
    """UsageError for a program that plainly trains without PyTorch: nothing of it would be seen."""
    from trainlint.bindings.import_graph import ImportGraph
    from trainlint.engine.cache import Cache
    from trainlint.engine.usage import UsageError
    from trainlint.source.reading import UnreadableFile, read
    from trainlint.source.texts import Texts

    try:
        text = read(program.script)
    except UnreadableFile as error:
        raise UsageError(str(error)) from error
    graph = ImportGraph(Cache.open(None, Texts()).facts)
    facts = graph.facts(str(program.script))
    imported = {module.partition(".")[0] for module, _ in facts.imports} if facts is not None else set()
    others = [name for module, name in _OTHER_FRAMEWORKS.items() if module in imported]
    if others and "torch" not in text and imported.isdisjoint(_OF_PYTORCH) and not graph.closure(str(program.script)):
        raise UsageError(f"`{program.shown}` uses {' and '.join(others)}, and the probe watches PyTorch's training loops alone")


def _own(arguments: list[str]) -> tuple[str, ...]:
    return tuple(arguments[1:] if arguments[:1] == ["--"] else arguments)


def _module_file(name: str) -> Path:
    """Where a module lies; nothing is imported to find out, as that would run the packages around it."""
    from trainlint.engine.usage import UsageError

    further = (Path(folder) for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep) if folder)
    for folder in (Path.cwd(), Path.cwd() / "src", *further):
        base = folder.joinpath(*name.split("."))
        for candidate in (base.with_suffix(".py"), base / "__main__.py"):
            if candidate.is_file():
                return candidate.resolve()
    raise UsageError(f"there is no module `{name}` in the current folder, in its `src`, or in PYTHONPATH")


def _with_interpreter(program: "Program", interpreter: "Interpreter") -> "Program":
    from dataclasses import replace

    return replace(program, interpreter=interpreter.path)


def _words(text: str) -> list[str]:
    return [word for word in text.replace(",", " ").split() if word]


def _positive(text: str) -> int:
    if not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"`{text}` is no positive number")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text.removesuffix("s"))
    except ValueError:
        seconds = 0.0
    if not 5 <= seconds <= 86400:
        raise argparse.ArgumentTypeError(f"`{text}` is no number of seconds from 5 to 86400")
    return seconds


def _size(text: str) -> int:
    number, unit = text.upper().removesuffix("B").removesuffix("I"), ""
    if number[-1:] in _UNITS:
        number, unit = number[:-1], number[-1:]
    try:
        size = int(float(number) * _UNITS[unit])
    except ValueError:
        size = 0
    if size < 1 << 28:
        raise argparse.ArgumentTypeError(f"`{text}` is no size from 256M on, such as 8G")
    return size
