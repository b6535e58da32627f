import Observations
import Wire

extension PathMTUWatch {
  /// Takes a packet from the capture, from the IP header on; whatever it holds, it is counted.
  public mutating func receive(ipPacket packet: RawSpan, now: UInt64) {
    do {
      try accept(packet, now: now)
    } catch {
      counters.note(error)
    }
  }

  private mutating func accept(_ packet: RawSpan, now: UInt64) throws(PacketError) {
    let ip = try IPPacket(parsing: packet)
    guard ip.source == remote.address, ip.destination == local.address, ip.upperLayer == .tcp else {
      throw .unsupported
    }
    // Only the first fragment says whose it is, and none is larger.
    guard ip.fragmentOffset == 0 else { throw .laterFragment }
    let header = try TCPHeader(parsing: packet.extracting(ip.payload))
    guard header.sourcePort == remote.port, header.destinationPort == local.port else { throw .unsupported }
    guard ip.checksumState(in: packet, fieldOffset: TCPHeader.checksumOffset) != .wrong else {
      throw .badChecksum
    }
    let count = ip.payloadLength - header.headerLength
    guard count >= 0 else { throw .badLength }
    let end = header.sequence &+ UInt32(truncatingIfNeeded: count)
    guard isNear(header.sequence), !header.flags.contains(.syn) else {
      counters.forged += 1
      return
    }
    counters.matched += 1
    if header.flags.contains(.fin) || header.flags.contains(.rst) { hasEnded = true }
    // One byte is a probe of a closed window (RFC 9293 §3.8.6.1), not a flight.
    guard count > 1 else { return }
    let isNew = edge.map { Int32(bitPattern: end &- $0) > 0 } ?? true
    if isNew { edge = end }
    take(
      Flight.Segment(
        size: ip.totalLength, sequence: header.sequence, end: end, isPushed: header.flags.contains(.psh),
        isFragment: ip.isFragment), packet, ip, now: now)
  }

  private mutating func take(_ segment: Flight.Segment, _ packet: RawSpan, _ ip: IPPacket, now: UInt64) {
    let isLarge = segment.size > Int(settings.mtu) && segment.size <= settings.linkMTU
    switch state {
    case .watching(var flight):
      flight.add(segment, now: now, settings: settings)
      state = .watching(flight)
    case .watchingAgain(let round, var flight, let isNudge):
      let isFirstLarge = isLarge && flight.largest <= Int(settings.mtu)
      flight.add(segment, now: now, settings: settings)
      state = .watchingAgain(round: round, flight, isNudge: isNudge || isFirstLarge)
    case .asking, .telling, .settling, .resuming, .finished: break
    }
    if isLarge, outcome == nil { quote.keep(packet, ip) }
    // Whichever is quoted stands for the next one that the sender sends.
    if let edge { quote.renumber(edge) }
  }

  /// Whether a sequence number can belong to the connection: no window is larger than 16 MiB here.
  private func isNear(_ sequence: UInt32) -> Bool {
    guard let edge else { return true }
    return Int32(bitPattern: sequence &- edge).magnitude <= 1 << 24
  }
}
