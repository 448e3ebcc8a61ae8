"""The language server: what is open, what was found in it, and which features the protocol has for that."""

from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from trainlint import __version__
from trainlint_server.checker import Checker
from trainlint_server.documents import Documents

if TYPE_CHECKING:
    import asyncio

NAME = "trainlint"


class Server(LanguageServer):
    """One session with one client."""

    def __init__(self) -> None:
        super().__init__(NAME, __version__)
        self.documents = Documents()
        self.checker = Checker(self.documents, self.tell)
        self.tasks: set[asyncio.Task[None]] = set()
        """What is being done without anybody waiting for it."""
        self.pushing: set[str] = set()
        """The texts whose newest diagnostics are about to be pushed."""
        self.is_refreshing = False
        self.is_shut_down = False

    def tell(self, line: str) -> None:
        """Writes one line to the log of the client."""
        self.window_log_message(types.LogMessageParams(types.MessageType.Error, line))

    @property
    def pulls(self) -> bool:
        """Whether the client asks for diagnostics. Then none are pushed, or it would show everything twice."""
        text = self.client_capabilities.text_document
        return text is not None and text.diagnostic is not None

    @property
    def can_refresh(self) -> bool:
        """Whether the client can be told to ask again."""
        workspace = self.client_capabilities.workspace
        return bool(workspace and workspace.diagnostics and workspace.diagnostics.refresh_support)
