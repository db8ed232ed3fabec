"""The trace file says what the recording says, in the fields that Perfetto reads."""

import json
from pathlib import Path

import pytest

from helpers.timeline.spans import Lane, Recording, Span, State
from helpers.timeline.trace import TraceError, load, save

START = 123_456_789_012_345
RECORDINGS = [
    Recording(
        "in threads",
        START,
        START + 5_000_001,
        (
            Lane("thread 1", 10, 11, (Span("thread_name", State.RUNNING, START + 1, START + 1_000_003),)),
            Lane("thread 2", 10, 12, ()),
        ),
        ("a note",),
    ),
    Recording("", START, START + 9, (Lane("process 1", 99, 99, (Span("b", State.GIL, START, START + 9),)),)),
]


def test_what_was_saved_is_loaded_to_the_nanosecond(tmp_path: Path) -> None:
    assert load(save(RECORDINGS, tmp_path / "trace.json")) == RECORDINGS
    assert load(save([], tmp_path / "empty.json")) == []


def test_the_fields_are_those_of_the_trace_event_format(tmp_path: Path) -> None:
    document = json.loads(save(RECORDINGS, tmp_path / "trace.json").read_text())
    assert document["displayTimeUnit"] in ("ms", "ns")
    complete = [event for event in document["traceEvents"] if event["ph"] == "X"]
    meta = [event for event in document["traceEvents"] if event["ph"] == "M"]
    assert len(complete) + len(meta) == len(document["traceEvents"])
    for event in complete:
        assert set(event) == {"ph", "name", "cat", "pid", "tid", "ts", "dur"}
        assert all(isinstance(event[field], int | float) and event[field] >= 0 for field in ("ts", "dur"))
        assert all(isinstance(event[field], int) for field in ("pid", "tid"))
        assert all(isinstance(event[field], str) for field in ("name", "cat"))
    assert complete[0]["ts"] == 0.001  # microseconds
    assert complete[0]["dur"] == pytest.approx(1000.002)
    assert {event["name"] for event in meta} == {"process_name", "thread_name", "thread_sort_index"}
    assert all(isinstance(event["args"], dict) for event in meta)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"traceEvents": [{"ph": "X"}], "otherData": {"recordings": [{}]}}'])
def test_another_file_is_refused_by_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(text)
    with pytest.raises(TraceError, match=r"other\.json is not a trace"):
        load(path)
