"""Which accesses of one run race: happens-before by vector clocks, as in FastTrack and CHESS.

Two accesses by different threads, at least one of them a write, race if no chain of lock operations, thread starts
and joins orders them. Only racing places need to be switch points: every other access can be moved next to its
neighbours without changing what any thread sees (Lipton's reduction; Musuvathi and Qadeer, "Iterative Context
Bounding for Systematic Testing of Multithreaded Programs", PLDI 2007, shows that preempting at synchronisation
accesses alone finds every failure of race-free code within the same bound). So the search starts with the lock
operations, adds the places at which races are seen and starts anew, until no new race appears. Accesses at switch
points count as synchronisation: they order what comes after them.

The same chains give each thread's history a hash. Two runs whose threads all have equal histories are in the same
state, so what follows needs to be explored only once ("happens-before caching", ibid.).

Reference: Flanagan and Freund, "FastTrack: Efficient and Precise Dynamic Race Detection", PLDI 2009.
"""

from typing import Any, Protocol

from helpers.interleave.bytecode import Site
from helpers.interleave.operands import Missing
from helpers.interleave.touch import Anything, Touch, is_a

Clock = list[int]
_STATE = ""  # the name of the one place that a lock or a queue is, apart from its attributes
_DIRECTOR_SLOT = 0  # it makes the state before the threads start, and looks at it after they have ended


class Thread(Protocol):
    """What race detection keeps of a thread: its slot in vector clocks, its own clock, the hash of its history."""

    slot: int
    clock: Clock
    history: int


def join(into: Clock, other: Clock) -> None:
    """Make `into` know everything that `other` knows."""
    if len(into) < len(other):
        into.extend([0] * (len(other) - len(into)))
    into[: len(other)] = map(max, into, other)


class Place:
    """What is known of one shared place: its last write, the reads since, and their histories."""

    __slots__ = ("read_clock", "reads", "reads_hash", "write", "write_clock", "write_hash")

    def __init__(self) -> None:
        self.write: tuple[int, int, Site] | None = None  # thread, its tick, where
        self.reads: dict[int, tuple[int, Site]] = {}
        self.write_clock: Clock = []
        self.read_clock: Clock = []
        self.write_hash = 0
        self.reads_hash = 0


class Shared:
    """One object that was touched; kept alive so that its id stays its own for the run.

    Attributes:
        owner: The object.
        places: What is known of its parts, by name.
        operators: The slots of the threads that operated on it, if it is a lock or the like.
        operations: Where they did.
        changes: Whether any of them changed it.
    """

    __slots__ = ("changes", "operations", "operators", "owner", "places")

    def __init__(self, owner: Any) -> None:
        self.owner = owner
        self.places: dict[Any, Place] = {}
        self.operators: set[int] = set()
        self.operations: set[Site] = set()
        self.changes = False

    def place(self, name: Any) -> Place:
        """Return the part with that name."""
        place = self.places.get(name)
        if place is None:
            place = self.places[name] = Place()
        return place


class Races:
    """The happens-before order of one run.

    Attributes:
        found: The sites that took part in a race.
    """

    def __init__(self) -> None:
        self.found: set[Site] = set()
        self._objects: dict[int, Shared] = {}
        self._dictionaries: dict[int, Any] = {}  # an object's __dict__ -> the object: two names of one place

    def locate(self, touch: Touch) -> Touch:
        """Return `touch` by the one name of its place: `vars(self)["x"]` is the attribute x of self."""
        if touch.name == "__dict__":
            namespace = getattr(touch.owner, "__dict__", None)
            if is_a(namespace, dict):
                self._dictionaries[id(namespace)] = touch.owner
        elif touch.name is None and id(touch.owner) in self._dictionaries and is_a(touch.item, str):
            owner, name = self._dictionaries[id(touch.owner)], str.__str__(touch.item)
            return touch._replace(owner=owner, name=name, item=Missing)
        return touch

    def touch(self, thread: Thread, site: Site, touch: Touch) -> bool:
        """Note an access; race partners are added to `found`, and a switch point orders what follows it.

        Returns:
            Whether another thread was the last to change what is touched.
        """
        if touch.owner is Anything:
            self.found.add(site)
            return True
        owner = touch.owner if touch.name is not None else self._dictionaries.get(id(touch.owner), touch.owner)
        return self._access(thread, site, self._shared(owner), touch.name, touch.writes)

    def operate(self, thread: Thread, site: Site, owner: object, writes: bool) -> None:
        """Note an operation on a lock or queue, one that changes it or only looks.

        These operations order threads themselves, so the order in which they happened proves nothing: where several
        threads operate on the same one, all these places are switch points. Releases are among them: a thread
        interrupted while it holds the lock gets its turn back without a preemption when another one has to wait for it.
        """
        shared = self._shared(owner)
        if thread.slot != _DIRECTOR_SLOT:
            shared.operators.add(thread.slot)
            shared.operations.add(site)
            shared.changes = shared.changes or writes
            if shared.changes and len(shared.operators) > 1:
                self.found |= shared.operations
        if site.switch:
            self._order(thread, site, [shared.place(_STATE)], writes)

    def _shared(self, owner: Any) -> Shared:
        shared = self._objects.get(id(owner))
        if shared is None:
            shared = self._objects[id(owner)] = Shared(owner)
        return shared

    def _access(self, thread: Thread, site: Site, shared: Shared, name: Any, writes: bool) -> bool:
        place = shared.place(name)
        places = shared.places
        involved = [place]
        if name is None:
            involved = list(places.values())
        elif None in places:
            involved.append(places[None])
        for each in involved:
            self._check(thread, site, each, writes)
        others = place.write is not None and place.write[0] not in (thread.slot, _DIRECTOR_SLOT)
        now = thread.clock[thread.slot]
        if writes:
            place.write = (thread.slot, now, site)
            place.reads.clear()
        else:
            place.reads[thread.slot] = (now, site)
        if site.switch:
            self._order(thread, site, involved, writes)
        return others

    def _check(self, thread: Thread, site: Site, place: Place, writes: bool) -> None:
        clock, me = thread.clock, thread.slot
        if place.write is not None:
            other, tick, where = place.write
            if other != me and (other >= len(clock) or clock[other] < tick):
                self.found.add(site)
                self.found.add(where)
        if writes:
            for other, (tick, where) in place.reads.items():
                if other != me and (other >= len(clock) or clock[other] < tick):
                    self.found.add(site)
                    self.found.add(where)

    def _order(self, thread: Thread, site: Site, involved: list[Place], writes: bool) -> None:
        past = tuple([(each.write_hash, each.reads_hash if writes else 0) for each in involved])
        thread.history = hash((thread.history, site.hash, past))
        for each in involved:
            join(thread.clock, each.write_clock)
            if writes:
                join(thread.clock, each.read_clock)
        for each in involved:
            if writes:
                each.write_clock = thread.clock.copy()
                each.write_hash = thread.history
                each.reads_hash = 0
            else:
                join(each.read_clock, thread.clock)
                each.reads_hash ^= thread.history
        tick(thread)


def tick(thread: Thread) -> None:
    """Begin a new stretch of `thread`: what it does from here on is not yet known to the others."""
    thread.clock[thread.slot] += 1
