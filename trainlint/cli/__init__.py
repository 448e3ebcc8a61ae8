"""The command line, one file for each command. Nothing here knows anything about training."""
