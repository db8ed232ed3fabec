"""Pictures say what was measured: in their title, in their bars, in words for those who do not see them."""

import re
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import PathPatch
from PIL import Image

from helpers.timeline.bars import lane_bars
from helpers.timeline.draw import alt_text, draw, message
from helpers.timeline.report import errors_list, speed_table, who_runs
from helpers.timeline.spans import Lane, Recording, Span, State
from helpers.timeline.style import STYLES, seconds_text, speed_text
from helpers.timeline.svg import lanes_svg

S = 1_000_000_000
START = 77 * S


def lane(name: str, *parts: tuple[str, State, float, float]) -> Lane:
    spans = (Span(n, state, START + round(a * S), START + round(b * S)) for n, state, a, b in parts)
    return Lane(name, 1, 2, tuple(spans))


def recording(title: str, seconds: float, *lanes: Lane, notes: tuple[str, ...] = ()) -> Recording:
    return Recording(title, START, START + round(seconds * S), lanes, notes)


SEQUENCE = recording("in sequence", 2, lane("thread 1", ("page-1", State.IO, 0, 1), ("page-2", State.RUNNING, 1, 2)))
THREADS = recording(
    "in threads",
    1,
    lane("thread 1", ("page-1", State.IO, 0, 1)),
    lane("thread <2>", ("page-2", State.LOCK, 0, 0.25), ("page-2", State.RUNNING, 0.25, 0.75)),
    notes=("a note",),
)
MANY_STATES = list(State)[:4]
TEN_THOUSAND = recording(
    "in threads",
    2.5,
    *(
        lane(
            f"thread {n}",
            *((f"task {i // 10}", MANY_STATES[i % 4], i / 1000, (i + 1) / 1000) for i in range(2500)),
        )
        for n in range(4)
    ),
)


def text_of(picture_title: str) -> str:
    return " ".join(picture_title.split())


def test_the_title_says_the_message() -> None:
    picture = draw(SEQUENCE, THREADS, subject="2 downloads")
    title = text_of(picture.figure.texts[0].get_text())
    assert title == "2 downloads: 2.0 s in sequence, 1.0 s in threads (2.0x faster)"
    assert picture.figure.axes[1].get_title(loc="left") == "In threads: 1.0 s, 2.0x faster"
    assert draw(SEQUENCE, THREADS, title="Other work").figure.axes[1].get_title(loc="left") == "In threads: 1.0 s"


def test_names_in_scripts_that_no_font_here_may_have_are_no_trouble(recwarn: pytest.WarningsRecorder) -> None:
    picture = draw(recording("日本語", 1, lane("素数", ("数える", State.RUNNING, 0, 1))))
    assert picture.png.startswith(b"\x89PNG")
    assert not recwarn.list
    assert "日本語" in picture.alt


def test_no_speed_is_claimed_where_tasks_failed() -> None:
    broken = replace(THREADS, failed=2)
    assert message([SEQUENCE, broken], "2 downloads") == (
        "2 downloads: 2.0 s in sequence, 1.0 s in threads (2 tasks failed)"
    )
    assert message([replace(SEQUENCE, failed=1), THREADS]) == "2.0 s in sequence (1 task failed), 1.0 s in threads"
    assert draw(SEQUENCE, broken).figure.axes[1].get_title(loc="left") == "In threads: 1.0 s, 2 tasks failed"


def test_bars_are_where_the_spans_were() -> None:
    axes = draw(SEQUENCE, THREADS).figure.axes
    assert axes[0].get_xlim() == axes[1].get_xlim()
    boxes = {
        patch.get_hatch(): patch.get_path().get_extents() for patch in axes[1].patches if isinstance(patch, PathPatch)
    }
    lock = boxes[STYLES[State.LOCK].hatch]
    assert (lock.x0, lock.x1) == (0, 0.25)
    assert round((lock.y0 + lock.y1) / 2) == 1  # the second lane
    assert [label.get_text() for label in axes[1].get_yticklabels()] == ["thread 1", "thread <2>"]


