"""The texts of the measures in French; English ones stand with each measure."""
