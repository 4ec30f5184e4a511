#!/usr/bin/env python3
"""bench.py
Measures nnet and its peers in turn and prints a table.  Run by run.sh, inside
the environment of a private server.

A peer's setting (threads, variant) is chosen by a short probe of each; those
whose best is within a quarter of the fastest probe are then measured in full.
The figure is the median of the runs.
"""
import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile

import lines
import server
from server import Failed

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAMS = {"debian-torch": "peer_torch.py", "torch": "peer_torch.py", "keras": "peer_keras.py",
            "onnx": "peer_onnx.py"}
NAMES = {"debian-torch": "PyTorch (Debian)", "torch": "PyTorch", "keras": "Keras", "onnx": "ONNX Runtime"}
LOSSES_AGREE = 0.05


def peer(name, python, line, data, *options):
    """One line of JSON from a peer's program."""
    command = [python, os.path.join(HERE, PROGRAMS[name]), line.name, "--data", data, *map(str, options)]
    result = subprocess.run(command, capture_output=True, text=True)
    answer = [l for l in result.stdout.splitlines() if l.startswith("{")]
    if result.returncode != 0 or not answer:
        raise Failed((result.stderr.strip().splitlines() or ["no output"])[-1])
    return json.loads(answer[-1])


def best_setting(name, python, line, data, extra):
    """(rate, threads, variant) of the fastest probe."""
    found = []
    for threads in sorted({1, min(2, os.cpu_count())}):
        probe = peer(name, python, line, data, "--threads", threads, "--probe", *extra)["probe"]
        found += [(rate, threads, variant) for variant, rate in probe.items()
                  if isinstance(rate, (int, float))]
    if not found:
        raise Failed("no variant runs")
    return max(found)


def measure_peers(line, peers, data, runs, extra=()):
    """[{peer, rate, setting, loss, version}] fastest first, and notes."""
    probes, notes, out = [], [], []
    for name, python in peers:
        try:
            probes.append((best_setting(name, python, line, data, extra), name, python))
        except Failed as why:
            notes.append(f"{NAMES[name]}: missing: {why}")
    fastest = max((p[0][0] for p in probes), default=0)
    for (rate, threads, variant), name, python in probes:
        setting = f"{threads} thread{'s' * (threads > 1)}, {variant}"
        if rate < 0.75 * fastest:
            unit = line.batch if line.kind == "train" else 1
            notes.append(f"{NAMES[name]}: about {number(rate * unit)} ({setting}), not measured further")
            continue
        try:
            result = peer(name, python, line, data, "--threads", threads, "--variant", variant,
                          "--runs", runs, *extra)
        except Failed as why:
            notes.append(f"{NAMES[name]}: missing: {why}")
            continue
        work = line.steps() if line.kind == "gan" else line.rows * line.epochs
        out.append({"peer": NAMES[name], "version": result["version"], "setting": setting,
                    "rates": [work / s for s in result["seconds"]],
                    "rate": statistics.median(work / s for s in result["seconds"]),
                    "loss": result.get("losses", [None])[-1], "difference": result.get("difference")})
    out.sort(key=lambda p: -p["rate"])
    return out, notes


def number(value):
    if value is None:
        return "missing"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def loss_text(value):
    if isinstance(value, list):
        return " ".join(f"{v:.4f}" for v in value)
    return "" if value is None else f"{value:.4f}"


class Row:
    """One line of the table."""

    def __init__(self, line, what=None, unit="samples/s"):
        self.name, self.what, self.unit = line.name, what or line.what, unit
        self.nnet = self.peer = self.target = self.ratio = None
        self.peer_name, self.losses, self.notes, self.verdict = "", "", [], ""

    def compare(self):
        if self.nnet is None:
            self.verdict = "missing"
        elif self.peer:
            self.ratio = self.nnet / self.peer
        if self.ratio is not None and self.target and not self.verdict:
            self.verdict = "reached" if self.ratio >= self.target else "not reached"

    def cells(self):
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}x"
        target = self.target if isinstance(self.target, str) else f"{self.target:g}x" if self.target else ""
        return [self.name, self.what, number(self.nnet), number(self.peer) if self.peer_name else "missing",
                self.peer_name, ratio, target, self.verdict, self.losses]


def bench_training(line, peers, data, runs):
    row = Row(line, unit="steps/s" if line.kind == "gan" else "samples/s")
    row.target = line.target
    loss = None
    try:
        server.load(line, data)
        rates, losses = (server.gan if line.kind == "gan" else server.train)(line, runs)
        row.nnet, loss = statistics.median(rates), losses[-1]
        row.notes.append("nnet: " + " ".join(map(number, rates)))
    except Failed as why:
        row.notes.append(f"nnet: missing: {why}")
        lines.make(line.data, data)
    found, notes = measure_peers(line, peers, data, runs)
    row.notes += [f"{p['peer']} {p['version']}, {p['setting']}: " + " ".join(map(number, p["rates"]))
                  + f"; loss {loss_text(p['loss'])}" for p in found] + notes
    if found:
        row.peer, row.peer_name = found[0]["rate"], found[0]["peer"]
        row.losses = f"{loss_text(loss) or 'missing'} / {loss_text(found[0]['loss'])}"
        if line.kind == "train" and loss is not None:
            if abs(loss - found[0]["loss"]) > LOSSES_AGREE * found[0]["loss"]:
                row.verdict = "losses differ"
    row.compare()
    return [row]


