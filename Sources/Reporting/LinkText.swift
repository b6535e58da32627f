import Observations
import Wire

extension VantageLink {
  /// `link eth0 with 2001:db8:1::/64, watched for 12.3 s`.
  var text: String {
    let seconds = watched.microseconds / 100_000
    return "link \(interface) with \(prefixes.map(\.description).joined(separator: " ")), watched for "
      + "\(seconds / 10).\(seconds % 10) s" + (dropped > 0 ? ", \(dropped) packets dropped" : "")
      + (leftOut > 0 ? ", \(leftOut) not kept" : "")
  }
}

extension SeenAdvertisement {
  /// `router fe80::1 (02:00:00:00:00:01) on eth0 advertised 2001:db8:1::/64, RDNSS 2001:db8:1::53, 3 times`.
  var text: String {
    var told = message.prefixes.map(\.prefix.description)
    if !message.resolvers.isEmpty {
      told.append("RDNSS " + message.resolvers.map(\.description).joined(separator: " "))
    }
    if !message.searchList.isEmpty { told.append("DNSSL " + message.searchList.joined(separator: " ")) }
    if let mtu = message.mtu { told.append("MTU \(mtu)") }
    return "router \(router)" + (mac.map { " (\($0))" } ?? "") + (interface.isEmpty ? "" : " on \(interface)")
      + " advertised " + (told.isEmpty ? "itself" : told.joined(separator: ", "))
      + ", lifetime \(message.lifetime) s, \(count) time\(count == 1 ? "" : "s")"
  }
}

extension SeenTraffic {
  /// `IPv4 traffic of 192.0.2.1: 12 packets in, 9 out, from 2026-11-24T03:08:29Z to 2026-11-24T03:09:00Z`.
  var text: String {
    "\(address.family == .ipv4 ? "IPv4" : "IPv6") traffic of \(address): \(received) packets in, \(sent) out, "
      + "from \(first.text) to \(last.text)"
  }
}
