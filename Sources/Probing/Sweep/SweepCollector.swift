import Observations
import Wire

/// The receiving half of a sweep: knows the plan and the key, and so whether a packet is a reply, to what, and whether
/// it is the first. It keeps one bit a target, and eight bytes for each that has nothing but a passing error so far.
public struct SweepCollector: Sendable {
  /// The places whose outcome stands.
  public private(set) var settled: PlaceSet
  /// What was seen.
  public private(set) var counters = SweepCounters()
  /// The highest try that may have left, from 0: a reply to a later one is made up.
  public var lastAttempt = 0

  let plan: SweepPlan
  private let key: SipHashKey
  private let payload: SweepPayload
  private var passing: PassingErrors

  /// A collector of replies to `plan` under `key`.
  ///
  /// - Parameter position: where it stood, when a sweep is resumed.
  public init(_ plan: SweepPlan, key: SipHashKey, from position: SweepPosition? = nil) {
    self.plan = plan
    self.key = key
    settled = position?.settled ?? PlaceSet(capacity: plan.count)
    passing = position?.passing ?? PassingErrors()
    payload = if case .udp(let port) = plan.probe { SweepPayload(port: port) } else { .empty }
  }

  /// Takes a packet from the capture, from the IP header on; it may be cut off or padded.
  ///
  /// - Returns: the finding, if it settles a target.
  public mutating func receive(_ packet: RawSpan) -> SweepFinding? {
    do {
      return try accept(packet)
    } catch .badChecksum {
      counters.badChecksum += 1
    } catch .unsupported, .laterFragment {
      counters.unrelated += 1
    } catch {
      counters.malformed += 1
    }
    return nil
  }

  /// Notes packets that the kernel dropped before the capture saw them.
  public mutating func noteDropped(_ count: UInt64) { counters.dropped += count }

  /// Notes that a target could not be sent to; `nil` if it has its outcome.
  public mutating func notSent(_ place: Int, _ reason: NotSentReason) -> SweepFinding? {
    guard settled.insert(place) else { return nil }
    return SweepFinding(place: place, target: plan.target(at: place), outcome: .notSent(reason))
  }

  /// Puts what is known so far into a position.
  public func complete(_ position: inout SweepPosition) {
    position.settled = settled
    position.passing = passing
  }

  /// What is to be said of the targets without an answer, when the sweep is over: their first passing error, or
  /// nothing, or that nothing is known.
  ///
  /// - Parameters:
  ///   - isSilent: whether silence at a place can be believed.
  ///   - body: gets each, in the order of places.
  public func forEachUnsettled(
    isSilent: (_ place: Int) -> Bool, _ body: (SweepFinding) -> Void
  ) {
    var place = settled.firstAbsent(from: 0)
    while place < plan.count {
      let target = plan.target(at: place)
      if let rejection = passing.rejection(of: place) {
        body(SweepFinding(place: place, target: target, outcome: .rejected(rejection)))
      } else {
        body(SweepFinding(place: place, target: target, outcome: isSilent(place) ? .silent : .unknown))
      }
      place = settled.firstAbsent(from: place + 1)
    }
  }
}

extension SweepCollector {
  private mutating func accept(_ packet: RawSpan) throws(PacketError) -> SweepFinding? {
    let ip = try IPPacket(parsing: packet)
    guard ip.fragmentOffset == 0 else { throw .laterFragment }
    switch (ip.upperLayer, plan.probe) {
    case (.icmp(ip.family), _): return try acceptICMP(packet, ip)
    case (.tcp, .tcp(let port)): return try acceptTCP(packet, ip, port: port)
    case (.udp, .udp(let port)): return try acceptUDP(packet, ip, port: port)
    default: throw .unsupported
    }
  }

  private func cookie(_ target: IPAddress, source: IPAddress) -> ProbeCookie {
    ProbeCookie(key: key, source: source, target: target, sweep: plan.probe)
  }

  private mutating func acceptICMP(_ packet: RawSpan, _ ip: IPPacket) throws(PacketError) -> SweepFinding? {
    let bytes = packet.extracting(ip.payload)
    let message = try ICMPMessage(parsing: bytes, family: ip.family)
    guard message.kind == .error || message.kind == .echoReply && plan.probe == .echo else {
      throw .unsupported
    }
    guard ICMPMessage.checksumState(of: ip, in: packet) != .wrong else { throw .badChecksum }
    if message.kind == .error {
      let quote = try QuotedPacket(inErrorMessage: bytes, family: ip.family)
      return acceptError(
        quote, Rejection(type: message.type, code: message.code, source: ip.source), hopLimit: ip.hopLimit)
    }
    guard let place = plan.place(of: ip.source) else { return stray() }
    let cookie = cookie(ip.source, source: ip.destination)
    let attempt = cookie.attempt(
      identifier: message.identifier, sequence: message.sequence, sent: lastAttempt + 1)
    guard let attempt, bytes.byteCount >= 16,
      bytes.uint64(at: ICMPMessage.byteCount) == cookie.echoData(attempt: attempt)
    else { return forged() }
    return settle(place, ip.source, .answered, ip.hopLimit, attempt)
  }

