"""The language server of trainlint: planned, and not built yet."""
