"""What runs inside the sandbox, beside code that nobody has vouched for: only the standard library and the checks."""
