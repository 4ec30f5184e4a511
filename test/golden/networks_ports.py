"""networks_ports.py
Functional models: inputs that meet, a layer's output that several take, outputs with
losses, weights and metrics of their own, among them such of sequences behind masks.

Where a mask hides steps, the rows held are fewer than a batch, whose mean Keras takes.
"""
import numpy as np

from ports import KEYS, WHOLE, Ports, Table, by_position, named
from spec import Call as L, Hidden

PAD = -9.0
rng = np.random.default_rng(90)
lengths = rng.integers(1, 7, 60)
lengths[3] = 6
gaps = rng.normal(0, 1, (60, 5, 2))
gaps[rng.random((60, 5)) < 0.3] = 0.0
gaps[:, 2] = rng.normal(0, 1, (60, 2))      # no row without a step


def table(name, seed, **options):
    return Table(name, rng.normal(0, 1, (60, 5)), rng.normal(0, 1, (60, 3)), seed=seed, **options)


DATASETS = [
    table("two", 91),
    table("gaps", 92, steps=gaps),
    table("lengths", 93, steps=rng.normal(0, 1, (60, 6, 2)), lengths=lengths, pad=PAD),
]
X, SECOND = L("input", [5], name="x"), L("input", [3], name="second")
GAPS, LENGTHS = L("input", [5, 2], name="steps"), L("input", [None, 2], name="steps")
HIDE = Hidden("masking", inputs=["steps"], mask_value=PAD)
MASK = L("masking", 0.0, inputs=["steps"], name="shown")
PAIR, THREE = by_position("x", "second"), by_position("x", "second", "steps")
CLASSES = {"class": "sparse_categorical_crossentropy"}
MSE, MAE, SPARSE = "mean_squared_error", "mean_absolute_error", "sparse_categorical_crossentropy"
BINARY = "binary_crossentropy"


def net(name, data, inputs, *layers, x=WHOLE, y=WHOLE, loss=MSE, optimizer=None, **options):
    return Ports(name, data, [*inputs, *layers], x, y, loss,
                 optimizer or L("sgd", learning_rate=0.2, momentum=0.5), **options)


def dense(units, name, *inputs, activation="tanh", **options):
    return L("dense", units, activation=activation, inputs=list(inputs), name=name, **options)


def head(units, name, fed, activation="linear", **options):
    return dense(units, name, fed, activation=activation, **options)


BODY = [L("concatenate", inputs=["x", "second"], name="joined"), dense(6, "body", "joined")]
CLASS, REALS = head(3, "class", "body", "softmax"), head(2, "reals", "body")
BIT, OTHER = head(1, "bit", "body", "sigmoid"), head(1, "other", "body")
ADDED = [dense(6, "left", "x"), dense(6, "right", "second"), L("add", inputs=["left", "right"], name="body")]


def two(name, *layers, **options):
    return net(name, "two", [X, SECOND], *layers, **options)


# three inputs, of which one is a sequence with a mask of its own
GAPPED = [MASK, L("gru", 4, name="read", inputs=["shown"]), dense(4, "left", "x"),
          L("concatenate", inputs=["left", "second", "read"], name="body")]
# of as many steps as each row has: an output of each step, and others of the row
READ = [HIDE, L("lstm", 4, return_sequences=True, inputs=["steps"], name="each"),
        L("gru", 4, inputs=["each"], name="read"), L("concatenate", inputs=["x", "second", "read"], name="joined"),
        dense(5, "body", "joined"), head(2, "step_reals", "each")]


def gapped(name, *layers, inputs=(X, SECOND, GAPS), **options):
    return net(name, "gaps", inputs, *GAPPED, *layers, **options)


def each(name, *layers, inputs=(X, SECOND, LENGTHS), **options):
    return net(name, "lengths", inputs, *READ, *layers, **options)


