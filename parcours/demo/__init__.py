"""What `parcours demo` does: the service with its shipped library, and one contact played over HTTP."""
