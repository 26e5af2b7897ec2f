"""Showing: every report is made from the matrix alone, in English or in Chinese."""
