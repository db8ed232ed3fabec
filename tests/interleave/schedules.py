"""Schedules written by hand, one of each kind that a picture must show."""

from helpers.interleave.schedule import Action, Schedule, Step, Wait

INCREMENT = "self.value += 1"

LOST_UPDATE = Schedule(
    steps=(
        Step("A", Action.START),
        Step("A", Action.READ, "value", 7, INCREMENT, "5"),
        Step("B", Action.START),
        Step("B", Action.READ, "value", 7, INCREMENT, "5"),
        Step("B", Action.WRITE, "value", 7, INCREMENT, "6", "5"),
        Step("B", Action.END),
        Step("A", Action.WRITE, "value", 7, INCREMENT, "6", "6"),
        Step("A", Action.END),
    ),
    choices=(0, 1, 0),
    preemptions=1,
    outcome="Thread B read value = 5 before thread A had written 6: one increment was lost.",
    fatal=6,
)

DEADLOCK = Schedule(
    steps=(
        Step("A", Action.START),
        Step("A", Action.ACQUIRE, "lock_a", 12, "with self.lock_a:", held=("lock_a",)),
        Step("B", Action.START),
        Step("B", Action.ACQUIRE, "lock_b", 18, "with self.lock_b:", held=("lock_b",)),
        Step("B", Action.READ, "balance_b", 19, "if self.balance_b >= amount:", "100", held=("lock_b",)),
        Step("B", Action.BLOCK, "lock_a", 20, "with self.lock_a:", held=("lock_b",)),
        Step("A", Action.BLOCK, "lock_b", 13, "with self.lock_b:", held=("lock_a",)),
    ),
    choices=(0, 1, 0),
    preemptions=1,
    outcome=(
        "Thread A holds lock_a and waits for lock_b; thread B holds lock_b and waits for lock_a:"
        " neither can ever go on."
    ),
    fatal=6,
    waits=(Wait("A", "lock_b", "B", 13), Wait("B", "lock_a", "A", 20)),
)

NEVER_RELEASED = Schedule(
    steps=(
        Step("A", Action.START),
        Step("A", Action.ACQUIRE, "lock", 6, "self.lock.acquire()", held=("lock",)),
        Step("A", Action.READ, "value", 7, INCREMENT, "0", held=("lock",)),
        Step("A", Action.WRITE, "value", 7, INCREMENT, "1", "0", held=("lock",)),
        Step("A", Action.END, held=("lock",)),
        Step("B", Action.START),
        Step("B", Action.BLOCK, "lock", 6, "self.lock.acquire()"),
    ),
    choices=(0, 1),
    preemptions=0,
    outcome="Thread A never released lock, so thread B waits for it for ever.",
    fatal=6,
    waits=(Wait("B", "lock", "A", 6),),
)

LIVELOCK = Schedule(
    steps=(
        Step("A", Action.START),
        Step("A", Action.WRITE, "wants_a", 4, "self.wants_a = True", "True", "False"),
        Step("B", Action.WRITE, "wants_b", 14, "self.wants_b = True", "True", "False"),
        *(
            step
            for _ in range(120)
            for step in (
                Step("A", Action.READ, "wants_b", 5, "while self.wants_b:", "True"),
                Step("B", Action.READ, "wants_a", 15, "while self.wants_a:", "True"),
            )
        ),
    ),
    choices=(0, 1) * 120,
    preemptions=0,
    outcome="Threads A and B kept running for 242 steps without getting anywhere: neither ever finished.",
    fatal=242,
)

THREE_THREADS = Schedule(
    steps=(
        Step("A", Action.ACQUIRE, "lock", 8, "with self.lock:", held=("lock",)),
        Step("A", Action.READ, "items", 9, "current = self.items", "[]", held=("lock",)),
        Step("B", Action.BLOCK, "lock", 8, "with self.lock:"),
        Step("C", Action.READ, "items", 14, "current = self.items", "[]"),
        Step("A", Action.WRITE, "items", 10, "self.items = current + [item]", "['a']", "[]", held=("lock",)),
        Step("A", Action.RELEASE, "lock", 8, "with self.lock:"),
        Step("B", Action.ACQUIRE, "lock", 8, "with self.lock:", held=("lock",)),
        Step("B", Action.READ, "items", 9, "current = self.items", "['a']", held=("lock",)),
        Step("B", Action.WRITE, "items", 10, "self.items = current + [item]", "['a', 'b']", "['a']", ("lock",)),
        Step("B", Action.RELEASE, "lock", 8, "with self.lock:"),
        Step("C", Action.WRITE, "items", 15, "self.items = current + [item]", "['c']", "['a', 'b']"),
    ),
    choices=(0, 1, 2, 0, 1, 2),
    preemptions=2,
    outcome="Thread C read items = [] before threads A and B had written to it: two items were lost.",
    fatal=10,
)

