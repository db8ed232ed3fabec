"""Right answers to predict-output: unusual ways to write the two printed lines."""

# ruff: noqa
# fmt: off
# Every cell is a whole answer as a student wrote it, so names repeat and imports stand in the middle.

# %% triple quotes on lines of their own
prediction = """
[10, 20, 30, 40]
100
"""

# %% backslash n in one string
prediction = "[10, 20, 30, 40]\n100"

# %% trailing newline and a print
prediction = '[10, 20, 30, 40]\n100\n'
print(prediction)

# %% triple single quotes without blank lines
prediction = '''[10, 20, 30, 40]
100'''

# %% several blank lines around
prediction = """


[10, 20, 30, 40]
100


"""

# %% closing quotes indented
prediction = """
[10, 20, 30, 40]
100
    """

# %% joined lines
lines = ["[10, 20, 30, 40]", "100"]
prediction = "\n".join(lines)

# %% computed with an f-string
results = [2 * x for x in [5, 10, 15, 20]]
prediction = f"{results}\n{sum(results)}"

# %% dedent
from textwrap import dedent

prediction = dedent("""\
    [10, 20, 30, 40]
    100
    """)

# %% implicit concatenation in parentheses
prediction = (
    "[10, 20, 30, 40]\n"
    "100\n"
)

# %% raw triple quotes
prediction = r"""
[10, 20, 30, 40]
100
"""

# %% plus and chr
prediction: str = "[10, 20, 30, 40]" + chr(10) + str(100)

# %% percent formatting
prediction = "%s\n%d" % ([10, 20, 30, 40], 10 + 20 + 30 + 40)

# %% format method and list of a map
def double(x):
    return x * 2

doubled = list(map(double, [5, 10, 15, 20]))
prediction = "{}\n{}".format(doubled, sum(doubled))

# %% printed into a buffer
import io

out = io.StringIO()
print([10, 20, 30, 40], file=out)
print(100, file=out)
prediction = out.getvalue()

# %% repr and os.linesep
import os

numbers = list(range(10, 50, 10))
prediction = os.linesep + repr(numbers) + os.linesep + repr(sum(numbers)) + os.linesep

# %% second thoughts
prediction = "[5, 10, 15, 20]\n50"
# no, double is applied first
prediction = "[10, 20, 30, 40]\n100"

# %% cleandoc with a backslash continuation
import inspect

prediction = inspect.cleandoc("""
    [10, 20, 30, \
40]
    100
""")

# %% appended to the first line
prediction = "[10, 20, 30, 40]"
prediction += "\n"
prediction += "100"

# %% function with a docstring
def output():
    """
[10, 20, 30, 40]
100
"""

prediction = output.__doc__

# %% template substitution
from string import Template

prediction = Template("$results\n$total").substitute(results=[10, 20, 30, 40], total=100)

# %% stripped in the same line
prediction = """
[10, 20, 30, 40]
100
""".strip()
print(prediction.splitlines())

# %% windows line ends
prediction = "[10, 20, 30, 40]\r\n100\r\n"

# %% redirect_stdout
import io
from contextlib import redirect_stdout
buf = io.StringIO()
with redirect_stdout(buf):
    print([10, 20, 30, 40])
    print(100)
prediction = buf.getvalue()

# %% walrus
print(prediction := "[10, 20, 30, 40]\n100")

# %% old mac line ends
prediction = "[10, 20, 30, 40]\r100"

# %% blank lines with blanks
prediction = "  \n\n[10, 20, 30, 40]\n100\n   \n"
