import Inventory
import Observations
import PacketIO
import Wire

/// What a capture that nobody asked for shows: routers that advertise, and the traffic of hosts. Its memory grows with
/// the inventory and not with the capture.
struct PassiveReading: Sendable {
  private var owners: [IPAddress: [String]] = [:]
  private var traffic: [IPAddress: SeenTraffic] = [:]
  private var sightings = RouterSightings()
  private let ignored: Set<IPAddress>

  init(_ inventory: Inventory, ignored: Set<IPAddress>) {
    self.ignored = ignored
    for host in inventory.hosts {
      for address in host.addresses { owners[address, default: []].append(host.id) }
    }
  }

  /// Takes an IP packet of a captured one.
  mutating func take(_ ip: RawSpan, _ packet: CapturedPacket, countsTraffic: Bool) {
    guard let header = try? IPPacket(parsing: ip) else { return }
    if header.upperLayer == .icmpv6, header.fragmentOffset == 0, !header.payload.isEmpty {
      let type = ip.uint8(at: header.payload.lowerBound)
      if type == 134 { sightings.note(ip, mac: packet.sender, interface: packet.interface) }
      // Neighbour discovery (RFC 4861 §4) keeps a link going, as ARP does, which is no IP at all: it is nobody's traffic.
      if 133...137 ~= type { return }
    }
    guard countsTraffic, !ignored.contains(header.source), !ignored.contains(header.destination) else {
      return
    }
    let time = Timestamp(microseconds: Int64(clamping: packet.time / 1000))
    note(header.destination, time, \.received)
    note(header.source, time, \.sent)
  }

  private mutating func note(
    _ address: IPAddress, _ time: Timestamp, _ counter: WritableKeyPath<SeenTraffic, UInt64>
  ) {
    guard owners[address] != nil else { return }
    var seen =
      traffic[address] ?? SeenTraffic(address: address, received: 0, sent: 0, first: time, last: time)
    seen[keyPath: counter] += 1
    seen.first = min(seen.first, time)
    seen.last = max(seen.last, time)
    traffic[address] = seen
  }

  /// The facts, those of no host first.
  func facts(until last: Timestamp?) -> [(host: String, at: Timestamp, fact: Fact)] {
    let routers = sightings.list.map {
      ("", last ?? Timestamp(microseconds: 0), Fact.advertisement($0))
    }
    let flows = traffic.values.flatMap { seen in
      (owners[seen.address] ?? []).map { ($0, seen.last, Fact.traffic(seen)) }
    }
    return routers + flows.sorted { ($0.0, $0.2.address) < ($1.0, $1.2.address) }
  }
}

extension Fact {
  fileprivate var address: IPAddress {
    if case .traffic(let seen) = self { seen.address } else { IPAddress(ipv4: 0) }
  }
}
