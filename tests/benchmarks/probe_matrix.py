"""How often the probe is right on injected faults: `python -m tests.benchmarks.probe_matrix [--seeds 0 1 2] [--rules NAME …] [--out FILE]`.

Right is: confirmed on the faulty program, not reproduced on its twin. Inconclusive counts as wrong, except for rows declared
undecidable beforehand.
"""

# ruff: noqa: T201 - a command prints

import argparse
import json
import random
import sys
from collections import Counter
from pathlib import Path

from tests.probe.forks import Forks
from tests.probe.injections import INJECTIONS, Injection, program
from trainlint.engine.catalogue import find
from trainlint.observations import Observation
from trainlint.verdicts import Outcome

GRAVITY = (Outcome.CONFIRMED, Outcome.INCONCLUSIVE, Outcome.NOT_REPRODUCED)
FAILED = "failed"


def verdict(injection: Injection, observation: Observation | str) -> str:
    """The gravest ruling of the rule's judge."""
    if isinstance(observation, str):
        print(observation, file=sys.stderr)
        return FAILED
    rulings = list(find(injection.rule)().judge(observation))
    outcome = min((ruling.outcome for ruling in rulings), key=GRAVITY.index, default=Outcome.INCONCLUSIVE)
    return outcome.value


def main() -> None:
    """Runs the matrix and prints a 3 × 2 table for each rule."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="*", default=[0, 1, 2])
    parser.add_argument("--rules", nargs="*", default=[])
    parser.add_argument("--sample", action="store_true", help="one architecture for each fault and seed, drawn")
    parser.add_argument("--out")
    options = parser.parse_args()
    forks = Forks()
    drawn = {}
    for number, injection in enumerate(INJECTIONS):
        for seed in options.seeds:
            drawn[number, seed] = random.Random(f"{number} {seed}").choice(injection.architectures)  # noqa: S311 - no secret
    seen: dict[tuple[str, int], Observation | str] = {}
    counts: Counter[tuple[str, bool, str]] = Counter()
    cells: list[dict[str, object]] = []
    for number, injection in enumerate(INJECTIONS):
        if options.rules and injection.rule not in options.rules:
            continue
        for architecture in injection.architectures:
            for seed in options.seeds:
                if options.sample and architecture != drawn[number, seed]:
                    continue
                for faulty in (True, False):
                    text = program(architecture, injection, seed, faulty=faulty)
                    if (text, seed) not in seen:  # many faults have the same twin
                        seen[text, seed] = forks.observation(text, seed=seed)
                    said = verdict(injection, seen[text, seed])
                    counts[injection.rule, faulty, said] += 1
                    right = said == ("confirmed" if faulty else "not reproduced")
                    excused = said == "inconclusive" and bool(injection.undecidable)
                    cells.append(
                        {
                            "rule": injection.rule,
                            "architecture": architecture,
                            "seed": seed,
                            "faulty": faulty,
                            "verdict": said,
                            "right": right,
                        }
                    )
                    if not right and not excused:
                        print(f"  wrong: {injection.rule} {architecture} seed {seed} {'faulty' if faulty else 'twin'}: {said}", flush=True)
    forks.close()
    print(f"{'rule':34} faulty: confirmed inconclusive not-reproduced   twin: confirmed inconclusive not-reproduced")
    for rule in dict.fromkeys(injection.rule for injection in INJECTIONS if not options.rules or injection.rule in options.rules):
        row = [counts[rule, faulty, outcome.value] for faulty in (True, False) for outcome in GRAVITY]
        failed = counts[rule, True, FAILED] + counts[rule, False, FAILED]
        print(f"{rule:34} {row[0]:17} {row[1]:12} {row[2]:14} {row[3]:17} {row[4]:12} {row[5]:14}{f'  {failed} failed' if failed else ''}")
    hits = sum(bool(cell["right"]) for cell in cells)
    wrongly = sum(count for (_, faulty, said), count in counts.items() if said == "confirmed" and not faulty)
    print(f"{hits} of {len(cells)} right ({hits / len(cells):.1%}); confirmed on a twin: {wrongly}")
    if options.out:
        Path(options.out).write_text(json.dumps(cells, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
