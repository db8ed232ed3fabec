"""Right answers to classify-task: unusual ways to write it that all keep the task's words."""

# ruff: noqa
# fmt: off
# Every cell is a whole answer as a student wrote it, so names repeat and imports stand in the middle.

# %% chain of ifs joined with or
def classify_task(description):
    """Return "threading", "multiprocessing", "asyncio" or "sequential"."""
    d = description.lower()
    if "download" in d or "request" in d or "api" in d or "file" in d:
        return "threading"
    elif "calculate" in d or "process" in d or "compute" in d or "analyze" in d:
        return "multiprocessing"
    elif "server" in d or "websocket" in d or "connections" in d:
        return "asyncio"
    else:
        return "sequential"


print(classify_task("Download 100 files from S3"))
print(classify_task("Calculate prime numbers"))
print(classify_task("Handle 5000 WebSocket connections"))
print(classify_task("Print hello world"))

# %% any over generator expressions
def classify_task(description):
    text = description.lower()
    if any(word in text for word in ("download", "request", "api", "file")):
        return "threading"
    if any(word in text for word in ("calculate", "process", "compute", "analyze")):
        return "multiprocessing"
    if any(word in text for word in ("server", "websocket", "connections")):
        return "asyncio"
    return "sequential"

# %% ordered dictionary of tools
KEYWORDS = {
    "threading": ["download", "request", "api", "file"],
    "multiprocessing": ["calculate", "process", "compute", "analyze"],
    "asyncio": ["server", "websocket", "connections"],
}

def classify_task(description):
    description = description.lower()
    for tool, words in KEYWORDS.items():
        for word in words:
            if word in description:
                return tool
    return "sequential"

for task in ["Download 100 files from S3", "Calculate prime numbers"]:
    print(f"{task} -> {classify_task(task)}")

# %% regular expressions that ignore case
import re

def classify_task(description):
    if re.search(r"download|request|api|file", description, re.IGNORECASE):
        return "threading"
    if re.search(r"calculate|process|compute|analyze", description, re.IGNORECASE):
        return "multiprocessing"
    if re.search(r"server|websocket|connections", description, re.IGNORECASE):
        return "asyncio"
    return "sequential"

# %% next over compiled patterns with a default
import re

RULES = [
    (re.compile("(?i)download|request|api|file"), "threading"),
    (re.compile("(?i)calculate|process|compute|analyze"), "multiprocessing"),
    (re.compile("(?i)server|websocket|connections"), "asyncio"),
]

def classify_task(description: str) -> str:
    return next((tool for pattern, tool in RULES if pattern.search(description)), "sequential")

# %% match statement with guards
def classify_task(description):
    match description.lower():
        case text if any(w in text for w in ["download", "request", "api", "file"]):
            return "threading"
        case text if any(w in text for w in ["calculate", "process", "compute", "analyze"]):
            return "multiprocessing"
        case text if any(w in text for w in ["server", "websocket", "connections"]):
            return "asyncio"
        case _:
            return "sequential"

# %% upper case and words from a split text
def classify_task(description):
    text = description.upper()
    tools = ["threading", "multiprocessing", "asyncio"]
    words = ["DOWNLOAD REQUEST API FILE", "CALCULATE PROCESS COMPUTE ANALYZE", "SERVER WEBSOCKET CONNECTIONS"]
    for i in range(3):
        for w in words[i].split():
            if text.find(w) != -1:
                return tools[i]
    return "sequential"

# %% one nested conditional expression
def classify_task(d):
    has = lambda *words: any(w in d.casefold() for w in words)
    return ("threading" if has("download", "request", "api", "file")
            else "multiprocessing" if has("calculate", "process", "compute", "analyze")
            else "asyncio" if has("server", "websocket", "connections")
            else "sequential")

print(classify_task("Handle 5000 WebSocket connections"))

# %% lambda bound to the name
classify_task = lambda description: (
    [tool for tool, words in (("threading", "download request api file"),
                              ("multiprocessing", "calculate process compute analyze"),
                              ("asyncio", "server websocket connections"))
     if any(w in description.lower() for w in words.split())] + ["sequential"])[0]

# %% helper function and constants
THREADING = {"download", "request", "api", "file"}
MULTIPROCESSING = {"calculate", "process", "compute", "analyze"}
ASYNCIO = {"server", "websocket", "connections"}

def contains_any(text, words):
    for w in words:
        if text.count(w) > 0:
            return True
    return False

def classify_task(description):
    text = description.lower()
    result = "sequential"
    if contains_any(text, ASYNCIO):
        result = "asyncio"
    if contains_any(text, MULTIPROCESSING):
        result = "multiprocessing"
    if contains_any(text, THREADING):
        result = "threading"
    return result

