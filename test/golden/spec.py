"""spec.py
How a golden network is described: one list of layers gives both the Keras
model and the text of nnet's constructors, so that the two cannot drift apart.
"""
import json

import keras
import numpy as np

K = keras.layers
KINDS = {
    "rescaling": K.Rescaling, "normalization": K.Normalization, "dense": K.Dense,
    "activation": K.Activation, "leaky_relu": K.LeakyReLU, "flatten": K.Flatten,
    "reshape": K.Reshape, "dropout": K.Dropout, "batch_normalization": K.BatchNormalization,
    "layer_normalization": K.LayerNormalization, "add": K.Add, "multiply": K.Multiply,
    "concatenate": K.Concatenate, "maximum": K.Maximum, "minimum": K.Minimum,
    "conv1d": K.Conv1D, "conv2d": K.Conv2D, "depthwise_conv2d": K.DepthwiseConv2D,
    "separable_conv2d": K.SeparableConv2D, "conv1d_transpose": K.Conv1DTranspose,
    "conv2d_transpose": K.Conv2DTranspose, "max_pooling1d": K.MaxPooling1D,
    "max_pooling2d": K.MaxPooling2D, "average_pooling1d": K.AveragePooling1D,
    "average_pooling2d": K.AveragePooling2D, "global_max_pooling1d": K.GlobalMaxPooling1D,
    "global_max_pooling2d": K.GlobalMaxPooling2D,
    "global_average_pooling1d": K.GlobalAveragePooling1D,
    "global_average_pooling2d": K.GlobalAveragePooling2D, "zero_padding2d": K.ZeroPadding2D,
    "cropping2d": K.Cropping2D, "upsampling2d": K.UpSampling2D,
    "simple_rnn": K.SimpleRNN, "lstm": K.LSTM, "gru": K.GRU, "bidirectional": K.Bidirectional,
    "time_distributed": K.TimeDistributed, "embedding": K.Embedding, "masking": K.Masking,
    "repeat_vector": K.RepeatVector, "permute": K.Permute, "elu": K.ELU, "relu": K.ReLU,
    "prelu": K.PReLU, "activity_regularization": K.ActivityRegularization, "softmax": K.Softmax, "identity": K.Identity,
    "unit_normalization": K.UnitNormalization, "rms_normalization": K.RMSNormalization,
    "group_normalization": K.GroupNormalization, "average": K.Average, "dot": K.Dot,
    "depthwise_conv1d": K.DepthwiseConv1D, "separable_conv1d": K.SeparableConv1D,
    "zero_padding1d": K.ZeroPadding1D, "cropping1d": K.Cropping1D, "upsampling1d": K.UpSampling1D,
    **{f"adaptive_{w}_pooling{d}d": getattr(K, f"Adaptive{w.title()}Pooling{d}D")
       for w in ("max", "average") for d in (1, 2, 3)},
    "conv3d": K.Conv3D, "conv3d_transpose": K.Conv3DTranspose, "max_pooling3d": K.MaxPooling3D,
    "average_pooling3d": K.AveragePooling3D, "global_max_pooling3d": K.GlobalMaxPooling3D,
    "global_average_pooling3d": K.GlobalAveragePooling3D, "zero_padding3d": K.ZeroPadding3D,
    "cropping3d": K.Cropping3D, "upsampling3d": K.UpSampling3D, "resizing": K.Resizing,
    "center_crop": K.CenterCrop, "random_rotation": K.RandomRotation, "random_zoom": K.RandomZoom,
    "random_translation": K.RandomTranslation, "random_brightness": K.RandomBrightness,
    "random_saturation": K.RandomSaturation, "random_grayscale": K.RandomGrayscale,
    "attention": K.Attention, "additive_attention": K.AdditiveAttention,
    "multi_head_attention": K.MultiHeadAttention, "group_query_attention": K.GroupQueryAttention,
    "conv_lstm1d": K.ConvLSTM1D, "conv_lstm2d": K.ConvLSTM2D, "einsum_dense": K.EinsumDense, "spectral_normalization": K.SpectralNormalization,
}
# Layers that Keras calls with query, value and key, as arguments or in a list, and options of that call.
ATTENTION = {"attention": False, "additive_attention": False, "multi_head_attention": True,
             "group_query_attention": True}
