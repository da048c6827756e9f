"""Exports: reports and tables of measures, written to a folder when they are due."""
