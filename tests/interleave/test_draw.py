"""Pictures: complete, safe whatever the code under test contains, legible, and at home in notebooks."""

import re
import runpy
import sys
from base64 import b64encode
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import nbformat
import pytest
from IPython.core.formatters import DisplayFormatter
from nbconvert.exporters import HTMLExporter
from nbformat.v4 import new_code_cell, new_notebook, new_output
from nbgrader.converters import GenerateFeedback

from helpers.interleave.draw import SchedulePicture, alt, schedule_png, schedule_svg
from helpers.interleave.schedule import Action, Schedule, Step, Wait
from helpers.interleave.story import cycle, memory, rows, spans, states, words
from helpers.interleave.svg import fit, width, wrap

from . import schedules

NAMESPACE = "{http://www.w3.org/2000/svg}"
NAMES = list(schedules.ALL)


def parsed(schedule: Schedule) -> ET.Element:
    return ET.fromstring(schedule_svg(schedule))


def texts(schedule: Schedule) -> list[str]:
    return [node.text or "" for node in parsed(schedule).iter(f"{NAMESPACE}text")]


def luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_is_a_document_of_its_own(name: str) -> None:
    svg = schedule_svg(schedules.ALL[name])
    root = ET.fromstring(svg)
    assert root.tag == f"{NAMESPACE}svg"
    assert root.get("role") == "img"
    assert root.get("aria-label")
    assert {child.tag for child in root} >= {f"{NAMESPACE}title", f"{NAMESPACE}desc"}
    # Nothing is fetched, and two pictures in one page share no names.
    assert not re.search(r'href|url\(|@import|\bid="', svg)


@pytest.mark.parametrize("name", NAMES)
def test_only_shapes_and_text_come_out_whatever_goes_in(name: str) -> None:
    tags = {node.tag.removeprefix(NAMESPACE) for node in parsed(schedules.ALL[name]).iter()}
    shapes = {"svg", "title", "desc", "g", "rect", "line", "circle", "path", "polygon", "text"}
    assert tags <= shapes
    attributes = {key for node in parsed(schedules.ALL[name]).iter() for key in node.attrib}
    assert not {key for key in attributes if key.startswith("on")}


@pytest.mark.parametrize("name", NAMES)
def test_type_is_large_enough_and_inside_the_picture(name: str) -> None:
    root = parsed(schedules.ALL[name])
    height = float(root.attrib["height"])
    for node in root.iter(f"{NAMESPACE}text"):
        size = float(node.attrib["font-size"])
        assert size >= 12
        assert size - 4 <= float(node.attrib["y"]) <= height
        bold = node.get("font-weight") == "bold"
        room = width(node.text or "", size, "Mono" in node.get("font-family", ""), bold)
        if "transform" not in node.attrib and node.get("text-anchor") is None:
            assert float(node.attrib["x"]) + room <= 800


@pytest.mark.parametrize("name", NAMES)
def test_text_stands_out_from_what_is_behind_it(name: str) -> None:
    backgrounds = {
        node.attrib["fill"]
        for node in parsed(schedules.ALL[name]).iter(f"{NAMESPACE}rect")
        if node.attrib["fill"] != "none" and node.attrib["fill"] != "#1a1a1a"
    }
    light = {b for b in backgrounds if luminance(b) > 0.18}
    bars = {node.attrib["fill"] for node in parsed(schedules.ALL[name]).iter(f"{NAMESPACE}rect")} & {
        "#F0E442",
        "#56B4E9",
        "#E69F00",
        "#CC79A7",
    }
    for node in parsed(schedules.ALL[name]).iter(f"{NAMESPACE}text"):
        ink = node.attrib["fill"]
        if ink == "#ffffff":
            assert contrast(ink, "#1a1a1a") >= 4.5
        elif ink == "#1a1a1a":
            assert all(contrast(ink, b) >= 4.5 for b in light)
        else:  # grey never stands on a bar or a strip of colour
            plain = light - bars - {"#0072B2", "#D55E00", "#009E73"}
            assert all(contrast(ink, b) >= 4.5 for b in plain)