CALLED_WITH = ("use_causal_mask",)
# Where nnet's word differs from Keras's, or SQL wants quotes.
RENAMED = {"offset": "shift", "normalize": '"normalize"'}
OPTIMIZERS = {
    "sgd": keras.optimizers.SGD, "adam": keras.optimizers.Adam,
    "adamw": keras.optimizers.AdamW, "rmsprop": keras.optimizers.RMSprop,
    "adagrad": keras.optimizers.Adagrad, "adadelta": keras.optimizers.Adadelta,
    "adamax": keras.optimizers.Adamax, "nadam": keras.optimizers.Nadam,
    "lion": keras.optimizers.Lion, "ftrl": keras.optimizers.Ftrl,
    "lamb": keras.optimizers.Lamb, "adafactor": keras.optimizers.Adafactor,
    "muon": keras.optimizers.Muon, "schedule_free_adamw": keras.optimizers.ScheduleFreeAdamW,
}
SCHEDULES = {
    "exponential_decay": keras.optimizers.schedules.ExponentialDecay,
    "inverse_time_decay": keras.optimizers.schedules.InverseTimeDecay,
    "polynomial_decay": keras.optimizers.schedules.PolynomialDecay,
    "cosine_decay": keras.optimizers.schedules.CosineDecay,
    "cosine_decay_restarts": keras.optimizers.schedules.CosineDecayRestarts,
    "piecewise_constant_decay": keras.optimizers.schedules.PiecewiseConstantDecay,
}
# Options of fit that are callbacks in Keras.
CALLBACKS = {
    "early_stopping": lambda *a, **o: keras.callbacks.EarlyStopping(*a, **{"restore_best_weights": True, **o}),
    "reduce_lr_on_plateau": keras.callbacks.ReduceLROnPlateau,
}
RULES = {
    "max_norm": keras.constraints.MaxNorm, "min_max_norm": keras.constraints.MinMaxNorm,
    "non_neg": keras.constraints.NonNeg, "unit_norm": keras.constraints.UnitNorm,
    "orthogonal_regularizer": keras.regularizers.OrthogonalRegularizer,
}
# Metrics that Keras knows as functions only, not by name.
METRICS = {"huber": keras.losses.huber, "log_cosh": keras.losses.log_cosh, "ctc": keras.losses.ctc}
L, M = keras.losses, keras.metrics
LOSSES = {
    "huber": L.Huber, "binary_crossentropy": L.BinaryCrossentropy,
    "categorical_crossentropy": L.CategoricalCrossentropy,
    "sparse_categorical_crossentropy": L.SparseCategoricalCrossentropy,
    "binary_focal_crossentropy": L.BinaryFocalCrossentropy,
    "categorical_focal_crossentropy": L.CategoricalFocalCrossentropy,
    "categorical_generalized_cross_entropy": L.CategoricalGeneralizedCrossEntropy,
    "categorical_hinge": L.CategoricalHinge, "dice": L.Dice, "tversky": L.Tversky, "ctc": L.CTC,
}
FIGURES = {
    "binary_accuracy": M.BinaryAccuracy, "top_k_categorical_accuracy": M.TopKCategoricalAccuracy,
    "sparse_top_k_categorical_accuracy": M.SparseTopKCategoricalAccuracy,
    "binary_crossentropy": M.BinaryCrossentropy, "categorical_crossentropy": M.CategoricalCrossentropy,
    "sparse_categorical_crossentropy": M.SparseCategoricalCrossentropy,
    "true_positives": M.TruePositives, "true_negatives": M.TrueNegatives,
    "false_positives": M.FalsePositives, "false_negatives": M.FalseNegatives,
    "precision": M.Precision, "recall": M.Recall, "auc": M.AUC,
    "sensitivity_at_specificity": M.SensitivityAtSpecificity,
    "specificity_at_sensitivity": M.SpecificityAtSensitivity,
    "precision_at_recall": M.PrecisionAtRecall, "recall_at_precision": M.RecallAtPrecision,
    "f1_score": M.F1Score, "fbeta_score": M.FBetaScore,
    "iou": M.IoU, "mean_iou": M.MeanIoU, "binary_iou": M.BinaryIoU, "one_hot_iou": M.OneHotIoU,
    "one_hot_mean_iou": M.OneHotMeanIoU, "r2_score": M.R2Score,
    "pearson_correlation": M.PearsonCorrelation, "concordance_correlation": M.ConcordanceCorrelation,
    "categorical_hinge": M.CategoricalHinge, "log_cosh_error": M.LogCoshError,
}


