"""The pure state machine: given a state, a command and the circumstances, it returns what happened."""
