"""The questions of the lessons, kept here so that no answer stands in a notebook."""

from helpers.lessons.question import Question, ask
from helpers.strategies import Interpreter, this_interpreter


def predict(name: str) -> None:
    """Ask one of the lessons' questions, under its name in `questions`.

    Raises:
        KeyError: There is no such question.
    """
    ask(questions(this_interpreter())[name])


def questions(machine: Interpreter) -> dict[str, Question]:
    """Return all questions by name; the answers to some depend on the machine."""
    return {
        **CONCURRENCY,
        **THREADS,
        **LOCKS,
        **PROCESSES,
        **ASYNCIO,
        **POOLS,
        **CHOOSING,
        "three-counts": _three_counts(machine),
        "two-pairs": _two_pairs(machine),
        "two-counts": _two_counts(machine),
        "two-hashes": _two_hashes(machine),
    }


CONCURRENCY = {
    "three-waits": Question(
        "Three waits of 0.3 s, each in a thread of its own. How long do they take together?",
        {
            "about 0.9 s": "That is the sum, as if each wait began only after the one before it.",
            "about 0.3 s": "The three waits are under way at once, so the total is that of the slowest one. "
            "One core is enough for that.",
            "about 0.1 s": "No wait gets any shorter, so the total cannot be less than 0.3 s.",
        },
        "about 0.3 s",
    ),
}


def _three_counts(machine: Interpreter) -> Question:
    as_long, shorter = "about as long as one after another", "clearly shorter than one after another"
    parallel = not machine.gil and machine.cores > 1
    if parallel:
        why = "Threads of this interpreter can compute on several cores at the same moment."
    elif machine.cores <= 1:
        why = "There is one core here, and three threads cannot compute on it at the same moment."
    else:
        why = "The GIL of this interpreter lets one thread compute at a time; they take turns."
    return Question(
        "Three counts of primes, each in a thread of its own. How long do they take together?",
        {
            "about as long as a single count": "That would take three free cores, and threads that may use them all.",
            shorter: why if parallel else "That holds for waits. These threads compute, and must take turns here.",
            as_long: "That holds where threads must take turns. Here they need not." if parallel else why,
        },
        shorter if parallel else as_long,
    )


THREADS = {
    "served-too-early": Question(
        "start(), then say('served'), then join(). What is printed last?",
        {
            "cocoa: on the stove": "That is the first thing the thread prints, right after start().",
            "served": "It would be if it came after join(), which waits for the thread.",
            "cocoa: ready": "start() does not wait for the thread, so 'served' is printed while the cocoa still cooks.",
        },
        "cocoa: ready",
    ),
    "join-at-once": Question(
        "Each drink takes 0.2 s. How long does brew_both() take?",
        {
            "next to no time": "start() comes back at once, but join() waits for the drink.",
            "about 0.2 s": "So it would be if both were started before either was joined.",
            "about 0.4 s": "join() waits for the tea, and only then is the thread for the coffee started. "
            "Two threads, and still one drink after the other.",
        },
        "about 0.4 s",
    ),
}


def _two_pairs(machine: Interpreter) -> Question:
    turns = machine.gil or machine.cores <= 1
    side_by_side, in_turn = "computing 0.15 s, waiting 0.15 s", "computing 0.30 s, waiting 0.15 s"
    whose = "the GIL" if machine.gil else "the one core"
    return Question(
        "How long does each pair take?",
        {
            side_by_side: "That would need two threads computing at the same moment, and here they cannot."
            if turns
            else "There is no GIL here, and several cores: threads overlap computing as well as waiting.",
            in_turn: f"Waiting needs neither the GIL nor a core, so it overlaps. Computing takes turns at {whose}."
            if turns
            else "That holds where threads must take turns at computing. Here they need not.",
            "computing 0.30 s, waiting 0.30 s": "Waits never take turns: nobody needs the GIL or a core to wait.",
        },
        in_turn if turns else side_by_side,
    )


