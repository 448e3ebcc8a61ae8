"""The one error that a user of trainlint can make."""


class UsageError(Exception):
    """What was asked for cannot be done; the message is one line and names what to do."""
