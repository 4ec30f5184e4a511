#!/usr/bin/env python3
"""features.py
Writes data/features.sql: what the layers of columns give, by Keras and, for
what is missing, by scikit-learn, after they have learned from the same rows.

Run by hand, only when a case is added or changed; the file is committed, so
that tests need neither.  A case is a model of one input and the layer, rows to
learn from (or none), and rows with what comes out for them.
"""
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras
import numpy as np
from sklearn.impute import MissingIndicator, SimpleImputer

L = keras.layers
HERE = os.path.dirname(os.path.abspath(__file__))
rng = np.random.default_rng(7)


def number(value):
    if np.isnan(value):
        return "NaN"
    return np.format_float_positional(np.float32(value), unique=True, trim="-")


def array(values):
    return "{" + ",".join(number(v) for v in np.asarray(values).reshape(-1)) + "}"


def text(value):
    return "'" + str(value).replace("'", "''") + "'"


def texts(values):
    return "ARRAY[" + ", ".join(text(v) for v in values) + "]::text[]"


CASES = []


def case(name, model, x_type, train, query, outputs):
    """train and query: literals of rows; outputs: an array a row of query."""
    CASES.append("(" + ", ".join([
        text(name), model, text(x_type), texts(train), texts(query),
        texts([array(y) for y in outputs])]) + ")")


def keras_numbers(name, width, sql, layer, train, query):
    if len(train):
        layer.adapt(train)
    out = np.array(layer(query))
    case(name, f"jsonb_build_array(nnet.input({width}), {sql})", "real[]",
         [array(x) for x in train], [array(x) for x in query], out)


def sklearn_numbers(name, width, sql, layer, train, query, also=None):
    out = layer.fit(train).transform(query)
    if also is not None:
        out = np.hstack([out, also.fit(train).transform(query)])
    case(name, f"jsonb_build_array(nnet.input({width}), {sql})", "real[]",
         [array(x) for x in train], [array(x) for x in query], out.astype(np.float32))


def numbers():
    ids = rng.integers(0, 7, (6, 4))
    one = rng.integers(0, 7, (6, 1))
    for mode in ("multi_hot", "count", "one_hot"):
        keras_numbers(f"category_encoding {mode}", 4,
                      f"nnet.category_encoding(7, output_mode => '{mode}')",
                      L.CategoryEncoding(7, output_mode=mode), [], ids)
        keras_numbers(f"category_encoding {mode} of one", 1,
                      f"nnet.category_encoding(7, output_mode => '{mode}')",
                      L.CategoryEncoding(7, output_mode=mode), [], one)
    x = np.array([[-1.5, 1.0, 3.4, .5], [0.0, 3.0, 1.3, 0.0], [-9.0, 0.99, 1.01, 2.0]], np.float32)
    for mode in ("int", "multi_hot", "count", "one_hot"):
        keras_numbers(f"discretization {mode}", 4,
                      f"nnet.discretization('{{0,1,2}}', output_mode => '{mode}')",
                      L.Discretization([0., 1., 2.], output_mode=mode), [], x)
    for bins, epsilon, n in ((4, 0.01, 1000), (10, 0.05, 333), (7, 0.01, 60), (3, 0.001, 5000),
                             (100, 0.01, 3000), (5, 0.2, 4000)):
        train = np.round(rng.gamma(2, 3, (n, 1)), 2).astype(np.float32)
        query = np.round(rng.gamma(2, 3, (60, 1)), 2).astype(np.float32)
        keras_numbers(f"discretization of {n} rows to {bins} bins, epsilon {epsilon}", 1,
                      f"nnet.discretization(num_bins => {bins}, epsilon => {epsilon})",
                      L.Discretization(num_bins=bins, epsilon=epsilon), train, query)
    train = np.round(rng.normal(3, 2, (200, 3)), 0).astype(np.float32)
    keras_numbers("discretization of several features", 3,
                  "nnet.discretization(num_bins => 6, output_mode => 'one_hot')",
                  L.Discretization(num_bins=6, output_mode="one_hot"), train, train[:20])


def missing():
    train = np.round(rng.normal(0, 50, (101, 3)), 0).astype(np.float32)
    train[rng.random(train.shape) < 0.2] = np.nan
    train[:, 2] = np.round(train[:, 2] / 20)
    query = train[:12].copy()
    query[3] = np.nan
    for strategy in ("mean", "median", "most_frequent", "constant"):
        fill = dict(fill_value=-7.0) if strategy == "constant" else {}
        sql = ", fill_value => -7" if fill else ""
        for rows in (train, train[:40], -np.abs(train)):
            sklearn_numbers(f"imputation {strategy} of {len(rows)} rows", 3,
                            f"nnet.imputation('{strategy}'{sql})",
                            SimpleImputer(strategy=strategy, **fill), rows, query)
        sklearn_numbers(f"imputation {strategy} with indicator", 3,
                        f"nnet.imputation('{strategy}'{sql}, add_indicator => true)",
                        SimpleImputer(strategy=strategy, add_indicator=True, **fill), train, query)
    whole = train.copy()
    whole[:, 1] = 5
    sklearn_numbers("an indicator of features with and without gaps", 3, "nnet.missing_indicator()",
                    MissingIndicator(features="all"), train, query)
    sklearn_numbers("all of a feature is missing", 2, "nnet.imputation('mean')",
                    SimpleImputer(keep_empty_features=True),
                    np.array([[np.nan, 1], [np.nan, 2]]), np.array([[3, np.nan], [np.nan, 5.]]))


def main():
    numbers()
    missing()
    with open(os.path.join(HERE, "data", "features.sql"), "w") as out:
        out.write("-- Written by features.py; do not edit.\n"
                  "CREATE TEMP TABLE golden_features (name text, model jsonb, x_type text, "
                  "train text[], query text[], outputs text[]);\n")
        for row in CASES:
            out.write("INSERT INTO golden_features VALUES\n" + row + ";\n")


main()