LOCKS = {
    "lost-update": Question(
        "The counter shows 5. Two threads call increment() once each. What can it show when both are done?",
        {
            "always 7": "Only if no thread reads before the other has written, and nothing makes sure of that.",
            "6 or 7": "Each thread writes a number that is one more than what it read. If both read 5, both write 6.",
            "5, 6 or 7": "No thread ever writes 5: each adds 1 to a number that is 5 at least.",
            "anything: the number may be garbage": "Python never mixes two numbers into one.",
        },
        "6 or 7",
    ),
    "how-many-lost": Question(
        "How many of the 4,000 increments get lost?",
        {
            "none": "That takes luck 4,000 times: in every increment another thread may come in between.",
            "a handful": "So it would be if threads changed seldom. Here each increment lets the others go first.",
            "a thousand or more": "The gap invites the other threads in at the worst moment, every time. Often all "
            "four read the same number and all four write the same number: three of four increments are gone.",
        },
        "a thousand or more",
    ),
    "three-tellers": Question(
        "How long do the three tellers need as three threads, with the lock held for the whole deposit?",
        {
            "about 0.1 s": "So it would be if the deposits could overlap. The lock forbids just that.",
            "about 0.3 s": "Only the teller with the lock gets on. Three threads that take turns need as long as one "
            "thread that does everything.",
            "about 0.9 s": "There are 15 deposits of 0.02 s, whoever makes them: 0.3 s of work.",
        },
        "about 0.3 s",
    ),
    "two-cooks": Question(
        "One cook calls knife_first(), the other board_first(). What can happen?",
        {
            "Both always finish": "They often do, which is the trap. It depends on who reaches for what first.",
            "Sometimes one finishes and the other does not": "Who finishes gives both tools back, and then the other "
            "can go on.",
            "Sometimes neither ever finishes": "If each has taken one tool, each holds what the other needs. "
            "Neither lets go. In every other order both finish.",
        },
        "Sometimes neither ever finishes",
    ),
    "two-sections": Question(
        "Two threads call this increment() once each. Can an update be lost?",
        {
            "No: every access holds the same lock": "That is needed, but not enough: the lock is free in between.",
            "Yes: between the two sections": "There the lock is free. Another thread can take it and read the same "
            "number, and then both write one more than that.",
            "No, but there can be a deadlock": "Each section gives the lock back at its end: nobody waits holding one.",
        },
        "Yes: between the two sections",
    ),
}

PROCESSES = {
    "basket": Question(
        "What is in the basket of this notebook at the end?",
        {
            "egg and milk": "The milk goes into another basket, in the memory of another process.",
            "only egg": "The thread uses the same basket. The process gets a copy, puts milk into the copy, "
            "and the copy is gone when the process ends.",
            "only milk": "It is the other way round: the thread shares the notebook's memory, the process does not.",
            "nothing: an error is raised": "Both calls succeed. Nothing tells you that one of them changed a copy.",
        },
        "only egg",
    ),
    "amdahl": Question(
        "90 % of a program can be divided. How much faster can a thousand workers make it?",
        {
            "900 times": "Then all but a thousandth of the time would have to go. A tenth of it cannot be divided.",
            "about 100 times": "Then a hundredth of the time would be left, but a tenth of it cannot be divided.",
            "about 10 times": "The remaining 10 % take as long as ever. Even if everything else took no time at all, "
            "a tenth of the old time would be left.",
            "about 2 times": "Two workers come close to that. A thousand make the divided part next to nothing.",
        },
        "about 10 times",
    ),
}


def _two_counts(machine: Interpreter) -> Question:
    threads, processes = "in threads: they are lighter", "in processes: two kitchens, two knives, two cores"
    both = "in threads and in processes"
    neither = "in neither: both must take turns on one core"
    answer = neither if machine.cores <= 1 else processes if machine.gil else both
    here = f"You have {machine}."
    return Question(
        "Where do two counts of primes take clearly less time than one after another?",
        {
            threads: "Threads start sooner, but being light does not make them compute at the same moment.",
            processes: f"{here} Each process has a GIL of its own, so both can compute, each on a core.",
            both: f"{here} Computing overlaps in both, and processes take longer to start.",
            neither: f"{here} With one core, two counts cannot be worked on at the same moment."
            if machine.cores <= 1
            else f"{here} There are cores for two counts at the same moment.",
        },
        answer,
    )


