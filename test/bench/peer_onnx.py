"""peer_onnx.py
ONNX Runtime as the peer in prediction.
"""
import onnxruntime

import peer_predict


def session(model, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    made = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return lambda x: made.run(None, {"x": x})[0]


peer_predict.main(session, onnxruntime.__version__)
