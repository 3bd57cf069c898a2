"""Your own layers under the conformance suite: copy this one file beside them. Needs Python 3.8; uses NumPy where there is one.

    import conformance

    def conv2d(x, weight, bias, dy, *, stride, padding, dilation, groups):
        ...
        return y, {"input": dx, "weight": dw, "bias": db}

    conformance.check(conv2d=conv2d)               # from a notebook or a script: runs the suite and prints its report
    conformance.check("--quick", conv2d=conv2d)    # with any option of `tools/conformance check`

    conformance.serve(conv2d=conv2d)               # as the last line of my_engine.py: speaks the protocol, for
                                                   # tools/conformance check --command "python3 my_engine.py"

A function takes an operation's inputs in the order of PROTOCOL.md's table (None where a case has none), in a parameter named `dy` the gradient that
arrives from above, and the attributes by name. It returns the output and the gradients by input name; the output alone when it has no `dy`. Outputs
with other names go in a dict: {"parameter": ..., "exp_avg": ...}. Arrays are NumPy's, float32 (or what `dtype` says), or nested lists where there is
no NumPy. A function whose first parameter is named `request` gets all by name: request["inputs"], request["cotangent"], request["attributes"].

The defaults in your signature say which form of an attribute you take. With `stride=1` you get a number, and cases of unequal strides are counted as
unsupported; without a default, or with `stride=(1, 1)`, you get a pair. Padding: `padding=0` a number, `padding=(0, 0)` height and width, without a
default (top, bottom, left, right). What you have no parameter for is unsupported wherever it matters.

A class with forward(x) and backward(dy) needs a function that makes the layer from weights and attributes, and to be told where backward leaves the
gradients. For one that is made by sizes, and keeps W and b, dW and db:

    def make(weight, bias, stride=1, padding=0):
        if weight.shape[2] != weight.shape[3] or bias is None:
            raise conformance.Unsupported("square kernels and a bias only")
        made = Conv(weight.shape[1], weight.shape[0], weight.shape[2], stride, padding)
        made.W, made.b = weight, bias
        return made

    conformance.check(conv2d=conformance.layer(make, weight="dW", bias="db"), relu=conformance.layer(ReLU))

Raise Refused for geometry that makes no sense, Unsupported for what you don't offer. Any other exception is reported, and the run goes on.
"""
import inspect
import json
import os
import secrets
import select
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import traceback

try:
    import numpy
except ImportError:
    numpy = None

_BATCH_NORM = ("input", "weight", "bias", "running_mean", "running_var", "num_batches_tracked")
_INPUTS = {
    "conv2d": ("input", "weight", "bias"), "linear": ("input", "weight", "bias"), "dropout": ("input", "mask"),
    "batch_norm1d": _BATCH_NORM, "batch_norm2d": _BATCH_NORM, "cross_entropy": ("input", "target", "weight"),
    "nll_loss": ("input", "target", "weight"), "generalized_cross_entropy": ("input", "target"), "mse_loss": ("input", "target"),
    **{op: ("input",) for op in ("max_pool2d", "avg_pool2d", "adaptive_avg_pool2d", "relu", "leaky_relu", "tanh", "sigmoid", "softmax", "log_softmax", "flatten")},
    **{op: ("parameter", "gradients") for op in ("sgd", "adam", "adamw")}, "lenet": (),
    "linear_cross_entropy": ("input", "weight", "bias", "target", "class_weight"),  # with dialect={"linear_loss": "fused"} alone
}
# What an attribute is worth to a function that has no parameter for it.
_USUAL = {
    "stride": 1, "padding": 0, "dilation": 1, "groups": 1, "ceil_mode": False, "count_include_pad": True, "label_smoothing": 0, "ignore_index": -100,
    "reduction": "mean", "start_dim": 1, "end_dim": -1, "momentum": 0, "dampening": 0, "weight_decay": 0, "nesterov": False,
}


class Refused(Exception):
    """Raise it for geometry that makes no sense: a kernel larger than the padded input, a stride of 0."""


class Unsupported(Exception):
    """Raise it for what your engine does not offer: shown and counted, never as passed."""


def serve(name=None, **functions):
    """Answers the protocol on stdin and stdout until stdin closes. What your functions print goes to stderr."""
    engine = _Engine(name, functions)
    replies, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        replies.write(engine.reply(line) + "\n")
        replies.flush()


