"""How many findings each rule has."""

import json
from collections import Counter
from collections.abc import Iterator

from trainlint.engine.report import Report
from trainlint.findings import Applicability, Finding

_FIXABLE = (Applicability.SAFE, Applicability.UNSAFE)


def statistics(report: Report, *, as_json: bool) -> Iterator[str]:
    """A line for each rule, the most frequent first: count, code, whether all, some or none can be fixed, and name."""
    counts = Counter((finding.code, finding.name) for finding in report.findings)
    fixable = Counter(finding.code for finding in report.findings if _can_be_fixed(finding))
    ordered = sorted(counts.items(), key=lambda counted: (-counted[1], counted[0]))
    if as_json:
        yield json.dumps(
            [{"code": code, "name": name, "count": count, "fixable": fixable[code]} for (code, name), count in ordered], indent=2
        )
        return
    widest = max((len(str(count)) for count in counts.values()), default=0)
    for (code, name), count in ordered:
        mark = "*" if fixable[code] == count else "-" if fixable[code] else " "
        yield f"{count:>{widest}}  {code}  [{mark}]  {name}"


def _can_be_fixed(finding: Finding) -> bool:
    return finding.fix is not None and bool(finding.fix.edits) and finding.fix.applicability in _FIXABLE
