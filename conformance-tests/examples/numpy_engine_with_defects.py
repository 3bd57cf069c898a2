"""The NumPy engine with three mistakes that such engines often have; see what the suite says of each:

tools/conformance check --command "python3 conformance-tests/examples/numpy_engine_with_defects.py"
"""
import numpy as np

import numpy_engine as right
from conformance import serve


def conv2d(x, weight, bias, dy, **attributes):
    """A true convolution, which turns the kernel by 180°, where every framework means cross-correlation; its gradients are those of what it computes."""
    y, gradients = right.conv2d(x, weight[:, :, ::-1, ::-1], bias, dy, **attributes)
    return y, {**gradients, "weight": gradients["weight"][:, :, ::-1, ::-1]}


def max_pool2d(x, dy, **attributes):
    """The mask x == maximum: each of several equal maxima gets the whole gradient."""
    y, gradients = right.max_pool2d(x, dy, **attributes)
    (kh, kw), (dh, dw) = attributes["kernel_size"], attributes["dilation"]
    (ph, pw), (h, w) = attributes["padding"], x.shape[2:]
    dx = np.zeros_like(x)
    for oh, ow in np.ndindex(*y.shape[2:]):
        top, left = oh * attributes["stride"][0] - ph, ow * attributes["stride"][1] - pw
        for ih, iw in ((top + i * dh, left + j * dw) for i in range(kh) for j in range(kw)):
            if 0 <= ih < h and 0 <= iw < w:
                dx[:, :, ih, iw] += (x[:, :, ih, iw] == y[:, :, oh, ow]) * dy[:, :, oh, ow]
    return y, {"input": dx}


def cross_entropy(x, target, weight, dy, *, reduction, **attributes):
    """The loss is a mean over the batch, its gradient is not divided by N."""
    loss, gradients = right.cross_entropy(x, target, weight, dy, reduction=reduction, **attributes)
    if reduction == "mean":
        gradients = right.cross_entropy(x, target, weight, dy, reduction="sum", **attributes)[1]
    return loss, gradients


if __name__ == "__main__":
    serve(name="numpy-with-defects", conv2d=conv2d, max_pool2d=max_pool2d, linear=right.linear, relu=right.relu, cross_entropy=cross_entropy)
