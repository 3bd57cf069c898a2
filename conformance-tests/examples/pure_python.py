"""An engine in Python's standard library alone that speaks the bare protocol: conv2d, max_pool2d, linear, relu and cross_entropy, with all gradients.

tools/conformance check --command "python3 conformance-tests/examples/pure_python.py"

Clear, not fast: every layer is the loop nest of its definition. A tensor is a shape and a flat list, row by row, as in the messages. It computes in
float64, which is welcome too.
"""
import json
import math
import operator
import sys


class Refused(Exception):
    """Geometry that makes no sense."""


class Tensor:
    def __init__(self, shape, data=None):
        self.shape = shape
        self.data = [0.0] * math.prod(shape) if data is None else [float(x) for x in data]  # float("NaN") and float("-Infinity") are what they say

    def flat(self, *index):
        place = 0
        for i, extent in zip(index, self.shape):
            place = place * extent + i
        return place

    def message(self):
        return {"shape": self.shape, "data": [x if math.isfinite(x) else "NaN" if x != x else "Infinity" if x > 0 else "-Infinity" for x in self.data]}


def taps(length, count, kernel, stride, padding, dilation):
    """For each output along an axis the pairs (place in the kernel, place in the input), without those outside the input."""
    places = [[(k, o * stride + k * dilation - padding) for k in range(kernel)] for o in range(count)]
    return [[(k, i) for k, i in window if 0 <= i < length] for window in places]


