import Observations
import Wire

extension ProbeEngine {
  /// Takes a packet from the capture, from the IP header on; it may be cut off by a snap length or padded by
  /// Ethernet. Whatever it holds, it is counted, and it changes an outcome only if its cookie is right.
  public mutating func receive(ipPacket packet: RawSpan, now: UInt64) {
    do {
      try accept(packet, now: now)
    } catch {
      counters.note(error)
    }
  }

  private mutating func accept(_ packet: RawSpan, now: UInt64) throws(PacketError) {
    let ip = try IPPacket(parsing: packet)
    guard ip.fragmentOffset == 0 else { throw .laterFragment }
    switch ip.upperLayer {
    case .tcp: try acceptTCP(packet, ip, now: now)
    case .icmp(ip.family): try acceptICMP(packet, ip, now: now)
    case .udp: try acceptDatagram(packet, ip, now: now)
    case .ipv4, .ipv6: try acceptCarried(packet, ip, now: now)
    default: throw .unsupported
    }
  }

  private mutating func acceptTCP(_ packet: RawSpan, _ ip: IPPacket, now: UInt64) throws(PacketError) {
    let segment = try TCPHeader(parsing: packet.extracting(ip.payload))
    let isOpen = segment.flags.isSuperset(of: [.syn, .ack])
    let isReset = segment.flags.contains(.rst)
    guard isOpen || isReset else { throw .unsupported }
    guard ip.checksumState(in: packet, fieldOffset: TCPHeader.checksumOffset) != .wrong else {
      throw .badChecksum
    }
    let wanted = Probe(target: ip.source, kind: .tcpSYN(port: segment.sourcePort))
    // A RST to a SYN acknowledges it (RFC 9293 §3.10.7.1); some devices forget that the SYN itself counts.
    let sequences = isReset ? 0...1 as ClosedRange<UInt32> : 1...1
    for counted in sequences {
      let match = find(wanted, source: ip.destination) { cookie, sent in
        cookie.attempt(
          port: segment.destinationPort, sequence: segment.acknowledgment &- counted, sent: sent)
      }
      if let match { return settle(match, isReset ? .closed : .answered, now: now) }
      if let match = findHop(segment, counted: counted, from: ip.source, to: ip.destination) {
        return settle(match, isReset ? .closed : .answered, now: now)
      }
    }
    counters.forged += 1
  }

  private mutating func acceptICMP(_ packet: RawSpan, _ ip: IPPacket, now: UInt64) throws(PacketError) {
    let bytes = packet.extracting(ip.payload)
    let message = try ICMPMessage(parsing: bytes, family: ip.family)
    guard message.kind == .echoReply || message.kind == .error else { throw .unsupported }
    guard ICMPMessage.checksumState(of: ip, in: packet) != .wrong else { throw .badChecksum }
    if message.kind == .error {
      return acceptError(
        try QuotedPacket(inErrorMessage: bytes, family: ip.family),
        Rejection(type: message.type, code: message.code, source: ip.source), now: now)
    }
    let data = bytes.byteCount >= 16 ? bytes.uint64(at: ICMPMessage.byteCount) : nil
    let match = find(Probe(target: ip.source, kind: .echo), source: ip.destination) { cookie, sent in
      let attempt = cookie.attempt(
        identifier: message.identifier, sequence: message.sequence, sent: sent)
      guard let attempt, data == nil || data == cookie.echoData(attempt: attempt) else { return nil }
      return attempt
    }
    guard
      let match = match ?? findHop(message, data: data, from: ip.source, to: ip.destination)
        ?? findTunnel(message, data: data, from: ip.source, to: ip.destination)
    else {
      counters.forged += 1
      return
    }
    settle(match, .answered, now: now)
  }

