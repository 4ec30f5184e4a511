#!/usr/bin/env python3
"""bench.py
Measures nnet and its peers in turn and prints a table.  Run by run.sh, inside
the environment of a private server.

A peer's setting (threads, variant) is chosen by a short probe of each; those
whose best is near the fastest probe are then measured in full.  The figure is
the median of the runs.  Nothing is compared while other programs compute.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

import lines
import machine
import server
from machine import Busy, number
from server import Failed

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAMS = {"debian-torch": "peer_torch.py", "torch": "peer_torch.py", "keras": "peer_keras.py",
            "jax": "peer_jax.py", "onnx": "peer_onnx.py", "openvino": "peer_openvino.py"}
NAMES = {"debian-torch": "PyTorch (Debian)", "torch": "PyTorch", "keras": "Keras", "jax": "JAX",
         "onnx": "ONNX Runtime", "openvino": "OpenVINO"}
PREDICTING = ("onnx", "openvino")
LOSSES_AGREE = 0.15 if lines.QUICK else 0.05     # few steps from other weights differ more
NEAR = 0.9 if lines.QUICK else 0.75              # of the fastest probe: measured in full


def peer(name, python, line, data, *options):
    """One line of JSON from a peer's program."""
    command = [python, os.path.join(HERE, PROGRAMS[name]), line.name, "--data", data, *map(str, options)]
    result = subprocess.run(command, capture_output=True, text=True)
    answer = [l for l in result.stdout.splitlines() if l.startswith("{")]
    if result.returncode != 0 or not answer:
        raise Failed((result.stderr.strip().splitlines() or ["no output"])[-1])
    return json.loads(answer[-1])


def probe(name, python, line, data, extra):
    """(rate, threads, variant) of the fastest probe."""
    found = []
    for threads in sorted({1, min(2, os.cpu_count())}):
        answer = peer(name, python, line, data, "--threads", threads, "--probe", "--seconds",
                      0.7 if lines.QUICK else 2, *extra)["probe"]
        found += [(rate, threads, variant) for variant, rate in answer.items()
                  if isinstance(rate, (int, float))]
    if not found:
        raise Failed("no variant runs")
    return max(found)


def best_setting(name, python, line, data, extra):
    """probe's, kept with the rows of BENCH_DATA for the next time."""
    path = os.path.join(data, "probes.json")
    known = {}
    if os.path.exists(path):
        with open(path) as f:
            known = json.load(f)
    key = " ".join([line.name, name, python, str(os.environ.get("BENCH_ISA")), *map(os.path.basename, extra)])
    if key not in known:
        known[key] = probe(name, python, line, data, extra)
        with open(path, "w") as f:
            json.dump(known, f, indent=1)
    return tuple(known[key])


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
        if rate < NEAR * fastest:
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


def loss_text(value):
    if isinstance(value, list):
        return " ".join(f"{v:.4f}" for v in value)
    return "" if value is None else f"{value:.4f}"


class Row:
    """One line of the table."""

    def __init__(self, line, what=None, unit="samples/s"):
        self.line, self.name, self.what, self.unit = line, line.name, what or line.what, unit
        self.nnet = self.peer = self.target = self.ratio = self.threads = self.of_peak = None
        self.peer_name, self.losses, self.notes, self.verdict = "", "", [], ""
        self.busy = False

    def look_around(self):
        """After a measurement: what else computed."""
        try:
            reason = machine.check_quiet()
        except Busy as why:
            reason = str(why)
        if reason:
            self.busy = True
            self.notes.append(reason)

    def compare(self):
        peak = machine.peak(self.threads) if self.threads else None
        if peak and self.nnet:
            self.of_peak = self.nnet * self.line.flops() / (1e9 * peak)
        if self.nnet is None:
            self.verdict = "missing"
        elif self.busy and not machine.overridden():
            self.verdict = "not compared: machine busy"
        elif self.peer:
            self.ratio = self.nnet / self.peer
        if self.ratio is not None and self.target and not self.verdict:
            self.verdict = "reached" if self.ratio >= self.target else "not reached"
        if self.busy and machine.overridden():
            self.verdict += ", machine busy"

    def cells(self):
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}x"
        target = self.target if isinstance(self.target, str) else f"{self.target:g}x" if self.target else ""
        of_peak = "" if self.of_peak is None else f"{self.of_peak:.2f}"
        peak = "" if self.line.peak is None else f"{self.line.peak:.2f}"
        return [self.name, self.what, number(self.nnet), number(self.peer) if self.peer_name else "missing",
                self.peer_name, ratio, target, self.verdict, of_peak, peak, self.losses]