def check(*options, name=None, conformance=None, **functions):
    """Runs the suite against functions of this very process, prints its report, and returns results.json as a dict (None where the run wrote none).

    options: those of `tools/conformance check`, such as "--quick" or "--case", "conv2d/n1c1h5w7-o1-k3".
    conformance: the path of tools/conformance; else $CONFORMANCE, the repository around this file or the current directory, or PATH.
    """
    engine = _Engine(name, functions)
    with socket.create_server(("127.0.0.1", 0)) as server:
        word = secrets.token_hex(16)  # so that no other program on this machine talks to your functions
        relay = [sys.executable, os.path.abspath(__file__), "--relay", str(server.getsockname()[1])]
        if "--out" not in options:
            options = (*options, "--out", tempfile.mkdtemp(prefix="conformance-"))  # stays: the report names it
        suite = subprocess.Popen(
            [_launcher(conformance), "check", "--command", shlex.join(relay), *options],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", env={**os.environ, "CONFORMANCE_RELAY": word})
        try:
            printer = threading.Thread(target=lambda: [print(line, end="", flush=True) for line in suite.stdout])
            printer.start()
            _answer(engine, server, word, suite)
            printer.join()
        finally:
            suite.terminate()
            suite.wait()
        try:
            with open(os.path.join(options[options.index("--out") + 1], "results.json"), encoding="utf-8") as results:
                return json.load(results)
        except FileNotFoundError:
            return None


def layer(make, **gradients):
    """A function of a class with forward(x) and backward(dy).

    make: the class, or a function that returns an object of it; gets weights (None where a case has none) and attributes by the names of its parameters.
    gradients: for each weight the layer's attribute that holds its gradient after backward, or a function of the layer. backward returns the input's
    gradient, or a tuple of all, in the order of the inputs.
    """
    def run(request):
        inputs = request["inputs"]
        names = [name for name in _INPUTS[request["op"]][1:] if name in inputs or name in inspect.signature(make).parameters]
        made = make(**_by_name(make, request, {name: inputs.get(name) for name in names}))
        y = made.forward(inputs["input"])
        if not hasattr(made, "backward") or not request["cotangent"]:
            return y
        dx = made.backward(request["cotangent"]["output"])
        if isinstance(dx, tuple):
            return y, dict(zip(inputs, dx))
        held = {name: place(made) if callable(place) else getattr(made, place) for name, place in gradients.items() if name in inputs}
        return y, {"input": dx, **held}
    return run


class _Engine:
    def __init__(self, name, functions):
        options = ("dtype", "passes", "arithmetic", "dialect")
        self.greeting = {"conformance": 1, "name": name or os.path.splitext(os.path.basename(sys.argv[0] or "notebook"))[0], "dtype": "float32"}
        self.greeting.update({option: functions.pop(option) for option in options if option in functions})
        for op in functions:
            if op not in _INPUTS:
                raise TypeError(f"'{op}' is no operation: expected some of {', '.join(_INPUTS)}, or name, conformance, {', '.join(options)}")
        self.functions = functions
        self.greeting["ops"] = list(functions)
        if functions and all(_is_forward_only(function) for function in functions.values()):
            self.greeting.setdefault("passes", ["forward"])

    def reply(self, line):
        """The reply to one line of the protocol, as text."""
        request = json.loads(line)
        if "op" not in request:
            return json.dumps(self.greeting)
        return json.dumps({"id": request["id"], **self._answer(request)}, allow_nan=False)

    def _answer(self, request):
        try:
            if request["op"] not in self.functions:
                raise Unsupported("no such operation here")
            inputs = {name: self._array(name, tensor, request["op"]) for name, tensor in request["inputs"].items()}
            dy = {name: self._array(name, tensor, "") for name, tensor in request.get("cotangent", {}).items()}
            answer = _call(self.functions[request["op"]], {**request, "inputs": inputs, "cotangent": dy})
            if isinstance(answer, tuple):
                outputs, gradients = answer
            else:
                is_loss = "target" in inputs
                outputs, gradients = answer, {name: None for name in (["input"] if is_loss else inputs) if name in ("input", "weight", "bias")}
            outputs = outputs if isinstance(outputs, dict) else {"output": outputs}
            left_out = {f"gradients.{name}": "not computed" for name, value in gradients.items() if value is None}
            return {
                "outputs": {name: _tensor(value) for name, value in outputs.items()},
                "gradients": {name: _tensor(value) for name, value in gradients.items() if value is not None},
                **({"unsupported": left_out} if left_out else {})}
        except (Refused, Unsupported) as answer:
            return {type(answer).__name__.lower(): str(answer)}
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            return {"error": f"{type(error).__name__}: {error} ({os.path.basename(place.filename)}, line {place.lineno})"}

    def _array(self, name, tensor, op):
        whole = name == "num_batches_tracked" or name == "target" and op != "mse_loss"
        shape, data = tensor["shape"], [float(x) for x in tensor["data"]] if not whole else [int(x) for x in tensor["data"]]
        if numpy is not None:
            return numpy.array(data, "int64" if whole else self.greeting["dtype"]).reshape(shape)
        if 0 in shape:
            raise Unsupported("nested lists have no shape without elements: install NumPy")
        for extent in shape[:0:-1]:
            data = [data[i:i + extent] for i in range(0, len(data), extent)]
        return data if shape else data[0]


def _is_forward_only(function):
    parameters = inspect.signature(function).parameters
    return "dy" not in parameters and "request" not in parameters and "lr" not in parameters


def _call(function, request):
    parameters = list(inspect.signature(function).parameters.values())
    if parameters and parameters[0].name == "request":
        return function(request)
    known = set(request["attributes"]) | set(_USUAL)
    data = [p.name for p in parameters if p.name != "dy" and p.name not in known and p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)]
    names = _INPUTS[request["op"]]
    for name in names[len(data):]:
        if name in request["inputs"]:
            raise Unsupported(f"the function takes no {name}")
    if len(data) > len(names):
        raise TypeError(f"expected parameters for {', '.join(names)}, dy and attributes; got {', '.join(data)} too")
    values = dict(zip(data, (request["inputs"].get(name) for name in names)))
    if any(p.name == "dy" for p in parameters):
        values["dy"] = request["cotangent"].get("output")
    return function(**_by_name(function, request, values))


