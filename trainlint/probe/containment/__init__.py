"""Lets a user's program run without leaving traces: writes thrown away, no network, limits, nothing left behind.

`running.contained` starts a `supervisor`, a small process of our own interpreter, which starts the program in the strongest
enclosure that the kernel grants and watches over it:

1. `namespaces`: user, mount, process, network and IPC namespaces of its own. All file systems are seen through overlays whose
   upper layers lie in memory and go away with them; child processes are free to run, since nothing outlives the namespace.
2. Landlock (`landlock`), where namespaces are refused: the kernel lets the program write into a scratch folder alone. The agent
   in the program redirects what Python writes to that folder, and refuses deletes, child processes and network connections.
3. the agent's redirections and refusals alone, where the kernel grants neither.

This contains accidents and carelessness. It is no security sandbox: what means to get out of 3 gets out, in 1 and 2 the program
still reads whatever its user may read, and a mistake in the kernel opens them.
"""
