"""peer_jax.py
JAX on the CPU as the peer in training: one jitted step with its buffers given
away, called for each batch, or a jitted loop over all batches of an epoch.
Weights start as Keras's do, so that losses can be compared.
"""
import os
import sys

# XLA's pool has as many threads as the process may use processors.
threads = int(sys.argv[sys.argv.index("--threads") + 1]) if "--threads" in sys.argv else 1
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

import peer

jax.config.update("jax_default_prng_impl", "rbg")       # the fastest of JAX's generators

SIZES = {"mlp": (100, 64, 64, 10), "wide": (784, 1024, 1024, 10),
         "generator": (100, 256, 256, 128, 64, 32, 10), "discriminator": (10, 128, 128, 64, 32, 1)}
UNITS = 64
rng = np.random.default_rng(1)


# ---- networks: parameters, and a function of them and x ----

def glorot(*shape, fans=None):
    fan_in, fan_out = fans or shape[-2:]
    limit = np.sqrt(6 / (fan_in + fan_out))
    return jnp.array(rng.uniform(-limit, limit, shape), jnp.float32)


def dense(a, b):
    return {"w": glorot(a, b), "b": jnp.zeros(b)}


def lstm(width):
    orthogonal = np.linalg.qr(rng.standard_normal((4 * UNITS, UNITS)))[0].T
    bias = np.zeros(4 * UNITS, np.float32)
    bias[UNITS:2 * UNITS] = 1       # the forget gate's
    return {"w": glorot(width, 4 * UNITS), "r": jnp.array(orthogonal, jnp.float32), "b": jnp.array(bias)}


