"""peer.py
What the peers' programs share: arguments, probes, repeated runs, one line of
JSON as the result.

	peer_NAME.py LINE --data DIR --threads N --probe
	peer_NAME.py LINE --data DIR --threads N --variant V --runs R

A variant is a function that makes a fresh model, ready to go (whatever is
compiled is compiled), and returns train(first, last), which does these steps
of an epoch and returns their mean loss.
"""
import argparse
import json
import time

import lines


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("line")
    parser.add_argument("--data", required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--probe", action="store_true")
    parser.add_argument("--variant")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--pull", action="store_true")
    parser.add_argument("--model")
    args = parser.parse_args()
    args.line = lines.by_name(args.line)
    return args


def batches(line, folder, convert_x, convert_y):
    """All batches in memory, as the library's own tensors."""
    x, y = lines.load(line, folder)
    return [(convert_x(x[i:i + line.batch]), convert_y(y[i:i + line.batch]))
            for i in range(0, len(x), line.batch)]


def probe(variants, line, seconds):
    """Steps a second of each variant, a short while each."""
    out = {}
    chunk = 64
    for name, make in variants.items():
        try:
            train = make()
            train(0, 8)
            start, n = time.perf_counter(), 0
            while time.perf_counter() - start < seconds:
                train(0, chunk)
                n += chunk
            out[name] = n / (time.perf_counter() - start)
        except Exception as error:      # a variant that this version cannot do
            out[name] = None
            out[name + ": why"] = str(error).split("\n")[0][:200]
    return out


def runs(make, line, count):
    """Seconds of each run and the last epoch's mean loss."""
    per_epoch = line.steps() // line.epochs
    seconds, losses = [], []
    for _ in range(count):
        train = make()
        start = time.perf_counter()
        for epoch in range(line.epochs):
            loss = train(0, per_epoch)
        seconds.append(time.perf_counter() - start)
        losses.append(loss)
    return {"seconds": seconds, "losses": losses}


def main(variants, args, version):
    if args.probe:
        result = {"probe": probe(variants, args.line, args.seconds)}
    else:
        result = runs(variants[args.variant], args.line, args.runs)
    result["version"] = version
    print(json.dumps(result), flush=True)
