"""What is left behind by a graded notebook, and what happens where there is no sandbox."""

import os
import time
from pathlib import Path
from typing import Any

import pytest

from helpers.grading.cell import Cell
from helpers.grading.execute import IsolatedExecute
from helpers.grading.inside.channel import Channel, Closed, Message
from helpers.grading.isolated import Patience, grade
from helpers.grading.outcome import Kind
from helpers.grading.sandbox import Limits, Sandbox, SandboxError
from tests.submissions.notebooks import answers

PATIENCE = Patience(cell=3, check=20)
MARK = f"left-by-{os.getpid()}"
# Ends well, but leaves an orphan, files and shared memory behind.
LEAVES = f"""
import os, subprocess
subprocess.Popen(["/bin/sh", "-c", "sleep 1000; echo {MARK}"], start_new_session=True)
open("/tmp/{MARK}", "w").close()
open("/dev/shm/{MARK}", "w").close()
"""


def printed(source: str, *, isolated: bool = True) -> str:
    """Grade one cell and return what it printed."""
    cell = Cell(1, source)
    test = Cell(2, "assert True", "always")
    grade([cell, test], patience=PATIENCE, isolated=isolated)
    assert test.outcome is not None and test.outcome.passed
    return "".join(output.get("text", "") for output in cell.outputs)


def check_cell(name: str, number: int = 2) -> Cell:
    """Return the test cell of one of the course's checks."""
    return Cell(number, f'from helpers.checks import check\n\ncheck("{name}", globals())', name)


def running(mark: str) -> list[str]:
    """Return the commands of all processes of this machine that mention the mark."""
    commands = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            commands.append(process.read_text(errors="replace"))
        except OSError:
            continue
    return [command for command in commands if mark in command]


def test_nothing_is_left_on_the_machine_nor_for_the_next() -> None:
    printed(LEAVES)
    assert running(MARK) == []
    assert not Path("/tmp", MARK).exists() and not Path("/dev/shm", MARK).exists()
    seen = printed("import os; print(os.listdir('/tmp'), os.listdir('/dev/shm'), os.listdir())")
    assert seen == "['work'] [] []\n"


def test_a_cell_sees_neither_the_course_nor_its_grader() -> None:
    course = Path(__file__).resolve().parents[2]
    seen = printed(f"import os; print(os.path.exists({str(course)!r}), sorted(os.environ), os.getuid() == 0)")
    assert seen == "False ['HOME', 'LANG', 'MALLOC_ARENA_MAX', 'NBGRADER_EXECUTION', 'PATH', 'PWD'] False\n"


def test_without_bubblewrap_it_refuses_and_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SandboxError, match="sudo apt-get install bubblewrap"):
        printed("x = 1")


def test_unsafe_works_without_bubblewrap_and_ends_what_it_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    before = set(Path("/tmp").glob("ungraded-*"))
    assert printed("open('own', 'w').close()\nprint('ran')", isolated=False) == "ran\n"
    code = (
        f"import subprocess\nsubprocess.Popen(['/bin/sh', '-c', 'sleep 1000; echo {MARK}'], start_new_session=True)\n"
    )
    printed(code, isolated=False)
    assert running(MARK) == []
    assert set(Path("/tmp").glob("ungraded-*")) <= before


def test_a_test_that_nothing_reached_is_no_pass() -> None:
    cell = Cell(1, "assert True", "alone")
    grade([cell], patience=PATIENCE)
    assert cell.outcome is not None and cell.outcome.passed
    ends = [Cell(1, "import os; os._exit(0)", "ends"), Cell(2, "assert True", "after")]
    grade(ends, patience=PATIENCE)
    assert [test.outcome and test.outcome.kind for test in ends] == [Kind.CRASHED, Kind.PASSED]


