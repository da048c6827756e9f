"""What each command does: one module for each family of commands."""
