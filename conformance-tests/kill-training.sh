#!/usr/bin/env bash
# Kills a training at random moments with SIGKILL, resumes it each time with another number of threads, until it has been killed as often as wanted; then lets it end, and compares its weights and
# its metrics with those of a training that was never stopped.
#   conformance-tests/kill-training.sh [KILLS [SEED]]        100 and 1 otherwise; a minute or two
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
kills=${1:-100} RANDOM=${2:-1}
case $kills in '' | *[!0-9]*) echo "expected a number of kills, got '$kills'" >&2; exit 2 ;; esac

tools/conformance data >/dev/null # what is missing is set up and built here, not in the runs that are killed
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
train() { # DIRECTORY THREADS [OPTION...]
    exec dotnet artifacts/bin/Conformance.Cli/release/Conformance.Cli.dll train --preset lenet-augmented --model lenet-batchnorm --epochs 40 --train-limit 3000 \
        --checkpoint-every 3 --out "$work/$1" --threads "$2" "${@:3}"
}
(train whole 2) >/dev/null 2>"$work/whole.log"

threads=(1 2 3 8)
moments='' done=0 finished=0
while [ "$done" -lt "$kills" ]; do
    (train killed "${threads[RANDOM % 4]}" --resume) >/dev/null 2>>"$work/killed.log" &
    pid=$!
    milliseconds=$((RANDOM % 1200 + 20))
    sleep "$(printf '%d.%03d' $((milliseconds / 1000)) $((milliseconds % 1000)))"
    if kill -KILL "$pid" 2>/dev/null; then
        done=$((done + 1)) moments="$moments $milliseconds"
    else
        finished=$((finished + 1)) # it came to its end: begin anew, so that no kill is wasted on a training that is over
        cmp "$work/whole/weights.safetensors" "$work/killed/weights.safetensors"
        rm -rf "$work/killed"
    fi
    wait "$pid" 2>/dev/null || true
done
rm -f "$work/killed"/*.tmp # what a killed process was writing, and had not put in its place
(train killed 3 --resume) >/dev/null 2>>"$work/killed.log"

cmp "$work/whole/weights.safetensors" "$work/killed/weights.safetensors"
diff <(sed 's/,"time":.*//' "$work/whole/metrics.jsonl") <(sed 's/,"time":.*//' "$work/killed/metrics.jsonl") # all but the time it took
scalars() { conformance-tests/read-events.py "$work/$1/events.out.tfevents.conformance" | grep -v ' seconds '; }
diff <(scalars whole) <(scalars killed)
echo "killed $done times, at these milliseconds after the start:$moments"
echo "came to its end $((finished + 1)) times: weights, metrics and events are those of the training that was never stopped, to the bit"
grep -c 'goes on after' "$work/killed.log" | sed 's/^/resumed from a checkpoint: /'
