"""The interpreter's own ways into functions and frames: a sandbox puts others in their place, which ask who looks."""

from types import FrameType, FunctionType

globals_of_frame = vars(FrameType)["f_globals"].__get__
globals_of = vars(FunctionType)["__globals__"].__get__
closure_of = vars(FunctionType)["__closure__"].__get__
defaults_of = vars(FunctionType)["__defaults__"].__get__
named_defaults_of = vars(FunctionType)["__kwdefaults__"].__get__
