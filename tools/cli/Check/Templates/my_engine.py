"""My engine under the conformance suite.

tools/conformance check --command "python3 my_engine.py"

A function gets the inputs, in `dy` the gradient that arrives from above, and the attributes by name; it returns the output and the gradients by input
name. conformance.py says what else is possible: numbers instead of pairs, forward passes alone, classes with forward and backward.
"""
from conformance import Unsupported, serve


def conv2d(x, weight, bias, dy, *, stride, padding, dilation, groups):
    """x [N,C,H,W], weight [O,C/groups,KH,KW], bias [O] or None; padding is (top, bottom, left, right)."""
    raise Unsupported("not written yet")  # return y, {"input": dx, "weight": dw, "bias": db}


def linear(x, weight, bias, dy):
    """x [N,I], weight [O,I], bias [O] or None."""
    raise Unsupported("not written yet")


def max_pool2d(x, dy, *, kernel_size, stride, padding, dilation, ceil_mode):
    """x [N,C,H,W]."""
    raise Unsupported("not written yet")  # return y, {"input": dx}


def relu(x, dy):
    raise Unsupported("not written yet")


def cross_entropy(x, target, weight, dy, *, reduction, ignore_index, label_smoothing):
    """Logits x [N,K], class numbers target [N], class weights [K] or None; dy [N] with reduction "none", else None."""
    raise Unsupported("not written yet")


if __name__ == "__main__":
    serve(name="my-engine", conv2d=conv2d, linear=linear, max_pool2d=max_pool2d, relu=relu, cross_entropy=cross_entropy)
