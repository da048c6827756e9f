"""Files of other systems, read record by record, with the place of everything in them."""
