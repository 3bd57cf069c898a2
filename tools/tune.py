#!/usr/bin/env python3
"""Chooses hyper-parameters on a split of the training set: trains variants of a preset, each with every seed, and prints their validation accuracy.

  tools/tune.py PRESET VARIANTS.json [--seeds 1,2] [--validation 10000] [--work DIRECTORY]

VARIANTS.json is a list of objects, each laid over the preset ({} is the preset itself; objects within are merged, null removes a key). The last
images of the training set are kept out of training to choose by; test images are not looked at. Training is deterministic, so a variant that was
trained already in the work directory is read again and not trained.
"""
import argparse, hashlib, json, pathlib, statistics, subprocess, sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def merge(base, over):
    if not isinstance(base, dict) or not isinstance(over, dict):
        return over
    merged = {key: merge(base.get(key), value) for key, value in over.items()}
    return {key: value for key, value in {**base, **merged}.items() if value is not None}


def validation_accuracy(preset, seed, work):
    name = hashlib.sha256(json.dumps([preset, seed], sort_keys=True).encode()).hexdigest()[:12]
    out, file = work / name, work / f"{name}.json"
    if not (out / "results.json").exists():
        file.write_text(json.dumps(preset))
        trained = subprocess.run([ROOT / "tools/conformance", "train", "--preset", file, "--seed", str(seed), "--out", out, "--resume"], stdout=subprocess.DEVNULL)
        if trained.returncode == 130:
            sys.exit(130)
        if trained.returncode != 0:
            return None  # diverged, and said so
    return json.loads((out / "results.json").read_text())["epochs"][-1]["validation"]["accuracy"]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("preset")
    options.add_argument("variants", type=pathlib.Path)
    options.add_argument("--seeds", default="1,2")
    options.add_argument("--validation", type=int, default=10000)
    options.add_argument("--work", type=pathlib.Path, default=ROOT / "artifacts/tune")
    given = options.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    named = ROOT / "tools/cli/Presets" / f"{given.preset}.json"
    base = json.loads((named if named.exists() else pathlib.Path(given.preset)).read_text())
    base["validation"] = given.validation
    base.pop("patience", None)  # every epoch, so that variants are compared after the same work
    rows = []
    for variant in json.loads(given.variants.read_text()):
        accuracies = [validation_accuracy(merge(base, variant), int(seed), given.work) for seed in given.seeds.split(",")]
        mean = None if None in accuracies else statistics.mean(accuracies)
        rows.append((mean, accuracies, variant))
        shown = " ".join("diverged" if value is None else f"{100 * value:.2f}" for value in accuracies)
        print(f"{'   –   ' if mean is None else f'{100 * mean:.3f}':>7}  {shown}  {json.dumps(variant)}", flush=True)
    best = max((row for row in rows if row[0] is not None), key=lambda row: row[0], default=None)
    if best:
        print(f"best  {100 * best[0]:.3f}  {json.dumps(best[2])}")


if __name__ == "__main__":
    main()