def sql_value(value):
    """A Python value as SQL text."""
    if isinstance(value, Call):
        return value.sql()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, dict):
        return sql_value(json.dumps(value))
    if isinstance(value, (list, tuple)):
        if any(v is None or isinstance(v, (str, list, tuple)) for v in value):
            return sql_value(_braces(value))
        return "ARRAY[" + ",".join(repr(v) for v in value) + "]"
    return "NULL" if value is None else repr(value)


def _braces(value):
    if isinstance(value, (list, tuple)):
        return "{" + ",".join(_braces(v) for v in value) + "}"
    return "NULL" if value is None else str(value)


class Call:
    """A constructor: its kind, positional and named arguments."""

    def __init__(self, kind, *args, **options):
        self.kind, self.args, self.options = kind, args, options

    def sql(self):
        parts = [sql_value(a) for a in self.args]
        parts += [f"{RENAMED.get(k, k)} => {sql_value(v)}" for k, v in self.options.items()]
        return f"nnet.{self.kind}({', '.join(parts)})"

    def keras(self):
        options = {}
        for key, value in self.options.items():
            if key == "inputs" or key in CALLED_WITH:
                continue
            if key.endswith("_regularizer") and isinstance(value, dict):
                value = keras.regularizers.L1L2(l1=value.get("l1", 0), l2=value.get("l2", 0))
            if isinstance(value, Call):
                value = value.keras()
            options[key] = value
        args = [a.keras() if isinstance(a, Call) else a for a in self.args]
        table = next(t for t in (KINDS, OPTIMIZERS, SCHEDULES, CALLBACKS, RULES) if self.kind in t)
        return table[self.kind](*args, **options)


class Loss(Call):
    """A loss with arguments, or without where Keras knows it by its class only."""

    def json(self):
        """What is None in Keras is a word here."""
        return {"kind": self.kind, **{k: "none" if v is None else v for k, v in self.options.items()}}

    def keras(self):
        return LOSSES[self.kind](**self.options)


class Metric(Loss):
    """A metric with arguments; without a name it is called as its kind."""

    def name(self):
        return self.options.get("name", self.kind)

    def keras(self):
        return FIGURES[self.kind](**{"name": self.kind, **self.options})


class Hidden(Call):
    """A layer that only Keras has."""


class Network:
    """loss, optimizer and the rest are compile's and fit's; y is an SQL
    expression over golden_row: class, bit, reals; weight one of weight,
    step_weights; held: validation is of the rows held; epochs: make.EPOCHS
    if None."""

    def __init__(self, name, dataset, layers, y, loss, optimizer, metrics=(), seed=1,
                 weight=None, held=False, epochs=None, **options):
        self.name, self.dataset, self.layers = name, dataset, layers
        self.y, self.loss, self.optimizer = y, loss, optimizer
        self.metrics, self.seed, self.options = metrics, seed, options
        self.weight, self.held, self.epochs = weight, held, epochs
        self.still = ()     # layers that nothing trains
        self.single = False     # TensorFlow has it in single precision alone

    def sql(self):
        return ",\n    ".join(layer.sql() for layer in self.layers if not isinstance(layer, Hidden))

    def keras_loss(self):
        return self.loss.keras() if isinstance(self.loss, Loss) else self.loss

    def keras_metrics(self):
        return [m.keras() if isinstance(m, Metric) else METRICS.get(m, m) for m in self.metrics]

    def names(self):
        """Of the metrics, in results."""
        return [m.name() if isinstance(m, Metric) else m for m in self.metrics]


# A class that no output is for, in the place of one.
IGNORED = "CASE WHEN class = 2 THEN -1 ELSE class END"
# Sequences of classes, of which Keras wants all to be as long as the longest.
PADDED = "reals::integer[]"
SEQUENCE = "array_remove(reals, 0::real)::integer[]"


def fit_options(network):
    """The options of fit as Keras has them."""
    options = {k: v for k, v in network.options.items() if k not in CALLBACKS}
    callbacks = [v.keras() for k, v in network.options.items() if k in CALLBACKS]
    return {**options, "callbacks": callbacks} if callbacks else options