ASYNCIO = {
    "three-pots": Question(
        "Soup takes 0.3 s, rice 0.2 s, eggs 0.1 s. How long do they take in gather()?",
        {
            "0.6 s: their sum": "That is what awaiting them one after another would take.",
            "0.3 s: as the slowest": "While one pot simmers the loop turns to the others: the waits overlap.",
            "0.1 s: as the quickest": "gather() waits for all of them, not only for the first.",
        },
        "0.3 s: as the slowest",
    ),
    "task-or-coroutine": Question(
        "What does await lunch() print?",
        {
            "soup, rice, eggs": "create_task does not start the soup. It puts it on the loop's list.",
            "rice, soup, eggs": "So it would be if every await gave the loop a turn. But call_out never has to wait.",
            "rice, eggs, soup": "Rice and eggs have nothing to wait for, so they run like calls of a function. At "
            "await task there is something to wait for, and the loop has its turn.",
            "another order at every run": "Nothing here depends on time, and no thread interrupts another.",
        },
        "rice, eggs, soup",
    ),
    "heartbeat": Question(
        "The page takes 0.3 s. What does the heart do meanwhile?",
        {
            "It beats on: both are tasks of one loop": "It could, if the other task ever said await. It does not.",
            "It stops for 0.3 s": "requests.get keeps the only thread. Without an await the loop gets no turn.",
            "It beats faster afterwards, to make up for the lost beats": "Each pause begins when the one before it is "
            "over; nobody counts missed beats.",
        },
        "It stops for 0.3 s",
    ),
    "twenty-clerks": Question(
        "20 tasks run office.sell(), once each. What is office.sold afterwards?",
        {
            "20: one thread cannot race with itself": "No two lines run at once, but others run at each await.",
            "1": "All 20 tasks read 0 before the first bank answers. Then each of them writes 0 + 1.",
            "another number at every run": "Threads might do that. Tasks change only at an await, so here all have "
            "read before any writes.",
        },
        "1",
    ),
}

POOLS = {
    "order-of-dishes": Question(
        "Two cooks, three orders: soup 0.3 s, salad 0.1 s, bread 0.1 s. "
        "In which order are the dishes in the list that map gives?",
        {
            "salad, bread, soup": "In this order they are done. map() puts each back in its place.",
            "soup, salad, bread": "map() keeps the order of the input. The salad is ready long before the soup, "
            "but its place in the list is the second.",
            "a different order each time": "Who is done first may differ, but map() does not go by that.",
        },
        "soup, salad, bread",
    ),
    "eight-downloads": Question(
        "One after another, 8 downloads of 0.1 s take about 0.8 s. How long does a pool of four threads take?",
        {
            "about 0.1 s": "That needs eight threads: all eight at the same time.",
            "about 0.2 s": "Four downloads wait at the same time, then the next four: two rounds of 0.1 s.",
            "about 0.4 s": "That is what two threads would need: four rounds of two.",
            "about 0.8 s": "That is the time without a pool: waits in different threads overlap.",
        },
        "about 0.2 s",
    ),
    "unheard-error": Question(
        "A task raises a KeyError, and the program never looks at its future. What do you see?",
        {
            "A traceback at once": "A bare thread would print one. The pool catches the exception first.",
            "A traceback when the with block ends": "with waits for the tasks; it does not look at their results.",
            "Nothing at all": "The pool keeps the exception in the future. If nobody asks it, nobody finds out.",
        },
        "Nothing at all",
    ),
    "one-worker": Question(
        "A pool has one worker. Its task submits a second task to the same pool and waits for the result. "
        "What happens?",
        {
            "The second task runs first, then the first goes on": "Somebody would have to run it, and the only worker "
            "is still inside the first task.",
            "Python raises an error at once": "Python does not see that this wait can never end.",
            "Neither ever finishes": "The first task waits for the second, and the second waits for a free worker. "
            "The only worker is busy: it is waiting, inside the first task.",
        },
        "Neither ever finishes",
    ),
}

CHOOSING = {
    "tiny-tasks": Question(
        "20 tiny tasks, a few microseconds each. Which strategy is the fastest?",
        {
            "sequential": "All twenty take less time than the start of a single process. It was not too slow.",
            "threads": "Threads are quick to start, but handing out a task costs more than such a task.",
            "processes": "Starting a process takes longer than all twenty tasks together.",
        },
        "sequential",
    ),
}


def _two_hashes(machine: Interpreter) -> Question:
    nothing, double = "nothing: computing in Python takes turns", "close to 2x: they compute at the same moment"
    one_core = "nothing: there is one core"
    return Question(
        "Two long hash computations. What do threads gain on this machine?",
        {
            nothing: "So it is for code written in Python. hashlib is written in C and lets go of the GIL.",
            double: "The GIL guards Python code. C code may let go of it; hashlib, zlib and NumPy do.",
            one_core: f"You have {machine}. Letting go of the GIL helps where there are cores to use.",
        },
        one_core if machine.cores <= 1 else double,
    )