def test_nothing_overlaps_and_nothing_is_cut_off() -> None:
    picture = draw(SEQUENCE, THREADS, TEN_THOUSAND, subject="2 downloads of a page with a long name", caption="fact")
    figure = picture.figure
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    texts = [*figure.texts, *figure.legends, *(axes.title for axes in figure.axes), figure.axes[-1].xaxis.label]
    for axes in figure.axes:
        texts += [axes._left_title, *axes.get_yticklabels()]
    longest = figure.axes[-1].get_xlim()[1]
    texts += [label for label in figure.axes[-1].get_xticklabels() if 0 <= label.get_position()[0] <= longest]
    boxes = [(text, box) for text in texts if (box := text.get_window_extent(renderer)).width > 0]
    for number, (text, box) in enumerate(boxes):
        assert box.x0 >= 0
        assert box.y0 >= 0
        assert box.x1 <= figure.bbox.x1
        assert box.y1 <= figure.bbox.y1
        assert [other for other, place in boxes[number + 1 :] if box.overlaps(place)] == [], text


def test_names_are_drawn_as_they_are_not_read_as_formulas() -> None:
    name = r"$\frac$"
    run = recording(name, 1, lane(name, (name, State.RUNNING, 0, 1)))
    picture = draw(run, subject=name, caption=name)
    assert picture.png.startswith(b"\x89PNG")
    assert name in picture.alt


def test_the_image_carries_its_words() -> None:
    picture = draw(SEQUENCE, THREADS, subject="2 downloads")
    data, metadata = picture._repr_mimebundle_()
    assert metadata["image/png"]["alt"] == data["text/plain"] == picture.alt
    assert "2.0 s in sequence" in picture.alt
    assert "In threads: 2 lanes; running 0.50 s, waiting for I/O 1.0 s, waiting for a lock 0.25 s" in picture.alt
    image = Image.open(BytesIO(picture.png))
    assert image.width == 1200
    assert image.convert("RGB").getpixel((2, 2)) == (255, 255, 255)  # its own paper: readable on a dark page


def test_the_legends_explain_only_what_can_be_seen() -> None:
    blink = recording("in threads", 1, lane("thread 1", ("a", State.LOCK, 0, 1e-3), ("a", State.IO, 1e-3, 1)))
    turns = [("a", (State.RUNNING, State.LOCK)[i % 2], i / 1000, (i + 1) / 1000) for i in range(1000)]
    for run, states in ((blink, [State.IO]), (recording("", 1, lane("b", *turns)), [State.RUNNING, State.LOCK])):
        legend = [text.get_text() for text in draw(run).figure.legends[0].get_texts()]
        assert legend == [state.value for state in states]
        svg = lanes_svg([run], "a picture", "p")
        assert [state for state in State if f">{state.value}<" in svg] == states
        assert set(re.findall(r"url\(#(p-\w+)\)", svg)) <= set(re.findall(r'id="(p-\w+)"', svg))


def test_small_print_tells_whose_note_it_is() -> None:
    texts = [text.get_text() for text in draw(SEQUENCE, THREADS, caption="CPython").figure.texts]
    assert "in threads: a note.\nCPython" in texts


@pytest.mark.parametrize("runs", [(), (recording("in threads", 0),), (recording("", 1, lane("thread 1")),)])
def test_empty_runs_are_drawn_too(runs: tuple[Recording, ...]) -> None:
    assert draw(*runs, subject="0 tasks").png.startswith(b"\x89PNG")
    svg = lanes_svg(runs, "nothing", "p")
    assert svg.startswith("<svg")
    assert ("nothing was recorded" in svg) == any(not run.lanes for run in runs)


def test_a_thousand_lanes_are_counted_not_drawn() -> None:
    crowd = recording("in threads", 1, *[lane(f"thread {n}", ("x", State.IO, 0, 1)) for n in range(1000)])
    axes = draw(crowd).figure.axes[0]
    assert len(axes.get_yticks()) == 24
    assert "24 of 1,000 lanes drawn" in axes.get_title(loc="left")
    assert "16 of 1,000 lanes shown" in lanes_svg([crowd], "crowd", "p")


