"""Writes PNG files of every colour type and depth, each with the grey bytes that a reader should make of it, by the definition alone: zlib, struct, fractions.

png_files.py FOLDER writes NAME-hHEIGHTwWIDTH.png and the same .grey."""
import pathlib, random, struct, sys, zlib
from fractions import Fraction

GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
CHANNELS = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGBA: 4}
DEPTHS = {GREY: (1, 2, 4, 8, 16), RGB: (8, 16), PALETTE: (1, 2, 4, 8), GREY_ALPHA: (8, 16), RGBA: (8, 16)}
rng = random.Random(20)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def packed(samples, depth):
    """A row of samples as bytes: the first sample in the highest bits."""
    bits = "".join(format(sample, f"0{depth}b") for sample in samples)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))


def paeth(a, b, c):
    p = a + b - c
    distances = [abs(p - a), abs(p - b), abs(p - c)]
    return (a, b, c)[distances.index(min(distances))]


def filtered(kind, row, above, back):
    left = bytes(back) + row
    corner = bytes(back) + above
    guess = {0: lambda i: 0, 1: lambda i: left[i], 2: lambda i: above[i], 3: lambda i: (left[i] + above[i]) // 2,
             4: lambda i: paeth(left[i], above[i], corner[i])}[kind]
    return bytes([kind]) + bytes((row[i] - guess(i)) % 256 for i in range(len(row)))


# Adam7: of each pass the first column and row, and the steps to the next; without interlacing one pass has all.
ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
WHOLE = ((0, 0, 1, 1),)


def grey(r, g, b, a):
    """Each from 0 to 1; luma of BT.601 over black, rounded once, halves up."""
    value = (Fraction(299, 1000) * r + Fraction(587, 1000) * g + Fraction(114, 1000) * b) * a * 255
    return int(value + Fraction(1, 2))


def write(folder, name, colour, depth, height, width, filters, transparent=False, pieces=1, level=9, extra=b"", passes=WHOLE):
    full, channels = 2 ** depth - 1, CHANNELS[colour]
    palette = [tuple(rng.randrange(256) for _ in range(3)) for _ in range(min(2 ** depth, 200))]
    alphas = [rng.randrange(256) for _ in range(len(palette) // 2 + 1)]
    top = len(palette) - 1 if colour == PALETTE else full
    pixels = [[tuple(rng.choice((0, top, rng.randint(0, top))) for _ in range(channels)) for _ in range(width)] for _ in range(height)]
    key = pixels[0][0]

    def expected(pixel):
        if colour == PALETTE:
            i = pixel[0]
            alpha = alphas[i] if transparent and i < len(alphas) else 255
            return grey(*(Fraction(v, 255) for v in palette[i]), Fraction(alpha, 255))
        values = [Fraction(v, full) for v in pixel]
        alpha = values.pop() if colour in (GREY_ALPHA, RGBA) else Fraction(0 if transparent and pixel == key else 1)
        return grey(*(values * 3 if len(values) == 1 else values), alpha)

    raw = b""
    back = max(1, channels * depth // 8)
    for left, top, right, down in passes:
        above = None
        for y, row in enumerate(pixels[top::down] if left < width else []):
            line = packed([sample for pixel in row[left::right] for sample in pixel], depth)
            raw += filtered(filters[y % len(filters)], line, above or bytes(len(line)), back)
            above = line
    data = zlib.compress(raw, level)
    step = -(-len(data) // pieces)
    file = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(passes is ADAM7))) + chunk(b"tEXt", b"Comment\0of no account")
    if colour == PALETTE:
        file += chunk(b"PLTE", bytes(v for entry in palette for v in entry))
    if transparent:
        file += chunk(b"tRNS", bytes(alphas) if colour == PALETTE else struct.pack(f">{channels}H", *key))
    file += b"".join(chunk(b"IDAT", data[i:i + step]) for i in range(0, len(data), step)) + chunk(b"tIME", bytes(7)) + chunk(b"IEND", b"") + extra
    path = folder / f"{name}-h{height}w{width}"
    path.with_suffix(".png").write_bytes(file)
    path.with_suffix(".grey").write_bytes(bytes(expected(pixel) for row in pixels for pixel in row))


folder = pathlib.Path(sys.argv[1])
for colour, depths in DEPTHS.items():
    for depth in depths:
        name = f"{colour}-{depth}"
        write(folder, name, colour, depth, 11, 13, (0, 1, 2, 3, 4))
        for kind in range(5):  # the first row too has each filter
            write(folder, f"{name}-filter{kind}", colour, depth, 3, 5, (kind,))
        write(folder, f"{name}-one", colour, depth, 1, 1, (4,))
        write(folder, f"{name}-pieces", colour, depth, 9, 7, (4, 3), pieces=5, level=0)
        write(folder, f"{name}-interlaced", colour, depth, 11, 13, (4, 1, 2), passes=ADAM7)
        write(folder, f"{name}-interlaced-small", colour, depth, 2, 3, (3,), passes=ADAM7)  # some passes have no pixel
        if colour not in (GREY_ALPHA, RGBA):
            write(folder, f"{name}-transparent", colour, depth, 6, 17, (1, 4), transparent=True, extra=b"behind the end")
write(folder, "0-8-digit", GREY, 8, 28, 28, (0,))
