"""Wrong answers to classify-task: each breaks one rule of the task in its own way."""

# ruff: noqa
# fmt: off
# Every cell is a whole answer as a student wrote it, so names repeat and imports stand in the middle.

# %% case matters
# The description is not lowered, so "Download" is not found.
def classify_task(description):
    if any(w in description for w in ("download", "request", "api", "file")):
        return "threading"
    if any(w in description for w in ("calculate", "process", "compute", "analyze")):
        return "multiprocessing"
    if any(w in description for w in ("server", "websocket", "connections")):
        return "asyncio"
    return "sequential"

# %% whole words of a split text
# Only whole words count, so "files" and "profile" do not contain "file".
def classify_task(description):
    words = description.lower().split()
    if any(w in words for w in ("download", "request", "api", "file")):
        return "threading"
    if any(w in words for w in ("calculate", "process", "compute", "analyze")):
        return "multiprocessing"
    if any(w in words for w in ("server", "websocket", "connections")):
        return "asyncio"
    return "sequential"

# %% word boundaries in the regex
# The \b makes a keyword count only at the start of a word.
import re

def classify_task(description):
    if re.search(r"\b(download|request|api|file)", description, re.I):
        return "threading"
    if re.search(r"\b(calculate|process|compute|analyze)", description, re.I):
        return "multiprocessing"
    if re.search(r"\b(server|websocket|connections)", description, re.I):
        return "asyncio"
    return "sequential"

# %% multiprocessing rule first
# The second rule is asked before the first, so "process the file" is classified wrongly.
def classify_task(description):
    d = description.lower()
    if any(w in d for w in ("calculate", "process", "compute", "analyze")):
        return "multiprocessing"
    if any(w in d for w in ("download", "request", "api", "file")):
        return "threading"
    if any(w in d for w in ("server", "websocket", "connections")):
        return "asyncio"
    return "sequential"

# %% asyncio rule before multiprocessing
# The third rule is asked before the second, so "analyze the server" is classified wrongly.
def classify_task(description):
    d = description.lower()
    if any(w in d for w in ("download", "request", "api", "file")):
        return "threading"
    if any(w in d for w in ("server", "websocket", "connections")):
        return "asyncio"
    if any(w in d for w in ("calculate", "process", "compute", "analyze")):
        return "multiprocessing"
    return "sequential"

# %% singular connection
# The keyword is "connections", so a single "connection" must stay sequential.
def classify_task(description):
    d = description.lower()
    if any(w in d for w in ("download", "request", "api", "file")):
        return "threading"
    if any(w in d for w in ("calculate", "process", "compute", "analyze")):
        return "multiprocessing"
    if any(w in d for w in ("server", "websocket", "connection")):
        return "asyncio"
    return "sequential"

# %% British analyse
# The keyword "analyze" is spelled "analyse", so it is never found.
def classify_task(description):
    d = description.lower()
    if any(w in d for w in ("download", "request", "api", "file")):
        return "threading"
    if any(w in d for w in ("calculate", "process", "compute", "analyse")):
        return "multiprocessing"
    if any(w in d for w in ("server", "websocket", "connections")):
        return "asyncio"
    return "sequential"

# %% stem analy for both spellings
# The stem "analy" also finds "analysis" and "analytics", which contain no keyword.
def classify_task(description):
    d = description.lower()
    if any(w in d for w in ("download", "request", "api", "file")):
        return "threading"
    if any(w in d for w in ("calculat", "process", "comput", "analy")):
        return "multiprocessing"
    if any(w in d for w in ("server", "websocket", "connections")):
        return "asyncio"
    return "sequential"

# %% or between a string and a test
# `"download" or ...` is always true, so everything is threading.
def classify_task(description):
    d = description.lower()
    if "download" or "request" or "api" or "file" in d:
        return "threading"
    elif "calculate" or "process" or "compute" or "analyze" in d:
        return "multiprocessing"
    elif "server" or "websocket" or "connections" in d:
        return "asyncio"
    return "sequential"

# %% forgotten comma
# Without the comma "api" "file" is one keyword "apifile", so neither is found alone.
def classify_task(description):
    d = description.lower()
    if any(w in d for w in ("download", "request", "api" "file")):
        return "threading"
    if any(w in d for w in ("calculate", "process", "compute", "analyze")):
        return "multiprocessing"
    if any(w in d for w in ("server", "websocket", "connections")):
        return "asyncio"
    return "sequential"

# %% nothing for the rest
# There is no last rule, so the function returns None where "sequential" is asked for.
def classify_task(description):
    d = description.lower()
    if any(w in d for w in ("download", "request", "api", "file")):
        return "threading"
    if any(w in d for w in ("calculate", "process", "compute", "analyze")):
        return "multiprocessing"
    if any(w in d for w in ("server", "websocket", "connections")):
        return "asyncio"

# %% printed instead of returned
# The tool is printed, and the function returns None.
def classify_task(description):
    d = description.lower()
    if any(w in d for w in ("download", "request", "api", "file")):
        print("threading")
    elif any(w in d for w in ("calculate", "process", "compute", "analyze")):
        print("multiprocessing")
    elif any(w in d for w in ("server", "websocket", "connections")):
        print("asyncio")
    else:
        print("sequential")

