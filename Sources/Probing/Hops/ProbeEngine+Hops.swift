import Observations
import Wire

extension ProbeEngine {
  /// The hop probe that an echo reply answers: the target is no farther than its limit.
  func findHop(_ reply: ICMPMessage, data: UInt64?, from target: IPAddress, to source: IPAddress) -> Match? {
    guard hasHops else { return nil }
    let cookie = HopCookie(key: writer.key, source: source, target: target, port: nil)
    guard let serial = cookie.serial(identifier: reply.identifier, sequence: reply.sequence),
      data == nil || data == cookie.echoData(serial)
    else { return nil }
    return hop(of: target, serial: serial) { .hop(limit: $0) }
  }

  /// The hop probe that a SYN-ACK or RST answers.
  func findHop(
    _ segment: TCPHeader, counted: UInt32, from target: IPAddress, to source: IPAddress
  ) -> Match? {
    guard hasHops else { return nil }
    let port = segment.sourcePort
    let cookie = HopCookie(key: writer.key, source: source, target: target, port: port)
    let sequence = segment.acknowledgment &- counted
    guard let serial = cookie.serial(port: segment.destinationPort, sequence: sequence) else { return nil }
    return hop(of: target, serial: serial) { .hopSYN(port: port, limit: $0) }
  }

  /// The hop probe that an ICMP error quotes.
  func findHop(_ quote: QuotedPacket) -> Match? {
    guard hasHops else { return nil }
    switch quote.identity {
    case .echoRequest(let identifier, let sequence):
      let cookie = HopCookie(key: writer.key, source: quote.source, target: quote.destination, port: nil)
      // Limit and try take bits of the sequence that no longer prove anything; the checksum makes up for them.
      guard quote.checksum == cookie.checksum else { return nil }
      return cookie.serial(identifier: identifier, sequence: sequence).flatMap { serial in
        hop(of: quote.destination, serial: serial) { .hop(limit: $0) }
      }
    case .tcp(let sourcePort, let port, let sequence):
      let cookie = HopCookie(key: writer.key, source: quote.source, target: quote.destination, port: port)
      return cookie.serial(port: sourcePort, sequence: sequence).flatMap { serial in
        hop(of: quote.destination, serial: serial) { .hopSYN(port: port, limit: $0) }
      }
    case .udp: return nil
    }
  }

  /// The hop probe of `target` with this serial, if the list holds it and the try has left.
  ///
  /// Nothing in its packets tells a probe from another one like it in the list, so replies are given to those that
  /// still wait for one.
  private func hop(of target: IPAddress, serial: UInt16, kind: (UInt8) -> ProbeKind) -> Match? {
    let attempt = Int(serial & 15)
    let wanted = Probe(target: target, kind: kind(UInt8(serial >> 4)))
    var candidate = table.first(wanted)
    var settled: Match?
    while candidate != HashChains.none {
      if writer.probes[Int(candidate)] == wanted {
        let place = order.place(of: Int(candidate))
        if attempt < Int(states[place].attempts) {
          let match = Match(place: place, attempt: attempt)
          if !states[place].isFinal { return match }
          settled = settled ?? match
        }
      }
      candidate = table.next(candidate)
    }
    return settled
  }

  /// Whether the probe at a place of the order has a hop limit of its own.
  func hasHopLimit(_ place: Int) -> Bool { hasHops && writer.probes[order[place]].kind.hopLimit != nil }
}

extension Rejection {
  /// Whether the packet's hop limit ran out (RFC 4443 §3.3, RFC 792); code 1 is about reassembly.
  var isExpiredHop: Bool {
    switch (source.family, type, code) {
    case (.ipv6, 3, 0), (.ipv4, 11, 0): true
    default: false
    }
  }
}