@pytest.mark.parametrize(
    "call",
    ["gc.get_referents, [get_ipython()]", "operator.attrgetter('_page'), [out]", "compile, [tree], 'x', ['exec']"],
)
def test_a_check_does_not_lend_its_rights_to_what_it_calls(call: str) -> None:
    code = (
        "import ast, functools, gc, operator, sys\nfound, out, tree = [], sys.stdout, ast.parse('1')\n"
        "class SafeCounter:\n"
        f"    def __init__(self): self.value, self.increment = 0, functools.partial(found.extend, map({call}))\n"
        "    def get(self): return f'found {found}' if found else 0\n"
    )
    cells = [Cell(1, code), check_cell("safe-counter-counts")]
    grade(cells, patience=PATIENCE)
    assert cells[1].outcome is not None and cells[1].outcome.sentence.startswith("increment() raised")


@pytest.mark.parametrize(
    "code",
    [
        "import importlib._bootstrap as library\n"
        "library._call_with_frames_removed((lambda: 0).__code__.replace, co_name='x')",
        "import array, _imp, importlib.machinery as m, os, random, shutil\nshutil.copy(array.__file__, 'array.so')\n"
        "path = os.path.dirname(random.__file__) + '/..' * 20 + os.path.abspath('array.so')\n"
        "_imp.create_dynamic(m.ModuleSpec('mine.array', None, origin=path))",
    ],
)
def test_the_library_does_not_lend_its_rights_to_cells(code: str) -> None:
    cells = [Cell(1, code), check_cell("safe-counter-counts")]
    grade(cells, patience=PATIENCE)
    assert "not available while your work is graded" in cells[0].outputs[-1]["evalue"]


@pytest.mark.parametrize(("module", "name"), [("sys", "intern"), ("builtins", "open"), ("textwrap", "dedent")])
def test_what_a_check_finds_rebound_is_a_fail(module: str, name: str) -> None:
    answer = next(iter(answers("classify-task", "right").values()))
    code = f"import {module}\n{answer}".replace("lower()", f"lower(); {module}.{name} = len", 1)
    cells = [Cell(1, code), check_cell("classify-task-examples")]
    grade(cells, patience=PATIENCE)
    assert cells[1].outcome is not None
    assert cells[1].outcome.sentence == f"Your code changed {module} while it was checked."


def test_a_wait_for_ever_is_named_by_its_locks() -> None:
    code = "import threading\nclass Pair:\n    lock = threading.Lock()\nPair.lock.acquire()\nPair.lock.acquire()"
    cells = [Cell(1, code), check_cell("safe-counter-counts")]
    grade(cells, patience=PATIENCE)
    outcome = cells[1].outcome
    assert outcome is not None and outcome.kind is Kind.TIMED_OUT
    assert "cell 1, line 5" in outcome.sentence and "while it still holds it" in outcome.sentence
    assert set(outcome.picture) == {"text/html", "text/plain"}


def test_used_up_computing_time_is_a_time_out() -> None:
    cells = [Cell(1, "while True: pass"), Cell(2, "assert True", "after")]
    grade(cells, limits=Limits(cpu_seconds=1), patience=Patience(cell=20))
    assert cells[0].outputs[-1]["evalue"] == "Your code used up its computing time."


def test_a_notebook_goes_on_after_exit() -> None:
    assert printed("exit()\nprint('on')\nquit(1)") == "on\n"


def test_an_answer_may_import_the_checks_and_plotting_libraries() -> None:
    before = "from helpers.checks import check\nimport numpy, matplotlib.pyplot\nimport threading\n"
    answer = next(iter(answers("safe-counter", "right").values()))
    cells = [Cell(1, before + answer), check_cell("safe-counter-two-threads")]
    grade(cells, patience=Patience(cell=20))
    assert cells[1].outcome is not None and cells[1].outcome.passed, cells[1].outcome