classify_task("Download 100 files from S3")

# %% capitalised results
# The results are spelled with a capital letter.
def classify_task(description):
    d = description.lower()
    if any(w in d for w in ("download", "request", "api", "file")):
        return "Threading"
    if any(w in d for w in ("calculate", "process", "compute", "analyze")):
        return "Multiprocessing"
    if any(w in d for w in ("server", "websocket", "connections")):
        return "Asyncio"
    return "Sequential"

# %% keyword only at the start
# A keyword counts only if the description begins with it.
def classify_task(description):
    d = description.lower()
    if d.startswith(("download", "request", "api", "file")):
        return "threading"
    if d.startswith(("calculate", "process", "compute", "analyze")):
        return "multiprocessing"
    if d.startswith(("server", "websocket", "connections")) or "websocket" in d:
        return "asyncio"
    return "sequential"

# %% the first word in the text wins
# The keyword that stands first in the text decides, not the rule that comes first.
import re

def classify_task(description):
    m = re.search("(download|request|api|file)|(calculate|process|compute|analyze)|(server|websocket|connections)",
                  description.lower())
    return ("threading", "multiprocessing", "asyncio")[m.lastindex - 1] if m else "sequential"

# %% the tool with most keywords wins
# The rule with the most hits decides, not the first that has one.
def classify_task(description):
    d = description.lower()
    rules = {"threading": "download request api file", "multiprocessing": "calculate process compute analyze",
             "asyncio": "server websocket connections"}
    hits = {tool: sum(w in d for w in words.split()) for tool, words in rules.items()}
    best = max(hits, key=hits.get)
    return best if hits[best] else "sequential"

# %% dictionary of the four examples
# Only the four published descriptions are known.
def classify_task(description):
    return {
        "download 100 files from s3": "threading",
        "calculate prime numbers": "multiprocessing",
        "handle 5000 websocket connections": "asyncio",
    }.get(description.lower(), "sequential")

# %% all instead of any
# Every keyword of a rule would have to be there.
def classify_task(description):
    d = description.lower()
    if all(w in d for w in ("download", "request", "api", "file")):
        return "threading"
    if all(w in d for w in ("calculate", "process", "compute", "analyze")):
        return "multiprocessing"
    if all(w in d for w in ("server", "websocket", "connections")):
        return "asyncio"
    return "sequential"

# %% lowered text thrown away
# The result of lower() is not kept, so capital letters still matter.
def classify_task(description):
    description.lower()
    if any(w in description for w in ("download", "request", "api", "file")):
        return "threading"
    if any(w in description for w in ("calculate", "process", "compute", "analyze")):
        return "multiprocessing"
    if any(w in description for w in ("server", "websocket", "connections")):
        return "asyncio"
    return "sequential"

# %% only small or capitalised keywords
# "Download" and "download" are found, "DOWNLOAD" and "WebSocket" in other spellings are not.
def classify_task(description):
    def has(*words):
        return any(w in description or w.capitalize() in description for w in words)
    if has("download", "request", "api", "file"):
        return "threading"
    if has("calculate", "process", "compute", "analyze"):
        return "multiprocessing"
    if has("server", "websocket", "WebSocket", "connections"):
        return "asyncio"
    return "sequential"

# %% later rules overwrite earlier ones
# The ifs are not chained, so the last rule that fits wins.
def classify_task(description):
    d = description.lower()
    tool = "sequential"
    if any(w in d for w in ("download", "request", "api", "file")):
        tool = "threading"
    if any(w in d for w in ("calculate", "process", "compute", "analyze")):
        tool = "multiprocessing"
    if any(w in d for w in ("server", "websocket", "connections")):
        tool = "asyncio"
    return tool

# %% a string where a tuple was meant
# The last keywords stand in one string, so any single letter of it counts as a hit.
def classify_task(description):
    d = description.lower()
    if any(w in d for w in ("download", "request", "api", "file")):
        return "threading"
    if any(w in d for w in ("calculate", "process", "compute", "analyze")):
        return "multiprocessing"
    if any(w in d for w in ("server websocket connections")):
        return "asyncio"
    return "sequential"

# %% decided in the first turn of the loop
# The else inside the loop returns after the first keyword of each rule.
def classify_task(description):
    d = description.lower()
    for word in ["download", "request", "api", "file", "calculate", "process", "compute", "analyze"]:
        if word in d:
            return "threading" if word in ("download", "request", "api", "file") else "multiprocessing"
        else:
            break
    if "calculate" in d:
        return "multiprocessing"
    if "websocket" in d:
        return "asyncio"
    return "sequential"

# %% spaces removed first
# Without its spaces "draw a pie" contains "api", which the description does not.
def classify_task(description):
    d = description.lower().replace(" ", "")
    if any(w in d for w in ("download", "request", "api", "file")):
        return "threading"
    if any(w in d for w in ("calculate", "process", "compute", "analyze")):
        return "multiprocessing"
    if any(w in d for w in ("server", "websocket", "connections")):
        return "asyncio"
    return "sequential"

