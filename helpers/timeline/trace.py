"""Save recordings as a Chrome trace and load them back; https://ui.perfetto.dev opens the file.

Each recording becomes one process of the trace and each lane one thread of it, so that runs lie below one
another on one axis that begins where each run began. Real process and thread numbers are kept in `args`.

Source: "Trace Event Format", the Chromium project: complete events (`"ph": "X"`, `ts` and `dur` in
microseconds, which may be fractions) and metadata events (`"ph": "M"`).
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from helpers.timeline.spans import Lane, Recording, Span, State

_TID_STEP = 100_000
"""Threads of all processes have different numbers: Perfetto calls a thread "main" that has its process's."""


class TraceError(ValueError):
    """The file is not a trace that `save` wrote."""


def save(recordings: Sequence[Recording], path: Path | str) -> Path:
    """Write recordings to a trace file.

    Args:
        recordings: One or more runs.
        path: The file to write; ".json" is the usual suffix.

    Returns:
        The path written.
    """
    path = Path(path)
    facts = ("title", "start_ns", "end_ns", "notes", "failed")
    runs = [{fact: getattr(run, fact) for fact in facts} for run in recordings]
    events = [event for number, run in enumerate(recordings) for event in _events(number, run)]
    document = {"traceEvents": events, "displayTimeUnit": "ms", "otherData": {"recordings": runs}}
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def _events(number: int, run: Recording) -> Iterator[dict[str, Any]]:
    pid = number + 1  # Perfetto gives process 0 a meaning of its own
    title = {"name": run.title or f"recording {pid}"}
    yield {"ph": "M", "name": "process_name", "pid": pid, "tid": 0, "args": title}
    for tid, lane in enumerate(run.lanes, start=pid * _TID_STEP + 1):
        real = {"name": lane.name, "pid": lane.pid, "tid": lane.tid}
        yield {"ph": "M", "name": "thread_name", "pid": pid, "tid": tid, "args": real}
        yield {"ph": "M", "name": "thread_sort_index", "pid": pid, "tid": tid, "args": {"sort_index": tid}}
        for span in lane.spans:
            yield {
                "ph": "X",
                "name": span.name,
                "cat": span.state.value,
                "pid": pid,
                "tid": tid,
                "ts": (span.start_ns - run.start_ns) / 1000,
                "dur": (span.end_ns - span.start_ns) / 1000,
            }


def load(path: Path | str) -> list[Recording]:
    """Read the recordings that `save` wrote.

    Args:
        path: The trace file.

    Returns:
        The same recordings, equal to those saved.

    Raises:
        TraceError: The file is not such a trace.
    """
    try:
        document = json.loads(Path(path).read_text(encoding="utf-8"))
        runs, events = document["otherData"]["recordings"], document["traceEvents"]
        by_lane: defaultdict[tuple[int, int], list[dict[str, Any]]] = defaultdict(list)
        for event in events:
            by_lane[event["pid"], event["tid"]].append(event)
        return [
            _recording(run, [lane for (owner, tid), lane in sorted(by_lane.items()) if owner == pid and tid])
            for pid, run in enumerate(runs, start=1)
        ]
    except (KeyError, TypeError, ValueError, StopIteration) as error:
        raise TraceError(f"{path} is not a trace saved by this course: {error!r}") from error


def _recording(run: dict[str, Any], lanes: list[list[dict[str, Any]]]) -> Recording:
    start = run["start_ns"]
    made = tuple(_lane(lane, start) for lane in lanes)
    return Recording(run["title"], start, run["end_ns"], made, tuple(run["notes"]), run.get("failed", 0))


def _lane(events: list[dict[str, Any]], start: int) -> Lane:
    real = next(event["args"] for event in events if event["ph"] == "M" and event["name"] == "thread_name")
    spans = []
    for event in events:
        if event["ph"] == "X":
            begin = start + round(event["ts"] * 1000)
            end = begin + round(event["dur"] * 1000)
            spans.append(Span(event["name"], State(event["cat"]), begin, end))
    return Lane(real["name"], real["pid"], real["tid"], tuple(spans))
