"""Keeps what trainlint finds in each open text up to date: waits for a pause, checks in the worker, drops what is stale."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from trainlint.bindings.importers import imported_names
from trainlint.engine.report import InternalError, Report
from trainlint.engine.session import Session
from trainlint.engine.usage import UsageError
from trainlint.settings.problem import SettingsError
from trainlint.settings.resolution import Resolution
from trainlint_server.documents import LONG_AGO, Document, Documents
from trainlint_server.worker import Worker

DEBOUNCE = 0.15
"""Seconds without an edit after which a text is checked: a little more than there is between two keystrokes."""


@dataclass(frozen=True, slots=True)
class Result:
    """What was found in one version of a text."""

    document: Document
    report: Report


class Superseded(Exception):
    """The text has been edited or closed, so that nobody waits for the check any more."""


class Checker:
    """The newest results, by URI. `tell` is given what went wrong inside of trainlint, once for each thing."""

    def __init__(self, documents: Documents, tell: Callable[[str], None]) -> None:
        self._documents = documents
        self._tell = tell
        self.debounce = DEBOUNCE
        self._told: set[str] = set()
        self._session = Session()
        self._worker = Worker()
        self._results: dict[str, Result] = {}
        self._fixed: dict[str, tuple[Result, Result]] = {}
        """The same with fixes, beside the result that it belongs to."""
        self._running: dict[str, asyncio.Task[Result | None]] = {}
        self._resolution = Resolution()
        self._is_listing_stale = False
        self._generation = 0

    async def result(self, uri: str) -> Result | None:
        """What there is in the newest version of a text, as soon as its author pauses; None where it is not open."""
        key = unquote(uri)
        task = self._running.get(key)
        if task is None:
            task = self._running[key] = asyncio.create_task(self._newest(key))
            task.add_done_callback(lambda _: self._running.pop(key, None))
        return await asyncio.shield(task)

    async def with_fixes(self, uri: str) -> Result | None:
        """As `result`, with the fixes of the findings, which are worked out only when somebody asks for them."""
        while (result := await self.result(uri)) is not None:
            known = self._fixed.get(unquote(uri))
            if known is not None and known[0] is result:
                return known[1]
            report = await self._report(unquote(uri), result.document, fixes=True)
            if report is not None and self._results.get(unquote(uri)) is result:
                fixed = Result(result.document, report)
                self._fixed[unquote(uri)] = result, fixed
                return fixed
        return None

    async def pause(self) -> None:
        """Waits until nobody types."""
        while (rest := self._rest()) > 0:  # noqa: ASYNC110 - it is time that is waited for
            await asyncio.sleep(rest)

    def _rest(self) -> float:
        """Seconds until a pause is long enough."""
        edited = max((document.changed_at for document in self._documents), default=LONG_AGO)
        return edited + self.debounce - asyncio.get_running_loop().time()

    def latest(self, uri: str) -> Result | None:
        """What was found last; it may be about an older version."""
        return self._results.get(unquote(uri))

    def changed(self, document: Document) -> list[Document]:
        """A text was edited: gives the other open texts whose results no longer hold."""
        stale = [other for other in self._documents if other.path != document.path and self._rests_on(other, document)]
        for key in (document.uri, *(other.uri for other in stale)):
            self._forget(key)
        return stale

    def changed_elsewhere(self) -> None:
        """Texts were opened or closed, or files have come, changed or gone: no result is certain any more."""
        self._is_listing_stale = True
        self._generation += 1
        self._results.clear()
        self._fixed.clear()

    def _forget(self, uri: str) -> None:
        self._results.pop(unquote(uri), None)
        self._fixed.pop(unquote(uri), None)

    def _rests_on(self, document: Document, edited: Document) -> bool:
        """Whether what is found in one text may depend on another, as it was or as it is now."""
        result = self.latest(document.uri)
        if result is None or edited.path in result.report.sources:
            return True
        name = document.path.parent.name if document.path.name == "__init__.py" else document.path.stem
        return name in imported_names(edited.text)

    async def _newest(self, key: str) -> Result | None:
        while (document := self._documents.get(key)) is not None:
            known = self._results.get(key)
            if known is not None and known.document is document:
                return known
            if self._rest() > 0:
                await self.pause()
            else:
                await self._check(key, document)
        return None

    async def _check(self, key: str, document: Document) -> None:
        """Checks a version of a text; keeps the result if the version is still the newest."""
        generation = self._generation
        seen = {other.path: other for other in self._documents}
        report = await self._report(key, document)
        if report is None:
            return
        is_stale = any(other is not seen.get(other.path) for other in self._documents if other.path in report.sources)
        if self._documents.get(key) is document and generation == self._generation and not is_stale:
            self._results[key] = Result(document, report)

    async def _report(self, key: str, document: Document, *, fixes: bool = False) -> Report | None:
        """What is found in a version of a text; None where that version is gone."""
        unsaved = self._documents.unsaved()
        refresh, self._is_listing_stale = self._is_listing_stale, False

        def progress(*_: object) -> None:
            if self._documents.get(key) is not document:
                raise Superseded

        def check() -> Report:
            if refresh:
                self._session.files_changed()
                self._resolution = Resolution()
            progress()
            if document.is_deleted:
                return Report()
            roots = [document.root] if document.root else []
            if not document.is_somewhere:
                return self._session.check(document.path, unsaved, progress=progress, most_importers=0, fixes=fixes, again=fixes)
            return self._session.check(document.path, unsaved, roots, self._resolution, progress, fixes=fixes, again=fixes)

        try:
            report = await self._worker.run(check)
        except Superseded:
            return None
        except (SettingsError, UsageError) as error:
            report = Report()
            self._say(str(error))
        except Exception as error:  # noqa: BLE001 - whatever goes wrong with one text, the others are still to be checked
            report = Report()
            self._say(f"{document.path.name} could not be checked: {type(error).__name__}: {error}")
        for failure in report.internal_errors:
            self._say(_line(failure))
        return report

    def _say(self, line: str) -> None:
        if line not in self._told:
            self._told.add(line)
            self._tell(line)


def _line(failure: InternalError) -> str:
    return f"{failure.part} failed on {Path(failure.path).name}: {' '.join(failure.message.split())}"
