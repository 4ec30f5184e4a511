"""peer_predict.py
What the peers in prediction share: they are given the very weights of nnet's
model, as an ONNX model; their outputs are compared with nnet's, so that both
are known to compute the same.  With --pull the rows come out of the database
by binary COPY.

--model: an npz file of the arrays w1, w2, ... (weights of layers 1, 2, ... as
in the model table), and y, nnet's predictions of the first rows.
"""
import json
import subprocess
import time

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

import lines
import peer


class Graph:
    def __init__(self):
        self.nodes, self.constants, self.last, self.n = [], [], "x", 0

    def constant(self, value):
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, op, *inputs, outputs=1, take=0, **attributes):
        names = [f"t{self.n + i}" for i in range(outputs)]
        self.n += outputs
        self.nodes.append(helper.make_node(op, [self.last, *inputs], names, **attributes))
        self.last = names[take]

    def dense(self, values, width, units, activation):
        self.add("Gemm", self.constant(values[:width * units].reshape(width, units)),
                 self.constant(values[width * units:]))
        if activation == "Softmax":
            self.add(activation, axis=1)
        else:
            self.add(activation)

    def conv(self, values, channels, filters):
        n = 9 * channels * filters
        kernel = values[:n].reshape(3, 3, channels, filters).transpose(3, 2, 0, 1)
        self.add("Conv", self.constant(kernel), self.constant(values[n:]))
        self.add("Relu")
        self.add("MaxPool", kernel_shape=[2, 2], strides=[2, 2])

    def lstm(self, values, width, units):
        """x (steps, batch, width); Keras's gates i, f, c, o are ONNX's i, o, f, c."""
        def gates(a):
            i, f, c, o = np.split(a, 4, axis=-1)
            return np.concatenate([i, o, f, c], axis=-1)
        at = 4 * units * np.array([width, width + units])
        w = gates(values[:at[0]].reshape(width, -1)).T[None]
        r = gates(values[at[0]:at[1]].reshape(units, -1)).T[None]
        b = np.concatenate([gates(values[at[1]:]), np.zeros(4 * units, np.float32)])[None]
        self.add("LSTM", self.constant(w), self.constant(r), self.constant(b),
                 outputs=2, hidden_size=units)
        return self.nodes[-1].output


def build(network, weights):
    g = Graph()
    if network in ("mlp", "wide"):
        sizes = (100, 64, 64, 10) if network == "mlp" else (784, 1024, 1024, 10)
        for w, a, b in zip(weights, sizes, sizes[1:]):
            g.dense(w, a, b, "Softmax" if b == 10 else "Relu")
        shape = ["n", sizes[0]]
    elif network == "cnn":
        g.conv(weights[0], 1, 32)
        g.conv(weights[1], 32, 64)
        g.add("Transpose", perm=[0, 2, 3, 1])       # flattened as with channels last
        g.add("Flatten")
        g.dense(weights[2], 1600, 64, "Relu")
        g.dense(weights[3], 64, 10, "Softmax")
        shape = ["n", 1, 28, 28]
    else:
        steps, width = lines.SHAPES[network]
        g.add("Transpose", perm=[1, 0, 2])
        g.lstm(weights[0], width, 64)
        g.add("Squeeze", g.constant(np.array([1])))     # of one direction
        g.last = g.lstm(weights[1], 64, 64)[1]
        g.add("Squeeze", g.constant(np.array([0])))
        g.dense(weights[2], 64, 10, "Softmax")
        shape = ["n", steps, width]
    graph = helper.make_graph(g.nodes, network,
                              [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
                              [helper.make_tensor_value_info(g.last, TensorProto.FLOAT, ["n", 10])],
                              g.constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)])
    model.ir_version = min(model.ir_version, 8)
    onnx.checker.check_model(model)
    return model, [-1, *shape[1:]]


def pulled(width):
    """Arrays of rows as psql's binary COPY brings them."""
    row = np.dtype([("fields", ">i2"), ("xlen", ">i4"), ("head", ">i4", (5,)),
                    ("x", np.dtype([("len", ">i4"), ("v", ">f4")]), (width,))])
    process = subprocess.Popen(["psql", "-X", "-q", "-c", "COPY (SELECT x FROM bench_rows) TO STDOUT (FORMAT binary)"],
                               stdout=subprocess.PIPE, bufsize=0)
    stream = process.stdout
    rest = b""
    while len(rest) < 19:
        rest += stream.read(19 - len(rest))
    rest = b""
    while True:
        piece = stream.read(1 << 20)
        rest += piece
        n = len(rest) // row.itemsize
        if n * row.itemsize > 4 << 20 or (not piece and n):
            yield np.frombuffer(rest, row, n)["x"]["v"].astype(np.float32)
            rest = rest[n * row.itemsize:]
        if not piece:
            break
    process.wait()


def predict(run, x, shape, batch):
    return [run(x[i:i + batch].reshape(shape)) for i in range(0, len(x), batch)]


def probe(run, x, shape, seconds):
    """Rows a second by the size of the batches."""
    out = {}
    for batch in (32, 128, 512, 2048, 16384):
        part = x[:max(2 * batch, 4096)]
        predict(run, part[:batch], shape, batch)
        start, n = time.perf_counter(), 0
        while time.perf_counter() - start < seconds:
            predict(run, part, shape, batch)
            n += len(part)
        out[str(batch)] = n / (time.perf_counter() - start)
    return out


def main(session, version):
    """session(model, threads) returns a function from x to the outputs."""
    args = peer.arguments()
    given = np.load(args.model)
    weights = [given[f"w{i}"] for i in range(1, len(given.files)) if given[f"w{i}"].size]
    model, shape = build(args.line.network, weights)
    run = session(model.SerializeToString(), args.threads)
    x = np.ascontiguousarray(lines.load(args.line, args.data)[0])
    result = {"version": version}
    if args.probe:
        result["probe"] = probe(run, x, shape, args.seconds / 2)
    else:
        batch = int(args.variant)
        y = np.concatenate(predict(run, x[:len(given["y"])], shape, batch))
        result["difference"] = float(np.abs(y - given["y"]).max())
        result["seconds"] = []
        for _ in range(args.runs):
            start, n = time.perf_counter(), 0
            for part in pulled(x.shape[1]) if args.pull else [x]:
                predict(run, part, shape, batch)
                n += len(part)
            result["seconds"].append(time.perf_counter() - start)
            if n != len(x):
                raise SystemExit(f"got {n} rows, not {len(x)}")
    print(json.dumps(result), flush=True)
