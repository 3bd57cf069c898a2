"""misbehaving.py MODE [ID] [MARK]: an engine that is right about relu, and misbehaves when it is asked ID.

MARK is there so that a test finds this process, and what it starts, among all others. Once it hangs, there is a temporary file of that name.
"""
import json
import math
import os
import signal
import socket
import sys
import tempfile
import time

mode, trigger = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None
asked = 0


def say(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def relu(request):
    x, dy = request["inputs"]["input"], request["cotangent"]["output"]
    positive = [float(value) > 0 or math.isnan(float(value)) for value in x["data"]]
    output = {"shape": x["shape"], "data": [v if p else 0 for v, p in zip(x["data"], positive)]}
    gradient = {"shape": x["shape"], "data": [v if p else 0 for v, p in zip(dy["data"], positive)]}
    return {"id": request["id"], "outputs": {"output": output}, "gradients": {"input": gradient}}


def flood(stream):
    while True:
        stream.write("tra la la\n" * 1000)


def long_line(_):
    piece = "1," * (1 << 20)
    sys.stdout.write('{"id":')
    while True:  # far beyond 1 GB, were it read
        sys.stdout.write(piece)


def fork_survivor():
    """A grandchild in a session of its own, which keeps stdout open and outlives its parent."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(600)
        os._exit(0)


def orphan(environment, own_session):
    """A grandchild whose parent has ended, and which has no mark of the suite in its environment."""
    if os.fork() == 0:
        if os.fork() == 0:
            if own_session:
                os.setsid()
            os.execve(sys.executable, [sys.executable, "-c", "import time; time.sleep(600)", sys.argv[3]], environment)
        os._exit(0)
    os.wait()


def reached():
    """What a confined engine should not reach: the listener on the port, the caller's folder for writing, the answers."""
    port, answer = sys.argv[4:6]
    try:
        socket.create_connection(("127.0.0.1", int(port)), 1).close()
        yield "network"
    except OSError:
        pass
    try:
        open(sys.argv[3], "w").close()
        yield "folder"
    except OSError:
        pass
    if os.path.exists(answer):
        yield "answers"
    try:
        tempfile.TemporaryFile().close()
    except OSError:
        yield "no temporary folder"


def changed(request, change):
    reply = relu(request)
    change(reply)
    say(json.dumps(reply))


def double(reply):
    reply["outputs"]["output"]["shape"].append(2)


def close_stdout(_):
    os.close(1)
    time.sleep(600)


def hang(_):
    open(os.path.join(tempfile.gettempdir(), sys.argv[3]), "w").close()
    time.sleep(600)


def late(request):
    time.sleep(2.5)
    say(json.dumps(relu(request)))


ways = {
    "hang": hang,
    "late": late,
    "exit": lambda request: (sys.stderr.write("Traceback: \x1b[31mno such layer\n"), sys.exit(7)),
    "crash": lambda request: os.kill(os.getpid(), signal.SIGSEGV),
    "flood-stdout": lambda request: flood(sys.stdout),
    "flood-stderr": lambda request: (sys.stderr.write("tra la la\n" * 5_000_000), say(json.dumps(relu(request)))),
    "flood-stderr-only": lambda request: flood(sys.stderr),
    "long-line": long_line,
    "no-utf8": lambda request: (sys.stdout.buffer.write(b'{"id":"\xff\xfe"}\n'), sys.stdout.buffer.flush()),
    "bare-nan": lambda request: changed(request, lambda reply: reply["outputs"]["output"].update(data=[math.nan] * 420)),
    "bare-minus-infinity": lambda request: changed(request, lambda reply: reply["outputs"]["output"].update(data=[-math.inf])),
    "wrong-id": lambda request: changed(request, lambda reply: reply.update(id="\x1b]0;relu/other\x07")),
    "no-id": lambda request: changed(request, lambda reply: reply.pop("id")),
    "twice": lambda request: sys.stdout.write(2 * (json.dumps(relu(request)) + "\n")),
    "prints": lambda request: (say("computing relu"), say(json.dumps(relu(request)))),
    "wrong-shape": lambda request: changed(request, lambda reply: reply["outputs"]["output"].update(shape=[120])),
    "wrong-count": lambda request: changed(request, double),
    "nested-data": lambda request: changed(request, lambda reply: reply["outputs"]["output"].update(data=[reply["outputs"]["output"]["data"]])),
    "text-in-data": lambda request: changed(request, lambda reply: reply["outputs"]["output"]["data"].__setitem__(0, "<b>\x1b[2J\u202e")),
    "null-in-data": lambda request: changed(request, lambda reply: reply["outputs"]["output"]["data"].__setitem__(3, None)),
    "no-data": lambda request: changed(request, lambda reply: reply["outputs"]["output"].pop("data")),
    "no-gradients": lambda request: changed(request, lambda reply: reply.pop("gradients")),
    "nothing": lambda request: say(json.dumps({"id": request["id"]})),
    "number": lambda request: say("42"),
    "empty-line": lambda request: say(""),
    "half-a-line": lambda request: (sys.stdout.write('{"id":'), sys.stdout.flush(), os._exit(0)),
    "more-behind": lambda request: say(json.dumps(relu(request)) + "}"),
    "deep": lambda request: say('{"id":"%s","aside":%s' % (request["id"], "[" * 100_000)),
    "huge-shape": lambda request: changed(request, lambda reply: reply["outputs"]["output"].update(shape=[2000000000, 2000000000, 2000000000])),
    "minus-shape": lambda request: changed(request, lambda reply: reply["outputs"]["output"].update(shape=[-1])),
    "many-axes": lambda request: changed(request, lambda reply: reply["outputs"]["output"].update(shape=[1] * 10_000)),
    "error": lambda request: say(json.dumps({"id": request["id"], "error": "\x1b[31mValueError\x07: shapes (3,4)\n\tand (4,) <script>\u202e" + 1000 * "x"})),
    "refused": lambda request: say(json.dumps({"id": request["id"], "refused": "padding is more than half of the kernel"})),
    "unsupported": lambda request: say(json.dumps({"id": request["id"], "unsupported": "only four axes"})),
    "close-stdout": close_stdout,
    "orphan": lambda request: (orphan({}, False), say(json.dumps(relu(request)))),
    "escape": lambda request: (orphan({}, True), say(json.dumps(relu(request)))),
    "carriage-return": lambda request: say(json.dumps(relu(request)).replace(", ", ",\r")),
    "aside": lambda request: say(json.dumps({**relu(request), "aside": 0})[:-2] + "[" * 62 + "]" * 62 + "}"),
    "overflow": lambda request: say(json.dumps(relu(request)).replace('"data": [', '"data": [-1e400,', 1)),
    "fork": lambda request: (fork_survivor(), say(json.dumps(relu(request)))),
    "fork-and-exit": lambda request: (fork_survivor(), os._exit(0)),
}

if mode == "die-on-start":
    sys.exit("ImportError: no module named layers")
if mode == "never-greet":
    time.sleep(600)
if mode == "banner":
    say("Loading the library, version 2.1 \x1b[1m…")
if mode == "confined":
    greeted = {"conformance": 1, "name": "reaches: " + ", ".join(reached()), "ops": ["relu"]}
if mode == "chat":
    while True:
        say("hello")
if mode == "never-greet-again":
    marker = sys.argv[2]
    if os.path.exists(marker):
        sys.exit("the licence server is down")
    open(marker, "w").close()

greetings = {
    "confined": greeted if mode == "confined" else None,
    "version-2": {"conformance": 2},
    "no-version": {"name": "mine"},
    "odd-passes": {"conformance": 1, "passes": ["backward"]},
    "odd-arithmetic": {"conformance": 1, "arithmetic": "fuzzy"},
    "odd-dialect": {"conformance": 1, "dialect": ["NHWC"]},
    "odd-convention": {"conformance": 1, "dialect": {"weather": "fine"}},
    "rude-name": {"conformance": 1, "name": "\x1b[31mred\u202e<script>" + 100 * "x", "ops": ["relu"]},
    "forward": {"conformance": 1, "ops": ["relu"], "passes": ["forward"]},
}

for line in sys.stdin:
    request = json.loads(line)
    if "conformance" in request:
        say(json.dumps(greetings.get(mode, {"conformance": 1, "name": "misbehaving", "ops": ["relu", "leaky_relu"]})))
        if mode == "deaf-to-all":
            time.sleep(600)
        continue
    asked += 1
    if mode == "die-on-fortieth" and asked == 40:
        sys.exit("out of cheese")
    if mode in ("die-always", "never-greet-again"):
        sys.exit("no")
    if mode == "forward" and "cotangent" in request:
        sys.exit("a cotangent, and no backward pass was declared")
    if mode in ways and request["id"] == trigger:
        ways[mode](request)
    elif request["op"] == "relu":
        say(json.dumps(relu(request) if mode != "forward" else {"id": request["id"], "outputs": relu({**request, "cotangent": {"output": request["inputs"]["input"]}})["outputs"]}))
    else:
        say(json.dumps({"id": request["id"], "unsupported": "not written yet"}))
if mode == "ignore-end":
    time.sleep(600)
