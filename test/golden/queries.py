#!/usr/bin/env python3
"""queries.py
Writes data/queries.sql: metrics of rows, by scikit-learn.

Run by hand, only when a case is added or changed; the file is committed, so
that tests need no scikit-learn.  A case is a call of an aggregate over golden_query,
and what is read of its result as an array of numbers, NULL for what scikit-learn says is not defined.
"""
import os
import warnings

import numpy as np
from sklearn import calibration, metrics as m

warnings.simplefilter("ignore")
HERE = os.path.dirname(os.path.abspath(__file__))
rng = np.random.default_rng(11)
N = 240


def sql(value):
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value)).lower()
    return repr(value.item() if hasattr(value, "item") else value)


CASES = []


def case(name, call, reading, expected, where="true", tolerance=1e-12):
    """reading: an array of float8 of a, which is the call; expected: numbers, NaN for NULL."""
    numbers = ["NULL" if np.isnan(v) else "'Infinity'" if np.isinf(v) else repr(float(v))
               for v in np.asarray(expected, dtype=float).reshape(-1)]
    CASES.append(f"({sql(name)}, {sql(call)}, {sql(reading)}, {sql(where)}, "
                 f"ARRAY[{', '.join(numbers)}]::float8[], {tolerance})")


def one(name, call, expected, **more):
    case(name, call, "ARRAY[a]", [expected], **more)


def rows(name, call, columns, expected, **more):
    """expected: columns of numbers."""
    fields = ", ".join(f"r.{c}::float8" for c in columns)
    case(name, call, f"ARRAY(SELECT v FROM unnest(a) WITH ORDINALITY AS r, "
               f"LATERAL unnest(ARRAY[{fields}]) WITH ORDINALITY AS u(v, i) ORDER BY r.ordinality, u.i)",
         np.column_stack(expected), **more)


# ---- rows ----

bit = rng.integers(0, 2, N)
score = rng.normal(size=N) * 0.8 + bit                    # hardly any ties
tied = np.round(1 / (1 + np.exp(-2 * (score - 0.5))), 1)  # many, from 0 to 1
single = (1 / (1 + np.exp(-3 * (score - 0.5)))).astype(np.float32)
single[3] = 1.0 if bit[3] == 0 else 0.0                   # as wrong as can be
said = (tied > 0.5).astype(int)
weight = np.round(rng.uniform(0, 3, N), 2)
weight[5] = 0
word = np.where(bit == 1, "spam", "ham")
said_word = np.where(said == 1, "spam", "ham")
sign = 2 * bit - 1
CLASSES = np.array(["ant", "bee", "Cat", "äu"])
many = rng.integers(0, 4, N)
guess = np.where(rng.uniform(size=N) < 0.6, many, rng.integers(0, 3, N))
guess[7] = 4                                              # never true
logits = rng.normal(size=(N, 4)) + 2 * np.eye(4)[many]
four = (np.exp(logits) / np.exp(logits).sum(1, keepdims=True)).astype(np.float32)
target = np.round(rng.normal(size=N) * 10 + 1000, 3)
target[9] = 0
fit = np.round(target + rng.normal(size=N) * 3, 3)
NAMES = np.append(CLASSES, "zoo")
kind, kind_said = CLASSES[many], NAMES[guess]

columns = ("i integer, bit integer, score float8, tied float8, single real, said integer, weight float8, word text, "
           "said_word text, sign float8, many integer, guess integer, four real[], target float8, fit float8, "
           "kind text, kind_said text")
values = []
for i in range(N):
    values.append("(" + ", ".join(sql(v) for v in (
        i, bit[i], score[i], tied[i], float(single[i]), said[i], weight[i], word[i], said_word[i],
        float(sign[i]), many[i], guess[i], "{" + ",".join(str(v) for v in four[i]) + "}",
        target[i], fit[i], kind[i], kind_said[i])) + ")")

# ---- two classes ----

LABELS = [("integer", "bit", "said", bit, said), ("text", "word", "said_word", bit, said),
          ("boolean", "bit = 1", "said = 1", bit, said), ("float", "sign", "said * 2.0 - 1", bit, said),
          ("integer beside text", "bit", "said::text", bit, said),
          ("boolean beside text", "bit = 1", "(said = 1)::text", bit, said),
          ("bigint beside smallint", "bit::bigint", "said::smallint", bit, said),
          ("numeric", "bit * 1.5", "said * 1.5", bit, said),
          ("bpchar", "word::char(7)", "said_word::varchar", bit, said)]
