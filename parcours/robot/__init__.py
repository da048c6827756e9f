"""A batch of cases walked by a robot: read, walked one by one, noted, told."""