BOTH = {"reals": MSE, "class": SPARSE}
NETWORKS = [
    # inputs that meet
    two("concatenated", *BODY, REALS, x=PAIR, y="reals", metrics=(MAE,)),
    two("added", *ADDED, CLASS, x=KEYS, y="class", loss=SPARSE, metrics=("accuracy",), validation_split=0.25),
    two("multiplied", dense(4, "left", "x"), dense(4, "right", "second", activation="sigmoid"),
        L("multiply", inputs=["left", "right"], name="body"), BIT, x=named("x", "second"), y="bit", loss=BINARY,
        metrics=("accuracy",)),
    two("normalized", L("normalization", inputs=["second"], name="scaled"),
        L("concatenate", inputs=["scaled", "x"], name="joined"), dense(6, "body", "joined"), REALS,
        y="reals", held=True),
    two("classes_weigh", *BODY, CLASS, x=PAIR, y="class", loss=SPARSE, metrics=("accuracy",),
        class_weight={0: 0.5, 1: 3}, validation_split=0.2),
    two("rows_and_classes_held", *ADDED, BIT, x=KEYS, y="bit", loss=BINARY, metrics=("accuracy",),
        weighted_metrics=("accuracy", MSE), weight="weight", held=True),
    # an input and a layer that two take
    two("input_twice", dense(4, "left", "x"), L("concatenate", inputs=["left", "x"], name="again"),
        dense(4, "right", "second"), L("concatenate", inputs=["again", "right", "second"], name="body"), REALS,
        x=PAIR, y="reals", optimizer=L("adam", learning_rate=0.01)),
    two("output_twice", *BODY, dense(6, "deep", "body"), L("add", inputs=["body", "deep", "body"], name="again"),
        L("multiply", inputs=["again", "body"], name="more"), head(2, "reals", "more"), x=KEYS, y="reals"),
    # two outputs
    two("heads", *BODY, REALS, CLASS, loss=BOTH, metrics={"class": ["accuracy"], "reals": [MAE]}),
    two("loss_weights", *BODY, REALS, CLASS, x=PAIR, y=by_position("reals", "class"), loss=BOTH,
        loss_weights={"reals": 0.3, "class": 2}, metrics={"class": ["accuracy"]}, validation_split=0.25),
    two("one_loss_weight", *ADDED, CLASS, OTHER, x=KEYS, y=KEYS, loss={"other": "huber", "class": SPARSE},
        loss_weights={"other": 5}, held=True),
    two("binary_and_absolute", *BODY, BIT, OTHER, x=named("second", "x"), y=named("bit", "other"),
        loss={"bit": BINARY, "other": MAE}, loss_weights={"bit": 0.7, "other": 1.5},
        metrics={"bit": ["accuracy", "binary_accuracy"], "other": [MSE]}, optimizer=L("adam", learning_rate=0.01)),
    two("one_loss_for_both", *BODY, REALS, OTHER, loss=MSE, metrics={"reals": [MAE], "other": [MAE, "log_cosh"]},
        y=by_position("reals", "other")),
    two("apart", dense(4, "left", "x"), dense(4, "right", "second"), head(3, "class", "left", "softmax"),
        head(2, "reals", "right"), x=PAIR, y=KEYS, loss=BOTH, weight="weight",
        optimizer=L("adam", learning_rate=0.01)),
    two("crossed", dense(4, "left", "x"), dense(4, "right", "second"), dense(4, "both", "left"),
        L("add", inputs=["both", "right"], name="sum"), L("multiply", inputs=["right", "left"], name="product"),
        head(2, "reals", "sum"), L("concatenate", inputs=["product", "both"], name="body"), BIT, x=KEYS,
        y=by_position("reals", "bit"), loss={"reals": "huber", "bit": BINARY}),
    two("three_outputs", *BODY, CLASS, REALS, BIT, y=by_position("class", "reals", "bit"),
        loss={"class": SPARSE, "reals": MAE, "bit": BINARY}, loss_weights={"bit": 3, "reals": 0.25},
        metrics={"class": ["accuracy"], "bit": ["accuracy"]}, weight="weight", validation_split=0.2),
    two("softmax_by_sigmoid", *BODY, CLASS, head(1, "bit", "body", "sigmoid"), x=PAIR, y=WHOLE,
        loss={"class": SPARSE, "bit": MSE},
        metrics={"bit": [BINARY], "class": [SPARSE]}),
    # weights of rows
    two("rows", *BODY, REALS, CLASS, loss=BOTH, loss_weights={"reals": 0.5}, weight="weight",
        metrics={"class": ["accuracy"], "reals": [MAE]}),
    two("weighted_metrics", *BODY, REALS, CLASS, x=KEYS, y=by_position("reals", "class"), loss=BOTH,
        weight="weight", weighted_metrics={"class": ["accuracy"], "reals": [MAE, MSE]},
        metrics={"class": ["accuracy", SPARSE]}),
    two("weighted_held", *ADDED, BIT, REALS, x=PAIR, y=KEYS, loss={"bit": BINARY, "reals": "log_cosh"},
        weight="weight", held=True, weighted_metrics={"bit": ["accuracy"]}, metrics={"reals": [MSE]}),
    two("weighted_split", *BODY, OTHER, CLASS, x=PAIR, loss={"other": MSE, "class": SPARSE},
        weight="weight", validation_split=0.25, weighted_metrics={"other": [MAE], "class": [SPARSE]}),
    two("one_weighted", *BODY, REALS, x=PAIR, y="reals", weight="weight", metrics=(MAE,),
        weighted_metrics=(MAE, MSE), held=True),
    # what all outputs share, and what they do not
    two("regularized", L("concatenate", inputs=["x", "second"], name="joined"),
        dense(6, "body", "joined", kernel_regularizer={"l2": 0.02}), L("batch_normalization", name="even", inputs=["body"]),
        head(2, "reals", "even", bias_regularizer={"l1": 0.01}),
        head(3, "class", "even", "softmax", kernel_regularizer={"l1": 0.001, "l2": 0.01}),
        loss=BOTH, loss_weights={"class": 0.4}, weight="weight", held=True, optimizer=L("adam", learning_rate=0.01)),
    two("clipped", *ADDED, REALS, CLASS, x=KEYS, loss=BOTH,
        optimizer=L("adamw", learning_rate=0.01, clipnorm=0.1)),
    two("frozen", L("concatenate", inputs=["x", "second"], name="joined"), dense(6, "body", "joined", trainable=False),
        REALS, CLASS, x=PAIR, loss=BOTH, loss_weights={"reals": 2}),
    # an output that is trained for nothing
    two("idle_last", *BODY, REALS, CLASS, head(2, "idle", "body"), loss={"reals": MSE, "class": SPARSE},
        metrics={"class": ["accuracy"]}, targets={"idle": "reals"}, y=named("reals", "class")),
    two("idle_first", *BODY, head(2, "idle", "body"), CLASS, x=PAIR, loss={"class": SPARSE},
        metrics={"class": ["accuracy"]}, targets={"idle": "reals"}, y="class", weight="weight"),
    # sequences with a mask
    gapped("three_inputs", REALS, x=THREE, y="reals", metrics=(MAE,)),
    gapped("three_inputs_by_key", CLASS, inputs=(GAPS, X, SECOND), x=KEYS, y="class", loss=SPARSE,
           metrics=("accuracy",), class_weight={2: 3}, held=True),
    gapped("three_inputs_two_outputs", REALS, CLASS, loss=BOTH, loss_weights={"reals": 0.5},
           metrics={"class": ["accuracy"]}, weight="weight", validation_split=0.2),
    net("masked_output", "gaps", [GAPS, X], MASK, L("lstm", 4, return_sequences=True, inputs=["shown"], name="each"),
        head(2, "step_reals", "each"), L("global_average_pooling1d", inputs=["each"], name="mean"),
        L("concatenate", inputs=["mean", "x"], name="body"), CLASS, x=named("x", "steps"),
        y=by_position("step_reals", "class"), loss={"step_reals": MSE, "class": SPARSE},
        loss_weights={"class": 0.5}, metrics={"step_reals": [MAE], "class": ["accuracy"]}),
    net("masked_weighted", "gaps", [GAPS, X], MASK, L("gru", 4, return_sequences=True, inputs=["shown"], name="each"),
        head(2, "step_reals", "each"), L("gru", 3, inputs=["each"], name="read"),
        L("concatenate", inputs=["read", "x"], name="body"), REALS, x=KEYS, y=KEYS,
        loss={"step_reals": "huber", "reals": MSE}, loss_weights={"step_reals": 2}, weight="weight", held=True,
        weighted_metrics={"step_reals": [MAE], "reals": [MAE]}, metrics={"step_reals": [MSE]}),
    each("lengths", REALS, y=by_position("step_reals", "reals"), loss=MSE, metrics={"step_reals": [MAE], "reals": [MAE]}),
    each("lengths_weighted", CLASS, x=THREE, y=by_position("step_reals", "class"), loss={"step_reals": MAE, "class": SPARSE},
         loss_weights={"step_reals": 0.5, "class": 2}, weight="weight", held=True,
         weighted_metrics={"class": ["accuracy"], "step_reals": [MSE]}),
    each("lengths_clipped", OTHER, BIT, inputs=(LENGTHS, SECOND, X), x=named("steps", "x", "second"),
         y=by_position("step_reals", "other", "bit"), loss={"step_reals": MSE, "other": "huber", "bit": BINARY},
         loss_weights={"other": 3}, optimizer=L("adam", learning_rate=0.01, global_clipnorm=0.2), held=True),
]