# %% any over a mapped bound contains
def classify_task(description):
    found = description.lower().__contains__
    if any(map(found, ["download", "request", "api", "file"])):
        return "threading"
    if any(map(found, ["calculate", "process", "compute", "analyze"])):
        return "multiprocessing"
    if any(map(found, ["server", "websocket", "connections"])):
        return "asyncio"
    return "sequential"

# %% while loop that looks at every position
def classify_task(description):
    low = description.lower()
    rules = [("threading", ("download", "request", "api", "file")),
             ("multiprocessing", ("calculate", "process", "compute", "analyze")),
             ("asyncio", ("server", "websocket", "connections"))]
    for tool, words in rules:
        i = 0
        while i < len(low):
            if low[i:].startswith(words):
                return tool
            i += 1
    return "sequential"

# %% index and its exception
def classify_task(description):
    text = description.lower()
    for word in ["download", "request", "api", "file", "calculate", "process", "compute", "analyze",
                 "server", "websocket", "connections"]:
        try:
            text.index(word)
        except ValueError:
            continue
        if word in ("download", "request", "api", "file"):
            return "threading"
        if word in ("server", "websocket", "connections"):
            return "asyncio"
        return "multiprocessing"
    return "sequential"

# %% string enum whose value is returned
from enum import StrEnum

class Tool(StrEnum):
    THREADING = "threading"
    MULTIPROCESSING = "multiprocessing"
    ASYNCIO = "asyncio"
    SEQUENTIAL = "sequential"

def classify_task(description: str) -> str:
    rules = {Tool.THREADING: r"download request api file", Tool.MULTIPROCESSING: "calculate process compute analyze",
             Tool.ASYNCIO: "server websocket connections"}
    text = description.lower()
    return next((t for t, ws in rules.items() if any(w in text for w in ws.split())), Tool.SEQUENTIAL).value

# %% string enum member itself
from enum import StrEnum, auto

class Tool(StrEnum):
    THREADING = auto()
    MULTIPROCESSING = auto()
    ASYNCIO = auto()
    SEQUENTIAL = auto()

def classify_task(description):
    text = description.lower()
    if any(w in text for w in ("download", "request", "api", "file")):
        return Tool.THREADING
    if any(w in text for w in ("calculate", "process", "compute", "analyze")):
        return Tool.MULTIPROCESSING
    if any(w in text for w in ("server", "websocket", "connections")):
        return Tool.ASYNCIO
    return Tool.SEQUENTIAL

# %% closure made by a factory
def make_classifier(**rules):
    def classify(description):
        text = description.lower()
        for tool, words in rules.items():
            if [w for w in words if w in text]:
                return tool
        return "sequential"
    return classify

classify_task = make_classifier(
    threading=["download", "request", "api", "file"],
    multiprocessing=["calculate", "process", "compute", "analyze"],
    asyncio=["server", "websocket", "connections"],
)

# %% callable object
class Classifier:
    def __init__(self):
        self.rules = [("threading", ["download", "request", "api", "file"]),
                      ("multiprocessing", ["calculate", "process", "compute", "analyze"]),
                      ("asyncio", ["server", "websocket", "connections"])]

    def __call__(self, description):
        for tool, words in self.rules:
            if any(w in description.lower() for w in words):
                return tool
        return "sequential"

classify_task = Classifier()
print(classify_task("Print hello world"))

# %% cached function
import functools

@functools.lru_cache(maxsize=None)
def classify_task(description):
    text = description.lower()
    for tool, words in (("threading", ("download", "request", "api", "file")),
                        ("multiprocessing", ("calculate", "process", "compute", "analyze")),
                        ("asyncio", ("server", "websocket", "connections"))):
        if any(word in text for word in words):
            return tool
    return "sequential"

# %% replace and compare
def classify_task(description):
    text = description.lower()
    def has(word):
        return text.replace(word, "") != text
    if has("download") or has("request") or has("api") or has("file"):
        answer = "threading"
    elif has("calculate") or has("process") or has("compute") or has("analyze"):
        answer = "multiprocessing"
    elif has("server") or has("websocket") or has("connections"):
        answer = "asyncio"
    else:
        answer = "sequential"
    return answer

# %% smallest rule number of all hits
def classify_task(description):
    tools = ("threading", "multiprocessing", "asyncio", "sequential")
    rank = {"download": 0, "request": 0, "api": 0, "file": 0, "calculate": 1, "process": 1, "compute": 1,
            "analyze": 1, "server": 2, "websocket": 2, "connections": 2}
    hits = [number for word, number in rank.items() if word in description.lower()]
    return tools[min(hits, default=3)]