def conv2d(inputs, cotangent, attributes):
    x, weight, bias = inputs["input"], inputs["weight"], inputs.get("bias")
    (n, c, h, w), (o, cg, kh, kw) = x.shape, weight.shape
    (sh, sw), (dh, dw), groups = attributes["stride"], attributes["dilation"], attributes["groups"]
    top, bottom, left, right = attributes["padding"]
    if min(top, bottom, left, right) < 0 or min(sh, sw, dh, dw, groups) < 1:
        raise Refused("padding must be at least 0; stride, dilation and groups at least 1")
    if c != groups * cg or o % groups:
        raise Refused(f"groups {groups} must divide the channels {c} and {o}")
    room_h, room_w = h + top + bottom - dh * (kh - 1) - 1, w + left + right - dw * (kw - 1) - 1
    if room_h < 0 or room_w < 0:
        raise Refused(f"the kernel {kh}x{kw} is larger than the padded input")

    oh, ow = room_h // sh + 1, room_w // sw + 1
    y, dy, xs = Tensor([n, o, oh, ow]), cotangent["output"].data, x.data
    dx, dweight, dbias = [0.0] * len(xs), [0.0] * len(weight.data), [0.0] * o
    for image in range(n):
        for channel in range(o):
            first = channel // (o // groups) * cg
            for row in range(oh):
                at = y.flat(image, channel, row, 0)  # a row of the output at a time
                total, up = [bias.data[channel] if bias else 0.0] * ow, dy[at:at + ow]
                dbias[channel] += sum(up)
                for q in range(cg):
                    for i in range(kh):
                        ih = row * sh + i * dh - top
                        if not 0 <= ih < h:
                            continue
                        start = x.flat(image, first + q, ih, 0)
                        for j in range(kw):
                            w_at, shift = weight.flat(channel, q, i, j), j * dw - left
                            factor = weight.data[w_at]
                            begin = max(0, -(shift // sw))  # the columns of the output whose input, column * sw + shift, is none of the padding
                            end = max(begin, min(ow, (w - 1 - shift) // sw + 1))
                            part = slice(start + begin * sw + shift, start + (end - 1) * sw + shift + 1, sw) if end > begin else slice(0, 0)
                            values, ups = xs[part], up[begin:end]
                            total[begin:end] = [t + factor * v for t, v in zip(total[begin:end], values)]
                            dx[part] = [d + factor * u for d, u in zip(dx[part], ups)]
                            dweight[w_at] += sum(map(operator.mul, values, ups))
                y.data[at:at + ow] = total
    gradients = {"input": Tensor(x.shape, dx), "weight": Tensor(weight.shape, dweight)}
    return {"output": y}, {**gradients, **({"bias": Tensor([o], dbias)} if bias else {})}


def taps(length, count, kernel, stride, padding, dilation):
    """For each output along an axis the pairs (place in the kernel, place in the input), without those outside the input."""
    places = [[(k, o * stride + k * dilation - padding) for k in range(kernel)] for o in range(count)]
    return [[(k, i) for k, i in window if 0 <= i < length] for window in places]


def pool_axis(length, kernel, stride, padding, dilation, ceil_mode):
    if padding < 0 or padding * 2 > kernel or stride < 1 or dilation < 1:
        raise Refused(f"padding {padding} must be from 0 to half the kernel {kernel}; stride and dilation at least 1")
    room = length + 2 * padding - dilation * (kernel - 1) - 1
    if room < 0:
        raise Refused(f"the kernel {kernel} is larger than the padded input")
    count = room // stride + 1
    if ceil_mode and room % stride and count * stride < length + padding:  # a last window must start inside the input or the padding before it
        count += 1
    return taps(length, count, kernel, stride, padding, dilation)


def max_pool2d(inputs, cotangent, attributes):
    x, ceil_mode = inputs["input"], attributes["ceil_mode"]
    axis = [attributes[name] for name in ("kernel_size", "stride", "padding", "dilation")]
    rows, columns = (pool_axis(x.shape[2 + a], *(values[a] for values in axis), ceil_mode) for a in (0, 1))
    n, c = x.shape[:2]
    y, dx = Tensor([n, c, len(rows), len(columns)]), Tensor(x.shape)
    at = 0
    for image in range(n):
        for channel in range(c):
            for row in rows:
                for column in columns:
                    best = None
                    for _, ih in row:
                        for _, iw in column:
                            place = x.flat(image, channel, ih, iw)
                            value = x.data[place]
                            if best is None or value > x.data[best] or value != value:  # the first of a tie, the last NaN
                                best = place
                    y.data[at] = x.data[best]
                    dx.data[best] += cotangent["output"].data[at]
                    at += 1
    return {"output": y}, {"input": dx}


def linear(inputs, cotangent, attributes):
    x, weight, bias, dy = inputs["input"], inputs["weight"], inputs.get("bias"), cotangent["output"]
    (n, ins), outs = x.shape, weight.shape[0]
    y, dx, dweight, dbias = [], [], [[0.0] * ins for _ in range(outs)], [0.0] * outs
    for image in range(n):
        values, row = x.data[image * ins:(image + 1) * ins], [0.0] * ins
        for out in range(outs):
            factors, up = weight.data[out * ins:(out + 1) * ins], dy.data[image * outs + out]
            y.append(sum(map(operator.mul, values, factors)) + (bias.data[out] if bias else 0.0))
            row = [d + up * f for d, f in zip(row, factors)]
            dweight[out] = [d + up * v for d, v in zip(dweight[out], values)]
            dbias[out] += up
        dx += row
    gradients = {"input": Tensor(x.shape, dx), "weight": Tensor(weight.shape, [d for row in dweight for d in row])}
    return {"output": Tensor([n, outs], y)}, {**gradients, **({"bias": Tensor([outs], dbias)} if bias else {})}


def relu(inputs, cotangent, attributes):
    x, dy = inputs["input"], cotangent["output"]
    y = [0.0 if value <= 0 else value for value in x.data]  # a NaN stays one, and its gradient goes through
    dx = [0.0 if value <= 0 else up for value, up in zip(x.data, dy.data)]
    return {"output": Tensor(x.shape, y)}, {"input": Tensor(x.shape, dx)}


def cross_entropy(inputs, cotangent, attributes):
    x, target, weight = inputs["input"], [int(y) for y in inputs["target"].data], inputs.get("weight")
    (n, classes), smoothing, reduction, ignored = x.shape, attributes["label_smoothing"], attributes["reduction"], attributes["ignore_index"]
    if len(target) != n:
        raise Refused(f"{n} rows have {len(target)} targets")
    for y in target:
        if y != ignored and not 0 <= y < classes:
            raise Refused(f"target {y} is no class from 0 to {classes - 1}")
    if not 0 <= smoothing <= 1:
        raise Refused(f"label_smoothing {smoothing} is not from 0 to 1")

    weight = weight.data if weight else [1.0] * classes
    losses, gradient, divisor = [], [], 0.0
    for row, y in enumerate(target):
        if y == ignored:
            losses.append(0.0)
            gradient.append([0.0] * classes)
            continue
        logits = x.data[row * classes:(row + 1) * classes]
        most = max(logits)
        log_sum = math.log(sum(math.exp(v - most) for v in logits))
        log_p = [v - most - log_sum for v in logits]
        wanted = [weight[c] * ((1 - smoothing) * (c == y) + smoothing / classes) for c in range(classes)]
        losses.append(-sum(q * p for q, p in zip(wanted, log_p)))
        gradient.append([math.exp(p) * sum(wanted) - q for q, p in zip(wanted, log_p)])
        divisor += weight[y]
    if reduction == "none":
        scale = cotangent["output"].data
        output = Tensor([n], losses)
    else:
        divisor = divisor if reduction == "mean" else 1.0
        scale = [1 / divisor if divisor else 0.0] * n
        output = Tensor([], [sum(losses) / divisor if divisor else math.nan])  # the mean over no rows is NaN
    return {"output": output}, {"input": Tensor(x.shape, [g * s for row, s in zip(gradient, scale) for g in row])}


OPERATIONS = {"conv2d": conv2d, "max_pool2d": max_pool2d, "linear": linear, "relu": relu, "cross_entropy": cross_entropy}


def tensors(messages):
    return {name: Tensor(t["shape"], t["data"]) for name, t in messages.items()}


def answer(request):
    if "op" not in request:
        return {"conformance": 1, "name": "pure-python-example", "ops": list(OPERATIONS), "dtype": "float32"}
    reply = {"id": request["id"]}
    if request["op"] not in OPERATIONS:
        return {**reply, "unsupported": "no such operation here"}
    try:
        outputs, gradients = OPERATIONS[request["op"]](tensors(request["inputs"]), tensors(request.get("cotangent", {})), request["attributes"])
    except Refused as why:
        return {**reply, "refused": str(why)}
    except Exception as error:
        return {**reply, "error": f"{type(error).__name__}: {error}"}
    return {**reply, "outputs": {k: t.message() for k, t in outputs.items()}, "gradients": {k: t.message() for k, t in gradients.items()}}


for line in sys.stdin:  # one request a line, until stdin closes
    print(json.dumps(answer(json.loads(line)), allow_nan=False), flush=True)
