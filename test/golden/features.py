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


WORDS = ["a", "b", "city", "river", "", "[UNK]", "Zürich", "x" * 9, "y" * 17, "long " * 8, "longer " * 20]


def keras_values(name, width, sql, layer, x_type, train, query):
    """Values of any type; rows of width of them."""
    if train is not None:
        layer.adapt(np.array(train))
    out = np.array(layer(np.array(query)))
    quote = (lambda v: '"' + str(v) + '"') if x_type == "text[]" else str

    def literals(rows):
        return ["{" + ",".join(quote(v) for v in row) + "}" for row in rows]
    case(name, f"jsonb_build_array(nnet.input({width}), {sql})", x_type,
         [] if train is None else literals(train), literals(query), out)


def lookups():
    def strings(n, width):
        return [[WORDS[min(int(rng.exponential(2.5)), len(WORDS) - 1)] for _ in range(width)]
                for _ in range(n)]

    def integers(n, width):
        return [[int(rng.exponential(2)) * 3000000000000 - 4 for _ in range(width)]
                for _ in range(n)]
    train, query = strings(60, 3), strings(12, 3) + [["nobody", "", "[UNK]"]]
    vocabulary = "'{city,a,river}'"
    for mode in ("int", "multi_hot", "count", "one_hot"):
        for sql, arguments, rows in (
                ("", {}, train),
                (", mask_token => ''", dict(mask_token=""), train),
                (", num_oov_indices => 3", dict(num_oov_indices=3), train),
                (f", vocabulary => {vocabulary}, num_oov_indices => 4, mask_token => 'b'",
                 dict(vocabulary=["city", "a", "river"], num_oov_indices=4, mask_token="b"), None)):
            most = {} if rows is None else dict(max_tokens=6)
            if mode != "int" and most:
                most["pad_to_max_tokens"] = True
            sql = ("max_tokens => 6, " if most else "") + f"output_mode => '{mode}'" + sql
            keras_values(f"string_lookup({sql})", 3, f"nnet.string_lookup({sql})",
                         L.StringLookup(output_mode=mode, **arguments, **most), "text[]", rows, query)
    keras_values("string_lookup of all there is", 3, "nnet.string_lookup()", L.StringLookup(),
                 "text[]", train, query)
    numbers_train, numbers_query = integers(60, 2), integers(12, 2) + [[-1, 7]]
    for mode in ("int", "multi_hot", "count", "one_hot"):
        for sql, arguments in (("", {}), (", mask_token => -4", dict(mask_token=-4)),
                               (", num_oov_indices => 3", dict(num_oov_indices=3)),
                               (", oov_token => 5999999999996", dict(oov_token=5999999999996))):
            most = dict(max_tokens=6)
            if mode != "int":
                most["pad_to_max_tokens"] = True
            sql = f"max_tokens => 6, output_mode => '{mode}'" + sql
            keras_values(f"integer_lookup({sql})", 2, f"nnet.integer_lookup({sql})",
                         L.IntegerLookup(output_mode=mode, **arguments, **most), "bigint[]",
                         numbers_train, numbers_query)
    words = [[w, w * 2, w[::-1] + "z"] for w in WORDS] + [["x" * n, "Straße" * n, str(n)] for n in
                                                         (1, 3, 4, 7, 8, 15, 16, 31, 32, 33, 63, 64, 65, 127, 128, 129, 200)]
    for sql, arguments in (("1000", dict(num_bins=1000)), ("7, mask_value => ''", dict(num_bins=7, mask_value="")),
                           ("1000, salt => 133", dict(num_bins=1000, salt=133)),
                           ("1000, salt => '{133,9007199254740991}'", dict(num_bins=1000, salt=[133, 9007199254740991])),
                           ("1, mask_value => 'a'", dict(num_bins=1, mask_value="a")),
                           ("9, output_mode => 'one_hot'", dict(num_bins=9, output_mode="one_hot")),
                           ("9, output_mode => 'multi_hot'", dict(num_bins=9, output_mode="multi_hot")),
                           ("9, output_mode => 'count'", dict(num_bins=9, output_mode="count"))):
        keras_values(f"hashing({sql})", 3, f"nnet.hashing({sql})", L.Hashing(**arguments), "text[]", None, words)
    keras_values("hashing of integers", 2, "nnet.hashing(1000, mask_value => -4)",
                 L.Hashing(1000, mask_value=-4), "bigint[]", None, numbers_query)


def main():
    numbers()
    missing()
    lookups()
    with open(os.path.join(HERE, "data", "features.sql"), "w") as out:
        out.write("-- Written by features.py; do not edit.\n"
                  "CREATE TEMP TABLE golden_features (name text, model jsonb, x_type text, "
                  "train text[], query text[], outputs text[]);\n")
        for row in CASES:
            out.write("INSERT INTO golden_features VALUES\n" + row + ";\n")


main()
