"""networks_activity.py
Regularizers of outputs.
"""
from networks_constraints import DATASETS, dense, net

SUMS = {"l1": 0.01, "l2": 0.02}
NETWORKS = [
    net("activity", dense(8, "tanh", activity_regularizer=SUMS)),
    net("activity_l1", dense(8, "relu", activity_regularizer={"l1": 0.05}), validation_split=0.2),
    net("activity_of_output", dense(8, "tanh"), dense(2, activity_regularizer={"l2": 0.3}), head=None, validation_split=0.2),
    net("activity_of_probabilities", dense(8, "tanh"), dense(3, "softmax", activity_regularizer={"l2": 0.5}), head=None,
           y="class", loss="sparse_categorical_crossentropy", metrics=("accuracy",)),
    net("activity_weighted", dense(8, "tanh", activity_regularizer=SUMS), weight="weight"),
]
