"""Nested marks become spans side by side, and spans add up."""

from helpers.timeline.spans import Event, Lane, Recording, Span, State, flatten


def test_the_innermost_span_wins_and_nothing_is_lost() -> None:
    log: list[Event] = [
        (10, "page", State.RUNNING),
        (20, None, State.IO),
        (50,),
        (50, "parse", State.RUNNING),
        (60,),
        (70,),
    ]
    assert flatten(log, 100) == (
        Span("page", State.RUNNING, 10, 20),
        Span("page", State.IO, 20, 50),
        Span("parse", State.RUNNING, 50, 60),
        Span("page", State.RUNNING, 60, 70),
    )


def test_spans_still_open_reach_to_now() -> None:
    assert flatten([(10, "page", State.RUNNING), (20, None, State.IO)], 30)[-1] == Span("page", State.IO, 20, 30)


def test_a_suspension_inside_a_marked_wait_is_that_wait() -> None:
    log: list[Event] = [
        (0, "page", State.RUNNING),
        (1, None, State.AWAIT),
        (2,),
        (2, None, State.LOCK),
        (3, None, State.AWAIT),
        (9,),
        (9,),
        (9,),
    ]
    # the suspension adds no border of its own to the wait
    assert [span.state for span in flatten(log, 10)] == [State.RUNNING, State.AWAIT, State.LOCK]


def test_a_stray_end_is_ignored() -> None:
    assert flatten([(5,)], 10) == ()


def test_lanes_and_recordings_add_up() -> None:
    spans = (
        Span("a", State.RUNNING, 0, 2_000_000_000),
        Span("a", State.IO, 2_000_000_000, 3_000_000_000),
    )
    other = (Span("b", State.RUNNING, 500_000_000, 1_000_000_000),)
    recording = Recording("in threads", 0, 3_000_000_000, (Lane("1", 1, 1, spans), Lane("2", 1, 2, other)))
    assert recording.wall_seconds == 3
    assert recording.seconds(State.RUNNING) == 2.5
    assert recording.seconds(State.RUNNING, State.IO) == 3.5
    assert recording.overlap_seconds(State.RUNNING) == 0.5
    assert recording.lanes[0].at(1_000_000_000) == spans[0]
    assert recording.lanes[0].at(2_000_000_000) == spans[1]
    assert recording.lanes[1].at(0) is None
