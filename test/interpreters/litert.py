"""Runs .tflite models in LiteRT. Arguments: model, inputs, outputs, and again for each further model. Inputs are raw, one
after another; so are the results, all outputs of the first input in the order of the model, then those of the second.

Uses the reference kernels: the optimised ones may round differently from the microcontroller's.
"""

import sys

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType


def run(model, inputs, outputs):
    interpreter = Interpreter(model_path=model, experimental_op_resolver_type=OpResolverType.BUILTIN_REF)
    interpreter.allocate_tensors()
    source = interpreter.get_input_details()[0]
    targets = interpreter.get_output_details()
    results = []
    for row in np.fromfile(inputs, dtype=source["dtype"]).reshape(-1, *source["shape"][1:]):
        interpreter.set_tensor(source["index"], row[np.newaxis])
        interpreter.invoke()
        results += [interpreter.get_tensor(target["index"]).ravel().copy() for target in targets]
    np.concatenate(results).tofile(outputs)


files = sys.argv[1:]
for model, inputs, outputs in zip(files[::3], files[1::3], files[2::3]):
    # A model that the interpreter does not survive is the last one that is named.
    print(model, file=sys.stderr, flush=True)
    run(model, inputs, outputs)
