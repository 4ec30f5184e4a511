#!/usr/bin/env python3
"""ports.py
Networks of several inputs and outputs drawn at random, trained by Keras and by nnet,
with 1, 2 and 3 threads.

Run by hand like steps.py, which tells how:
	scripts/private-server.sh python3 test/fuzz/ports.py [FIRST_SEED [COUNT]]
"""
import sys

import steps
import random_ports

if __name__ == "__main__":
    sys.exit(steps.main(random_ports.draw))