ASYNCIO_RACE = Schedule(
    steps=(
        Step("A", Action.READ, "balance", 5, "balance = self.balance", "100"),
        Step("A", Action.AWAIT, "asyncio.sleep(0)", 6, "await asyncio.sleep(0)"),
        Step("B", Action.READ, "balance", 5, "balance = self.balance", "100"),
        Step("B", Action.AWAIT, "asyncio.sleep(0)", 6, "await asyncio.sleep(0)"),
        Step("A", Action.WRITE, "balance", 7, "self.balance = balance - amount", "30", "100"),
        Step("A", Action.END),
        Step("B", Action.WRITE, "balance", 7, "self.balance = balance - amount", "50", "30"),
        Step("B", Action.END),
    ),
    choices=(0, 1, 0, 1),
    preemptions=0,
    outcome="Task B read balance = 100 before task A had written 30: one withdrawal was lost.",
    fatal=6,
)

LONG = Schedule(
    steps=(
        *(
            step
            for n in range(14)
            for step in (
                Step("A", Action.READ, "names", 21, "for name in self.names:", f"'name {n}'"),
                Step("A", Action.WRITE, "log", 22, "self.log = self.log + name", f"'log {n}'", "''"),
                Step("A", Action.READ, "log", 22, "self.log = self.log + name", f"'log {n}'"),
            )
        ),
        Step("A", Action.READ, "total", 24, "total = self.total", "0"),
        Step("B", Action.ACQUIRE, "lock", 30, "with self.lock:", held=("lock",)),
        *(Step("B", Action.READ, "limit", 31, "if n < self.limit:", str(n), held=("lock",)) for n in range(13)),
        Step("B", Action.READ, "total", 32, "self.total += 7", "0", held=("lock",)),
        Step("B", Action.WRITE, "total", 32, "self.total += 7", "7", "0", ("lock",)),
        Step("B", Action.RELEASE, "lock", 30, "with self.lock:"),
        Step("A", Action.WRITE, "total", 25, "self.total = total + 1", "1", "7"),
    ),
    choices=(0, 1, 0),
    preemptions=1,
    outcome="Thread A read total = 0 before thread B had written 7: one update was lost.",
    fatal=60,
)

HOSTILE_TEXT = "</text></svg><script>alert('x')</script><img src=x onerror=alert(1)>&\"\x00\x1b[31m\ud800\u202e ]]>"

HOSTILE = Schedule(
    steps=(
        Step("A", Action.READ, HOSTILE_TEXT, 1, HOSTILE_TEXT, HOSTILE_TEXT, held=(HOSTILE_TEXT,)),
        Step("B", Action.BLOCK, HOSTILE_TEXT, 2, HOSTILE_TEXT, HOSTILE_TEXT),
        Step("A", Action.WRITE, HOSTILE_TEXT, 3, HOSTILE_TEXT * 9, HOSTILE_TEXT * 9, HOSTILE_TEXT),
    ),
    choices=(0, 1),
    preemptions=1,
    outcome=HOSTILE_TEXT,
    fatal=2,
    waits=(Wait("B", HOSTILE_TEXT, HOSTILE_TEXT, 2),),
    error=HOSTILE_TEXT,
)

RAISES = Schedule(
    steps=(
        Step("A", Action.READ, "stock", 4, "if self.stock > 0:", "1"),
        Step("B", Action.READ, "stock", 4, "if self.stock > 0:", "1"),
        Step("B", Action.CALL, "items", 5, "return self.items.pop()", "'last apple'", call="items.pop()"),
        Step("A", Action.RAISE, "IndexError", 5, "return self.items.pop()", "pop from empty list"),
    ),
    choices=(0, 1, 0),
    preemptions=1,
    outcome="Thread A raised IndexError: pop from empty list",
    fatal=3,
    error="IndexError: pop from empty list",
)

EMPTY = Schedule(steps=(), choices=(), preemptions=0)

ALL = {
    "lost-update": LOST_UPDATE,
    "deadlock": DEADLOCK,
    "never-released": NEVER_RELEASED,
    "livelock": LIVELOCK,
    "three-threads": THREE_THREADS,
    "asyncio-race": ASYNCIO_RACE,
    "long": LONG,
    "hostile": HOSTILE,
    "raises": RAISES,
    "empty": EMPTY,
}