def test_names_of_locks_stand_out_from_their_bars() -> None:
    locked = tuple(Step("A", Action.ACQUIRE, f"lock_{n}", held=(f"lock_{n}",)) for n in range(1, 5) for _ in "123")
    labels = 0
    for bar in parsed(Schedule(locked, (), 0)).iter(f"{NAMESPACE}g"):
        for label in bar.findall(f"{NAMESPACE}text[@transform]"):
            fills = [rect.attrib["fill"] for rect in bar.findall(f"{NAMESPACE}rect")]
            assert contrast(label.attrib["fill"], fills[-1]) >= 4.5
            labels += 1
    assert labels == 3  # no lane has room for more bars


def test_a_lost_update_says_everything() -> None:
    said = texts(schedules.LOST_UPDATE)
    assert {"Thread A", "Thread B", "reads value = 5", "writes value = 6", "still has value = 5"} <= {*said}
    assert said.count("line 7: self.value += 1") == 4
    outcome = " ".join(said)
    assert outcome.count("one increment was") == 2  # as the title, and under the fatal step


def test_the_fatal_step_has_a_cross_a_border_and_the_outcome() -> None:
    def thick(schedule: Schedule) -> int:
        return sum(node.get("stroke-width") == "3" for node in parsed(schedule).iter(f"{NAMESPACE}rect"))

    harmless = Schedule(schedules.LOST_UPDATE.steps, (0,), 0)
    assert thick(schedules.LOST_UPDATE) == 1
    assert thick(harmless) == 0
    assert "here it goes wrong" in texts(schedules.LOST_UPDATE)
    assert "here it goes wrong" not in texts(harmless)


def test_tasks_are_called_tasks() -> None:
    assert "Task A" in texts(schedules.ASYNCIO_RACE)


def test_a_deadlock_shows_its_circle() -> None:
    said = texts(schedules.DEADLOCK)
    assert said.count("waits for") == said.count("is held by") == 2
    assert any("circle" in part for part in said)


def test_a_lock_that_nobody_gives_back_is_no_circle() -> None:
    assert cycle(schedules.NEVER_RELEASED.waits) == ()
    assert "is held by" in texts(schedules.NEVER_RELEASED)


def test_a_thread_that_waits_for_itself_is_a_circle_of_one() -> None:
    waits = (Wait("A", "lock", "A"),)
    assert cycle(waits) == waits
    steps = (
        Step("A", Action.ACQUIRE, "lock", held=("lock",)),
        Step("A", Action.BLOCK, "lock", held=("lock",)),
    )
    assert "is held by" in texts(Schedule(steps, (0,), 0, "Thread A waits for itself.", 1, waits))


def test_circles_of_many_threads_stay_in_the_picture() -> None:
    count = 6
    waits = tuple(Wait(chr(65 + i), f"fork_{i}", chr(65 + (i + 1) % count)) for i in range(count))
    steps = tuple(Step(wait.thread, Action.BLOCK, wait.resource) for wait in waits)
    root = parsed(Schedule(steps, (), 0, "All wait.", count - 1, waits))
    assert len([n for n in root.iter(f"{NAMESPACE}circle") if float(n.attrib["r"]) > 20]) == count
    for node in root.iter(f"{NAMESPACE}circle"):
        assert 20 < float(node.attrib["cx"]) < 780
        assert 0 < float(node.attrib["cy"]) < float(root.attrib["height"])


def test_a_very_long_schedule_is_folded_around_what_matters() -> None:
    shown = rows(schedules.LONG)
    assert sum(not row.folded for row in shown) <= 24
    assert any(row.folded for row in shown)
    kept = {row.last for row in shown if not row.folded}
    assert schedules.LONG.fatal in kept
    stale = memory(schedules.LONG)
    assert stale is not None
    assert {stale.read, stale.write} <= kept
    # Folding hides steps, it never loses them.
    assert [i for row in shown for i in row.steps] == list(range(len(schedules.LONG.steps)))


