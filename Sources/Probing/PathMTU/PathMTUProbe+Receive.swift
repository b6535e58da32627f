import Observations
import Wire

extension PathMTUProbe {
  /// Takes a packet from the capture, from the IP header on; whatever it holds, it is counted.
  public mutating func receive(ipPacket packet: RawSpan, now: UInt64) {
    do {
      try accept(packet)
    } catch .badChecksum {
      counters.badChecksum += 1
    } catch .unsupported {
      counters.unrelated += 1
    } catch {
      counters.malformed += 1
    }
  }

  private mutating func accept(_ packet: RawSpan) throws(PacketError) {
    let ip = try IPPacket(parsing: packet)
    guard ip.family == target.family, ip.upperLayer == .icmp(ip.family), ip.destination == source else {
      throw .unsupported
    }
    let bytes = packet.extracting(ip.payload)
    guard ip.fragmentOffset == 0 else {
      guard ip.source == target else { throw .unsupported }
      return acceptLaterFragment(packet, bytes, ip)
    }
    let message = try ICMPMessage(parsing: bytes, family: ip.family)
    guard message.kind == .echoReply || message.kind == .error else { throw .unsupported }
    guard ICMPMessage.checksumState(of: ip, in: packet) != .wrong else { throw .badChecksum }
    if message.kind == .error {
      let error = Rejection(type: message.type, code: message.code, source: ip.source)
      return acceptError(try QuotedPacket(inErrorMessage: bytes, family: ip.family), error)
    }
    let data = bytes.extracting(ICMPMessage.byteCount..<bytes.byteCount)
    let found = pattern.attempt(
      identifier: message.identifier, sequence: message.sequence, sent: attempts)
    guard ip.source == target, let attempt = found, pattern.matches(data, index: 0, attempt: attempt) else {
      counters.forged += 1
      return
    }
    if attempt >= firstSmall {
      acceptSmall()
    } else if ip.isFragment {
      acceptFragment(packet, ip, attempt)
    } else if isAwaited(attempt) {
      if ip.totalLength > settings.mtu { quote.keep(packet, ip) }
      settle(largest: ip.totalLength, isFragmented: false)
    }
  }

  /// A piece from the middle or the end of a packet: only its data says whose it is.
  private mutating func acceptLaterFragment(_ packet: RawSpan, _ bytes: RawSpan, _ ip: IPPacket) {
    let index = (ip.fragmentOffset - ICMPMessage.byteCount) / 8
    let attempt = attempts - 1
    if attempt >= 0, pattern.matches(bytes, index: index, attempt: attempt) {
      acceptFragment(packet, ip, attempt)
    } else {
      // Of an earlier try, or somebody's guess.
      counters.forged += 1
    }
  }

  private mutating func acceptFragment(_ packet: RawSpan, _ ip: IPPacket, _ attempt: Int) {
    // Pieces of different tries do not make a whole.
    guard isAwaited(attempt), attempt == attempts - 1 else { return }
    if ip.totalLength > settings.mtu { quote.keep(packet, ip) }
    pieces.add(
      offset: ip.fragmentOffset, count: ip.payloadLength, size: ip.totalLength, isFragment: true)
    if pieces.isComplete {
      settle(largest: pieces.largest, isFragmented: true)
    } else {
      counters.matched += 1
    }
  }

  /// Whether a genuine answer to a large try can still decide; counts it if not.
  private mutating func isAwaited(_ attempt: Int) -> Bool {
    switch state {
    case .asking, .askingAgain:
      if attempt >= firstAttempt { return true }
      counters.late += 1
    case .askingSmall: counters.late += 1
    case .telling, .settling, .finished: counters.repeated += 1
    }
    return false
  }

  /// The answer to a large try is there as a whole.
  private mutating func settle(largest: Int, isFragmented: Bool) {
    counters.matched += 1
    switch (state, largest > Int(settings.mtu)) {
    case (.asking, true):
      largestBefore = largest
      // An error about an earlier try is outdone.
      rejection = nil
      state = .telling(round: 1)
    case (.asking, false): state = .finished(.alreadySmall(largest: largest, isFragmented: isFragmented))
    case (.askingAgain(let round, _, _), true) where round < settings.tries:
      state = .telling(round: round + 1)
    case (.askingAgain, true): state = .finished(.ignored(largest: largest))
    case (.askingAgain, false):
      state = .finished(isFragmented ? .fragmented(largest: largest) : .shrank(largest: largest))
    default: break
    }
  }

  private mutating func acceptSmall() {
    guard case .askingSmall = state else {
      counters.repeated += 1
      return
    }
    counters.matched += 1
    let isBlind = counters.dropped > 0
    state = .finished(
      isBlind
        ? .unmeasured(dropped: counters.dropped)
        : rejection.map { .rejected($0) } ?? .blackHole(largest: largestBefore))
  }

  private mutating func acceptError(_ quoted: QuotedPacket, _ error: Rejection) {
    guard quoted.source == source, quoted.destination == target,
      case .echoRequest(let identifier, let sequence) = quoted.identity,
      pattern.attempt(identifier: identifier, sequence: sequence, sent: attempts) != nil
    else {
      counters.forged += 1
      return
    }
    guard outcome == nil, rejection == nil else {
      counters.repeated += 1
      return
    }
    counters.matched += 1
    rejection = error
    // The question itself is too big, or somebody has decided: no further try changes it.
    if case .asking = state, error.isFinal || error.isTooBig { state = .finished(.rejected(error)) }
  }
}

extension Rejection {
  /// Whether a link on the way does not take a packet so large.
  var isTooBig: Bool {
    switch (source.family, type, code) {
    case (.ipv6, 2, _), (.ipv4, 3, 4): true
    default: false
    }
  }
}
