"""What `parcours bridge` does: the messages of a chat account, taken to a service and answered."""
