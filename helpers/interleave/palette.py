"""Who has which colour in a picture. Okabe and Ito's set (Color Universal Design, 2008) with light tints."""

from dataclasses import dataclass

from helpers.interleave.schedule import Schedule
from helpers.interleave.story import locks


@dataclass(frozen=True, slots=True)
class Colour:
    """A strong colour for edges and a light one that carries text."""

    edge: str
    tint: str


_LANES = (
    Colour("#0072B2", "#e3f0f8"),
    Colour("#D55E00", "#fbebe0"),
    Colour("#009E73", "#e0f4ee"),
    Colour("#CC79A7", "#f9eff4"),
    Colour("#E69F00", "#fdf4e0"),
    Colour("#56B4E9", "#eaf5fc"),
)
_LOCKS = ("#F0E442", "#56B4E9", "#E69F00", "#CC79A7")  # all light enough to carry black text
NOBODY = Colour("#595959", "#f4f4f4")


def lane_colour(schedule: Schedule, thread: str) -> Colour:
    """The colour of a thread's lane; grey for a name that has no lane."""
    threads = schedule.threads
    return _LANES[threads.index(thread) % len(_LANES)] if thread in threads else NOBODY


def lock_colour(schedule: Schedule, lock: str) -> str:
    """The colour of a held lock; that of the first lock for what nobody ever held."""
    names = locks(schedule)
    return _LOCKS[names.index(lock) % len(_LOCKS)] if lock in names else _LOCKS[0]
