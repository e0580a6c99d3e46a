#!/usr/bin/python3
"""The fault walk: a run's exchanges with its real peers are failed one at a time, in every way there is.

Status 0 may only come out where verdict and report equal those of the run without a fault. Walked for an
image that policy allows and for one that it blocks.
"""
import argparse
import concurrent.futures
import os
import pathlib
import queue
import shutil
import sys
import tempfile
import time

from fault_proxy import FAULTS
from support import records
from support.clair import Clair
from support.fault_bench import Bench, Case

SAMPLE_PER_EXCHANGE = 3


def cases_of(bench, exchanges, allowed):
    """Every exchange with every fault that can be done to it."""
    return [Case(exchange, fault, allowed) for exchange in exchanges for fault in FAULTS
            if bench.is_applicable(exchange, fault)]


def sample(cases, seed):
    """Some faults of every exchange; another day, other ones."""
    kept, seen = [], {}
    for case in cases:
        place = seen.setdefault((case.exchange.key, case.allowed), len(seen))
        offset = (FAULTS.index(case.fault) - seed * SAMPLE_PER_EXCHANGE - place) % len(FAULTS)
        if offset < SAMPLE_PER_EXCHANGE:
            kept.append(case)
    return kept


def walk(clair, folder, arguments):
    benches = queue.Queue()
    made = [Bench(clair, folder / str(number)) for number in range(arguments.jobs)]
    for bench in made:
        benches.put(bench)
    cases = []
    baselines = {}
    for allowed in (True, False):
        # Twice: what a run on a warm Clair asks first is not what a cold one asked.
        baselines[allowed] = made[0].run_without_fault(allowed)
        exchanges = baselines[allowed].exchanges
        cases += cases_of(made[0], exchanges, allowed)
        print(f"{'allowed' if allowed else 'blocked'} image, status {baselines[allowed].status}:")
        for exchange in exchanges:
            print(f"  {exchange.key}")
    if arguments.only:
        cases = [case for case in cases if arguments.only in f"{case.exchange.key}: {case.fault}"]
    elif arguments.sample:
        cases = sample(cases, arguments.seed)

    def one(case):
        bench = benches.get()
        try:
            return bench.run_with_fault(case, baselines[case.allowed])
        finally:
            benches.put(bench)

    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        results = list(pool.map(one, cases))
    for bench in made:
        bench.stop()
    return results


def tell(results, seconds):
    exchanges = {(result.case.exchange.key, result.case.allowed) for result in results}
    faults = {result.case.fault for result in results}
    count = {kind: sum(result.kind == kind for result in results)
             for kind in ("recovered", "refused", "unreached", "green", "wrong")}
    for result in results:
        if result.kind in ("green", "wrong"):
            print(f"\n{result.kind.upper()}: {result.case.exchange.key}: {result.case.fault} "
                  f"({'allowed' if result.case.allowed else 'blocked'} image)\n{result.explanation}")
    print(f"faults: {len(exchanges)} exchanges × {len(faults)} faults = {len(results)} runs, "
          f"{count['recovered']} recovered, {count['refused']} refused, {count['unreached']} not reached, "
          f"{count['wrong']} wrong, {count['green']} green ({seconds:.0f} s)")
    return count["green"] == 0 and count["wrong"] == 0 and results


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", action="store_true", help="every exchange, some of the faults")
    parser.add_argument("--seed", type=int, default=int(time.time() // 86400), help="which ones (default: the day)")
    parser.add_argument("--only", help="cases whose line 'EXCHANGE: FAULT' contains this text")
    parser.add_argument("--jobs", type=int, default=3)
    arguments = parser.parse_args()
    root = pathlib.Path(tempfile.mkdtemp(prefix="clairgate-faults-"))
    root.chmod(0o711)
    os.environ["E2E_ROOT"] = str(root)
    clair = Clair()
    begun = time.monotonic()
    try:
        clair.load(records.planted())
        if arguments.sample:
            print(f"sample {arguments.seed} (repeat it with --seed {arguments.seed})")
        good = tell(walk(clair, root, arguments), time.monotonic() - begun)
    finally:
        clair.stop()
        clair.postgres.stop()
        shutil.rmtree(root, ignore_errors=True)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
