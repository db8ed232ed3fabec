"""The only part of the course that knows nbgrader: how notebooks are released, repaired and graded."""