def test_an_answer_may_record_a_timeline_and_run_tasks() -> None:
    before = (
        "from helpers.strategies import run\nfrom helpers.timeline.draw import draw\n"
        "from helpers.workloads import CountPrimes\n"
        "done = run([CountPrimes(10)] * 2)\nprint(done.results, draw(done.recording).alt[:9])\n"
    )
    answer = next(iter(answers("safe-counter", "right").values()))
    cells = [Cell(1, before + answer), check_cell("safe-counter-two-threads")]
    grade(cells, patience=Patience(cell=20))
    printed = [output["text"] for output in cells[0].outputs if output.get("name") == "stdout"]
    assert "".join(printed).startswith("[4, 4] Timeline.\n")  # on stderr, matplotlib may say that it looks for fonts
    assert cells[1].outcome is not None and cells[1].outcome.passed, cells[1].outcome


COUNTING = "class SafeCounter:\n    value = 0\n    def get(self): return self.value\n    def increment(self): "


@pytest.mark.parametrize(
    ("answer", "tests"),
    [
        (COUNTING + "sum(iter(int, 1))", ("safe-counter-starts-at-zero", "safe-counter-two-threads")),
        ("def classify_task(text): sum(iter(int, 1))", ("classify-task-examples", "classify-task-order")),
    ],
)
def test_an_exercise_whose_checks_never_end_is_waited_for_once(answer: str, tests: tuple[str, str]) -> None:
    cells = [Cell(1, answer), *(check_cell(name, number) for number, name in enumerate(tests, start=2))]
    grade(cells, patience=Patience(cell=1, check=1, hurried=0.5, brief=0.5))
    said = [cell.outcome.sentence for cell in cells[1:] if cell.outcome and cell.outcome.kind is Kind.TIMED_OUT]
    assert [sentence.partition(";")[0] for sentence in said] == [
        "Your code did not come to an end within 1 s",
        "Your code did not come to an end within 0.5 s",
    ]


def test_quick_checks_may_take_as_long_as_a_cell() -> None:
    patience = Patience(cell=4)
    assert patience.of("classify-task-order", hurried=False) == 4 < patience.of("safe-counter-reader", hurried=False)
    assert patience.of("classify-task-order", hurried=True) < patience.of("safe-counter-reader", hurried=True) < 4


def test_an_instructor_sets_how_long_cells_may_take() -> None:
    cells = [Cell(1, "import time; time.sleep(2)\nprint('done')"), check_cell("safe-counter-counts")]
    IsolatedExecute(exercise_timeout=1).run(cells, None)
    assert cells[0].outputs[-1]["evalue"].startswith("Your code did not come to an end within 1 s")
    IsolatedExecute(exercise_timeout=4).run(cells, None)
    assert [output["text"] for output in cells[0].outputs] == ["done\n"]


BUSY = "import time\nbegan = time.process_time()\nwhile time.process_time() < began + {seconds}: pass\n"


@pytest.mark.parametrize(
    ("code", "ends"),
    [
        ("import large\nprint('on')", True),
        (BUSY.format(seconds=1.5), False),
        ("import endless", False),
        (f"import large\n{BUSY.format(seconds=1.5)}", False),
    ],
)
def test_what_a_cell_imports_may_take_longer_than_its_own_code(code: str, ends: bool) -> None:
    written = [
        f"open('{name}.py', 'w').write({text!r})"
        for name, text in (
            ("large", BUSY.format(seconds=1.5)),
            ("endless", "while True: pass"),
        )
    ]
    cells = [Cell(1, "\n".join(written)), Cell(2, code), Cell(3, "assert True", "after")]
    grade(cells, patience=Patience(cell=5, computing=0.1))
    said = [output.get("text") or output["evalue"] for output in cells[1].outputs]
    assert said == ["on\n"] if ends else "within 0.5 s of computing; its threads were at cell 2, line" in said[0]


