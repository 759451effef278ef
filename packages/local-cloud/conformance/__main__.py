"""Runs every scenario against the local cloud and against moto, and prints where they agree with what is expected.

Exit code 1: the local cloud answers otherwise than AWS is documented to, or moto does and nobody has said why.
"""

import argparse
import importlib
import json
import os
import pkgutil
import sys
from dataclasses import dataclass
from typing import Any

import scenarios
from botocore.exceptions import ClientError
from harness import SCENARIOS, Cloud, Scenario
from known_differences import KNOWN_DIFFERENCES


@dataclass(frozen=True)
class Result:
    # "agree", "differ", "known" or "-" (not asked).
    verdict: str
    note: str = ""


def observe(scenario: Scenario, cloud: Cloud, name: str) -> Any:
    try:
        return scenario.run(cloud, name)
    except ClientError as error:
        answer = error.response
        return f"unexpected {answer['Error']['Code']} ({answer['ResponseMetadata']['HTTPStatusCode']}) of {error.operation_name}"
    except Exception as error:  # Whatever a cloud answers, the other scenarios are still run.
        return f"unexpected {type(error).__name__}: {error}"


def compare(scenario: Scenario, seen: Any) -> Result:
    if seen == scenario.expected:
        return Result("agree")
    return Result("differ", f"expected {json.dumps(scenario.expected)}, saw {json.dumps(seen, default=str)}")


def with_reference(scenario: Scenario, cloud: Cloud, name: str) -> Result:
    if scenario.local_only:
        return Result("-", scenario.local_only)
    result = compare(scenario, observe(scenario, cloud, name))
    reason = KNOWN_DIFFERENCES.get(scenario.name)
    if reason is None:
        return result
    if result.verdict == "agree":
        return Result("differ", f"agrees now; take it off the known differences ({reason})")
    return Result("known", reason)


def load_scenarios() -> None:
    for module in pkgutil.iter_modules(scenarios.__path__):
        importlib.import_module(f"scenarios.{module.name}")
    unknown = set(KNOWN_DIFFERENCES) - {scenario.name for scenario in SCENARIOS}
    if unknown:
        sys.exit(f"Known differences of scenarios that do not exist: {', '.join(sorted(unknown))}")


def print_table(rows: list[tuple[Scenario, Result, Result]]) -> None:
    width = max(len(scenario.name) for scenario, _, _ in rows)
    print(f"{'scenario'.ljust(width)}  local cloud  moto    note")
    for scenario, local, reference in rows:
        note = "; ".join(part for part in (local.note, reference.note) if part)
        print(f"{scenario.name.ljust(width)}  {local.verdict.ljust(11)}  {reference.verdict.ljust(6)}  {note}".rstrip())


def counts(results: list[Result]) -> str:
    verdicts = [result.verdict for result in results]
    named = {"agree": "agree", "differ": "differ", "known": "known", "-": "not asked"}
    return ", ".join(f"{verdicts.count(key)} {text}" for key, text in named.items() if key in verdicts)


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--local", required=True, help="URL of the local cloud")
    arguments.add_argument("--moto", required=True, help="URL of moto's server")
    arguments.add_argument("--only", default="", help="run the scenarios whose names begin so")
    options = arguments.parse_args()
    load_scenarios()
    keys = (os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"])
    local = Cloud("local cloud", options.local, *keys)
    moto = Cloud("moto", options.moto, *keys)
    rows = []
    for position, scenario in enumerate(SCENARIOS):
        if not scenario.name.startswith(options.only):
            continue
        name = f"conformance-{position}"
        mine = compare(scenario, observe(scenario, local, name))
        rows.append((scenario, mine, with_reference(scenario, moto, name)))
    print_table(rows)
    ours, references = [row[1] for row in rows], [row[2] for row in rows]
    print(f"\n{len(rows)} scenarios. Local cloud: {counts(ours)}. moto: {counts(references)}.")
    return 1 if any(result.verdict == "differ" for result in ours + references) else 0


sys.exit(main())
