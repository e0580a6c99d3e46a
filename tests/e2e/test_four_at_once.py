"""Four runs of one new digest at the same time: all right, and none much slower than a single one."""
import concurrent.futures
import time

from support import images
from support.gate import Gate, rows


def timed(folder, name, clair, reference):
    place = folder / name
    place.mkdir()
    gate = Gate(place)
    begun = time.monotonic()
    ended, report = gate.run(reference, clair=clair)
    return ended, report, time.monotonic() - begun


def test_four_runs_of_one_new_digest(folder, registry, clair):
    alone = images.debian_patched_with(noise_megabytes=8)
    registry.push("app", alone)
    single = timed(folder, "alone", clair, registry.reference("app", alone))
    assert single[0].status == 0, single[0].explain()

    image = images.debian_outdated()
    registry.push("app", image)
    reference = registry.reference("app", image)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda n: timed(folder, str(n), clair, reference), range(4)))
    for ended, report, seconds in results:
        assert ended.status == 1, ended.explain()
        assert rows(report) == rows(results[0][1])
        # Four processes with sanitizers share two cores; the second is what waiting on a lock would cost.
        assert seconds < single[2] + 1.0 + 3 * single[2] / 2, [one[2] for one in results]