  private mutating func acceptError(_ quote: QuotedPacket, _ rejection: Rejection, now: UInt64) {
    let match: Match? =
      switch quote.identity {
      case .tcp(let sourcePort, let destinationPort, let sequence):
        find(Probe(target: quote.destination, kind: .tcpSYN(port: destinationPort)), source: quote.source) {
          $0.attempt(port: sourcePort, sequence: sequence, sent: $1)
        }
      case .echoRequest(let identifier, let sequence):
        find(Probe(target: quote.destination, kind: .echo), source: quote.source) {
          $0.attempt(identifier: identifier, sequence: sequence, sent: $1)
        }
      case .udp(let sourcePort, let destinationPort):
        find(Probe(target: quote.destination, kind: .datagram(port: destinationPort)), source: quote.source) {
          $0.attempt(port: sourcePort, sent: $1)
        }
      }
    guard let match = match ?? findHop(quote) else {
      counters.forged += 1
      return
    }
    reject(match, rejection, now: now)
  }
}

extension ProbeEngine {
  /// The place of a probe and the one of its tries that a reply belongs to.
  struct Match {
    var place: Int
    var attempt: Int
  }

  /// The probe like `wanted` whose cookie says, by `attempt`, that a reply to `source` is its own.
  func find(
    _ wanted: Probe, source: IPAddress, attempt: (_ cookie: ProbeCookie, _ sent: Int) -> Int?
  ) -> Match? {
    var candidate = table.first(wanted)
    while candidate != HashChains.none {
      if writer.probes[Int(candidate)] == wanted {
        let place = order.place(of: Int(candidate))
        let cookie = ProbeCookie(
          key: writer.key, source: source, probe: wanted, index: writer.number(candidate))
        if let attempt = attempt(cookie, Int(states[place].attempts)) {
          return Match(place: place, attempt: attempt)
        }
      }
      candidate = table.next(candidate)
    }
    return nil
  }

  /// Takes a definite reply.
  mutating func settle(_ match: Match, _ phase: ProbeState.Phase, now: UInt64) {
    let place = match.place
    guard mayStillCount(place, now: now) else { return }
    let sent = sentAt[match.attempt][place]
    states[place].value = UInt32(clamping: (max(now, sent) - sent) / 1000)
    deadlines[place] = now
    finish(place, phase)
    counters.matched += 1
  }

  /// Takes an ICMP error.
  private mutating func reject(_ match: Match, _ rejection: Rejection, now: UInt64) {
    let place = match.place
    let bit = 1 << UInt16(match.attempt) as UInt16
    guard states[place].rejectedAttempts & bit == 0 else {
      counters.repeated += 1
      return
    }
    let wasGivenUp = states[place].wasGivenUp
    guard mayStillCount(place, now: now) else { return }
    counters.matched += 1
    states[place].rejectedAttempts |= bit
    let isFinal = rejection.isFinal || rejection.isExpiredHop && hasHopLimit(place)
    if isFinal || states[place].rejection == nil {
      let sent = sentAt[match.attempt][place]
      rejections.append(rejection)
      rejectionTimes.append(UInt32(clamping: (max(now, sent) - sent) / 1000))
      states[place].value = UInt32(rejections.count)
    }
    states[place].isRefused = isFinal
    if isFinal { deadlines[place] = now }
    if isFinal || wasGivenUp { finish(place, .rejected) }
  }

  /// Whether a genuine reply captured at `now` may change the outcome of its probe; counts it if not.
  ///
  /// One that was captured in time counts even if it is read after the probe was given up, as happens to a driver
  /// that looks at the clock before it empties the capture. The probe is then open again.
  private mutating func mayStillCount(_ place: Int, now: UInt64) -> Bool {
    guard states[place].isFinal else { return true }
    guard states[place].wasGivenUp else {
      counters.repeated += 1
      return false
    }
    guard now <= deadlines[place] else {
      counters.late += 1
      return false
    }
    remaining += 1
    states[place].phase = .waiting
    return true
  }
}

extension Rejection {
  /// Whether a retry cannot change it: the target or a filter has decided, rather than a route or a neighbour
  /// being missing for the moment.
  var isFinal: Bool {
    switch (source.family, type, code) {
    case (.ipv6, 1, 1), (.ipv6, 1, 4...6), (.ipv6, 4, _): true
    case (.ipv4, 3, 2), (.ipv4, 3, 3), (.ipv4, 3, 9), (.ipv4, 3, 10), (.ipv4, 3, 13), (.ipv4, 12, _): true
    default: false
    }
  }
}