def test_spans_too_narrow_to_see_keep_their_share() -> None:
    (first, *_) = TEN_THOUSAND.lanes
    bars = list(lane_bars(first, START, pixel=2.5 / 600))
    assert len(bars) < 700
    for before, after in pairwise(bars):
        assert after.left >= before.right - 1e-9
    for state in MANY_STATES:
        drawn = sum(bar.right - bar.left for bar in bars if bar.state is state)
        assert drawn == pytest.approx(first.seconds(state))


def test_every_state_looks_different_and_every_wait_is_hatched() -> None:
    assert set(STYLES) == set(State)
    waits = set(State) - {State.RUNNING, State.UNMARKED}
    assert all(STYLES[state].hatch and STYLES[state].stripes for state in waits)
    looks = {(style.colour, style.hatch) for style in STYLES.values()}
    assert len(looks) == len(State) - 1  # the two ways to say "waiting for the GIL" never meet in one picture


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 ms"), (0.00042, "0.42 ms"), (0.034, "34 ms"), (0.0994, "99 ms"), (0.0996, "0.10 s"), (0.5, "0.50 s"),
     (0.996, "1.0 s"), (2, "2.0 s"), (9.96, "10 s"), (12.4, "12 s")],
)  # fmt: skip
def test_durations_read_well(seconds: float, text: str) -> None:
    assert seconds_text(seconds) == text


@pytest.mark.parametrize(
    ("factor", "text"), [(3.94, "3.9x faster"), (1.02, "about as fast"), (0.5, "2.0x slower"), (12, "12x faster")]
)
def test_speeds_read_well(factor: float, text: str) -> None:
    assert speed_text(factor) == text


def test_messages_of_few_words() -> None:
    assert message([]) == "Nothing was run"
    assert message([], "0 waits") == "0 waits: nothing was run"
    assert alt_text([recording("", 1)], "t").startswith("Timeline. t. Recorded: 0 lanes; nothing was marked")


def test_live_lanes_are_well_formed_and_to_scale() -> None:
    root = ElementTree.fromstring(lanes_svg([SEQUENCE, THREADS], "a & b", "p1", cursor=0.5))
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == "a & b"
    bars = [rect for rect in root.iter("rect") if rect.attrib["height"] == "15"]
    assert [float(bar.attrib["width"]) for bar in bars] == [324, 324, 324, 81, 162]
    assert "thread <2>" in {text.text for text in root.iter("text")}
    cursor = [line for line in root.iter("line") if "font-color0" in line.attrib["style"]]
    assert [(line.attrib["y1"], line.attrib["y2"]) for line in cursor] == [("22", "44"), ("66", "108")]  # lanes only
    used = set(re.findall(r"url\(#([\w-]+)\)", ElementTree.tostring(root, "unicode")))
    assert used == {"p1-IO", "p1-LOCK"} <= {pattern.attrib["id"] for pattern in root.iter("pattern")}


def test_who_runs_at_a_moment() -> None:
    said = who_runs([SEQUENCE, THREADS], 0.8)
    assert "<b>in sequence</b>: thread 1: page-1, waiting for I/O" in said
    assert "thread &lt;2&gt;: nothing to do" in said
    assert "nothing was recorded" in who_runs([recording("in processes", 1)], 0.5)
    assert "<b>in threads</b>: over" in who_runs([SEQUENCE, THREADS], 1.5)


def test_the_table_and_the_errors() -> None:
    class Failed:
        task, error = "page-<1>", ValueError("404")

    class Ended:
        cpu_seconds, workers = 0.25, 2

        def __init__(self, run: Recording, failures: list[Failed]) -> None:
            self.recording, self.failures = run, failures

    results = [Ended(SEQUENCE, []), Ended(THREADS, [Failed()] * 7)]
    cells = re.findall(r"<td[^>]*>(.*?)</td>", speed_table(results))
    assert cells == [
        "in sequence", "2.0 s", "the measure", "0.25 s", "2", "0",
        "in threads", "1.0 s", "2.0x faster", "0.25 s", "2", "7",
    ]  # fmt: skip
    errors = errors_list(results)
    assert errors.count("page-&lt;1&gt;: ValueError: 404") == 5
    assert "and 2 more" in errors
    assert speed_table([]) == errors_list([]) == ""
