"""An inventory of many hosts, in the very bytes that an export writes, and the same hosts as a spreadsheet writes them."""

import os

HOSTS_OF_AGENCY = 1000
COLUMNS = {
    "agencies": "agency,name,kind,parent,contact,declared_percent",
    "systems": "system,name,agency,kind,class,depends_on",
    "hosts": "host,agency,system,component,site,names,addresses,services,mac,criticality,contact,tags,external_id",
    "prefixes": "prefix,agency,site,rule,description",
    "zones": "zone,agency",
    "waivers": "subject,check,owner,reason,expires"}
SHEET = {
    "Mã máy": "host", "Cơ quan": "agency", "Địa điểm": "site", "Tên miền": "names", "Địa chỉ IP": "addresses",
    "Dịch vụ": "services", "Địa chỉ MAC": "mac", "Mã tài sản": "external_id"}
"""Headings of the spreadsheet and the columns that they are; the others are empty."""
MOST_OF_IPV4 = 1 << 17
"""So many addresses has 198.18.0.0/15: hosts beyond have IPv6 alone."""


def _cells(number):
    agency, place = divmod(number, HOSTS_OF_AGENCY)
    four = f"198.{18 + (number >> 16)}.{number >> 8 & 255}.{number & 255} " if number < MOST_OF_IPV4 else ""
    subnet, interface = divmod(place, 250)
    return {
        "host": f"may-{number:07}", "agency": f"cq-{agency:04}", "site": f"tru-so-{subnet + 1}",
        "names": f"may-{number:07}.cq-{agency:04}.example",
        "addresses": f"{four}2001:db8:{agency + 1:x}:{subnet + 1:x}::{interface + 0x10:x}",
        "services": "https" if number % 3 else "ssh http https", "mac": "02:00:" + f"{number:08x}"[:2] + ":"
        + f"{number:08x}"[2:4] + ":" + f"{number:08x}"[4:6] + ":" + f"{number:08x}"[6:], "external_id": f"TS-{number:07}"}


def write(folder, count):
    """Writes `folder` with the six tables; returns the bytes of all."""
    os.mkdir(folder)
    agencies = range((count + HOSTS_OF_AGENCY - 1) // HOSTS_OF_AGENCY)
    prefixes = sorted(range(1, len(agencies) + 1))
    rows = {
        "agencies": (f"cq-{number:04},Cơ quan minh họa {number},commune,,," for number in agencies),
        "hosts": (_host(number) for number in range(count)),
        "prefixes": (f"2001:db8:{number:x}::/48,cq-{number - 1:04},,allow,Mạng minh họa {number}" for number in prefixes),
        "zones": sorted(f"cq-{number:04}.example,cq-{number:04}" for number in agencies)}
    size = 0
    for table, header in COLUMNS.items():
        path = os.path.join(folder, f"{table}.csv")
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(header + "\n")
            file.writelines(row + "\n" for row in rows.get(table, ()))
        size += os.path.getsize(path)
    return size


def _host(number):
    cells = _cells(number)
    return ",".join(cells.get(column, "") for column in COLUMNS["hosts"].split(","))


def write_sheet(path, count):
    """Writes what a spreadsheet in a Vietnamese region saves: a byte-order mark, semicolons, CRLF, its own headings."""
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        file.write(";".join(SHEET) + "\r\n")
        for number in range(count):
            cells = _cells(number)
            cells["mac"] = cells["mac"].upper().replace(":", "-")
            file.write(";".join(cells[column] for column in SHEET.values()) + "\r\n")
    return os.path.getsize(path)


def options():
    """Command-line options that name the spreadsheet's columns."""
    return [word for heading, column in SHEET.items() for word in ("--column", f"{heading}={column}")]
