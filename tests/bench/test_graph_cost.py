"""The arithmetic of a graph."""

from pathlib import Path

import numpy as np
import onnx
from onnx import NodeProto, TensorProto, helper, numpy_helper

from tests.bench.graph_cost import MOVES, multiply_adds


def weights(name: str, *shape: int) -> TensorProto:
    """A tensor of the graph."""
    return numpy_helper.from_array(np.ones(shape, np.float32), name)


def saved(path: Path, *nodes: NodeProto) -> Path:
    """A graph with these nodes and the weights that they name."""
    kept = [weights("kernel", 1, 8, 3), weights("recurrent", 1, 8, 2), weights("dense", 2, 5)]
    onnx.save(helper.make_model(helper.make_graph(nodes, "graph", [], [], kept)), str(path))
    return path


def test_each_weight_is_multiplied_once_for_each_time_it_is_used(tmp_path: Path) -> None:
    """The floor says how far from the possible the served graph is; it must be the true one."""
    memory = helper.make_node("LSTM", ["x", "kernel", "recurrent"], ["state"], hidden_size=2)
    dense = helper.make_node("MatMul", ["state", "dense"], ["y"])
    nothing = helper.make_node("Exp", ["y"], ["z"])

    assert multiply_adds(saved(tmp_path / "graph.onnx", memory, dense, nothing)) == (
        MOVES * (8 * 3 + 8 * 2) + 2 * 5
    )
