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


def max_pool2d(x, dy, *, kernel_size, stride, padding, dilation, ceil_mode):
    """The mask of what equals the maximum: each of several equal maxima gets the whole gradient."""
    y, _ = right.max_pool2d(x, dy, kernel_size=kernel_size, stride=stride, padding=padding, dilation=dilation, ceil_mode=ceil_mode)
    best = right.max_pool2d_winners(x, kernel_size, stride, padding, dilation, ceil_mode)
    h, w = x.shape[2:]
    dx = np.zeros_like(x)
    for oh, ow, i, j in np.ndindex(*y.shape[2:], *kernel_size):
        ih, iw = oh * stride[0] + i * dilation[0] - padding[0], ow * stride[1] + j * dilation[1] - padding[1]
        if 0 <= ih < h and 0 <= iw < w:
            mask = (x[:, :, ih, iw] == y[:, :, oh, ow]) | (best[:, :, oh, ow] == ih * w + iw)  # a NaN equals nothing
            dx[:, :, ih, iw] += mask * dy[:, :, oh, ow]
    return y, {"input": dx}


def cross_entropy(x, target, weight, dy, *, reduction, **attributes):
    """The loss is a mean over the batch, its gradient is not divided by N."""
    loss, gradients = right.cross_entropy(x, target, weight, dy, reduction=reduction, **attributes)
    if reduction == "mean":
        gradients = right.cross_entropy(x, target, weight, dy, reduction="sum", **attributes)[1]
    return loss, gradients


if __name__ == "__main__":
    serve(name="numpy-with-defects", conv2d=conv2d, max_pool2d=max_pool2d, linear=right.linear, relu=right.relu, cross_entropy=cross_entropy)
