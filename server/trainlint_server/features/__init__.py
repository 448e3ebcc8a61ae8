"""One module for each feature of the protocol; `register` adds it to a server."""
