"""networks_orthogonal.py
Regularizers of matrices that are to be orthogonal.
"""
from networks_constraints import DATASETS, L, dense, net

NETWORKS = [
    net("orthogonal", dense(6, "tanh", kernel_regularizer=L("orthogonal_regularizer", 0.5))),
    net("orthogonal_columns", dense(6, "tanh", kernel_regularizer=L("orthogonal_regularizer", factor=0.3, mode="columns")),
        optimizer=L("adam", learning_rate=0.05)),
    net("orthogonal_recurrent", L("lstm", 4, recurrent_regularizer=L("orthogonal_regularizer", 0.5)), data="steps"),
]

for network in NETWORKS:
    # its factor is a tensor of single precision in Keras
    network.single = network.name.startswith("orthogonal")