def test_an_endless_loop_is_shown_going_round_twice() -> None:
    shown = rows(schedules.LIVELOCK)
    assert [len(row.steps) for row in shown] == [1, 1, 1, 1, 236, 1, 1]


@pytest.mark.parametrize("limit", [6, 10, 24])
def test_a_long_schedule_without_any_pattern_is_folded_too(limit: int) -> None:
    steps = tuple(Step("AB"[n * n % 7 % 2], Action.WRITE, "x", n, "x += 1", str(n * n)) for n in range(500))
    shown = rows(Schedule(steps, (), 0, "x is wrong.", 400), limit)
    single = [row for row in shown if not row.folded]
    assert len(single) <= limit + 2
    assert 400 in {row.last for row in single}


def test_states_follow_values_and_holders() -> None:
    seen = states(schedules.DEADLOCK)
    assert len(seen) == len(schedules.DEADLOCK.steps) + 1
    assert seen[0].holders == {"lock_a": "", "lock_b": ""}
    assert seen[-1].holders == {"lock_a": "A", "lock_b": "B"}
    values = [state.values["value"] for state in states(schedules.LOST_UPDATE)]
    assert values == ["5", "5", "5", "5", "5", "6", "6", "6", "6"]


def test_what_a_call_made_of_a_list_is_told_by_the_next_look_at_it() -> None:
    steps = (
        Step("A", Action.CALL, "items", call="items.append(1)"),
        Step("A", Action.CALL, "items", call="items.append(2)"),
        Step("B", Action.READ, "items", value="[1, 2]"),
        Step("B", Action.CALL, "items", call="items.pop()"),
    )
    assert [state.values["items"] for state in states(Schedule(steps, (), 0))] == ["?", "?", "[1, 2]", "[1, 2]", "?"]
    assert [words(step) for step in (steps[0], steps[3])] == ["calls items.append(1)", "calls items.pop()"]
    assert words(Step("A", Action.CALL, "items", call="items += [1]")) == "runs items += [1]"
    assert words(Step("A", Action.CALL, "items")) == "uses items"


def test_a_thread_stopped_just_before_it_asked_for_the_lock_is_shown_waiting() -> None:
    asked = schedules.DEADLOCK
    stopped = Schedule(asked.steps[:-1], (), 1, asked.outcome, 5, asked.waits)
    found = {(span.thread, span.lock): (span.first, span.last) for span in spans(stopped) if span.waiting}
    assert found == {("A", "lock_b"): (2, 5), ("B", "lock_a"): (5, 5)}


def test_bars_last_from_taking_to_releasing_and_from_asking_to_getting() -> None:
    found = {(s.thread, s.waiting): (s.first, s.last) for s in spans(schedules.THREE_THREADS)}
    assert found == {("A", False): (0, 5), ("B", False): (6, 9), ("B", True): (2, 5)}


def test_a_value_read_after_the_last_change_is_not_stale() -> None:
    steps = (
        Step("A", Action.READ, "value", value="5"),
        Step("B", Action.WRITE, "value", value="6", before="5"),
        Step("A", Action.READ, "value", value="6"),
        Step("A", Action.WRITE, "value", value="7", before="6"),
    )
    assert memory(Schedule(steps, (), 0, "Wrong.", 3)) is None


def test_a_value_that_others_only_read_is_not_stale() -> None:
    steps = (
        Step("A", Action.READ, "value", value="5"),
        Step("B", Action.READ, "value", value="5"),
        Step("A", Action.WRITE, "value", value="6", before="5"),
    )
    assert memory(Schedule(steps, (), 0, "Wrong.", 2)) is None


@pytest.mark.parametrize("action", Action)
def test_every_action_has_words(action: Action) -> None:
    assert words(Step("A", action, "lock")).isprintable()
    assert words(Step("A", action))


