"""Kamailio for sip: one server on the lab's own address; the filter leads every declared address to it."""

import glob

from .servers import Server

SIP_PORT = 5060
"""Where Kamailio listens, whatever port a host declares."""

CONFIG = """#!KAMAILIO
debug=0
log_stderror=yes
fork=yes
children=1
tcp_children=1
auto_aliases=no
dns=no
rev_dns=no
disable_core_dump=yes
server_header="Server: kamailio (v6audit lab)"
listen=udp:{v4}:{port}
listen=tcp:{v4}:{port}
listen=udp:[{v6}]:{port}
listen=tcp:[{v6}]:{port}
mpath="{modules}"
loadmodule "sl.so"
loadmodule "pv.so"
request_route {{
  # A user agent answers OPTIONS with 200 (RFC 3261 section 11.2); nobody is registered here.
  if (method == "OPTIONS") {{
    sl_send_reply("200", "OK");
    exit;
  }}
  if (method != "ACK") sl_send_reply("404", "Not Found");
}}
"""


def sip_servers(plan, room):
    """Writes the configuration; returns the server to start, none where no host declares sip."""
    if not plan.bindings_of("sip"):
        return []
    modules = sorted(glob.glob("/usr/lib/*/kamailio/modules")) or ["/usr/lib/kamailio/modules"]
    text = CONFIG.format(v4=plan.addresses.sip.v4, v6=plan.addresses.sip.v6, port=SIP_PORT, modules=modules[0])
    config = room.write("kamailio", "kamailio.cfg", text)
    folder = room.folder("kamailio")
    # -DD: in the foreground with all its processes; small pools (MB), for it keeps no dialogs.
    return [Server("kamailio", ["kamailio", "-DD", "-E", "-f", config, "-m", "8", "-M", "4", "-Y", folder,
                                "-w", folder, "-P", room.file("kamailio", "kamailio.pid")], room)]
