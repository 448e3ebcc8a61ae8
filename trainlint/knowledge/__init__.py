"""Facts about libraries, as tables. `library.lookup` is the door."""
