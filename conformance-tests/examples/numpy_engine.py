"""An engine in NumPy, float32: conv2d, max_pool2d, linear, relu and cross_entropy, with all gradients.

tools/conformance check --command "python3 conformance-tests/examples/numpy_engine.py"
"""
import numpy as np

from conformance import Refused, serve


def relu(x, dy):
    closed = x <= 0  # a NaN stays one, and stays open
    return np.where(closed, 0, x), {"input": np.where(closed, 0, dy)}


def linear(x, weight, bias, dy):
    y = x @ weight.T
    if bias is not None:
        y += bias
    gradients = {"input": dy @ weight, "weight": dy.T @ x}
    return y, gradients if bias is None else {**gradients, "bias": dy.sum(0)}


def windows(x, kernel, stride, dilation):
    """A view of x [N, C, H, W] as [N, C, OH, OW, KH, KW]: writing to it writes to x."""
    n, c, h, w = x.shape
    (kh, kw), (sh, sw), (dh, dw), (an, ac, ah, aw) = kernel, stride, dilation, x.strides
    shape = n, c, (h - dh * (kh - 1) - 1) // sh + 1, (w - dw * (kw - 1) - 1) // sw + 1, kh, kw
    return np.lib.stride_tricks.as_strided(x, shape, (an, ac, sh * ah, sw * aw, dh * ah, dw * aw))


