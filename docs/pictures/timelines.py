"""Make the pictures of timelines in this folder anew: `python docs/pictures/timelines.py`. All of it is measured.

Make them on a quiet machine: where other programs keep the cores busy, the pictures show that and little else.
"""

from pathlib import Path

HERE = Path(__file__).parent


def main() -> None:
    """Run everything that is pictured, one after another."""
    # Worker processes import this file again: with these lines above, their start would take longer than in a notebook.
    from helpers.lessons.decision import decision_tree
    from helpers.lessons.matrix import matrix
    from helpers.server import local_server
    from helpers.strategies import compare, gil_enabled, this_interpreter
    from helpers.timeline.draw import draw
    from helpers.timeline.gil import draw_gil, measure_gil
    from helpers.timeline.trace import save
    from helpers.workloads import Account, CountPrimes, Deposit, Download, FetchAndCount, WaitOnSocket

    facts = str(this_interpreter())
    with local_server(latency=0.3) as server:
        downloads = compare(
            [Download(url) for url in server.urls(4)], ["sequential", "threads", "asyncio"], subject="4 downloads"
        )
    primes = compare(
        [CountPrimes(400_000)] * 2, ["sequential", "threads", "processes"], workers=2, subject="2 counts of primes"
    )
    deposits = compare([Deposit(Account())] * 3, ["threads"], subject="3 tellers at one account")
    mixed = compare(
        [FetchAndCount(0.1, 20_000)] * 6,
        ["sequential", "threads", "processes (fork)", "asyncio"],
        workers=3,
        subject="6 texts fetched and counted",
    )
    for name, comparison in (("downloads", downloads), ("cpu", primes), ("lock", deposits), ("mixed", mixed)):
        picture = draw(*comparison.recordings, subject=comparison.subject, caption=facts)
        picture.save(HERE / f"timeline-{name}.png")
    kinds = {"4 waits": [WaitOnSocket(0.1)] * 4, "4 counts of primes": [CountPrimes(100_000)] * 4}
    ways = ["sequential", "threads", "processes", "asyncio"]
    matrix([compare(tasks, ways, subject=name) for name, tasks in kinds.items()]).save(HERE / "matrix.png")
    decision_tree(gil=gil_enabled()).save(HERE / "decision-tree.png")
    save(downloads.recordings, HERE / "timeline-downloads.json")
    draw_gil(measure_gil()).save(HERE / "gil-two-threads.png")
    draw_gil(measure_gil(interval=0.05)).save(HERE / "gil-long-interval.png")


if __name__ == "__main__":
    main()
