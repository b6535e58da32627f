"""nginx for http and https: a server block for each host and family, chosen by address and then by name."""

from collections import defaultdict

from .pages import LOGO, STYLE
from .servers import Server
from .webfaults import listen_options, page, rules

BASE = """user root root;
daemon off;
master_process off;
pid {pid};
error_log {log} warn;
worker_rlimit_nofile {files};
events {{ worker_connections {connections}; }}
http {{
  include /etc/nginx/mime.types;
  default_type text/html;
  charset utf-8;
  charset_types text/css image/svg+xml;
  log_format lab '$time_iso8601 $server_addr:$server_port $scheme $host "$request" $status $body_bytes_sent';
  access_log {access} lab;
  client_body_temp_path {temporary}/body;
  proxy_temp_path {temporary}/proxy;
  fastcgi_temp_path {temporary}/fastcgi;
  uwsgi_temp_path {temporary}/uwsgi;
  scgi_temp_path {temporary}/scgi;
  server_names_hash_max_size 16384;
  server_names_hash_bucket_size 512;
  keepalive_timeout 15s;
  etag off;
  ssl_protocols TLSv1.2 TLSv1.3;
  ssl_session_cache off;
  ssl_session_tickets off;
"""

CONTROL_PORT = 443
"""The positive control's port; it speaks TLS with a certificate for its address."""


def web_servers(plan, room, certificates):
    """Writes pages and configuration; returns the server to start."""
    bindings = [b for b in plan.bindings_of("http", "https") if not plan.is_stalled(b)]
    blocks = [_control(plan, room, certificates)]
    for host, version, listens in _groups(bindings):
        blocks.append(_block(plan, room, certificates, host, version, listens))
    room.write("web/shared/assets", "style.css", STYLE)
    room.write("web/shared/assets", "logo.svg", LOGO)
    connections = 4096 + len(bindings)
    text = BASE.format(pid=room.file("nginx", "nginx.pid"), log=room.log("nginx"), access=room.log("nginx-access"),
                       temporary=room.folder("nginx/temporary"), connections=connections, files=connections + 512)
    config = room.write("nginx", "nginx.conf", text + "".join(blocks) + "}\n")
    return [Server("nginx", ["nginx", "-p", room.folder("nginx"), "-e", room.log("nginx"), "-c", config], room)]


def _groups(bindings):
    """(host, IP version, listens) for every server block."""
    groups = defaultdict(list)
    for binding in bindings:
        version = binding.address.version
        for host in binding.hosts:
            groups[host.id, version].append((host, binding))
    for (_, version), members in groups.items():
        yield members[0][0], version, [binding for _, binding in members]


def _block(plan, room, certificates, host, version, bindings):
    variant, text = page(plan, host, version)
    folder = f"web/{host.id}/{variant}"
    room.write(folder, "index.html", text)
    secure = " ssl" + listen_options(plan, host)
    lines = [f"  listen {_endpoint(b.address, b.port)}{secure if b.kind == 'https' else ''};" for b in bindings]
    lines += rules(plan, host, version)
    if any(b.kind == "https" for b in bindings):
        certificate, key = certificates.of(host, version)
        lines += [f"  ssl_certificate {certificate};", f"  ssl_certificate_key {key};"]
    return _server(lines, host.names, room.folder(folder), room)


def _control(plan, room, certificates):
    certificate, key = certificates.authority.issue("lab-control", [], list(plan.addresses.control))
    room.write("web/lab-control", "index.html", "<!DOCTYPE html><title>control</title>\n<p>The control answers.</p>\n")
    lines = [f"  listen {_endpoint(address, CONTROL_PORT)} ssl;" for address in plan.addresses.control]
    lines += [f"  ssl_certificate {certificate};", f"  ssl_certificate_key {key};"]
    return _server(lines, [], room.folder("web/lab-control"), room)


def _server(lines, names, root, room):
    return "\n".join([
        "server {", *lines, f"  server_name {' '.join(names) or '_'};", f"  root {root};",
        # Inner pages of the illustrative site lead back to its only page.
        "  location / { try_files $uri /index.html; }",
        f"  location /assets/ {{ root {room.folder('web/shared')}; }}", "}", ""])


def _endpoint(address, port):
    return f"[{address}]:{port}" if address.version == 6 else f"{address}:{port}"
