"""peer_openvino.py
OpenVINO, whose kernels are oneDNN's, as the peer in prediction.  It computes in
float32 as the others do: where a processor has bfloat16 it would take that.
"""
import openvino

import peer_predict


def session(model, threads):
    core = openvino.Core()
    compiled = core.compile_model(core.read_model(model), "CPU", {
        "INFERENCE_NUM_THREADS": threads, "INFERENCE_PRECISION_HINT": "f32", "NUM_STREAMS": 1,
        "PERFORMANCE_HINT": "LATENCY"})
    request = compiled.create_infer_request()

    def run(x):
        # the input is lent, the output copied, as it is to be kept
        return request.infer({0: x}, share_inputs=True)[0].copy()
    return run


peer_predict.main(session, openvino.__version__.split("-")[0])