def conv2d(x, weight, bias, dy, *, stride, padding, dilation, groups):
    (n, c, h, w), (o, cg, kh, kw), (top, bottom, left, right) = x.shape, weight.shape, padding
    if min(padding) < 0 or min(stride) < 1 or min(dilation) < 1:
        raise Refused(f"padding {padding} must be at least 0, stride {stride} and dilation {dilation} at least 1")
    if groups < 1 or c != groups * cg or o % groups:
        raise Refused(f"groups {groups} must divide the channels {c} and {o}")
    if dilation[0] * (kh - 1) >= h + top + bottom or dilation[1] * (kw - 1) >= w + left + right:
        raise Refused(f"the kernel {kh}×{kw} is larger than the padded input")

    padded = np.pad(x, ((0, 0), (0, 0), (top, bottom), (left, right)))
    patches = windows(padded, (kh, kw), stride, dilation)
    oh, ow = patches.shape[2:4]
    columns = patches.reshape(n, groups, cg, oh, ow, kh, kw).transpose(1, 0, 3, 4, 2, 5, 6).reshape(groups, n * oh * ow, cg * kh * kw)
    rows = weight.reshape(groups, o // groups, cg * kh * kw)
    y = (columns @ rows.transpose(0, 2, 1)).reshape(groups, n, oh, ow, o // groups).transpose(1, 0, 4, 2, 3).reshape(n, o, oh, ow)
    if bias is not None:
        y = y + bias[:, None, None]

    upstream = dy.reshape(n, groups, o // groups, oh, ow).transpose(1, 0, 3, 4, 2).reshape(groups, n * oh * ow, o // groups)
    dweight = (upstream.transpose(0, 2, 1) @ columns).reshape(weight.shape)
    back = (upstream @ rows).reshape(groups, n, oh, ow, cg, kh, kw).transpose(1, 0, 4, 2, 3, 5, 6).reshape(n, c, oh, ow, kh, kw)
    dpadded = np.zeros_like(padded)
    places = windows(dpadded, (kh, kw), stride, dilation)
    for i in range(kh):
        for j in range(kw):  # windows overlap, but not at the same place of each
            places[..., i, j] += back[..., i, j]
    gradients = {"input": dpadded[:, :, top:top + h, left:left + w], "weight": dweight}
    return y, gradients if bias is None else {**gradients, "bias": dy.sum((0, 2, 3))}


def pool_axis(length, kernel, stride, padding, dilation, ceil_mode):
    """Where the taps of each window lie along an axis: [windows, kernel], in part outside [0, length)."""
    if padding < 0 or padding * 2 > kernel or stride < 1 or dilation < 1:
        raise Refused(f"padding {padding} must be from 0 to half the kernel {kernel}, stride {stride} and dilation {dilation} at least 1")
    room = length + 2 * padding - dilation * (kernel - 1) - 1
    if room < 0:
        raise Refused(f"the kernel {kernel} is larger than the padded input {length + 2 * padding}")
    count = room // stride + 1
    if ceil_mode and room % stride and count * stride < length + padding:  # a last window must start inside the input or the padding before it
        count += 1
    return np.arange(count)[:, None] * stride - padding + np.arange(kernel) * dilation


def max_pool2d_winners(x, kernel_size, stride, padding, dilation, ceil_mode):
    """The flat index in its plane of the element that wins each window: the first of the largest, or the last NaN."""
    h, w = x.shape[2:]
    rows, columns = (pool_axis(x.shape[2 + a], kernel_size[a], stride[a], padding[a], dilation[a], ceil_mode) for a in (0, 1))
    planes = x.reshape(*x.shape[:2], h * w)
    best = np.full((*x.shape[:2], len(rows), len(columns)), -1)
    for i in range(kernel_size[0]):
        for j in range(kernel_size[1]):
            r, c = rows[:, i, None], columns[None, :, j]
            inside = (r >= 0) & (r < h) & (c >= 0) & (c < w)
            place = np.where(inside, r * w + c, 0)
            value, held = planes[:, :, place], np.take_along_axis(planes, np.maximum(best, 0).reshape(*x.shape[:2], len(rows) * len(columns)), 2).reshape(best.shape)
            best = np.where(inside & ((best < 0) | (value > held) | np.isnan(value)), place, best)
    return best


def max_pool2d(x, dy, *, kernel_size, stride, padding, dilation, ceil_mode):
    best = max_pool2d_winners(x, kernel_size, stride, padding, dilation, ceil_mode)
    n, c, h, w = x.shape
    flat = best + np.arange(n * c).reshape(n, c, 1, 1) * (h * w)
    dx = np.zeros(x.size, x.dtype)
    np.add.at(dx, flat.ravel(), dy.ravel())
    return x.ravel()[flat], {"input": dx.reshape(x.shape)}


def cross_entropy(x, target, weight, dy, *, reduction, ignore_index, label_smoothing):
    n, classes = x.shape
    counts = target != ignore_index
    if len(target) != n:
        raise Refused(f"{n} rows have {len(target)} targets")
    if np.any(counts & ((target < 0) | (target >= classes))):
        raise Refused(f"a target is no class from 0 to {classes - 1}")
    if not 0 <= label_smoothing <= 1:
        raise Refused(f"label_smoothing {label_smoothing} is not from 0 to 1")

    weight = np.ones(classes, x.dtype) if weight is None else weight
    shifted = x - x.max(1, keepdims=True, initial=-np.inf)
    log_p = shifted - np.log(np.exp(shifted).sum(1, keepdims=True))
    y = np.where(counts, target, 0)
    wanted = np.full(x.shape, label_smoothing / classes, x.dtype)  # the share of the loss that each class should have
    wanted[np.arange(n), y] += 1 - label_smoothing
    wanted *= weight * counts[:, None]
    losses = -(wanted * log_p).sum(1)
    gradient = np.exp(log_p) * wanted.sum(1, keepdims=True) - wanted
    if reduction == "none":
        return losses, {"input": gradient * dy[:, None]}
    divisor = (weight[y] * counts).sum() if reduction == "mean" else 1
    with np.errstate(invalid="ignore"):  # the mean over no rows is NaN
        return losses.sum() / divisor, {"input": np.where(counts[:, None], gradient / divisor, 0)}


if __name__ == "__main__":
    serve(name="numpy-example", conv2d=conv2d, max_pool2d=max_pool2d, linear=linear, relu=relu, cross_entropy=cross_entropy)
