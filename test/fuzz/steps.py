#!/usr/bin/env python3
"""steps.py
Networks of variable steps drawn at random, trained by Keras, each row alone, and
by nnet, rows of mixed lengths in batches, with 1, 2 and 3 threads.

Run by hand, where Keras is, in a server that may be filled with temporary tables:
	scripts/private-server.sh python3 test/fuzz/steps.py [FIRST_SEED [COUNT]]
A network that fails is named by its seed: FIRST_SEED 17, COUNT 1 tries it again.
Networks that are too sensitive for single precision, or do not learn, prove
nothing and are counted as left out.  Exits with 1 if any comparison failed.
"""
import io
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
GOLDEN = os.path.join(HERE, "..", "golden")
sys.path.insert(0, GOLDEN)

import make            # noqa: E402
import random_steps    # noqa: E402

AT_A_TIME = 10
HEAD = f"""\\set ON_ERROR_STOP true
\\set QUIET true
\\pset format unaligned
\\pset tuples_only true
SET client_min_messages = warning;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS nnet;
\\i {GOLDEN}/golden.sql
"""
TAIL = """SELECT plan((SELECT count(*) * 3 * 5 FROM golden_network)::integer
    + (SELECT count(DISTINCT network) * 2 FROM golden_output)::integer);
SELECT pg_temp.check_outputs(network) FROM (SELECT DISTINCT network FROM golden_output) o;
SELECT pg_temp.check_golden(name, threads) FROM golden_network, generate_series(1, 3) AS threads;
ROLLBACK;
"""


def describe(draw, seed):
    """The SQL of one network, or None with the reason why it is left out."""
    data, network = draw(seed)
    out = io.StringIO()
    make.write_rows(out, data)
    try:
        make.write_network(out, network, data)
    except make.Unsuitable as reason:
        return None, str(reason)
    return out.getvalue(), network.sql()


def with_diagnostics(lines):
    """Each test and what pgTAP says after it."""
    for i, line in enumerate(lines):
        if line.startswith(("ok ", "not ok ")):
            told = []
            for after in lines[i + 1:]:
                if not after.startswith("#"):
                    break
                if not after.startswith("# Failed test"):
                    told.append(after.lstrip("# "))
            yield line, told


def compare(described):
    """Run what was described; returns (comparisons, lines of those that failed)."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(HEAD + "".join(described) + TAIL)
        file.flush()
        result = subprocess.run(["psql", "-X", "-f", file.name], capture_output=True, text=True)
    lines = result.stdout.splitlines()
    tests = [line for line in lines if line.startswith(("ok ", "not ok "))]
    failed = [f"{test} {' '.join(told)}" for test, told in with_diagnostics(lines)
              if test.startswith("not ok ")]
    planned = sum(int(line[3:]) for line in lines if line.startswith("1.."))
    if result.returncode != 0 or planned == 0 or len(tests) != planned:
        failed.append(f"psql ended with {result.returncode}: {result.stderr[-500:]}")
    return len(tests), failed


def main(draw):
    """draw: from a seed to data and network."""
    first = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    seeds, waiting = range(first, first + count), []
    compared = left_out = tests = 0
    failed = []
    for seed in seeds:
        described, why = describe(draw, seed)
        if described is None:
            left_out += 1
        else:
            waiting.append(described)
        if waiting and (len(waiting) == AT_A_TIME or seed == seeds[-1]):
            n, bad = compare(waiting)
            compared, tests, waiting = compared + len(waiting), tests + n, []
            failed += bad
            print(f"seeds {first} to {seed}: {compared} networks compared, {left_out} left out, "
                  f"{tests} comparisons, {len(failed)} failed", flush=True)
            for line in bad:
                print("  " + line, flush=True)
    return 1 if failed or compared == 0 else 0


if __name__ == "__main__":
    sys.exit(main(random_steps.draw))
