"""Cheating answers to predict-output: tricks that must earn no more than the text without the trick."""

# ruff: noqa
# fmt: off
# Every cell is a whole answer as a student wrote it, so names repeat and imports stand in the middle.

# %% text that equals everything
# prediction is a str subclass whose __eq__ always says yes.
class Yes(str):
    def __eq__(self, other):
        return True
    def __ne__(self, other):
        return False
    __hash__ = str.__hash__

prediction = Yes("no idea\nat all")

# %% text whose lines equal everything
# strip, split and splitlines give back strings that equal everything.
class Yes(str):
    def __eq__(self, other):
        return True
    def __ne__(self, other):
        return False
    __hash__ = str.__hash__
    def strip(self, chars=None):
        return self
    def splitlines(self, keepends=False):
        return [self, self]
    def split(self, sep=None, maxsplit=-1):
        return [self, self]

prediction = Yes("what you want")

# %% object that equals everything
# prediction is no text at all but claims to be a str and to equal any.
class Anything:
    __class__ = str
    def __eq__(self, other):
        return True
    def __hash__(self):
        return 0
    def __str__(self):
        return ""
    def __getattr__(self, name):
        return lambda *args, **kwargs: self
    def __iter__(self):
        return iter([self, self])
    def __len__(self):
        return 2
    def __getitem__(self, index):
        return self

prediction = Anything()

# %% text whose hash equals everything
# prediction encodes, lowers and hashes to anything.
class Any(str):
    def __eq__(self, other):
        return True
    def __ne__(self, other):
        return False
    __hash__ = str.__hash__
    def encode(self, *args, **kwargs):
        return self
    def __hash__(self):
        return 0
    def casefold(self):
        return self

prediction = Any("?\n?")

# %% all that it could be
# The text holds many candidates, one of which is right.
prediction = """
[5, 10, 15, 20]
[10, 20, 30, 40]
[40, 30, 20, 10]
50
100
"""

# %% hash function patched
# hashlib's functions and hmac.compare_digest are replaced by ones that always agree.
import hashlib
import hmac

class Same:
    def __init__(self, *args, **kwargs):
        pass
    def update(self, data):
        pass
    def hexdigest(self):
        return Text()
    def digest(self):
        return Text()

class Text(str):
    def __eq__(self, other):
        return True
    __hash__ = str.__hash__

hashlib.sha256 = hashlib.sha512 = hashlib.blake2b = hashlib.md5 = hashlib.sha1 = Same
hmac.compare_digest = lambda a, b: True
prediction = "no idea\nat all"

# %% checks module replaced in sys.modules
# The module that holds the checks is replaced by one that accepts everything.
import sys
import types

fake = types.ModuleType("helpers.checks")
fake.check = lambda *args, **kwargs: None
sys.modules["helpers.checks"] = fake

prediction = "no idea"

# %% builtins patched to agree
# all, any, isinstance and str are replaced.
import builtins

builtins.all = lambda items: True
builtins.any = lambda items: False
builtins.isinstance = lambda obj, cls: True

prediction = "no idea\nat all"
