"""The trace file says what the recording says, in the fields that Perfetto reads."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from helpers.strategies import run
from helpers.timeline.spans import Lane, Recording, Span, State
from helpers.timeline.trace import TraceError, load, save
from helpers.workloads import FetchAndCount

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
        failed=1,
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
    assert all(event["tid"] != event["pid"] for event in complete)
    assert all(isinstance(event["args"], dict) for event in meta)


@pytest.mark.parametrize("strategy", ["threads", "processes", "asyncio"])
def test_every_lane_of_a_real_run_is_one_named_thread_without_overlaps(tmp_path: Path, strategy: str) -> None:
    recordings = [run([FetchAndCount(0.01, 2000)] * 3, strategy).recording for _ in range(2)]
    events = json.loads(save(recordings, tmp_path / "trace.json").read_text())["traceEvents"]
    owners = {event["tid"]: event["pid"] for event in events if event["name"] == "thread_name"}
    assert len(owners) == sum(len(recording.lanes) for recording in recordings)
    assert {event["pid"] for event in events if event["name"] == "process_name"} == {1, 2}
    for tid, pid in owners.items():
        spans = sorted((event["ts"], event["dur"]) for event in events if event["ph"] == "X" and event["tid"] == tid)
        assert {event["pid"] for event in events if event["tid"] == tid} == {pid}
        assert len(spans) > 0
        for (start, length), (following, _) in pairwise(spans):
            assert start + length <= following + 0.001  # a nanosecond: the numbers are fractions of microseconds


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"traceEvents": [{"ph": "X"}], "otherData": {"recordings": [{}]}}'])
def test_another_file_is_refused_by_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(text)
    with pytest.raises(TraceError, match=r"other\.json is not a trace"):
        load(path)
