"""What can go wrong, and waiting for what should come right."""

import time


class StepFailed(Exception):
    """What was observed is not what must be."""


class CannotRun(Exception):
    """This machine cannot run the test; the message says what is missing."""


def expect(condition, text):
    """Raises StepFailed with `text` unless `condition` holds."""
    if not condition:
        raise StepFailed(text)


def eventually(what, seconds, ask, every=0.2):
    """Asks until the answer is true and returns it; raises StepFailed after `seconds`."""
    end = time.monotonic() + seconds
    while True:
        answer = ask()
        if answer:
            return answer
        if time.monotonic() > end:
            raise StepFailed(f"{what}: not within {seconds} s")
        time.sleep(every)
