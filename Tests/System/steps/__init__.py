"""The steps, in the order they are run. A step is a function: its docstring says what it does and asserts, and it
returns what it observed."""

from . import export, faults, lifecycle, service, store

ALL = [
    lifecycle.boot, lifecycle.install_previous, lifecycle.first_round, lifecycle.upgrade,
    service.ready, service.rights, service.web, service.security,
    service.check_as_member, service.check_as_stranger, service.reload_good, service.reload_broken,
    service.socket_activation, service.credentials,
    faults.watchdog, faults.kill_main, faults.kill_others, faults.network, faults.clock,
    store.disk_full, store.backup, store.corrupt,
    export.nightly, export.retention,
    lifecycle.stop, lifecycle.remove, lifecycle.purge, lifecycle.install,
]
NEEDED = [lifecycle.boot, lifecycle.install_previous, lifecycle.first_round, lifecycle.upgrade]
"""What every other step stands on."""
