"""The pure state machine: given a state, a command and the circumstances, what happened."""
