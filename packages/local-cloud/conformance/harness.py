"""What scenarios are written with: clients of one cloud, refusals as data, and waits that end."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

EAST = "us-east-1"
WEST = "us-west-2"

DEADLINE_SECONDS = 60


class Cloud:
    """One implementation of AWS's APIs behind one URL."""

    def __init__(self, name: str, url: str, access_key: str, secret_key: str):
        self.name = name
        self._options = {
            "endpoint_url": url,
            "aws_access_key_id": access_key,
            "aws_secret_access_key": secret_key,
            "config": Config(retries={"total_max_attempts": 1}, read_timeout=DEADLINE_SECONDS),
        }

    def client(self, service: str, region: str = EAST) -> Any:
        return boto3.client(service, region_name=region, **self._options)


@dataclass(frozen=True)
class Scenario:
    name: str
    # Where the expectation comes from: AWS's reference, or a report of somebody who saw AWS answer so.
    source: str
    expected: Any
    run: Callable[[Cloud, str], Any]
    # Why the reference emulator cannot be asked at all.
    local_only: str | None


SCENARIOS: list[Scenario] = []


def scenario(source: str, expected: Any, local_only: str | None = None):
    """Registers a function of a cloud and a name that no other scenario uses; it returns what it saw."""

    def register(run: Callable[[Cloud, str], Any]):
        name = f"{run.__module__.rsplit('.', 1)[-1]}.{run.__name__}"
        SCENARIOS.append(Scenario(name, source, expected, run, local_only))
        return run

    return register


def refusal(call: Callable[..., Any], **arguments: Any) -> Any:
    """Error code and HTTP status of a refused call; "answered" when it is not refused."""
    try:
        call(**arguments)
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        return [error.response["Error"]["Code"], status]
    except ResponseParserError:
        return "no answer of AWS's"
    return "answered"


def eventually(look: Callable[[], Any], wanted: Callable[[Any], bool]) -> Any:
    """Looks until the answer is as wanted, or the deadline has passed: then the last answer is the result."""
    end = time.monotonic() + DEADLINE_SECONDS
    while True:
        answer = look()
        if wanted(answer) or time.monotonic() > end:
            return answer
        time.sleep(0.1)


def shape(text: str, replacements: dict[str, str]) -> str:
    """The text with what differs from run to run replaced."""
    for part, name in replacements.items():
        text = text.replace(part, name)
    return text