for what, truth, predicted, y, p in LABELS:
    for w, argument, also in ((None, "", ""), (weight, ", weight", ", weighted")):
        more = {} if w is None else {"sample_weight": w}
        for function in ("accuracy_score", "balanced_accuracy_score", "precision_score", "recall_score", "f1_score"):
            one(f"{function}, {what}{also}", f"nnet.{function}({truth}, {predicted}{argument})",
                getattr(m, function)(y, p, **more))
        for function, score_function in (("roc_auc", m.roc_auc_score), ("average_precision", m.average_precision_score)):
            for s, v in (("score", score), ("tied", tied)):
                one(f"{function}, {what}, {s}{also}", f"nnet.{function}({truth}, {s}{argument})",
                    score_function(y, v, **more))
        one(f"log_loss, {what}{also}", f"nnet.log_loss({truth}, tied{argument})", m.log_loss(y, tied, **more))

for w, argument, also in ((None, "", ""), (weight, ", weight", ", weighted")):
    more = {} if w is None else {"sample_weight": w}
    for s, v in (("score", score), ("tied", tied)):
        fpr, tpr, threshold = m.roc_curve(bit, v, **more)
        if w is None or s == "tied":    # sums of weights round, and so keep other points of lines
            rows(f"roc_curve, {s}{also}", f"nnet.roc_curve(bit, {s}{argument})", ["fpr", "tpr", "threshold"],
                 (fpr, tpr, threshold))
        precision, recall, threshold = m.precision_recall_curve(bit, v, **more)
        rows(f"precision_recall_curve, {s}{also}", f"nnet.precision_recall_curve(word, {s}{argument})",
             ["precision", "recall", "threshold"], (precision, recall, np.append(threshold, np.nan)))

for bins in (1, 3, 5, 10, 50):
    for strategy in ("uniform", "quantile"):
        for s, v in (("tied", tied), ("1 / (1 + exp(-score))", 1 / (1 + np.exp(-score)))):
            true, predicted = calibration.calibration_curve(bit, v, n_bins=bins, strategy=strategy)
            rows(f"calibration_curve, {bins} bins, {strategy}, {s}",
                 f"nnet.calibration_curve(bit = 1, {s}, {bins}, '{strategy}')", ["prob_true", "prob_pred"],
                 (true, predicted))
true, predicted = calibration.calibration_curve(bit, tied)
rows("calibration_curve", "nnet.calibration_curve(bit, tied)", ["prob_true", "prob_pred"], (true, predicted))

one("log_loss, single", "nnet.log_loss(bit, single)", m.log_loss(bit, single), tolerance=1e-6)
one("log_loss, array of one", "nnet.log_loss(bit, ARRAY[single])", m.log_loss(bit, single), tolerance=1e-6)
one("log_loss, array of two", "nnet.log_loss(word, ARRAY[(1 - single)::real, single])", m.log_loss(bit, single), tolerance=1e-6)
one("log_loss, four classes", "nnet.log_loss(many, four)", m.log_loss(many, four), tolerance=1e-6)
one("log_loss, four classes by name", "nnet.log_loss(kind, four)",
    m.log_loss(np.searchsorted(np.sort(CLASSES), kind), four), tolerance=1e-6)
one("log_loss, four classes, weighted", "nnet.log_loss(many, four::float8[], weight)",
    m.log_loss(many, four.astype(float), sample_weight=weight))
one("log_loss, three of four classes", "nnet.log_loss(many, four)",
    m.log_loss(many[many < 3], four[many < 3], labels=[0, 1, 2, 3]), where="many < 3", tolerance=1e-6)
one("roc_auc, array of one", "nnet.roc_auc(bit, ARRAY[single])", m.roc_auc_score(bit, single))
one("roc_auc, array of two", "nnet.roc_auc(bit, ARRAY[1 - single, single])", m.roc_auc_score(bit, single))
one("roc_auc, one of four", "nnet.roc_auc(kind = 'bee', four[2])", m.roc_auc_score(many == 1, four[:, 1]))

# ---- many classes ----

