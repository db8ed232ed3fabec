"""What the notebooks of the concurrency course import."""
