#!/usr/bin/env python3
"""Prints the scalars of a TensorBoard event file, a line each: step, tag, value. Written from the format alone, with nothing but the standard library, to see that the file is right.

  conformance-tests/read-events.py FILE
"""
import struct
import sys


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(data):
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def records(data):
    at = 0
    while at < len(data):
        (length,) = struct.unpack_from("<Q", data, at)
        assert struct.unpack_from("<I", data, at + 8)[0] == masked(data[at : at + 8]), f"checksum of the length at {at}"
        record = data[at + 12 : at + 12 + length]
        assert len(record) == length, f"a whole record at {at}"
        assert struct.unpack_from("<I", data, at + 12 + length)[0] == masked(record), f"checksum of the record at {at}"
        yield record
        at += 16 + length


def varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if data[at - 1] < 0x80:
            return value, at


def fields(data):
    """Number and value of each protobuf field: a number, eight bytes, four bytes, or bytes."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        number, kind = key >> 3, key & 7
        if kind == 0:
            value, at = varint(data, at)
        elif kind == 2:
            length, at = varint(data, at)
            value, at = data[at : at + length], at + length
        else:
            size = {1: 8, 5: 4}[kind]
            value, at = data[at : at + size], at + size
        yield number, value


def main():
    data = open(sys.argv[1], "rb").read()
    for i, record in enumerate(records(data)):
        event = dict(fields(record))
        if i == 0:
            assert event[3] == b"brain.Event:2", "the version first"
            continue
        for number, value in fields(event[5]):
            assert number == 1
            scalar = dict(fields(value))
            print(event.get(2, 0), scalar[1].decode(), repr(struct.unpack("<f", scalar[2])[0]))


if __name__ == "__main__":
    main()
