"""The probe: runs a few real steps of a training program and says which findings truly happen, and what they cost.

`runner` starts the user's program in a child process, `agent` (the folder beside, loaded there and only there) observes it and
sends an `Observation`, `judging` asks every rule's `judge` about it, `counterfactual` runs edited programs for the cost.

The seam between the runner and the containment has two halves.

- Outside, `containment.running.contained(command, cwd=…, environment=…, limits=…, on_line=…) -> Outcome` starts the command in
  a session of its own, inside whatever namespaces the kernel grants, passes the writing end of a pipe whose number is in the
  environment variable `TRAINLINT_CHANNEL`, calls `on_line` with each line of JSON that comes through it, ends the whole group
  when `on_line` returns True or a limit is reached, and says in its `Outcome` how the command ended, what it last
  printed, which files of the project folder changed, and what kind of containment was in force. Credentials have left
  the environment, and trackers are switched off in it.
- Inside, `agent.containment.install(configuration)` is called before the user's program is read. It redirects writes,
  refuses deletes, network and processes, and puts stand-ins where data, modules or devices are missing;
  `agent.containment.incidents()` says at any time what it did, as the fields of `observations.Incident`.

A line is an object with a `kind`: `progress` (phase, step, loss), `observation` (whole, the last one holds), `log` (text).
"""