def test_code_may_wait_for_longer_than_it_may_compute() -> None:
    asleep, busy = Cell(1, "import time; time.sleep(2)"), Cell(3, "while True:\n    pass")
    tests = check_cell("predict-output-printed-sum", 2), check_cell("safe-counter-counts", 4)
    grade([asleep, tests[0], busy, tests[1]], patience=Patience(cell=4, computing=0.25))
    assert not asleep.outputs
    assert tests[1].outcome is not None
    assert tests[1].outcome.sentence.startswith("Your code did not come to an end within 1 s of computing; its threads")


def test_cells_that_are_many_do_not_take_for_ever() -> None:
    slow = [Cell(number, "import time; time.sleep(0.1)") for number in range(1, 200)]
    test = check_cell("safe-counter-counts", 200)
    grade([*slow, test], patience=Patience(cell=0.2))
    assert test.outcome is not None and test.outcome.kind is Kind.TIMED_OUT
    assert test.outcome.sentence == "Your cells together did not come to an end within 6 s."
    generic = Cell(200, "assert True", "always")
    grade([*slow, generic], patience=Patience(cell=0.2))
    assert generic.outcome is not None and not generic.outcome.passed


def test_cells_that_run_again_for_each_check_do_not_take_for_ever() -> None:
    slow = [Cell(number, "import time; time.sleep(0.15)") for number in range(1, 20)]
    crash = Cell(20, "import os\nclass SafeCounter:\n    def __init__(self): os._exit(1)")
    names = ("starts-at-zero", "counts", "prints-100", "two-threads", "reader")
    tests = [check_cell(f"safe-counter-{name}", number) for number, name in enumerate(names, start=21)]
    grade([*slow, crash, *tests], patience=Patience(cell=0.2))
    said = [test.outcome.sentence for test in tests if test.outcome]
    assert said[0] == "Your code ended its process with exit status 1."
    assert said[-1] == "Your cells together did not come to an end within 6 s."


def below_another_exercise(above: str, own: str, *names: str) -> list[Cell]:
    """Return the cells of a notebook with a failed exercise above a counter's cell and its tests."""
    tests = [check_cell(name, number) for number, name in enumerate(names, start=4)]
    return [Cell(1, above), check_cell("classify-task-examples"), Cell(3, own), *tests]


def counter(start: str = "0", step: str = "1") -> str:
    """Return an answer to the counter's exercise that computes its numbers so."""
    return (
        "class SafeCounter:\n"
        f"    def __init__(self): self.value = {start}\n"
        f"    def increment(self): self.value += {step}\n"
        "    def get(self): return self.value\n"
    )