for what, truth, predicted, y, p in (("integers", "many", "guess", many, guess),
                                     ("integers beside texts", "many", "guess::text", many, guess),
                                     ("texts", "kind", "kind_said", kind, kind_said)):
    for w, argument, also in ((None, "", ""), (weight, ", weight", ", weighted")):
        more = {} if w is None else {"sample_weight": w}
        rows(f"confusion_matrix, {what}{also}", f"nnet.confusion_matrix({truth}, {predicted}{argument})", ["count"],
             (m.confusion_matrix(y, p, **more).reshape(-1),))
        report = m.classification_report(y, p, output_dict=True, **more)
        accuracy = report.pop("accuracy")
        table = [[r["precision"], r["recall"], r["f1-score"], r["support"]] for r in report.values()]
        table.insert(-2, [np.nan, np.nan, accuracy, report["macro avg"]["support"]])
        rows(f"classification_report, {what}{also}", f"nnet.classification_report({truth}, {predicted}{argument})",
             ["precision", "recall", "f1_score", "support"], np.array(table).T)
        one(f"accuracy_score, {what}{also}", f"nnet.accuracy_score({truth}, {predicted}{argument})",
            m.accuracy_score(y, p, **more))
        one(f"balanced_accuracy_score, {what}{also}", f"nnet.balanced_accuracy_score({truth}, {predicted}{argument})",
            m.balanced_accuracy_score(y, p, **more))

# ---- numbers ----

for w, argument, also in ((None, "", ""), (weight, ", weight", ", weighted")):
    more = {} if w is None else {"sample_weight": w}
    for function, of in (("mse", m.mean_squared_error), ("rmse", m.root_mean_squared_error),
                         ("mae", m.mean_absolute_error), ("mape", m.mean_absolute_percentage_error),
                         ("r2_score", m.r2_score)):
        one(f"{function}{also}", f"nnet.{function}(target, fit{argument})", of(target, fit, **more))
        one(f"{function} of predictions{also}", f"nnet.{function}(target, ARRAY[fit::real]{argument})",
            of(target, fit.astype(np.float32).astype(float), **more))
one("r2_score, truth does not vary", "nnet.r2_score(5, fit)", m.r2_score(np.full(N, 5.0), fit))
one("r2_score, nor does what is predicted", "nnet.r2_score(5, 5)", m.r2_score(np.full(N, 5.0), np.full(N, 5.0)))
one("r2_score, one row", "nnet.r2_score(target, fit)", m.r2_score(target[:1], fit[:1]), where="i = 0")

# ---- one class, one row ----

for value in (0, 1):
    here = {"where": f"bit = {value}"}
    y, s, p = bit[bit == value], score[bit == value], said[bit == value]
    one(f"roc_auc, only {value}", "nnet.roc_auc(bit, score)", m.roc_auc_score(y, s), **here)
    one(f"average_precision, only {value}", "nnet.average_precision(bit, score)", m.average_precision_score(y, s), **here)
    fpr, tpr, threshold = m.roc_curve(y, s)
    rows(f"roc_curve, only {value}", "nnet.roc_curve(bit, score)", ["fpr", "tpr", "threshold"], (fpr, tpr, threshold),
         **here)
    precision, recall, threshold = m.precision_recall_curve(y, s)
    rows(f"precision_recall_curve, only {value}", "nnet.precision_recall_curve(bit = 1, score)",
         ["precision", "recall", "threshold"], (precision, recall, np.append(threshold, np.nan)), **here)
    one(f"log_loss, only {value}", "nnet.log_loss(bit, tied)",
        m.log_loss(y, tied[bit == value], labels=[0, 1]), **here)
    for function in ("accuracy_score", "balanced_accuracy_score", "precision_score", "recall_score", "f1_score"):
        one(f"{function}, only {value}", f"nnet.{function}(bit, said)", getattr(m, function)(y, p), **here)
        one(f"{function}, nothing but {value}", f"nnet.{function}(bit, bit)", getattr(m, function)(y, y), **here)
rows("confusion_matrix, one row", "nnet.confusion_matrix(bit, bit)", ["count"], (m.confusion_matrix(bit[:1], bit[:1]).reshape(-1),),
     where="i = 0")

with open(os.path.join(HERE, "data", "queries.sql"), "w", encoding="utf-8") as file:
    file.write("-- Made by queries.py, with scikit-learn.\n")
    file.write(f"CREATE TEMP TABLE golden_query ({columns});\n")
    file.write("INSERT INTO golden_query VALUES\n" + ",\n".join(values) + ";\n")
    file.write("CREATE TEMP TABLE golden_metric (name text, call text, reading text, condition text, expected float8[], "
               "tolerance float8);\n")
    file.write("INSERT INTO golden_metric VALUES\n" + ",\n".join(CASES) + ";\n")
