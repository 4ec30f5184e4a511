"""machine.py
The machine that figures are taken on: what else keeps it busy, what it can do
at most, and what both sides were told.
"""
import os
import platform
import subprocess
import time

import server
from server import Failed

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
BUSY = 0.15             # processors at work for others from which nothing is compared
PATIENCE = 60           # seconds to wait for quiet
# What run.sh sets for BENCH_ISA.
SWITCHES = ("NNET_KERNELS", "OPENBLAS_CORETYPE", "ONEDNN_MAX_CPU_ISA", "ATEN_CPU_CAPABILITY",
            "MKL_ENABLE_INSTRUCTIONS", "XLA_FLAGS")


class Busy(Exception):
    """Other programs compute; with which."""


# ---- what others do ----

def ticks():
    """Ticks that all processors were at work, stolen ones included, and how long they were watched."""
    with open("/proc/stat") as f:
        values = [int(v) for v in f.readline().split()[1:9]]
    idle = values[3] + values[4]
    return sum(values) - idle, sum(values)


def processes():
    """Ticks of each process, by pid and name."""
    out = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat") as f:
                head, _, rest = f.read().rpartition(") ")
            fields = rest.split()
            out[pid, head.partition("(")[2]] = int(fields[11]) + int(fields[12])
        except (OSError, ValueError, IndexError):
            pass            # it ended meanwhile
    return out


def busy(seconds=0.5):
    """Processors at work while this program sleeps, and the names of who works most."""
    if not os.path.exists("/proc/stat"):
        return os.getloadavg()[0], []
    before, who = ticks(), processes()
    time.sleep(seconds)
    after, now = ticks(), processes()
    part = (after[0] - before[0]) / max(after[1] - before[1], 1)
    used = sorted(((spent - who.get(key, 0), key[1]) for key, spent in now.items()), reverse=True)
    return part * os.cpu_count(), [name for spent, name in used[:3] if spent > 0]


def overridden():
    return os.environ.get("BENCH_LOADED") == "yes"


def check_quiet():
    """Raises Busy if others compute; with BENCH_LOADED=yes returns the words for it, or None."""
    processors, names = busy()
    if processors <= BUSY:
        return None
    reason = (f"{processors:.2f} of {os.cpu_count()} processors are busy with other work"
              + (f" ({', '.join(names)})" if names else ""))
    if not overridden():
        raise Busy(reason)
    return reason


def wait_for_quiet():
    """check_quiet, once there has been time for others to end."""
    until = time.monotonic() + (0 if overridden() else PATIENCE)
    while True:
        try:
            return check_quiet()
        except Busy:
            if time.monotonic() >= until:
                raise
            time.sleep(1)


# ---- what it can do ----

peaks = {}


def peak(threads):
    """GFLOP/s of multiplying and adding in registers, by vectors as those of
    nnet's kernels; None if the program that measures it cannot be had."""
    if threads not in peaks:
        program = os.environ.get("BENCH_PROFILE", "")
        result = subprocess.run([program, "peak", str(threads)], capture_output=True, text=True) \
            if os.path.exists(program) else None
        peaks[threads] = float(result.stdout) if result and result.returncode == 0 else None
    return peaks[threads]


def threads():
    """Threads of nnet.fit and nnet.predict_batch here."""
    return int(server.psql("SELECT nnet.info() ->> 'threads';"))


# ---- what both sides were told ----

def commit():
    result = subprocess.run(["git", "-C", TOP, "describe", "--always", "--dirty"], capture_output=True, text=True)
    return result.stdout.strip() if result.returncode == 0 else "?"


def facts():
    """Lines of text: what the figures depend on."""
    cpu = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo") as f:
            cpu = next(l.split(":", 1)[1].strip() for l in f if l.startswith("model name"))
    except (OSError, StopIteration):
        pass
    out = [f"machine: {cpu}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.2f} at the start"]
    for what, query in (("server", "SELECT version()"), ("nnet", "SELECT nnet.info()"),
                        ("settings", "SELECT string_agg(name || ' = ' || current_setting(name), ', ' ORDER BY name) "
                         "FROM pg_settings WHERE name LIKE 'nnet.%' OR name IN ('shared_buffers', "
                         "'maintenance_work_mem', 'work_mem', 'max_parallel_maintenance_workers')")):
        try:
            out.append(f"{what}: " + " ".join(server.psql("LOAD 'nnet'; " + query + ";").split()))
        except Failed as why:
            out.append(f"{what}: missing: {why}")
    out.append(f"source: {commit()}")
    told = [f"{name}={os.environ[name]}" for name in SWITCHES if name in os.environ]
    out.append("kernels forced: " + " ".join(told) + "; ONNX Runtime and the products of OpenVINO have no such switch"
               if told else "kernels: each side's own choice")
    try:
        n = threads()
        out.append(f"peak: {number(peak(1))} GFLOP/s of one thread, {number(peak(n))} of {n}, by nnet's vectors")
    except Failed as why:
        out.append(f"peak: missing: {why}")
    if overridden():
        out.append("BENCH_LOADED=yes: other programs may compute at the same time, which the figures suffer from")
    return out


def number(value):
    if value is None:
        return "missing"
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