def processes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that gets an item for each process that an attempt is made in."""
    started: list[int] = []
    start = Sandbox.attempt
    monkeypatch.setattr(Sandbox, "attempt", lambda sandbox: (started.append(1), start(sandbox))[1])
    return started


def messages(monkeypatch: pytest.MonkeyPatch, cells: list[Cell]) -> list[Message]:
    """Grade the cells and return what the grader said to the sandbox."""
    said: list[Message] = []
    send = Channel.send
    with monkeypatch.context() as patched:
        patched.setattr(Channel, "send", lambda channel, message: (said.append(message), send(channel, message))[1])
        grade(cells, patience=PATIENCE)
    return said


@pytest.mark.parametrize(
    ("above", "own"),
    [
        ("zero = 0", counter("zero")),
        ("from signal import *", counter("SIG_DFL * 0")),
        ("exec('zero = 0')", counter("zero")),
        ("zero = 0", counter("globals()['zero']")),
        ("zero = 0", counter("eval('zero')")),
        ("def step(): return 1", counter(step="step()")),
        ("import xml.dom", "import xml\n" + counter("xml.dom.EMPTY_NAMESPACE or 0")),
        ("class Base:\n    zero = 0", counter().replace("SafeCounter", "SafeCounter(Base)")),
        ("zero = 0", "start = zero\n" + counter("start")),
        (counter(), "SafeCounter().increment()"),
        (counter(), "mine = 0"),
    ],
)
def test_an_answer_may_need_what_cells_above_it_define(above: str, own: str) -> None:
    cells = below_another_exercise(above, own, "safe-counter-counts")
    grade(cells, patience=PATIENCE)
    assert cells[-1].outcome is not None and cells[-1].outcome.passed, cells[-1].outcome


@pytest.mark.parametrize(
    "own", ["class SafeCounter: pass", counter(step="2"), counter(start="no.such"), counter(step="self.other")]
)
def test_what_other_cells_cannot_change_is_asked_once(monkeypatch: pytest.MonkeyPatch, own: str) -> None:
    names = ["safe-counter-starts-at-zero", "safe-counter-counts"]
    cells = below_another_exercise("import threading", "class no: such = 1\n" + own, *names)
    said = messages(monkeypatch, cells)
    assert [message["number"] for message in said if message["do"] == "cell"] == [1, 3]
    assert [message["name"] for message in said if message["do"] == "verify"][1:] == names


def test_what_raises_below_other_cells_as_well_is_not_checked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = below_another_exercise("x = 1", counter(step="2") + "SafeCounter().other()", "safe-counter-counts")
    said = messages(monkeypatch, cells)
    assert [message["number"] for message in said if message["do"] == "cell"] == [1, 3, 1, 3]
    assert [message["name"] for message in said if message["do"] == "verify"][1:] == ["safe-counter-counts"]


def test_what_passed_is_not_checked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["safe-counter-starts-at-zero", "safe-counter-counts"]
    cells = below_another_exercise("step = 1", counter(step="step if self.value > 2 else 1"), *names)
    said = messages(monkeypatch, cells)
    assert [message["name"] for message in said if message["do"] == "verify"][1:] == [*names, names[1]]
    assert all(cell.outcome is not None and cell.outcome.passed for cell in cells[3:])


def rights(*exercises: tuple[str, str], first: str = "", last: str = "") -> list[Cell]:
    """Return a right answer to each exercise, with one of its tests below.

    Args:
        exercises: Their names and their tests'.
        first: Code to be added to the first answer.
        last: Code to be added to the last one.
    """
    codes = [next(iter(answers(name, "right").values())) for name, _ in exercises]
    codes[0] += first
    codes[-1] += last
    cells = []
    for place, (code, (_, test)) in enumerate(zip(codes, exercises, strict=True)):
        cells += [Cell(2 * place + 1, code), check_cell(test, 2 * place + 2)]
    return cells


CLASSIFY, COUNTER = ("classify-task", "classify-task-examples"), ("safe-counter", "safe-counter-two-threads")
QUEUE = "task-queue", "task-queue-run-all"


@pytest.mark.parametrize(("last", "asked"), [("", [2, 4, 6]), ("del TaskQueue", [2, 4, 6, 6, 6]), ("1 / 0", [2, 4, 6])])
def test_a_process_goes_on_while_all_is_well(monkeypatch: pytest.MonkeyPatch, last: str, asked: list[int]) -> None:
    cells = rights(CLASSIFY, COUNTER, QUEUE, last=f"\n{last}\n")
    started = processes(monkeypatch)
    said = messages(monkeypatch, cells)
    numbers = {cell.name: cell.number for cell in cells}
    assert [numbers[message["name"]] for message in said if message["do"] == "verify"] == asked
    assert len(started) == (3 if last else 1)
    assert [cell.outcome and cell.outcome.passed for cell in cells[1::2]] == [True, True, "del" not in last]


def test_a_process_does_not_go_on_with_what_was_not_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = rights(CLASSIFY, COUNTER)
    cells[2] = Cell(3, "class SafeCounter: pass", untouched=True)
    said = messages(monkeypatch, cells)
    assert [message["number"] for message in said if message["do"] == "cell"] == [1, 3]


UNANSWERED = "print('to do')\nclass SafeCounter: pass"


def attempts(monkeypatch: pytest.MonkeyPatch, cells: list[Cell], **options: Any) -> int:
    """Grade the cells and return how many processes that took."""
    with monkeypatch.context() as patched:
        started = processes(patched)
        grade(cells, patience=PATIENCE, **options)
    return len(started)


def test_what_nobody_answered_is_graded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    names = COUNTER[1], "safe-counter-starts-at-zero"
    one, other = (
        [Cell(1, UNANSWERED, untouched=True), *(check_cell(name, place) for place, name in enumerate(names, start=2))]
        for _ in range(2)
    )
    attempts(monkeypatch, one)
    one[0].outputs[0]["text"] = "changed by whoever wrote it"
    assert attempts(monkeypatch, other) == 0
    assert [cell.outcome for cell in other] == [cell.outcome for cell in one]
    assert all(cell.outcome and cell.outcome.sentence for cell in other[1:])
    assert other[0].outputs == [{"output_type": "stream", "name": "stdout", "text": "to do\n"}]


@pytest.mark.parametrize(
    "other",
    [
        [Cell(1, UNANSWERED), check_cell(COUNTER[1])],  # typed by somebody
        [Cell(1, "step = 1"), Cell(2, UNANSWERED, untouched=True), check_cell(COUNTER[1], 3)],
        [Cell(1, UNANSWERED + "\n", untouched=True), check_cell(COUNTER[1])],
        [Cell(1, UNANSWERED, untouched=True), check_cell("safe-counter-counts")],
        [Cell(2, UNANSWERED, untouched=True), check_cell(COUNTER[1], 3)],  # its messages name another cell
    ],
)
def test_nothing_else_counts_as_not_answered(monkeypatch: pytest.MonkeyPatch, other: list[Cell]) -> None:
    attempts(monkeypatch, [Cell(1, UNANSWERED, untouched=True), check_cell(COUNTER[1])])
    assert attempts(monkeypatch, other) == 1


@pytest.mark.parametrize("released", ["import os; os._exit(1)", counter(start="__import__('os')._exit(1)")])
def test_what_may_depend_on_the_machine_is_graded_for_everybody(monkeypatch: pytest.MonkeyPatch, released: str) -> None:
    for _ in range(2):
        cells = [Cell(1, released, untouched=True), check_cell("safe-counter-counts")]
        assert attempts(monkeypatch, cells) == 1


def test_files_beside_the_notebook_are_everybodys_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    for said in ("one", "other"):
        (tmp_path / "said.txt").write_text(said)
        cells = [Cell(1, "open('said.txt').read()", untouched=True), check_cell(COUNTER[1])]
        assert attempts(monkeypatch, cells, files=tmp_path) == 1
        assert cells[0].outputs[0]["data"]["text/plain"] == repr(said)


@pytest.mark.parametrize(
    ("left", "last"),
    [
        ("import resource; resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))", ""),  # no threads any more
        ("import threading; threading.stack_size(2**46)", ""),  # nor so
        (
            "import os\nif os.fork() == 0:\n    while not os.path.exists('go'): pass\n    os.kill(os.getppid(), 9)",
            "import time; open('go', 'w').close(); time.sleep(0.3)",
        ),
    ],
)
def test_what_an_exercise_leaves_behind_costs_no_other(left: str, last: str) -> None:
    cells = rights(CLASSIFY, COUNTER, QUEUE, first=f"\n{left}\n", last=f"\n{last}\n")
    grade(cells, patience=PATIENCE)
    assert [cell.outcome and cell.outcome.passed for cell in cells[1::2]] == [True, True, True]


def test_what_was_written_where_nothing_can_be_called_is_put_back() -> None:
    left = (
        "import textwrap\n"
        "def deep():\n    try: deep()\n    except RecursionError: setattr(textwrap, 'dedent', len)\n"
        "deep()\n"
    )
    cells = rights(CLASSIFY, COUNTER, first=f"\n{left}\n", last="\nprint('100', textwrap.dedent is len)\n")
    grade(cells, patience=PATIENCE)
    assert cells[2].outputs[-1]["text"].endswith("100 False\n")
    assert [cell.outcome and cell.outcome.passed for cell in cells[1::2]] == [True, True]


def test_another_dictionary_of_modules_stops_no_check() -> None:
    cells = [Cell(1, "import sys\nsys.modules = dict(sys.modules)\n" + counter()), check_cell("safe-counter-counts")]
    grade(cells, patience=PATIENCE)
    assert cells[1].outcome is not None and cells[1].outcome.passed, cells[1].outcome


@pytest.mark.parametrize("handler", ["signal.signal(signal.SIGINT, lambda *about: 1 / 0)", "pass"])
def test_signals_cannot_interrupt_a_check(handler: str) -> None:
    code = f"import os, signal\n{handler}\n" + counter(start="os.kill(os.getpid(), signal.SIGINT) or 0")
    cells = [Cell(1, code), check_cell("safe-counter-counts")]
    grade(cells, patience=PATIENCE)
    assert cells[1].outcome is not None and cells[1].outcome.passed, cells[1].outcome


def test_a_sandbox_that_does_not_answer_is_waited_for_once() -> None:
    stop = "import os, signal; os.kill(os.getppid(), signal.SIGSTOP)"
    whole = {"do": "cell", "source": stop, "original": "", "number": 1, "name": "", "room": 1000, "word": ""}
    waited = []
    with Sandbox(Limits(), checks=False) as sandbox, sandbox.attempt() as attempt:
        attempt.channel.send(whole)
        attempt.channel.receive(10)
        for _ in range(2):
            began = time.monotonic()
            assert not attempt.usage().able
            waited.append(time.monotonic() - began)
    assert waited[0] > 5 * waited[1]


def test_no_check_can_be_asked_again_with_another_answer() -> None:
    name = "predict-output-printed-sum"
    wrong, right = ({"do": "cell", "source": code} for code in ("prediction = 1", "prediction = 2"))
    whole = {"original": "", "number": 1, "name": "", "room": 1000, "word": ""}
    settle, verify = {"do": "settle"}, {"do": "verify", "name": name, "word": "guess", "room": 1000, "drawn": True}
    with Sandbox(Limits(), checks=True) as sandbox, sandbox.attempt() as attempt:
        for message in (wrong | whole, settle, verify, right | whole, settle):
            attempt.channel.send(message)
            attempt.channel.receive(10)
        attempt.channel.send(verify | {"word": "another"})
        with pytest.raises(Closed):
            attempt.channel.receive(10)


def test_what_a_cell_shows_is_what_it_shows_in_the_notebook() -> None:
    cells = below_another_exercise("x = 1", counter() + "print(x)", "safe-counter-counts")
    grade(cells, patience=PATIENCE)
    assert cells[2].outputs == [{"output_type": "stream", "name": "stdout", "text": "1\n"}]
    assert cells[3].outcome is not None and cells[3].outcome.passed


def test_code_that_stops_its_sandbox_is_not_waited_for_once_a_check(monkeypatch: pytest.MonkeyPatch) -> None:
    restart, restarted = Sandbox.restart, []

    def counted(sandbox: Sandbox) -> None:
        restarted.append(sandbox)
        restart(sandbox)

    monkeypatch.setattr(Sandbox, "restart", counted)
    stops = "os.kill(os.getppid(), signal.SIGSTOP)"
    answer = f"import os, signal\nclass SafeCounter:\n    def __init__(self):\n        {stops}\n        os._exit(3)"
    tests = check_cell("safe-counter-starts-at-zero", 2), check_cell("safe-counter-two-threads", 3)
    grade([Cell(1, answer), *tests], patience=PATIENCE)
    assert [test.outcome.kind for test in tests if test.outcome] == [Kind.CRASHED, Kind.CRASHED]
    assert len(restarted) == 1
