import Observations
import Wire

/// Which addresses of one interface or host are most likely there for a while only (RFC 8981). Pure.
///
/// Nothing in an address says so. Of a /64 in which one address is made of a MAC address or looks chosen, those that look drawn by
/// lot are. Where all look so, one may be the lasting address of RFC 7217: the one that was seen over more than seven days, as
/// long as a temporary one is valid by default (RFC 8981 §3.8), else the one that was seen first, as stacks make it first.
enum TemporaryAddresses {
  /// How long a temporary address is valid by default, in microseconds.
  private static let validLifetime: Int64 = 7 * 86_400_000_000

  /// Those among some addresses of one interface or host.
  static func among(
    _ addresses: some Sequence<(address: IPAddress, firstSeen: Timestamp, lastSeen: Timestamp)>
  ) -> Set<IPAddress> {
    var subnets: [UInt64: [(address: IPAddress, firstSeen: Timestamp, lastSeen: Timestamp)]] = [:]
    for seen in addresses where seen.address.family == .ipv6 && seen.address.scope != .linkLocal {
      subnets[seen.address.high, default: []].append(seen)
    }
    var temporary: Set<IPAddress> = []
    for members in subnets.values where members.count > 1 {
      let drawn = members.filter(\.address.looksDrawn)
      var lasting: IPAddress?
      if drawn.count == members.count {
        let old = drawn.filter { $0.lastSeen.microseconds - $0.firstSeen.microseconds > validLifetime }
        lasting =
          (old.isEmpty ? drawn : old)
          .min { ($0.firstSeen, $0.address) < ($1.firstSeen, $1.address) }?.address
      }
      for one in drawn where one.address != lasting { temporary.insert(one.address) }
    }
    return temporary
  }
}

extension IPAddress {
  /// Whether its interface identifier looks drawn by lot: neither made of a MAC address nor with a run of zeros, as people and
  /// servers choose them.
  var looksDrawn: Bool {
    let isOfMAC = low >> 24 & 0xffff == 0xfffe
    let zeros = (0..<8).count { low >> UInt64(8 * $0) & 0xff == 0 }
    return !isOfMAC && zeros < 3
  }
}
