"""Questions about measures: what is asked, checked, and answered with all that it needs."""
