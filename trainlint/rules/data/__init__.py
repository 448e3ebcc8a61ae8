"""Rules about what is fed to the network."""
