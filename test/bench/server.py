"""server.py
nnet's side of the benchmark: scripts for psql and what they print.
"""
import json
import os
import re
import subprocess
import tempfile

import numpy as np

import lines


class Failed(Exception):
    """A figure that could not be had, with the reason."""


def psql(script, **options):
    result = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"], input=script,
                            capture_output=True, text=True, **options)
    if result.returncode != 0:
        errors = [l for l in result.stderr.splitlines() if "ERROR" in l or "FATAL" in l]
        raise Failed((errors or result.stderr.splitlines() or ["psql failed"])[0].strip())
    return result.stdout


def seconds(output):
    """Of every statement that was timed."""
    return [float(ms) / 1000 for ms in re.findall(r"^Time: ([0-9.]+) ms", output, re.M)]


def results(output):
    return [json.loads(l) for l in output.splitlines() if l.startswith("{") and l.endswith("}")
            and ":" in l]


loaded = None


def load(line, folder):
    """The rows of a line into the table bench_rows, scanned once."""
    global loaded
    if loaded == (line.data, line.rows):
        return
    lines.make(line.data, folder)
    psql("DROP TABLE IF EXISTS bench_rows; CREATE TABLE bench_rows (x real[], y integer);")
    copy = subprocess.Popen(["psql", "-X", "-q", "-c", "COPY bench_rows FROM STDIN (FORMAT binary)"],
                            stdin=subprocess.PIPE)
    for piece in lines.binary_copy(*lines.load(line, folder)):
        copy.stdin.write(piece)
    copy.stdin.close()
    if copy.wait() != 0:
        raise Failed("rows could not be loaded")
    psql("VACUUM ANALYZE bench_rows; CHECKPOINT; SELECT sum(x[1]) FROM bench_rows;")
    loaded = (line.data, line.rows)


def create(network, table="bench_model", loss="sparse_categorical_crossentropy"):
    return f"""DROP TABLE IF EXISTS {table};
SELECT nnet.create_model('{table}', {", ".join(lines.NETWORKS[network])});
SELECT nnet.compile('{table}', loss => '{loss}', optimizer => nnet.adam());
"""


def timed(statement):
    return "\\timing on\n" + statement + "\n\\timing off\n"


def train(line, runs):
    """Samples a second of each run, from rows to weights in the table; losses."""
    script = "SELECT setseed(0.5);\n"
    for run in range(runs):
        script += create(line.network) + timed(f"""
SELECT nnet.fit('bench_model', x, y, nnet.options(epochs => {line.epochs},
    batch_size => {line.batch}, seed => {run + 1}, verbose => false)) FROM bench_rows;""")
    output = psql(script)
    done = results(output)
    for result in done:
        if result["steps"] not in (line.steps(), line.steps() // line.epochs):
            raise Failed(f"{result['steps']} steps, not {line.steps()}")
    return ([line.rows * line.epochs / s for s in seconds(output)],
            [result["loss"] for result in done])


def gan(line, runs):
    """Steps a second; (discriminator's, generator's) losses."""
    script = "SELECT setseed(0.5);\n"
    for run in range(runs):
        script += create("generator", "bench_g", "binary_crossentropy")
        script += create("discriminator", "bench_d", "binary_crossentropy")
        script += timed(f"""
SELECT nnet.fit_gan('bench_g', 'bench_d', x, nnet.options(epochs => {line.epochs},
    batch_size => {line.batch}, seed => {run + 1}, verbose => false)) FROM bench_rows;""")
    output = psql(script)
    losses = [[result["discriminator_loss"], result["generator_loss"]]
              for result in results(output)]
    return [line.steps() / s for s in seconds(output)], losses


def predict(line, runs):
    """Rows a second by predict_batch, by predict in two processes, and of a
    scan that touches the arrays."""
    batch = "SELECT sum(p[1]) FROM (SELECT nnet.predict_batch('bench_model', x) OVER () AS p FROM bench_rows) s;"
    single = "SELECT sum((nnet.predict('bench_model', x))[1]) FROM bench_rows;"
    scan = "SELECT sum(x[1]) FROM bench_rows;"
    parallel = ("SET max_parallel_workers_per_gather = 1; SET parallel_setup_cost = 0;\n"
                "SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0;\n")
    out = {}
    for name, statement, before in (("predict_batch", batch, ""), ("predict, two processes", single, parallel),
                                    ("scan, two processes", scan, parallel)):
        if line.network != "mlp" and name != "predict_batch":
            continue
        rates = seconds(psql("SELECT setseed(0.5);\n" + create(line.network) + before + statement + "\n"
                             + "".join(timed(statement) for _ in range(runs))))
        out[name] = [line.rows / s for s in rates]
    return out


def export(line, path, rows=256):
    """Weights and some predictions, for the peer."""
    output = psql("SET max_parallel_workers_per_gather = 0;\n"
                  "SELECT layer || ' ' || coalesce(array_to_string(weights, ','), '') FROM bench_model"
                  " WHERE layer > 0 AND part = 0 ORDER BY layer;\n\\echo predictions\n"
                  f"SELECT array_to_string(nnet.predict('bench_model', x), ',') FROM "
                  f"(SELECT x FROM bench_rows ORDER BY ctid LIMIT {rows}) r;")
    weights, predictions = output.split("predictions\n")
    arrays = {"y": np.array([l.split(",") for l in predictions.split()], np.float32)}
    for row in weights.splitlines():
        layer, _, values = row.partition(" ")
        arrays["w" + layer] = np.array(values.split(",") if values else [], np.float32)
    np.savez(path, **arrays)


def latencies(runs):
    """Microseconds of one statement by pgbench's prepared protocol: SELECT 1,
    an array of ten numbers, and a prediction.  Each the median of runs, taken
    in turn."""
    row = psql("SELECT x FROM bench_rows LIMIT 1;").strip()
    answer = psql(create("mlp") + f"SELECT nnet.predict('bench_model', '{row}'::real[]);").strip().split("\n")[-1]
    statements = {"SELECT 1": "SELECT 1;", "ten numbers": f"SELECT CAST('{answer}' AS real[]);",
                  "predict": f"SELECT nnet.predict('bench_model', CAST('{row}' AS real[]));"}
    taken = {name: [] for name in statements}
    with tempfile.TemporaryDirectory() as folder:
        for name, statement in statements.items():
            with open(os.path.join(folder, name), "w") as f:
                f.write(statement + "\n")
        for _ in range(runs):
            for name in statements:
                result = subprocess.run(["pgbench", "-n", "-M", "prepared", "-T", "3", "-f",
                                         os.path.join(folder, name)], capture_output=True, text=True)
                found = re.search(r"latency average = ([0-9.]+) ms", result.stdout)
                if result.returncode != 0 or not found:
                    raise Failed((result.stderr.strip().splitlines() or ["pgbench failed"])[-1])
                tps = float(re.search(r"tps = ([0-9.]+)", result.stdout).group(1))
                taken[name].append(1e6 / tps)
    return {name: float(np.median(values)) for name, values in taken.items()}