# %% for with else and lower-cased in every comparison
def classify_task(description):
    for w in ("download", "request", "api", "file"):
        if w in description.lower():
            break
    else:
        for w in ("calculate", "process", "compute", "analyze"):
            if w in description.lower():
                return "multiprocessing"
        for w in ("server", "websocket", "connections"):
            if w in description.lower():
                return "asyncio"
        return "sequential"
    return "threading"

# %% findall and walrus
import re

def classify_task(description, /):
    if m := re.findall("download|request|api|file", text := description.lower()):
        return "threading"
    elif m := re.findall("calculate|process|compute|analyze", text):
        return "multiprocessing"
    return "asyncio" if re.findall("server|websocket|connections", text) else "sequential"

# %% longer words beside the keywords
def classify_task(description):
    # "websockets" and "servers" contain the shorter words anyway
    d = description.lower()
    first = any(w in d for w in ["api", "file", "request", "requests", "download", "downloads"])
    second = any(w in d for w in ["compute", "computer", "calculate", "analyze", "process", "processing"])
    third = any(w in d for w in ["server", "servers", "websocket", "websockets", "connections"])
    return {True: "threading"}.get(first) or (second and "multiprocessing") or (third and "asyncio") or "sequential"

# %% recursion over the rules
def classify_task(description, rules=(("threading", "download request api file"),
                                      ("multiprocessing", "calculate process compute analyze"),
                                      ("asyncio", "server websocket connections"))):
    if not rules:
        return "sequential"
    (tool, words), *rest = rules
    if any(w in description.lower() for w in words.split()):
        return tool
    return classify_task(description, rest)

assert classify_task("Download 100 files from S3") == "threading"
assert classify_task("Print hello world") == "sequential"

# %% verbose regex with named groups and a priority
import re
RX = re.compile(r"""(?ix) (?=.*(?P<threading>download|request|api|file))?
                 (?=.*(?P<multiprocessing>calculate|process|compute|analyze))?
                 (?=.*(?P<asyncio>server|websocket|connections))?""", re.S)
def classify_task(description):
    m = RX.match(description)
    for k in ("threading", "multiprocessing", "asyncio"):
        if m.group(k):
            return k
    return "sequential"

# %% min over ranks
RANK = dict.fromkeys(["download", "request", "api", "file"], 0) | dict.fromkeys(
    ["calculate", "process", "compute", "analyze"], 1) | dict.fromkeys(["server", "websocket", "connections"], 2)
NAMES = ["threading", "multiprocessing", "asyncio", "sequential"]
def classify_task(description):
    """rank of the best keyword"""
    return NAMES[min((r for w, r in RANK.items() if w in description.lower()), default=3)]

# %% singledispatch and str subclass
from functools import singledispatch
@singledispatch
def classify_task(description):
    raise TypeError("text please")
@classify_task.register
def _(description: str):
    d = description.lower()
    if {w for w in ("download", "request", "api", "file") if w in d}: return "threading"
    if {w for w in ("calculate", "process", "compute", "analyze") if w in d}: return "multiprocessing"
    if {w for w in ("server", "websocket", "connections") if w in d}: return "asyncio"
    return "sequential"

# %% generator with next
def _tools(text):
    if any(w in text for w in ("download", "request", "api", "file")):
        yield "threading"
    if any(w in text for w in ("calculate", "process", "compute", "analyze")):
        yield "multiprocessing"
    if any(w in text for w in ("server", "websocket", "connections")):
        yield "asyncio"
    yield "sequential"
def classify_task(description):
    return next(_tools(description.lower()))

# %% str.split with separator
def classify_task(description):
    d = description.lower()
    contains = lambda w: len(d.split(w)) > 1
    match [contains(w) for w in ("download", "request", "api", "file", "calculate", "process", "compute", "analyze", "server", "websocket", "connections")]:
        case [a, b, c, d_, *_] if a or b or c or d_:
            return "threading"
        case [_, _, _, _, *rest] if any(rest[:4]):
            return "multiprocessing"
        case [*_, x, y, z] if x or y or z:
            return "asyncio"
        case _:
            return "sequential"

# %% bytes comparison
def classify_task(description):
    raw = description.lower().encode("utf-8")
    for tool, words in [("threading", [b"download", b"request", b"api", b"file"]),
                        ("multiprocessing", [b"calculate", b"process", b"compute", b"analyze"]),
                        ("asyncio", [b"server", b"websocket", b"connections"])]:
        if any(word in raw for word in words):
            return tool
    return "sequential"

# %% fnmatch patterns
import fnmatch
def classify_task(description):
    d = description.lower()
    for tool, words in {"threading": ["download", "request", "api", "file"], "multiprocessing": ["calculate", "process", "compute", "analyze"], "asyncio": ["server", "websocket", "connections"]}.items():
        for w in words:
            if fnmatch.fnmatchcase(d, f"*{w}*"):
                return tool
    return "sequential"
