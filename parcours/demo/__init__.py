"""What `parcours demo` does: the service with its library, and one contact played over HTTP."""
