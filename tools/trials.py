#!/usr/bin/env python3
"""Trains presets several times, and says what came out.

  tools/trials.py tune PRESET VARIANTS.json [--seeds 1,2] [--validation 10000]
  tools/trials.py accuracy PRESET... [--seeds 1,2,3,4,5]

tune chooses hyper-parameters on a split of the training set. VARIANTS.json is a list of objects, each laid over the preset ({} is the preset itself;
objects within are merged, null removes a key). The last images of the training set are kept out of training to choose by, with labels as wrong as the
preset makes those of the training set; test images are not looked at.

accuracy trains each preset as it is, on all training images, and tells mean and deviation on the test images.

Training is deterministic: what was trained already in the work directory (--work, artifacts/trials otherwise) is read again and not trained.
"""
import argparse
import hashlib
import json
import pathlib
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def merge(base, over):
    if not isinstance(base, dict) or not isinstance(over, dict):
        return over
    merged = {key: merge(base.get(key), value) for key, value in over.items()}
    return {key: value for key, value in {**base, **merged}.items() if value is not None}


def read(preset):
    named = ROOT / "tools/cli/Train/Presets" / f"{preset}.json"
    return json.loads((named if named.exists() else pathlib.Path(preset)).read_text())


def train(preset, seed, work):
    """The results of a training; None where it diverged."""
    name = f"{preset['name']}-{seed}-" + hashlib.sha256(json.dumps([preset, seed], sort_keys=True).encode()).hexdigest()[:12]
    out, file = work / name, work / f"{name}.json"
    if not (out / "results.json").exists():
        file.write_text(json.dumps(preset))
        status = subprocess.run([ROOT / "tools/conformance", "train", "--preset", file, "--seed", str(seed), "--out", out, "--resume"], stdout=subprocess.DEVNULL).returncode
        if status not in (0, 1):
            sys.exit(status)
    return json.loads((out / "results.json").read_text()) if (out / "results.json").exists() else None


def tune(given):
    base = read(given.presets[0])
    base["validation"] = given.validation
    base.pop("patience", None)  # every epoch, so that variants are compared after the same work
    best = None
    for variant in json.loads(pathlib.Path(given.presets[1]).read_text()):
        runs = [train(merge(base, variant), seed, given.work) for seed in given.seeds]
        if None in runs:
            print("diverged ", json.dumps(variant), flush=True)
            continue
        accuracies = [run["epochs"][-1]["validation"]["accuracy"] for run in runs]
        row = (statistics.mean(accuracies), json.dumps(variant))
        best = max(best or row, row)
        print(f"{100 * row[0]:.3f}   {' '.join(f'{100 * value:.2f}' for value in accuracies)}   {row[1]}", flush=True)
    if best:
        print(f"best {100 * best[0]:.3f} {best[1]}")


def accuracy(given):
    print("| preset | accuracy | seeds | goal | epochs | seconds |\n|---|---|---|---|---|---|")
    for name in given.presets:
        preset = read(name)
        runs = [run for run in (train(preset, seed, given.work) for seed in given.seeds) if run]
        if not runs:
            print(f"| {preset['name']} | diverged | | | | |", flush=True)
            continue
        values = [100 * run["testAccuracy"] for run in runs]
        mean, spread = statistics.mean(values), f" ± {statistics.stdev(values):.3f}" if len(values) > 1 else ""
        goal = preset.get("goal")
        verdict = "–" if goal is None else f"{100 * goal:.2f} %: {'met' if mean >= 100 * goal else 'missed'}"
        seconds = statistics.median(sum(epoch["seconds"] for epoch in run["epochs"]) for run in runs)
        diverged = f"; {len(given.seeds) - len(runs)} diverged" if len(runs) < len(given.seeds) else ""
        print(f"| {preset['name']} | {mean:.3f} %{spread} | {', '.join(f'{value:.2f}' for value in values)}{diverged} | {verdict} | {len(runs[0]['epochs'])} | {seconds:.0f} |", flush=True)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("task", choices=["tune", "accuracy"])
    options.add_argument("presets", nargs="+", metavar="PRESET", help="a name or a file; behind the one that is tuned, the file of its variants")
    options.add_argument("--seeds", type=lambda text: [int(seed) for seed in text.split(",")])
    options.add_argument("--validation", type=int, default=10000)
    options.add_argument("--work", type=pathlib.Path, default=ROOT / "artifacts/trials")
    given = options.parse_args()
    if given.task == "tune" and len(given.presets) != 2:
        options.error("tune takes a preset and the file of its variants")
    given.seeds = given.seeds or ([1, 2] if given.task == "tune" else [1, 2, 3, 4, 5])
    given.work.mkdir(parents=True, exist_ok=True)
    (tune if given.task == "tune" else accuracy)(given)


if __name__ == "__main__":
    main()
