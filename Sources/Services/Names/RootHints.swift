import Observations
import Wire

/// The IPv6 addresses of the Internet's root servers a to m (IANA, named.root).
enum RootHints {
  static let ipv6: [Endpoint] = [
    "2001:503:ba3e::2:30", "2801:1b8:10::b", "2001:500:2::c", "2001:500:2d::d", "2001:500:a8::e",
    "2001:500:2f::f", "2001:500:12::d0d", "2001:500:1::53", "2001:7fe::53", "2001:503:c27::2:30",
    "2001:7fd::1", "2001:500:9f::42", "2001:dc3::35",
  ].compactMap { IPAddress($0).map { Endpoint($0, 53) } }
}
