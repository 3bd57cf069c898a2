#!/usr/bin/python3
"""Writes fixtures/schedules.trace.json: learning rates and momenta of PyTorch's schedulers, step by step.

Run from the repository's root where PyTorch for Python is (Debian: apt install python3-torch libopenblas0-pthread):
    /usr/bin/python3 tools/schedule-trace.py
"""
import json
import warnings

import torch
from torch.optim import lr_scheduler as schedulers

warnings.simplefilter("ignore")


def trace(make, steps, lr, momentum=0.9):
    """The rate and the momentum that each of the first steps is made with."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr, momentum=momentum)
    scheduler = make(optimizer)
    rates, momenta = [], []
    for step in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        momenta.append(optimizer.param_groups[0]["momentum"])
        optimizer.step()
        if step + 1 < steps:
            scheduler.step()
    return rates, momenta


def warmup(optimizer, warmup_steps, start_factor, then):
    """LinearLR, then another scheduler from its step 0."""
    first = schedulers.LinearLR(optimizer, start_factor=start_factor, total_iters=warmup_steps)
    name, arguments = then["scheduler"], then["arguments"]
    return schedulers.SequentialLR(optimizer, [first, getattr(schedulers, name)(optimizer, **arguments)], [warmup_steps])


def case(scheduler, arguments, steps, lr):
    if scheduler == "SequentialLR":
        rates, momenta = trace(lambda optimizer: warmup(optimizer, **arguments), steps, lr)
    else:
        rates, momenta = trace(lambda optimizer: getattr(schedulers, scheduler)(optimizer, **arguments), steps, lr)
    return {"scheduler": scheduler, "arguments": arguments, "lr": lr, "rates": rates, "momenta": momenta}


def one_cycle(steps, **arguments):
    return case("OneCycleLR", {"max_lr": 0.1, "total_steps": steps, **arguments}, steps, 0.1)


def of(scheduler, **arguments):
    return {"scheduler": scheduler, "arguments": arguments}


CASES = [
    case("StepLR", {"step_size": 3, "gamma": 0.1}, 13, 0.5),
    case("StepLR", {"step_size": 1, "gamma": 0.9}, 20, 0.02),
    case("StepLR", {"step_size": 50, "gamma": 0.5}, 10, 0.02),
    case("CosineAnnealingLR", {"T_max": 10, "eta_min": 0}, 11, 0.1),
    case("CosineAnnealingLR", {"T_max": 7, "eta_min": 0.001}, 24, 0.05),
    case("CosineAnnealingLR", {"T_max": 1, "eta_min": 0.01}, 5, 0.1),
    one_cycle(20),
    one_cycle(21, anneal_strategy="linear"),
    one_cycle(20, pct_start=0.25, div_factor=10, final_div_factor=100),
    one_cycle(20, three_phase=True),
    one_cycle(33, three_phase=True, anneal_strategy="linear", pct_start=0.4),
    one_cycle(20, three_phase=True, pct_start=0.5),
    one_cycle(17, base_momentum=0.5, max_momentum=0.9),
    one_cycle(10, pct_start=0.0),
    one_cycle(10, pct_start=1.0),
    one_cycle(12, cycle_momentum=False),
    case("LinearLR", {"start_factor": 1 / 3, "total_iters": 5}, 9, 0.3),
    case("LinearLR", {"start_factor": 0.01, "total_iters": 1}, 4, 0.3),
    case("SequentialLR", {"warmup_steps": 4, "start_factor": 0.1, "then": of("CosineAnnealingLR", T_max=10, eta_min=0)}, 15, 0.1),
    case("SequentialLR", {"warmup_steps": 3, "start_factor": 0.5, "then": of("StepLR", step_size=2, gamma=0.1)}, 12, 0.1),
]

with open("fixtures/schedules.trace.json", "w", encoding="utf-8") as file:
    json.dump(
        {"provenance": {"reference": f"PyTorch {torch.__version__}", "generator": "tools/schedule-trace.py"}, "cases": CASES}, file, indent=1)
    file.write("\n")
