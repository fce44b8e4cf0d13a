"""What the arithmetic of the served graph comes to."""

from pathlib import Path

import numpy as np
import onnx

from model.windows import WINDOW

MOVES = WINDOW - 1
"""Steps of the LSTM: one for each move between two closes."""


def multiply_adds(graph: Path) -> int:
    """Multiply-adds of one window: the LSTM, once a session, and all products with weights."""
    model = onnx.load(str(graph)).graph
    sizes = {weights.name: int(np.prod(weights.dims)) for weights in model.initializer}
    found = 0
    for node in model.node:
        if node.op_type == "LSTM":
            found += MOVES * (sizes[node.input[1]] + sizes[node.input[2]])
        elif node.op_type == "MatMul":
            found += sizes.get(node.input[1], 0)
    return found