# %% iterators used up by the first call
# The keyword iterators are empty after one call, so later calls find nothing.
FIRST = iter(["download", "request", "api", "file"])
SECOND = iter(["calculate", "process", "compute", "analyze"])
THIRD = iter(["server", "websocket", "connections"])

def classify_task(description):
    d = description.lower()
    if any(w in d for w in FIRST):
        return "threading"
    if any(w in d for w in SECOND):
        return "multiprocessing"
    if any(w in d for w in THIRD):
        return "asyncio"
    return "sequential"

# %% answer in a list
# The tool is returned in a list instead of as a string.
def classify_task(description):
    d = description.lower()
    rules = [("threading", "download request api file"), ("multiprocessing", "calculate process compute analyze"),
             ("asyncio", "server websocket connections")]
    return [tool for tool, words in rules if any(w in d for w in words.split())][:1] or ["sequential"]

# %% compute left out
# The keyword "compute" is missing.
def classify_task(description):
    d = description.lower()
    if "download" in d or "request" in d or "api" in d or "file" in d:
        return "threading"
    elif "calculate" in d or "process" in d or "analyze" in d:
        return "multiprocessing"
    elif "server" in d or "websocket" in d or "connections" in d:
        return "asyncio"
    return "sequential"

# %% keyword of a fourth kind
# "print" is taken for a keyword of sequential and asked first, so "print the file" goes wrong.
def classify_task(description):
    d = description.lower()
    if "print" in d:
        return "sequential"
    if any(w in d for w in ("download", "request", "api", "file")):
        return "threading"
    if any(w in d for w in ("calculate", "process", "compute", "analyze")):
        return "multiprocessing"
    if any(w in d for w in ("server", "websocket", "connections")):
        return "asyncio"
    return "sequential"

# %% stems
# Stems fit other forms of the words, which hold no keyword.
def classify_task(description):
    d = description.lower()
    if any(w in d for w in ("download", "request", "api", "file")): return "threading"
    if any(w in d for w in ("calculat", "process", "comput", "analyz")): return "multiprocessing"
    if any(w in d for w in ("server", "websocket", "connections")): return "asyncio"
    return "sequential"

# %% punctuation removed
# Without its hyphen, web-socket becomes a keyword.
import string
def classify_task(description):
    d = description.lower().translate(str.maketrans("", "", string.punctuation))
    if any(w in d for w in ("download", "request", "api", "file")): return "threading"
    if any(w in d for w in ("calculate", "process", "compute", "analyze")): return "multiprocessing"
    if any(w in d for w in ("server", "websocket", "connections")): return "asyncio"
    return "sequential"

# %% exactly one keyword in the multiprocessing rule
# Two keywords of one rule are no longer found.
def classify_task(description):
    d = description.lower()
    if any(w in d for w in ("download", "request", "api", "file")): return "threading"
    if sum(w in d for w in ("calculate", "process", "compute", "analyze")) == 1: return "multiprocessing"
    if any(w in d for w in ("server", "websocket", "connections")): return "asyncio"
    return "sequential"

# %% counted once
# A keyword that stands there twice is no longer found.
def classify_task(description):
    d = description.lower()
    if any(d.count(w) == 1 for w in ("download", "request", "api", "file")): return "threading"
    if any(d.count(w) == 1 for w in ("calculate", "process", "compute", "analyze")): return "multiprocessing"
    if any(d.count(w) == 1 for w in ("server", "websocket", "connections")): return "asyncio"
    return "sequential"

# %% find greater than zero
# find gives 0 for a word at the very start.
def classify_task(description):
    d = description.lower()
    if any(d.find(w) > 0 for w in ("download", "request", "api", "file")): return "threading"
    if any(d.find(w) > -1 for w in ("calculate", "process", "compute", "analyze")): return "multiprocessing"
    if any(d.find(w) > -1 for w in ("server", "websocket", "connections")): return "asyncio"
    return "sequential"

# %% and binds tighter
# `and` binds tighter than `or`, so api counts only beside file.
def classify_task(description):
    d = description.lower()
    if "download" in d or "request" in d or "api" in d and "file" in d: return "threading"
    if "calculate" in d or "process" in d or "compute" in d or "analyze" in d: return "multiprocessing"
    if "server" in d or "websocket" in d or "connections" in d: return "asyncio"
    return "sequential"

# %% all instead of any in the last rule
# Two keywords of the last rule are asked for together.
def classify_task(description):
    d = description.lower()
    if any(w in d for w in ("download", "request", "api", "file")): return "threading"
    if any(w in d for w in ("calculate", "process", "compute", "analyze")): return "multiprocessing"
    if "server" in d or ("websocket" in d and "connections" in d): return "asyncio"
    return "sequential"

# %% request and api two rules later
# request and api come too late in the order.
def classify_task(description):
    d = description.lower()
    if "download" in d or "file" in d: return "threading"
    if any(w in d for w in ("calculate", "process", "compute", "analyze")): return "multiprocessing"
    if "request" in d or "api" in d: return "threading"
    if any(w in d for w in ("server", "websocket", "connections")): return "asyncio"
    return "sequential"
