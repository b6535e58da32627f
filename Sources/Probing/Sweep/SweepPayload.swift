import Wire

/// The request a UDP probe carries, by the port's usual service, and how a reply to it is known.
///
/// Every request is one that asks for nothing: no recursion, no time to be kept, no secret to be tried.
enum SweepPayload: Sendable, Hashable {
  /// The name servers of the root without recursion (RFC 1035 §4.1.1); the id is of the cookie.
  case dns
  /// A client's request (RFC 5905 §7.3); the transmit timestamp is the cookie, which the server repeats as origin.
  case ntp
  /// An SNMPv3 discovery (RFC 3414 §4): it needs no community and no user; the msgID is of the cookie.
  case snmp
  /// OPTIONS (RFC 3261 §11); branch and Call-ID are of the cookie. `rport` (RFC 3581) brings the answer back.
  case sip
  /// A router solicitation (RFC 4861 §4.1) as a Teredo client sends it to its server (RFC 4380 §5.2.1).
  case teredo
  /// An empty datagram, for ports that nothing is known of.
  case empty

  init(port: UInt16) {
    self =
      switch port {
      case 53: .dns
      case 123: .ntp
      case 161: .snmp
      case 3544: .teredo
      case 5060: .sip
      default: .empty
      }
  }

  /// The bytes of the request, the cookie's fields zero. SIP's `from` is its URI and host: nobody's (RFC 6761 §6.4).
  var bytes: [UInt8] {
    switch self {
    case .empty: []
    case .dns: [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1]
    // Version 4, mode 3; nothing else is told about this host's clock (draft-ietf-ntp-data-minimization).
    case .ntp: [0x23] + Array(repeating: 0, count: 47)
    case .snmp: Self.discovery
    case .teredo: Self.solicitation
    case .sip: Array(Self.options.utf8)
    }
  }

  /// Where the cookie's fields lie: the range of all bytes that differ between targets.
  var patched: Range<Int> {
    switch self {
    case .empty, .teredo: 0..<0
    case .dns: 0..<2
    case .ntp: 40..<48
    case .snmp: Self.messageID..<Self.messageID + 4
    case .sip: Self.branch..<Self.callID + 16
    }
  }

  /// Writes the cookie into a payload that begins at `start`.
  @inline(__always) func patch(_ packet: inout MutableRawSpan, at start: Int, _ cookie: ProbeCookie) {
    switch self {
    case .empty, .teredo: break
    case .dns: packet.set(cookie.identifier, at: start)
    case .ntp: packet.set(cookie.bits, at: start + 40)
    case .snmp: packet.set(cookie.messageID, at: start + Self.messageID)
    case .sip:
      packet.set(hexadecimal: cookie.bits, at: start + Self.branch)
      packet.set(hexadecimal: cookie.bits, at: start + Self.callID)
    }
  }

  /// Whether a reply is to the request with this cookie. It may be cut off by the capture.
  func isAnswered(by payload: RawSpan, _ cookie: ProbeCookie) -> Bool {
    switch self {
    // Nothing in it can be ours: the port it comes back to has to do.
    case .empty: return true
    case .dns:
      return payload.byteCount >= 12 && payload.uint16(at: 0) == cookie.identifier
        && payload.uint8(at: 2) & 0x80 != 0
    case .ntp: return payload.byteCount >= 48 && payload.uint64(at: 24) == cookie.bits
    case .snmp: return Self.messageID(in: payload) == cookie.messageID
    case .teredo: return Self.isAdvertisement(payload)
    case .sip: return payload.holds(hexadecimal: cookie.bits)
    }
  }
}

extension SweepPayload {
  /// Via's branch and the Call-ID both begin at an even offset, and with `z9hG4bK` the branch is one of RFC 3261.
  private static let options = """
    OPTIONS sip:v6audit.invalid SIP/2.0\r
    Via: SIP/2.0/UDP v6audit.invalid;rport;branch=z9hG4bK0000000000000000\r
    Max-Forwards: 1\r
    From: <sip:v6audit.invalid>;tag=1\r
    To: <sip:v6audit.invalid>\r
    Call-ID: 0000000000000000\r
    CSeq: 1 OPTIONS\r
    Content-Length: 0\r
    \r

    """
  private static let branch = offset(of: "z9hG4bK") + 7
  private static let callID = offset(of: "Call-ID: ") + 9

  private static func offset(of text: String) -> Int {
    let (all, wanted) = (Array(options.utf8), Array(text.utf8))
    return all.indices.first { all[$0...].starts(with: wanted) } ?? 0
  }

  /// SEQUENCE { version 3, { msgID, maxSize 1472, reportable, USM }, USM parameters all empty, empty scoped PDU }.
  private static let discovery: [UInt8] = {
    let header: [UInt8] = [2, 4, 0, 0, 0, 0, 2, 2, 5, 0xc0, 4, 1, 4, 2, 1, 3]
    let security: [UInt8] = [0x30, 14, 4, 0, 2, 1, 0, 2, 1, 0, 4, 0, 4, 0, 4, 0]
    let request: [UInt8] = [0xa0, 11, 2, 1, 1, 2, 1, 0, 2, 1, 0, 0x30, 0]
    let scoped: [UInt8] = [0x30, UInt8(4 + request.count), 4, 0, 4, 0] + request
    let message: [UInt8] =
      [2, 1, 3, 0x30, UInt8(header.count)] + header + [4, UInt8(security.count)] + security + scoped
    return [0x30, UInt8(message.count)] + message
  }()
  /// Behind the outer sequence, the version and the heads of the header and of the number.
  private static let messageID = 9