def bench_training(line, peers, data, runs):
    row = Row(line, unit="steps/s" if line.kind == "gan" else "samples/s")
    row.target = line.target
    loss = None
    try:
        server.load(line, data)
        rates, losses = (server.gan if line.kind == "gan" else server.train)(line, runs)
        row.nnet, loss, row.threads = statistics.median(rates), losses[-1], machine.threads()
        row.notes.append("nnet: " + " ".join(map(number, rates)))
        row.look_around()
    except Failed as why:
        row.notes.append(f"nnet: missing: {why}")
        lines.make(line.data, data)
    found, notes = measure_peers(line, peers, data, runs)
    row.look_around()
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
        row.threads = machine.threads()
        row.notes.append("nnet: " + ", ".join(f"{k} {number(v)}" for k, v in rates.items()))
        if scan:
            row.notes.append(f"scan of the table, two processes: {number(scan)}; nnet's part of it "
                             f"{row.nnet / scan:.2f}")
        row.look_around()
        server.export(line, path)
    except Failed as why:
        row.notes.append(f"nnet: missing: {why}")
    if not os.path.exists(path):
        row.notes.append("no peer is measured: they are given nnet's weights, and there are none")
        peers = []
    for one, extra in ((row, ()), (pulled, ("--pull",))):
        found, notes = measure_peers(line, peers, data, runs, ("--model", path, *extra))
        one.look_around()
        one.notes += [f"{p['peer']} {p['version']}, batches of {p['setting'].split(', ')[1]}, "
                      f"{p['setting'].split(', ')[0]}: " + " ".join(map(number, p["rates"]))
                      + f"; outputs differ by {p['difference']:.1e} at most" for p in found] + notes
        if found:
            one.peer, one.peer_name = found[0]["rate"], found[0]["peer"]
            if found[0]["difference"] > 1e-4:
                one.verdict = "outputs differ"
        one.compare()
    return [row, pulled]


def bench_one(line, peers, data, runs):
    row = Row(line, unit="us over SELECT 1")
    row.target = "<= 20 us"
    try:
        server.load(lines.by_name("predict_mlp"), data)
        taken = server.latencies(runs)
        row.nnet = taken["predict"] - taken["SELECT 1"]
        row.notes.append(", ".join(f"{k} {v:.1f} us" for k, v in taken.items()))
        row.notes.append(f"over a constant of ten numbers: {taken['predict'] - taken['ten numbers']:.1f} us, "
                         "the arithmetic included")
        row.peer, row.peer_name = taken["SELECT 1"], "SELECT 1 (us)"
        row.verdict = "reached" if row.nnet <= 20 else "not reached"
        row.look_around()
    except Failed as why:
        row.notes.append(f"nnet: missing: {why}")
        row.verdict = "missing"
    return [row]


def show(rows):
    head = ["line", "what", "nnet", "peer", "fastest peer", "ratio", "target", "", "of peak", "wanted",
            "loss nnet / peer"]
    table = [head] + [row.cells() for row in rows]
    widths = [max(len(r[i]) for r in table) for i in range(len(head))]
    right = {2, 3, 5, 6, 8, 9}
    for i, cells in enumerate(table):
        print("  ".join(c.rjust(w) if k in right else c.ljust(w)
                        for k, (c, w) in enumerate(zip(cells, widths))).rstrip())
        if i == 0:
            print("  ".join("-" * w for w in widths))


BENCHES = {"train": bench_training, "gan": bench_training, "predict": bench_prediction, "one": bench_one}


def bench_line(line, peers, data, runs):
    """Its rows; without figures while other programs compute."""
    suited = [p for p in peers if (p[0] in PREDICTING) == (line.kind == "predict")]
    try:
        reason = machine.wait_for_quiet()
    except Busy as why:
        row = Row(line)
        row.verdict, row.busy = "refused: machine busy", True
        row.notes.append(f"refused: {why}; BENCH_LOADED=yes measures all the same, and says so in the table")
        return [row]
    rows = BENCHES[line.kind](line, suited, data, runs)
    if reason:
        rows[0].notes.insert(0, reason)
    return rows


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("lines", nargs="*")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--peer", action="append", default=[])
    args = parser.parse_args()
    chosen = [lines.by_name(n) for n in args.lines] or lines.LINES
    peers = [tuple(p.split("=", 1)) for p in args.peer]
    folder = None
    if not os.environ.get("BENCH_DATA"):
        folder = tempfile.TemporaryDirectory(dir=os.environ.get("NNET_ROOT"))
    data = os.environ.get("BENCH_DATA") or folder.name
    os.makedirs(data, exist_ok=True)

    try:
        server.psql("CREATE EXTENSION IF NOT EXISTS nnet;")
    except Failed as why:
        print(f"nnet cannot be created: {why}", file=sys.stderr)
    rows = []
    print("\n".join(machine.facts()) + "\n", flush=True)
    for line in chosen:
        new = bench_line(line, peers, data, args.runs)
        for row in new:
            print(f"{row.name}: {row.what} ({row.unit})")
            print("".join(f"    {note}\n" for note in row.notes), end="", flush=True)
        rows += new
    print(f"\nmedians of {args.runs} runs{' (quick: of less work)' if lines.QUICK else ''}; "
          "higher is better, but in microseconds; of peak: of the FMA peak of as many threads")
    show(rows)
    if folder:
        folder.cleanup()
    return 1 if any(row.nnet is None or row.busy for row in rows) else 0


sys.exit(main())