def run_lstm(p, x):
    """x (batch, steps, width); the first product is one for all steps."""
    z = jnp.swapaxes(x @ p["w"] + p["b"], 0, 1)

    def step(state, z):
        h, c = state
        i, f, g, o = jnp.split(z + h @ p["r"], 4, axis=-1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
        return (h, c), h
    zero = jnp.zeros((x.shape[0], UNITS))
    return jnp.swapaxes(lax.scan(step, (zero, zero), z)[1], 0, 1)


def conv(p, x):
    y = lax.conv_general_dilated(x, p["w"], (1, 1), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC"))
    y = jax.nn.relu(y + p["b"])
    n, h, w, c = y.shape
    return y[:, :h // 2 * 2, :w // 2 * 2].reshape(n, h // 2, 2, w // 2, 2, c).max((2, 4))


def chain(params, x, last=lambda x: x):
    for p in params[:-1]:
        x = jax.nn.relu(x @ p["w"] + p["b"])
    return last(x @ params[-1]["w"] + params[-1]["b"])


def network(name):
    """(parameters, logits of parameters and x)"""
    if name in SIZES:
        params = [dense(a, b) for a, b in zip(SIZES[name], SIZES[name][1:])]
        return params, lambda p, x: chain(p, x, jnp.tanh if name == "generator" else lambda x: x)
    if name == "cnn":
        params = [{"w": glorot(3, 3, a, b, fans=(9 * a, 9 * b)), "b": jnp.zeros(b)} for a, b in ((1, 32), (32, 64))]
        params += [dense(1600, 64), dense(64, 10)]
        return params, lambda p, x: chain(p[2:], conv(p[1], conv(p[0], x)).reshape(len(x), -1))
    params = [lstm(28 if name == "lstm28" else 16), lstm(UNITS), dense(UNITS, 10)]
    return params, lambda p, x: chain(p[2:], run_lstm(p[1], run_lstm(p[0], x))[:, -1])


# ---- Adam ----

def moments(params):
    return {"m": jax.tree.map(jnp.zeros_like, params), "v": jax.tree.map(jnp.zeros_like, params),
            "t": jnp.zeros(())}


def adam(params, slots, gradients):
    t = slots["t"] + 1
    rate = 0.001 * jnp.sqrt(1 - 0.999 ** t) / (1 - 0.9 ** t)
    m = jax.tree.map(lambda m, g: m + 0.1 * (g - m), slots["m"], gradients)
    v = jax.tree.map(lambda v, g: v + 0.001 * (g * g - v), slots["v"], gradients)
    params = jax.tree.map(lambda p, m, v: p - rate * m / (jnp.sqrt(v) + 1e-7), params, m, v)
    return params, {"m": m, "v": v, "t": t}


# ---- training ----

def loops(step, start, data, looped):
    """A variant; step(state, x, y) returns (state, losses)."""
    full = [b for b in data if len(b[0]) == len(data[0][0])]
    jitted = jax.jit(step, donate_argnums=0)

    @jax.jit
    def many(state, xs, ys, first, last):
        def body(i, carry):
            state, total = carry
            state, loss = step(state, xs[i], ys[i])
            return state, total + loss
        zero = jnp.zeros(jax.eval_shape(step, state, xs[0], ys[0])[1].shape)
        return lax.fori_loop(first, last, body, (state, zero))

    stacked = [jnp.stack(t) for t in zip(*full)] if looped else None

    def make():
        box = [start()]

        def train(first, last):
            total, count = 0, 0
            if looped:
                last_full = min(last, len(full))
                box[0], total = many(box[0], *stacked, first, last_full)
                total, count = total * len(full[0][0]), (last_full - first) * len(full[0][0])
                first = last_full
            for x, y in data[first:last]:
                box[0], loss = jitted(box[0], x, y)
                total, count = total + loss * len(x), count + len(x)
            return (np.asarray(total) / max(count, 1)).tolist()
        train(0, 1)                     # compiles
        train(len(data) - 1, len(data))
        box[0] = start()
        return train
    return make


def classifier(args, data, looped):
    apply = network(args.line.network)[1]

    def criterion(params, x, y):
        return -jnp.take_along_axis(jax.nn.log_softmax(apply(params, x)), y[:, None], 1).mean()

    def step(state, x, y):
        loss, gradients = jax.value_and_grad(criterion)(state[0], x, y)
        return adam(*state, gradients), loss

    def start():
        params = network(args.line.network)[0]
        return params, moments(params)
    return loops(step, start, data, looped)


def bce(logits, target):
    return (jax.nn.softplus(logits) - target * logits).mean()


def gan(args, data, looped):
    generate, judge = network("generator")[1], network("discriminator")[1]

    def d_loss(d, real, fake):
        target = jnp.concatenate([jnp.ones((len(real), 1)), jnp.zeros((len(fake), 1))])
        return bce(judge(d, jnp.concatenate([real, fake])), target)

    def step(state, real, _):
        (g, g_slots), (d, d_slots), key = state
        key, one, two = jax.random.split(key, 3)
        n = len(real)
        fake = generate(g, jax.random.normal(one, (n, 100)))
        of_d, gradients = jax.value_and_grad(d_loss)(d, real, fake)
        d, d_slots = adam(d, d_slots, gradients)
        of_g, gradients = jax.value_and_grad(
            lambda g: bce(judge(d, generate(g, jax.random.normal(two, (n, 100)))), 1.0))(g)
        return (adam(g, g_slots, gradients), (d, d_slots), key), jnp.stack([of_d, of_g])

    def start():
        g, d = network("generator")[0], network("discriminator")[0]
        return (g, moments(g)), (d, moments(d)), jax.random.key(1)
    return loops(step, start, data, looped)


def main():
    args = peer.arguments()
    shape = {"cnn": (-1, 28, 28, 1), "lstm28": (-1, 28, 28), "lstm100": (-1, 100, 16)}.get(args.line.network)

    def convert(x):
        return jnp.array(np.array(x).reshape(shape) if shape else np.array(x))
    data = peer.batches(args.line, args.data, convert, lambda y: jnp.array(np.array(y)))
    if args.line.kind == "gan":
        variants = {"jit": gan(args, data, False), "jit, loop": gan(args, data, True)}
    else:
        variants = {"jit": classifier(args, data, False)}
        if args.line.network != "cnn":      # convolutions inside of a loop take XLA's slow path
            variants["jit, loop"] = classifier(args, data, True)
    peer.main(variants, args, jax.__version__)


main()