  /// The msgID of an SNMPv3 message (RFC 3412 §6), whose lengths may be in the short or a long form.
  private static func messageID(in payload: RawSpan) -> UInt32? {
    var reader = BERReader()
    guard reader.enter(0x30, payload), reader.integer(payload) == 3, reader.enter(0x30, payload),
      let number = reader.integer(payload)
    else { return nil }
    return UInt32(exactly: number)
  }
}

extension SweepPayload {
  /// From a link-local address with the cone bit of RFC 4380 §5.2.1 clear to all routers: 40 bytes of IPv6 header and
  /// the eight of a router solicitation, its checksum over both.
  private static let solicitation: [UInt8] = {
    let source: [UInt8] = [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]
    let routers: [UInt8] = [0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]
    var message: [UInt8] = [133, 0, 0, 0, 0, 0, 0, 0]
    var checksum = InternetChecksum()
    for bytes in [source, routers, [0, 0, 0, 8, 0, 0, 0, 58], message] {
      for index in stride(from: 0, to: bytes.count, by: 2) {
        checksum.add(UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1]))
      }
    }
    (message[2], message[3]) = (UInt8(checksum.value >> 8), UInt8(checksum.value & 0xff))
    return [0x60, 0, 0, 0, 0, 8, 58, 255] + source + routers + message
  }()

  /// Whether a Teredo packet holds a router advertisement. Indications may stand before it (RFC 4380 §5.1.1): an
  /// origin of eight bytes, or authentication of thirteen and its two values.
  private static func isAdvertisement(_ payload: RawSpan) -> Bool {
    var start = 0
    for _ in 0..<2 where start + 4 <= payload.byteCount {
      switch payload.uint16(at: start) {
      case 0: start += 8
      case 1: start += 13 + Int(payload.uint8(at: start + 2)) + Int(payload.uint8(at: start + 3))
      default: break
      }
    }
    return start + 41 <= payload.byteCount && payload.uint8(at: start) >> 4 == 6
      && payload.uint8(at: start + 6) == 58 && payload.uint8(at: start + 40) == 134
  }
}

extension ProbeCookie {
  /// A msgID, which has 31 bits (RFC 3412 §6.2), the uppermost but one set so that it always takes four bytes.
  var messageID: UInt32 { UInt32(truncatingIfNeeded: bits >> 16) & 0x3fff_ffff | 0x4000_0000 }
}

/// As much of BER (X.690) as it takes to come to a number at the beginning of a message.
private struct BERReader {
  private var position = 0

  /// Steps over the head of an element of this tag, into its contents.
  mutating func enter(_ tag: UInt8, _ bytes: RawSpan) -> Bool {
    guard position < bytes.byteCount, bytes.uint8(at: position) == tag else { return false }
    position += 1
    return length(bytes) != nil
  }

  /// Reads an INTEGER of 1–4 bytes that is not negative.
  mutating func integer(_ bytes: RawSpan) -> Int? {
    guard enter(2, bytes), let length = lastLength, (1...4).contains(length) else { return nil }
    guard position + length <= bytes.byteCount else { return nil }
    let value = number(length, bytes)
    return value < 1 << (8 * length - 1) ? value : nil
  }

  private var lastLength: Int?

  private mutating func length(_ bytes: RawSpan) -> Int? {
    guard position < bytes.byteCount else { return nil }
    lastLength = Int(bytes.uint8(at: position))
    position += 1
    guard let first = lastLength, first > 0x7f else { return lastLength }
    let count = first & 0x7f
    guard (1...4).contains(count), position + count <= bytes.byteCount else { return nil }
    lastLength = number(count, bytes)
    return lastLength
  }

  private mutating func number(_ count: Int, _ bytes: RawSpan) -> Int {
    var number = 0
    for _ in 0..<count {
      number = number << 8 | Int(bytes.uint8(at: position))
      position += 1
    }
    return number
  }
}

extension MutableRawSpan {
  /// Writes a number as 16 hexadecimal digits in lower case.
  fileprivate mutating func set(hexadecimal value: UInt64, at offset: Int) {
    for digit in 0..<16 {
      let nibble = UInt8(truncatingIfNeeded: value >> UInt64(60 - 4 * digit)) & 15
      set(nibble < 10 ? nibble + 48 : nibble + 87, at: offset + digit)
    }
  }
}

extension RawSpan {
  /// Whether the 16 hexadecimal digits of a number stand anywhere; servers may write them in either case.
  fileprivate func holds(hexadecimal value: UInt64) -> Bool {
    guard byteCount >= 16 else { return false }
    return (0...byteCount - 16).contains { start in
      (0..<16).allSatisfy { digit in
        let nibble = UInt8(truncatingIfNeeded: value >> UInt64(60 - 4 * digit)) & 15
        return uint8(at: start + digit) | 0x20 == (nibble < 10 ? nibble + 48 : nibble + 87) | 0x20
      }
    }
  }
}
