"""E-mails and letters: taken in, read for answers, answered by one reply that asks what lacks."""