def bench_prediction(line, peers, data, runs):
    row, pulled = Row(line, unit="rows/s"), Row(line, line.what + ", peer pulls rows", unit="rows/s")
    row.target, pulled.target = line.target, line.pulled
    path = os.path.join(data, "model.npz")
    if os.path.exists(path):
        os.remove(path)
    try:
        server.load(line, data)
        rates = {name: statistics.median(values) for name, values in server.predict(line, runs).items()}
        scan = rates.pop("scan, two processes", None)
        row.nnet = pulled.nnet = max(rates.values())
        row.notes.append("nnet: " + ", ".join(f"{k} {number(v)}" for k, v in rates.items()))
        if scan:
            row.target = ">= 1 M rows/s"
            row.verdict = "reached" if row.nnet >= 1e6 else "not reached"
            row.notes.append(f"scan of the table, two processes: {number(scan)}; nnet's part of it "
                             f"{row.nnet / scan:.2f}")
        server.export(line, path)
    except Failed as why:
        row.notes.append(f"nnet: missing: {why}")
    if not os.path.exists(path):
        row.notes.append("ONNX Runtime: missing: it is given nnet's weights, and there are none")
        peers = []
    for one, extra in ((row, ()), (pulled, ("--pull",))):
        found, notes = measure_peers(line, peers, data, runs, ("--model", path, *extra))
        one.notes += [f"{p['peer']} {p['version']}, batches of {p['setting'].split(', ')[1]}, "
                      f"{p['setting'].split(', ')[0]}: " + " ".join(map(number, p["rates"]))
                      + f"; outputs differ by {p['difference']:.1e} at most" for p in found] + notes
        if found:
            one.peer, one.peer_name = found[0]["rate"], found[0]["peer"]
            if found[0]["difference"] > 1e-4:
                one.verdict = "outputs differ"
        one.compare()
    return [row, pulled]


def bench_one(line, runs):
    row = Row(line, unit="us over SELECT 1")
    row.target = "<= 20 us"
    try:
        server.load(lines.by_name("predict_mlp"), DATA)
        taken = server.latencies(runs)
        row.nnet = taken["predict"] - taken["SELECT 1"]
        row.notes.append(", ".join(f"{k} {v:.1f} us" for k, v in taken.items()))
        row.notes.append(f"over a constant of ten numbers: {taken['predict'] - taken['ten numbers']:.1f} us, "
                         "the arithmetic included")
        row.peer, row.peer_name = taken["SELECT 1"], "SELECT 1 (us)"
        row.verdict = "reached" if row.nnet <= 20 else "not reached"
    except Failed as why:
        row.notes.append(f"nnet: missing: {why}")
        row.verdict = "missing"
    return [row]


def machine():
    """What the figures depend on."""
    cpu = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo") as f:
            cpu = next(l.split(":", 1)[1].strip() for l in f if l.startswith("model name"))
    except (OSError, StopIteration):
        pass
    facts = [f"machine: {cpu}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.2f} at the start"]
    for what, query in (("server", "SELECT version()"), ("nnet", "SELECT nnet.info()"),
                        ("settings", "SELECT string_agg(name || ' = ' || current_setting(name), ', ' ORDER BY name) "
                         "FROM pg_settings WHERE name LIKE 'nnet.%' OR name IN ('shared_buffers', "
                         "'maintenance_work_mem', 'work_mem', 'max_parallel_maintenance_workers')")):
        try:
            facts.append(f"{what}: " + " ".join(server.psql("LOAD 'nnet'; " + query + ";").split()))
        except Failed as why:
            facts.append(f"{what}: missing: {why}")
    return facts


def show(rows):
    head = ["line", "what", "nnet", "peer", "fastest peer", "ratio", "target", "", "loss nnet / peer"]
    table = [head] + [row.cells() for row in rows]
    widths = [max(len(r[i]) for r in table) for i in range(len(head))]
    right = {2, 3, 5, 6}
    for i, cells in enumerate(table):
        print("  ".join(c.rjust(w) if k in right else c.ljust(w)
                        for k, (c, w) in enumerate(zip(cells, widths))).rstrip())
        if i == 0:
            print("  ".join("-" * w for w in widths))


def main():
    global DATA
    parser = argparse.ArgumentParser()
    parser.add_argument("lines", nargs="*")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--peer", action="append", default=[])
    args = parser.parse_args()
    chosen = [lines.by_name(n) for n in args.lines] or lines.LINES
    peers = [tuple(p.split("=", 1)) for p in args.peer]
    training = [p for p in peers if p[0] != "onnx"]
    predicting = [p for p in peers if p[0] == "onnx"]
    folder = None
    if not os.environ.get("BENCH_DATA"):
        folder = tempfile.TemporaryDirectory(dir=os.environ.get("NNET_ROOT"))
    DATA = os.environ.get("BENCH_DATA") or folder.name
    os.makedirs(DATA, exist_ok=True)

    try:
        server.psql("CREATE EXTENSION IF NOT EXISTS nnet;")
    except Failed as why:
        print(f"nnet cannot be created: {why}", file=sys.stderr)
    facts, rows = machine(), []
    print("\n".join(facts) + "\n", flush=True)
    for line in chosen:
        if line.kind == "predict":
            new = bench_prediction(line, predicting, DATA, args.runs)
        elif line.kind == "one":
            new = bench_one(line, args.runs)
        else:
            new = bench_training(line, training, DATA, args.runs)
        for row in new:
            print(f"{row.name}: {row.what} ({row.unit})")
            print("".join(f"    {note}\n" for note in row.notes), end="", flush=True)
        rows += new
    print(f"\nmedians of {args.runs} runs; higher is better, but in microseconds")
    show(rows)
    if folder:
        folder.cleanup()
    return 1 if any(row.nnet is None for row in rows) else 0


sys.exit(main())
