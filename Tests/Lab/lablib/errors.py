"""Errors that end the lab, each with the exit code of the project's contract."""

BAD_INPUT = 2
"""Bad usage, inventory or faults file."""

CANNOT_RUN = 3
"""This machine lacks a package, a kernel feature or a permission, or a server did not come up."""


class LabError(Exception):
    """Ends the lab. `lines` go to stderr one by one, each after `lab: `."""

    def __init__(self, lines, code=CANNOT_RUN):
        self.lines = [lines] if isinstance(lines, str) else list(lines)
        self.code = code
        super().__init__("\n".join(self.lines))


class InputError(LabError):
    """Faults in the files given by the user, all of them at once."""

    def __init__(self, lines):
        super().__init__(lines, BAD_INPUT)
