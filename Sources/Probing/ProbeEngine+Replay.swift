import Wire

/// What was sent and received once is told again, and the same state machine says what came of it. Nothing is sent;
/// `next` is not to be called.
extension ProbeEngine {
  /// An engine for some of the probes of a run.
  ///
  /// - Parameters:
  ///   - numbers: the index that each probe had in its run, for the cookies hold it.
  ///   - key: the run's.
  public init(replaying probes: [Probe], numbers: [UInt32], settings: ProbeSettings, key: SipHashKey) {
    precondition(probes.count == numbers.count, "a number for each probe")
    self.init(probes: probes, settings: settings, key: key, numbers: numbers)
  }

  /// Takes a packet that the run sent, from the IP header on. Which probe and which try it is, its cookie says.
  ///
  /// - Parameter now: when it left; the times of all calls are of one clock, and this one never goes back.
  /// - Returns: the probe's index and the try, or `nil` if it is no probe of the run.
  @discardableResult
  public mutating func replay(sent packet: RawSpan, now: UInt64) -> (probe: Int, attempt: Int)? {
    expire(now: now)
    guard let match = try? sender(of: packet) else { return nil }
    let place = match.place
    let state = states[place]
    guard match.attempt == Int(state.attempts), !state.isFinal || state.wasGivenUp else {
      return (order[place], match.attempt)
    }
    if state.wasGivenUp {
      // Of a round that was not told of.
      remaining += 1
      states[place].extraRounds += 1
      states[place].attemptsBefore = state.attempts
    }
    send(place, now: now)
    return (order[place], match.attempt)
  }

  /// Takes a packet that the run received.
  public mutating func replay(received packet: RawSpan, now: UInt64) {
    expire(now: now)
    receive(ipPacket: packet, now: now)
  }

  /// Takes the time at which the run began a further round; the drops before must have been told.
  public mutating func replay(roundAt now: UInt64) {
    expire(now: now)
    reopenDisturbed(now: now)
  }

  /// Ends the waiting for answers.
  public mutating func endReplay() { expire(now: .max >> 1) }

  /// The most tries a probe can have in all its rounds.
  private var mostTries: Int { settings.tries * (1 + settings.extraRounds) }

  private func sender(of packet: RawSpan) throws(PacketError) -> Match? {
    let ip = try IPPacket(parsing: packet)
    let payload = packet.extracting(ip.payload)
    switch ip.upperLayer {
    case .tcp:
      let segment = try TCPHeader(parsing: payload)
      let probe = Probe(target: ip.destination, kind: .tcpSYN(port: segment.destinationPort))
      return find(probe, source: ip.source) { cookie, _ in
        cookie.attempt(port: segment.sourcePort, sequence: segment.sequence, sent: mostTries)
      }
    case .icmp(ip.family):
      let message = try ICMPMessage(parsing: payload, family: ip.family)
      guard message.kind == .echoRequest else { return nil }
      return find(Probe(target: ip.destination, kind: .echo), source: ip.source) { cookie, _ in
        cookie.attempt(identifier: message.identifier, sequence: message.sequence, sent: mostTries)
      }
    default: return nil
    }
  }
}