class Dataset:
    """60 rows of x with a class, a bit and some reals that depend on x.

    lengths: the number of steps of each row where rows differ; Keras then
    sees them padded with pad, nnet sees them as they are.
    made: what makes targets of another kind out of the reals.
    weighted: rows have a weight, each step another, and some are held.
    """

    def __init__(self, name, x, classes=3, reals=2, seed=1, lengths=None, pad=0.0,
                 x_sql="x", step_reals=False, made=None, weighted=False):
        rng = np.random.default_rng(seed)
        self.name, self.x_sql, self.lengths, self.pad = name, x_sql, lengths, pad
        self.x = np.round(x, 2).astype(np.float32)
        seen = self.x.copy()
        if lengths is not None:
            for i, n in enumerate(lengths):
                self.x[i, n:] = pad
                seen[i, n:] = 0
        flat = seen.reshape(len(x), -1)
        flat = (flat - flat.mean()) / flat.std()
        scale = 1.5 / np.sqrt(flat.shape[1])
        self.classes = np.argmax(flat @ rng.normal(0, scale, (flat.shape[1], classes)), axis=1)
        self.bits = (flat @ rng.normal(0, scale, flat.shape[1]) > 0).astype(int)
        if step_reals:
            out = np.tanh(seen @ rng.normal(0, 1, (seen.shape[-1], reals)))
            self.reals = np.round(out, 3)
        else:
            self.reals = np.round(np.tanh(flat @ rng.normal(0, scale, (flat.shape[1], reals))), 3)
        if made is not None:
            self.reals = np.round(made(self.reals), 3)
        self.weighted = weighted
        if weighted:
            # some are 0; fewer held than a batch, whose mean Keras takes
            self.weight = np.maximum(np.round(rng.uniform(-0.3, 2, len(x)), 1), 0)
            self.step_weights = np.maximum(np.round(rng.uniform(-0.3, 2, self.x.shape[:2]), 1), 0)
            self.held = np.isin(np.arange(len(x)), rng.choice(len(x), 11, replace=False))

    def row(self, i):
        """What nnet is given: flat, or (steps, features) where lengths differ."""
        if self.lengths is None:
            return self.x[i].ravel()
        return self.x[i, :self.lengths[i]]

    def cut(self, i, y):
        """What belongs to the steps that row i has, if y has steps."""
        if self.lengths is not None and y.ndim > 1:
            y = y[:self.lengths[i]]
        return y.ravel()

    def weights(self, name):
        """What Keras takes: where y has steps, of each step."""
        if name == "weight" and self.reals.ndim > 2:
            return np.repeat(self.weight[:, None], self.reals.shape[1], axis=1)
        return getattr(self, name)

    def target(self, y):
        return {"class": self.classes, "bit": self.bits,
                IGNORED: np.where(self.classes == 2, -1, self.classes),
                "reals": self.reals, PADDED: self.reals, SEQUENCE: self.reals,
                "reals[1]": self.reals[..., 0] if self.reals.ndim == 2 else None}[y]


def keras_input(spec):
    """The tensor of an input: nnet.input(5), or nnet.input('{5}', name => 'a')."""
    shape = spec.args[0] if spec.args and isinstance(spec.args[0], (list, tuple)) else spec.args
    return keras.Input(shape=tuple(shape), name=spec.options.get("name", "input"))


def keras_call(layer, spec, tensors):
    """What the layer makes of what feeds it."""
    if spec.kind not in ATTENTION:
        return layer(tensors if len(tensors) > 1 else tensors[0])
    given = {k: v for k, v in spec.options.items() if k in CALLED_WITH}
    if len(tensors) == 1:
        tensors = tensors * 2       # a layer's attention to itself
    return layer(*tensors, **given) if ATTENTION[spec.kind] else layer(tensors, **given)


def keras_model(network):
    """The model, and its layers in the order of the rows of the model table, without the first input."""
    keras.backend.clear_session()
    tensors, layers, sources, ends = {}, [], [], {}
    before = None
    for spec in network.layers:
        fed = spec.options.get("inputs") or ([before] if before else [])
        if spec.kind == "input":
            tensor = keras_input(spec)
            name = tensor.name
            sources.append(tensor)
            layer = tensor._keras_history.operation
        else:
            layer = spec.keras()
            tensor = keras_call(layer, spec, [tensors[n] for n in fed])
            name = spec.options.get("name", layer.name)
            for feeder in fed:
                ends.pop(feeder, None)
        if isinstance(spec, Hidden):
            name = fed[0]       # from here on, what feeds it is what comes out of it
        elif len(sources) > 1 or spec.kind != "input":
            layers.append(layer)
        tensors[name] = tensor
        if spec.kind != "input":
            ends[name] = tensor
        before = name
    outputs = list(ends.values())
    return keras.Model(sources if len(sources) > 1 else sources[0],
                       outputs if len(outputs) > 1 else outputs[0]), layers
