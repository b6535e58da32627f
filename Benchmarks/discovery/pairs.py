"""Pairs of an interface and an address, as `v6audit discover` lists them."""

import csv
import ipaddress


def of_listing(path):
    """All pairs in the CSV that it printed."""
    with open(path, encoding="utf-8", newline="") as file:
        return {(row["mac"], ipaddress.ip_address(address)) for row in csv.DictReader(file)
                for address in (row["addresses"] + " " + row["temporary"]).split()}