def test_alt_text_tells_the_story_in_order() -> None:
    said = alt(schedules.LOST_UPDATE)
    assert said.startswith(schedules.LOST_UPDATE.outcome)
    order = ["Thread A reads value = 5 (line 7)", "Thread B writes value = 6", "Here it goes wrong."]
    places = [said.index(part) for part in order]
    assert places == sorted(places)


def test_text_is_cut_to_its_room() -> None:
    assert width(fit("a" * 500, 100, 14), 14) <= 100
    assert width(fit("日本" * 100, 100, 14), 14) <= 100
    assert len(fit("e\u0301" * 1000, 100, 14)) < 60
    assert all(width(part, 14) <= 120 for part in wrap("many short words " * 20, 120, 14))
    assert len(wrap("many short words " * 20, 120, 14, most=3)) == 3


@pytest.mark.parametrize("name", NAMES)
def test_png_is_drawn_at_the_size_asked_for(name: str) -> None:
    png = schedule_png(schedules.ALL[name], scale=1.0)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(png[16:20]) == 800


def test_ipython_shows_the_picture_with_its_description() -> None:
    formatter = DisplayFormatter()
    formatter.active_types = formatter.format_types
    data, metadata = formatter.format(SchedulePicture(schedules.LOST_UPDATE))
    assert set(data) >= {"text/html", "image/svg+xml", "image/png", "text/plain"}
    assert data["text/plain"] == alt(schedules.LOST_UPDATE) == metadata["image/png"]["alt"]


@pytest.mark.skipif(sys.version_info[:2] != (3, 13), reason="another version's bytecode has more or fewer steps")
def test_pictures_in_the_docs_show_what_the_explorer_finds() -> None:
    folder = Path(__file__).parents[2] / "docs" / "pictures"
    for name, schedule in runpy.run_path(str(folder / "schedules.py"))["failures"]():
        drawn = (folder / f"{name}.svg").read_text(encoding="utf-8")
        assert drawn == schedule_svg(schedule) + "\n", "run python docs/pictures/schedules.py and look at the result"


def feedback_page(picture: SchedulePicture, *priority: str) -> str:
    """What nbgrader's feedback template makes of a cell that shows a picture."""
    data, metadata = picture._repr_mimebundle_()
    cell = new_code_cell("picture", outputs=[new_output("display_data", data, metadata=metadata)])
    notebook = nbformat.reads(nbformat.writes(new_notebook(cells=[cell])), as_version=4)
    config = GenerateFeedback().config
    if priority:
        config.NbConvertBase.display_data_priority = [*priority]
    resources = {"nbgrader": {"notebook": "practice", "score": 0, "max_score": 0, "late_penalty": 0}}
    page, _ = HTMLExporter(config=config).from_notebook_node(notebook, resources)
    return str(page)


@pytest.mark.parametrize("name", ["deadlock", "hostile"])
def test_feedback_pages_show_the_picture_with_its_description(name: str) -> None:
    schedule = schedules.ALL[name]
    (image,) = images(feedback_page(SchedulePicture(schedule)))
    assert image["src"] == "data:image/svg+xml;base64," + b64encode(schedule_svg(schedule).encode()).decode()
    assert image["alt"] == alt(schedule)
    assert set(image) == {"src", "alt", "style"}  # hostile text adds no attribute of its own


def test_feedback_pages_that_prefer_png_also_keep_the_description() -> None:
    (image,) = images(feedback_page(SchedulePicture(schedules.DEADLOCK), "image/png", "text/plain"))
    assert image["src"].startswith("data:image/png;base64,")
    assert image["alt"] == alt(schedules.DEADLOCK)


def images(page: str) -> list[dict[str, str]]:
    """Attributes of every image of a page, as a browser reads them."""
    found: list[dict[str, str]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag == "img":
                found.append({name: value or "" for name, value in attrs})

    Reader().feed(page)
    return found