  private mutating func acceptTCP(
    _ packet: RawSpan, _ ip: IPPacket, port: UInt16
  ) throws(PacketError) -> SweepFinding? {
    let segment = try TCPHeader(parsing: packet.extracting(ip.payload))
    let isReset = segment.flags.contains(.rst)
    guard segment.sourcePort == port, isReset || segment.flags.isSuperset(of: [.syn, .ack]) else {
      throw .unsupported
    }
    guard ip.checksumState(in: packet, fieldOffset: TCPHeader.checksumOffset) != .wrong else {
      throw .badChecksum
    }
    guard let place = plan.place(of: ip.source) else { return stray() }
    let cookie = cookie(ip.source, source: ip.destination)
    // A RST to a SYN acknowledges it (RFC 9293 §3.10.7.1); some devices forget that the SYN itself counts.
    for counted in isReset ? 0...1 : 1...1 as ClosedRange<UInt32> {
      let attempt = cookie.attempt(
        port: segment.destinationPort, sequence: segment.acknowledgment &- counted, sent: lastAttempt + 1)
      if let attempt {
        return settle(place, ip.source, isReset ? .closed : .answered, ip.hopLimit, attempt)
      }
    }
    return forged()
  }

  private mutating func acceptUDP(
    _ packet: RawSpan, _ ip: IPPacket, port: UInt16
  ) throws(PacketError) -> SweepFinding? {
    let bytes = packet.extracting(ip.payload)
    let header = try UDPHeader(parsing: bytes)
    guard header.sourcePort == port else { throw .unsupported }
    // No stack takes a datagram that claims more than its packet holds, and its checksum could not be looked at.
    guard header.length <= ip.payloadLength || ip.isFragment else { throw .badLength }
    guard UDPHeader.checksumState(of: ip, in: packet) != .wrong else { throw .badChecksum }
    guard let place = plan.place(of: ip.source) else { return stray() }
    let cookie = cookie(ip.source, source: ip.destination)
    let data = bytes.extracting(UDPHeader.byteCount..<bytes.byteCount)
    guard let attempt = cookie.attempt(port: header.destinationPort, sent: lastAttempt + 1),
      payload.isAnswered(by: data, cookie)
    else { return forged() }
    return settle(place, ip.source, .answered, ip.hopLimit, attempt)
  }

  private mutating func acceptError(
    _ quote: QuotedPacket, _ rejection: Rejection, hopLimit: UInt8
  ) -> SweepFinding? {
    guard let place = plan.place(of: quote.destination) else { return stray() }
    let cookie = cookie(quote.destination, source: quote.source)
    let sent = lastAttempt + 1
    let attempt: Int? =
      switch (quote.identity, plan.probe) {
      case (.echoRequest(let identifier, let sequence), .echo):
        cookie.attempt(identifier: identifier, sequence: sequence, sent: sent)
      case (.tcp(let from, let to, let sequence), .tcp(let port)):
        to == port ? cookie.attempt(port: from, sequence: sequence, sent: sent) : nil
      case (.udp(let from, let to), .udp(let port)):
        to == port ? cookie.attempt(port: from, sent: sent) : nil
      default: nil
      }
    guard let attempt else { return forged() }
    if rejection.isPortUnreachable && rejection.source == quote.destination {
      return settle(place, quote.destination, .closed, hopLimit, attempt)
    }
    if rejection.isFinal || passing.isFull {
      return settle(place, quote.destination, .rejected(rejection), hopLimit, attempt)
    }
    if settled.contains(place) || !passing.note(place, rejection) {
      counters.repeated += 1
    } else {
      counters.rejected += 1
    }
    return nil
  }

  private mutating func settle(
    _ place: Int, _ target: IPAddress, _ outcome: SweepFinding.Outcome, _ hopLimit: UInt8, _ attempt: Int
  ) -> SweepFinding? {
    guard settled.insert(place) else {
      counters.repeated += 1
      return nil
    }
    switch outcome {
    case .answered: counters.answered += 1
    case .closed: counters.closed += 1
    default: counters.rejected += 1
    }
    return SweepFinding(
      place: place, target: target, outcome: outcome, hopLimit: hopLimit,
      attempt: UInt8(truncatingIfNeeded: attempt + 1))
  }

  private mutating func stray() -> SweepFinding? {
    counters.stray += 1
    return nil
  }

  private mutating func forged() -> SweepFinding? {
    counters.forged += 1
    return nil
  }
}

extension Rejection {
  /// Whether it is a port unreachable (RFC 4443 §3.1 code 4, RFC 792 type 3 code 3).
  fileprivate var isPortUnreachable: Bool {
    source.family == .ipv6 ? (type, code) == (1, 4) : (type, code) == (3, 3)
  }
}
