"""The facts: one wide row for each contact, segment, visit and ticket; what every figure reads."""
