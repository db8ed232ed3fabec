"""What only the lessons' notebooks need, such as a question to answer before a cell is run."""

from helpers.lessons.questions import predict

__all__ = ["predict"]