def _by_name(function, request, values):
    """`values`, and those attributes that the function has a parameter for, in the form that its default shows."""
    parameters = inspect.signature(function).parameters
    takes_all = any(p.kind == p.VAR_KEYWORD for p in parameters.values())
    for name, value in request["attributes"].items():
        if name in parameters or takes_all:
            values[name] = _formed(name, value, parameters[name].default if name in parameters else None)
        elif any(v != _USUAL.get(name) for v in (value if isinstance(value, list) else [value])):
            raise Unsupported(f"there is no parameter {name}, and it is {value}")
    for name in [name for name in values if name not in parameters and not takes_all]:
        raise Unsupported(f"there is no parameter {name}")
    return values


def _formed(name, value, default):
    if not isinstance(value, list):
        return value
    if isinstance(default, (int, float)) and not isinstance(default, bool):
        if any(v != value[0] for v in value):
            raise Unsupported(f"one number for {name}, and it is {value}")
        return value[0]
    if isinstance(default, tuple) and len(default) == 2 and len(value) == 4:
        if value[0] != value[1] or value[2] != value[3]:
            raise Unsupported(f"the same {name} at both ends, and it is {value}")
        return value[0], value[2]
    return tuple(value)


def _tensor(value):
    if numpy is not None:
        array = numpy.asarray(value)
        finite = array.dtype.kind in "iub" or bool(numpy.isfinite(array).all())
        shape, data = list(array.shape), array.ravel().tolist()
    else:
        shape, data, finite = [], [value], False
        while data and isinstance(data[0], (list, tuple)):
            shape.append(len(data[0]))
            data = [x for inner in data for x in inner]
    return {"shape": shape, "data": data if finite else [_number(x) for x in data]}


def _number(x):
    """JSON has no number for these."""
    return x if x - x == 0 else "NaN" if x != x else "Infinity" if x > 0 else "-Infinity"


def _launcher(given):
    places = [os.path.dirname(os.path.abspath(__file__)), os.getcwd()]
    above = [os.path.join(place, *[".."] * i, "tools", "conformance") for place in places for i in range(4)]
    for path in filter(None, [given, os.environ.get("CONFORMANCE"), *above, shutil.which("conformance")]):
        if os.path.isfile(path):
            return os.path.normpath(path)
        if path == given:
            break
    raise FileNotFoundError("tools/conformance of the suite's repository is not here: give check(conformance=PATH), or set CONFORMANCE to its path")


def _answer(engine, server, word, suite):
    """Answers every relay that says the word first, in this thread, until the suite has ended."""
    lines = {}  # by connection: whether it said the word, and what it has sent of a line that is not whole yet
    while suite.poll() is None:
        for end in select.select([server, *lines], [], [], 0.05)[0]:
            if end is server:
                lines[server.accept()[0]] = False, b""
                continue
            known, rest = lines[end]
            try:
                sent = end.recv(1 << 20)
                *whole, rest = (rest + sent).split(b"\n")
                for line in whole:
                    if known:
                        end.sendall(engine.reply(line).encode() + b"\n")
                    elif line.decode() != word:
                        sent = b""
                        break
                    known = True
            except OSError:
                sent = b""  # the relay was stopped while a function was running
            lines[end] = known, rest
            if not sent:
                del lines[end]
                end.close()


def _relay(port):
    """What the suite starts: passes its lines on to the process that called check()."""
    with socket.create_connection(("127.0.0.1", port)) as end:
        end.sendall((os.environ["CONFORMANCE_RELAY"] + "\n").encode())

        def requests():
            for line in sys.stdin.buffer:
                end.sendall(line)
            end.shutdown(socket.SHUT_WR)
        threading.Thread(target=requests, daemon=True).start()
        for line in end.makefile("rb"):
            sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()


if __name__ == "__main__" and sys.argv[1:2] == ["--relay"]:
    _relay(int(sys.argv[2]))
