#!/usr/bin/env python3
"""Our weights in PyTorch, and PyTorch's in our engine. Needs torch and numpy, and no package for safetensors.

    torch_exchange.py run WEIGHTS DATA [--images N] [--logits FILE [--runs N]]
        Builds the network that WEIGHTS (weights.safetensors of `train`) says it is as torch.nn.Sequential, loads it with load_state_dict(strict=True), and says how many of the test
        images in DATA (IDX files of MNIST) it gets right. FILE takes the logits in float64, and of N runs in float32: a plain one, and others with all weights and images changed in
        their last bit.

    torch_exchange.py train MODEL WEIGHTS DATA [--images N]
        The way back: trains the network of the JSON file MODEL in PyTorch for a few steps and saves its state_dict() as WEIGHTS. Then: --weights WEIGHTS --model MODEL.
"""

import argparse
import collections
import gzip
import json
import pathlib
import struct

import numpy as np
import torch
from torch import nn
from torch.nn import functional

DTYPES = {"F32": np.float32, "F64": np.float64, "I64": np.int64}


def load(path):
    """The tensors and the metadata of a safetensors file."""
    data = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        array = np.frombuffer(data[8 + length + begin : 8 + length + end], DTYPES[entry["dtype"]])
        tensors[name] = torch.from_numpy(array.reshape(entry["shape"]).copy())
    return tensors, metadata


def save(path, tensors):
    """Writes a state dict as safetensors."""
    header, data = {}, b""
    for name, tensor in tensors.items():
        array = tensor.detach().contiguous().numpy()
        dtype = next(key for key, value in DTYPES.items() if value == array.dtype)
        header[name] = {"dtype": dtype, "shape": list(array.shape), "data_offsets": [len(data), len(data) + array.nbytes]}
        data += array.tobytes()
    text = json.dumps(header).encode()
    pathlib.Path(path).write_bytes(struct.pack("<Q", len(text)) + text + data)


def sides(padding):
    """[top, bottom, left, right] of a number, a pair or four of them."""
    if isinstance(padding, int):
        return [padding] * 4
    return [padding[0], padding[0], padding[1], padding[1]] if len(padding) == 2 else padding


def padded(kind, value, padding, **options):
    """A layer with its padding; where its sides differ, which torch.nn has not, it is laid around the input first."""
    top, bottom, left, right = sides(padding)
    if (top, left) == (bottom, right):
        return kind(padding=(top, left), **options)

    class Padded(kind):
        def forward(self, x):
            return super().forward(functional.pad(x, (left, right, top, bottom), value=value))

    return Padded(**options)


def module(kind, shape, options):
    """The torch.nn module of a layer of a definition; shape is that of its input, images first."""
    padding = options.pop("padding", 0)
    if kind == "conv2d":
        return padded(nn.Conv2d, 0.0, padding, in_channels=shape[1], **options)
    if kind == "max_pool2d":
        return padded(nn.MaxPool2d, float("-inf"), padding, **options)
    if kind == "avg_pool2d":
        return padded(nn.AvgPool2d, 0.0, padding, **options)
    if kind == "linear":
        return nn.Linear(in_features=shape[1], **options)
    if kind.startswith("batch_norm"):
        return {"batch_norm1d": nn.BatchNorm1d, "batch_norm2d": nn.BatchNorm2d}[kind](shape[1], **options)
    names = {
        "adaptive_avg_pool2d": nn.AdaptiveAvgPool2d, "relu": nn.ReLU, "leaky_relu": nn.LeakyReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid,
        "softmax": nn.Softmax, "log_softmax": nn.LogSoftmax, "flatten": nn.Flatten, "dropout": nn.Dropout,
    }
    return names[kind](**options)


def network(definition):
    """torch.nn.Sequential of a definition, in evaluation."""
    layers, x = collections.OrderedDict(), torch.zeros(1, *definition["input"])
    for layer in definition["layers"]:
        options = {name: value for name, value in layer.items() if name not in ("name", "type")}
        made = module(layer["type"], x.shape, options).eval()
        x = made(x)
        layers[layer["name"]] = made
    return nn.Sequential(layers).eval()


def idx(data, name):
    """An IDX file, raw or gzip."""
    path = pathlib.Path(data) / name
    raw = path.read_bytes() if path.exists() else gzip.decompress(path.with_name(name + ".gz").read_bytes())
    extents = struct.unpack(f">{raw[3]}I", raw[4 : 4 + 4 * raw[3]])
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * raw[3]).reshape(extents)


def images(data, count, mean=0.1307, std=0.3081):
    """Test images [N, 1, H, W], normalised in float64 and rounded once, and their labels."""
    pixels = idx(data, "t10k-images-idx3-ubyte")[:count]
    return torch.from_numpy(((pixels / 255.0 - mean) / std).astype(np.float32)).unsqueeze(1), torch.from_numpy(idx(data, "t10k-labels-idx1-ubyte")[:count].astype(np.int64))


def logits(net, state, x):
    net.load_state_dict(state, strict=True)
    with torch.no_grad():
        return torch.cat([net(batch) for batch in x.split(500)])


def nudged(tensor, generator):
    """Every float32 one step up or down."""
    if tensor.dtype != torch.float32:
        return tensor
    up = torch.rand(tensor.shape, generator=generator) < 0.5
    return torch.nextafter(tensor, torch.where(up, torch.tensor(torch.inf), torch.tensor(-torch.inf)))


def run(args):
    state, metadata = load(args.weights)
    definition = json.loads(metadata["model"])
    net = network(definition)
    x, labels = images(args.data, args.images, float(metadata["mean"]), float(metadata["std"]))
    plain = logits(net, state, x)
    print(f"{definition['name']}: {(plain.argmax(1) == labels).sum().item()} of {len(labels)} test images")
    if args.logits:
        generator = torch.Generator().manual_seed(1)
        runs = [plain] + [logits(net, {name: nudged(tensor, generator) for name, tensor in state.items()}, nudged(x, generator)) for _ in range(args.runs - 1)]
        save(args.logits, {"float64": logits(net.double(), state, x.double()), **{f"float32.{i}": answer for i, answer in enumerate(runs)}})


def train(args):
    torch.manual_seed(1)
    net = network(json.loads(pathlib.Path(args.model).read_text())).train()
    x, labels = images(args.data, args.images)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
    for batch, target in zip(x.split(50), labels.split(50)):
        optimizer.zero_grad()
        functional.cross_entropy(net(batch), target).backward()
        optimizer.step()
    save(args.weights, net.state_dict())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    for action, positional in (run, ["weights", "data"]), (train, ["model", "weights", "data"]):
        command = commands.add_parser(action.__name__)
        for name in positional:
            command.add_argument(name)
        command.add_argument("--images", type=int, metavar="N", help="the first N test images; all of them otherwise")
        command.set_defaults(action=action)
        if action is run:
            command.add_argument("--logits", metavar="FILE")
            command.add_argument("--runs", type=int, metavar="N", default=8)
    args = parser.parse_args()
    args.action(args)


if __name__ == "__main__":
    main()
