"""What the planted faults of web servers change: the pages and the rules of nginx, and who answers in its place."""

from .pages import host_page

TROUBLE = ("http-stalled", "http-endless-head", "http-slow-head", "http-slow-body", "http-endless-body", "http-bomb",
           "http-garbage", "tls-endless")
"""Faults over IPv6 that put a server of our own in nginx's place."""

VOLATILE = """<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>Cổng thông tin mẫu</title>
<meta name="csrf-token" content="@@ID@@"><!-- @@TIME@@ -->
<link rel="stylesheet" href="/assets/style.css?v=@@MSEC@@">
<script nonce="@@ID@@">var sessionToken = "@@ID@@"; var started = @@MSEC@@;</script></head>
<body><h1>Cổng thông tin mẫu</h1><p>Bây giờ là @@TIME@@.</p>
<form action="/tin/;jsessionid=@@ID@@"><input type="hidden" name="_csrf" value="@@ID@@"><input name="tu-khoa"></form>
<p>Lượt truy cập: @@MSEC@@</p><p>Nội dung minh hoạ của mạng thử nghiệm, không phải thông tin thật.</p></body></html>
"""

SUBSTITUTES = (("@@ID@@", "$request_id"), ("@@TIME@@", "$time_iso8601"), ("@@MSEC@@", "$msec"))


def trouble(plan, binding):
    """The server that answers in nginx's place, as `smallservers` knows it; None for nginx itself."""
    if binding.kind not in ("http", "https") or binding.address.version != 6:
        return None
    for kind in TROUBLE:
        if any(plan.faults.has(host.id, f"{kind}-ipv6") for host in binding.hosts):
            return "stalled" if kind == "http-stalled" else kind
    return None


def page(plan, host, version):
    """(name, text) of the page of a host over one IP version."""
    faults, text = plan.faults, host_page(plan.inventory, host, "page")
    if version == 6 and faults.has(host.id, "different-content-ipv6"):
        return "changed", host_page(plan.inventory, host, "changed")
    if faults.has(host.id, "page-short"):
        return "short", host_page(plan.inventory, host, "short")
    if version == 6 and faults.has(host.id, "same-length-content-ipv6"):
        # Letters move by one in the alphabet, markup stays: other words of the same length.
        head, mark, body = text.partition("<main>")
        return "other-words", head + mark + "".join(_shifted(body))
    longer = faults.has(host.id, "volatile-page-longer-ipv6")
    if longer or faults.has(host.id, "volatile-page"):
        if longer and version == 6:
            return "volatile-longer", VOLATILE.replace("@@ID@@", "@@ID@@@@ID@@")
        return "volatile", VOLATILE
    for other in faults.arguments(host.id, "resources-from"):
        name = plan.inventory.host(other).names[0]
        parts = "".join(f'<img src="https://{name}/assets/logo.svg?n={n}" alt="">\n' for n in range(10))
        return "parts", text.replace("<main>", "<main>" + parts)
    for other in faults.arguments(host.id, "links-to"):
        name = plan.inventory.host(other).names[0]
        links = "".join(f'<a href="https://{name}/tin/{n}.html">Tin {n}</a>\n' for n in range(60))
        return "links", text.replace("<main>", "<main>" + links)
    return "page", text


def _shifted(text):
    tag = False
    for character in text:
        tag = character == "<" or (tag and character != ">")
        plain = not tag and character.isascii() and character.isalpha()
        yield (chr(ord(character) + 1) if character not in "zZ" else character.replace("z", "a").replace("Z", "A")) \
            if plain else character


def listen_options(plan, host):
    """What stands beside `ssl` in the listen directive."""
    return " http2" if plan.faults.has(host.id, "http2") or plan.faults.has(host.id, "http2-only") else ""


def rules(plan, host, version):
    """Lines of nginx for the server block of a host over one IP version."""
    faults, lines = plan.faults, []
    if faults.has(host.id, "http2-only"):
        lines.append('  if ($server_protocol != "HTTP/2.0") { return 444; }')
    if faults.has(host.id, "redirect-to-https"):
        lines.append("  if ($scheme = http) { return 301 https://$host$request_uri; }")
    for other in faults.arguments(host.id, "redirect-to"):
        lines.append(f"  return 302 https://{plan.inventory.host(other).names[0]}/;")
    if version == 6 and faults.has(host.id, "redirect-loop-ipv6"):
        lines.append("  return 302 /;")
    lines += [f"  return {status};" for status in faults.arguments(host.id, f"status-ipv{version}")]
    if page(plan, host, version)[0].startswith("volatile"):
        lines += [f"  sub_filter '{what}' '{by}';" for what, by in SUBSTITUTES] + ["  sub_filter_once off;"]
        lines.append('  add_header Set-Cookie "JSESSIONID=$request_id";')
    return lines
