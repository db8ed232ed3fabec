"""Wrong answers to predict-output: each mistakes one thing about the two printed lines."""

# ruff: noqa
# fmt: off
# Every cell is a whole answer as a student wrote it, so names repeat and imports stand in the middle.

# %% no blanks after the commas
# print puts a blank after each comma of a list.
prediction = "[10,20,30,40]\n100"

# %% everything in one line
# Two calls of print make two lines.
prediction = "[10, 20, 30, 40] 100"

# %% tuple of two strings
# The prediction is a tuple, not the printed text.
prediction = "[10, 20, 30, 40]", "100"

# %% list of two strings
# The prediction is a list of lines, not the printed text.
prediction = ["[10, 20, 30, 40]", "100"]

# %% order in which threads might finish
# map keeps the order of its input, whichever thread is done first.
prediction = """
[20, 10, 40, 30]
100
"""

# %% reversed order
# map keeps the order of its input.
prediction = """
[40, 30, 20, 10]
100
"""

# %% not doubled
# The inputs are shown instead of the results.
prediction = """
[5, 10, 15, 20]
50
"""

# %% sum of the inputs
# The sum is taken over the inputs, not over the results.
prediction = "[10, 20, 30, 40]\n50"

# %% printed as a tuple
# The results were made a list, so print shows brackets.
prediction = "(10, 20, 30, 40)\n100"

# %% no brackets
# print shows a list with its brackets.
prediction = "10, 20, 30, 40\n100"

# %% one number a line
# The list is printed at once, in one line.
prediction = """
10
20
30
40
100
"""

# %% sum miscounted
# 10 + 20 + 30 + 40 is not 110.
prediction = """
[10, 20, 30, 40]
110
"""

# %% generator shown
# The results were made a list before they were printed.
prediction = """
<generator object Executor.map.<locals>.result_iterator at 0x7f0000000000>
100
"""

# %% placeholder left as it was
# Nothing was predicted.
prediction = """
first line
second line
"""

# %% backslash n in a raw string
# In a raw string \n is a backslash and an n, so there is only one line.
prediction = r"[10, 20, 30, 40]\n100"

# %% lines swapped
# The list is printed first.
prediction = "100\n[10, 20, 30, 40]"

# %% blank line between
# There is no blank line between the two printed lines.
prediction = """
[10, 20, 30, 40]

100
"""

# %% labels in front
# The program prints no labels.
prediction = """
results: [10, 20, 30, 40]
sum: 100
"""

# %% what print returns
# print returns None, so the prediction is None.
prediction = print("[10, 20, 30, 40]\n100")

# %% the objects themselves
# The prediction holds a list and a number, not the text that they print.
prediction = [[10, 20, 30, 40], 100]

# %% None in a third line
# Nothing prints a None.
prediction = "[10, 20, 30, 40]\n100\nNone"

# %% quotes around the lines
# print shows no quotes around what it prints.
prediction = """
"[10, 20, 30, 40]"
"100"
"""

# %% squared
# double multiplies by two, it does not square.
prediction = "[25, 100, 225, 400]\n750"

# %% floats
# Doubling an int gives an int, which print shows without a point.
prediction = "[10.0, 20.0, 30.0, 40.0]\n100.0"

# %% bytes
# The prediction is bytes, not text.
prediction = b"[10, 20, 30, 40]\n100"

# %% other name
# The text is bound to another name, and there is no prediction.
predictions = "[10, 20, 30, 40]\n100"

# %% calls of print in the text
# The prediction is a program, not its output.
prediction = """
print([10, 20, 30, 40])
print(100)
"""

# %% one list for each worker
# Two workers fill one list of results, not a list each.
prediction = """
[10, 20]
[30, 40]
100
"""

# %% a set
# The results were made a list, so print shows brackets, not braces.
prediction = "{10, 20, 30, 40}\n100"

# %% text repeated for doubling
# Doubling a number adds it to itself; it does not write it twice.
prediction = "[55, 1010, 1515, 2020]\n4600"

# %% prediction is a function
# The function is never called, so the prediction is a function and not text.
def prediction():
    return "[10, 20, 30, 40]\n100"

# %% trailing comma
# print shows no comma after the last number.
prediction = "[10, 20, 30, 40,]\n100"

# %% fullwidth digits
# print shows digits of ASCII.
prediction = "[１０, ２０, ３０, ４０]\n１００"
