"""Runs a .tflite file in LiteRT: run.py KERNELS MODEL INPUTS OUTPUTS (int8, one sample after the other).

KERNELS is a member of OpResolverType.
"""

import sys

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType

kernels, model, inputs, outputs = sys.argv[1:5]
interpreter = Interpreter(model_path=model, experimental_op_resolver_type=OpResolverType[kernels])
interpreter.allocate_tensors()
first = interpreter.get_input_details()[0]
last = interpreter.get_output_details()[0]
samples = np.fromfile(inputs, dtype=np.int8).reshape([-1, *first["shape"][1:]])
results = []
for sample in samples:
    interpreter.set_tensor(first["index"], sample[None])
    interpreter.invoke()
    results.append(interpreter.get_tensor(last["index"]).flatten())
np.array(results, dtype=np.int8).tofile(outputs)
