"""How a class did in one assignment, as one HTML page."""
