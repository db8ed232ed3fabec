"""IPython's syntax is taken out of cells, as long as that takes no more than a moment."""

from helpers.grading.plain_python import plain_python


def test_code_that_would_keep_the_grader_itself_busy_is_left_as_it_is() -> None:
    assert plain_python("%pwd\nx = 1") != "%pwd\nx = 1"
    for source in ("%pwd\n" * 400 + "x = 1\n" * 150, "%pwd\n" + "x = 1\n" * 5_000, "%pwd\n" + "#" * 300_000):
        assert plain_python(source) == source
