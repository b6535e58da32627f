import Wire

/// The other end of the wire: takes a packet the engine wrote and makes what hosts and routers send back.
///
/// Written byte by byte from the RFCs, without the parsers and checksums under test, so that a mistake there does not
/// cancel itself out here.
struct SentPacket {
  let bytes: [UInt8]

  var isIPv4: Bool { bytes[0] >> 4 == 4 }
  var source: [UInt8] { isIPv4 ? Array(bytes[12..<16]) : Array(bytes[8..<24]) }
  var target: [UInt8] { isIPv4 ? Array(bytes[16..<20]) : Array(bytes[24..<40]) }
  var payload: [UInt8] { Array(bytes[(isIPv4 ? 20 : 40)...]) }
  var isTCP: Bool { bytes[isIPv4 ? 9 : 6] == 6 }

  /// What an open port or a living host answers.
  func answer() -> [UInt8] { isTCP ? tcp(flags: 0x12) : echoReply() }

  /// The echo reply: type changed, all else returned unmodified (RFC 792, RFC 4443 §4.2).
  func echoReply(changing change: (inout [UInt8]) -> Void = { _ in }) -> [UInt8] {
    var message = payload
    message[0] = isIPv4 ? 0 : 129
    change(&message)
    return packet(from: target, next: isIPv4 ? 1 : 58, payload: message, checksumAt: 2)
  }

  /// A segment back from the port the SYN went to, acknowledging `counted` more than its sequence number.
  func tcp(flags: UInt8, counted: UInt32 = 1, offloaded: Bool = false, from address: [UInt8]? = nil)
    -> [UInt8]
  {
    let sequence = payload[4..<8].reduce(0) { $0 << 8 | UInt32($1) } &+ counted
    var segment = Array(payload[2..<4]) + Array(payload[0..<2])
    segment += flags & 4 != 0 ? [0, 0, 0, 0] : [0x7a, 0x69, 0x13, 0x37]
    segment += (0..<4).map { UInt8(truncatingIfNeeded: sequence >> UInt32(24 - 8 * $0)) }
    segment += [0x50, flags, 0x72, 0x10, 0, 0, 0, 0]
    return packet(from: address ?? target, next: 6, payload: segment, checksumAt: 16, offloaded: offloaded)
  }

  /// An error from `router`, quoting `quoted` bytes of this packet behind its IP header.
  func error(type: UInt8, code: UInt8, from router: [UInt8], quoted: Int = .max) -> [UInt8] {
    let quote = bytes.prefix(quoted == .max ? .max : (isIPv4 ? 20 : 40) + quoted)
    let message = [type, code, 0, 0, 0, 0, 0, 0] + quote
    return packet(from: router, next: isIPv4 ? 1 : 58, payload: message, checksumAt: 2)
  }

  /// An IP packet to whoever sent this one.
  func packet(
    from sender: [UInt8], next: UInt8, payload: [UInt8], checksumAt field: Int, offloaded: Bool = false
  ) -> [UInt8] {
    var payload = payload
    payload[field] = 0
    payload[field + 1] = 0
    let length = payload.count
    let pseudoHeader: [UInt8] =
      isIPv4
      ? sender + source + [0, next, UInt8(length >> 8), UInt8(length & 255)]
      : sender + source + [0, 0, UInt8(length >> 8), UInt8(length & 255), 0, 0, 0, next]
    let covered = isIPv4 && next == 1 ? payload : pseudoHeader + (offloaded ? [] : payload)
    let sum = onesComplementSum(covered)
    // A UDP checksum of zero is sent as ones (RFC 768).
    let checksum = offloaded ? sum : next == 17 && sum == 0xffff ? 0xffff : ~sum
    payload[field] = UInt8(checksum >> 8)
    payload[field + 1] = UInt8(checksum & 255)
    guard isIPv4 else {
      return [0x60, 0, 0, 0, UInt8(length >> 8), UInt8(length & 255), next, 61] + sender + source + payload
    }
    let total = 20 + length
    var header: [UInt8] = [0x45, 0, UInt8(total >> 8), UInt8(total & 255), 0, 0, 0x40, 0, 61, next, 0, 0]
    header += sender + source
    let headerSum = ~onesComplementSum(header)
    header[10] = UInt8(headerSum >> 8)
    header[11] = UInt8(headerSum & 255)
    return header + payload
  }
}

extension SentPacket {
  /// Whether a reply's checksum field holds the sum of its pseudo-header alone.
  func looksOffloaded(_ reply: [UInt8]) -> Bool {
    let start = isIPv4 ? 20 : 40
    let next = reply[isIPv4 ? 9 : 6]
    let field = start + (next == 6 ? 16 : next == 17 ? 6 : 2)
    let length = reply.count - start
    let addresses = Array(reply[(start - (isIPv4 ? 8 : 32))..<start])
    let sum = onesComplementSum(addresses + [0, next, UInt8(length >> 8), UInt8(length & 255)])
    return reply.count > field + 1 && UInt16(reply[field]) << 8 | UInt16(reply[field + 1]) == sum
  }
}

/// RFC 1071 as its text says it.
func onesComplementSum(_ bytes: [UInt8]) -> UInt16 {
  var sum: UInt32 = 0
  for (index, byte) in bytes.enumerated() {
    sum += index.isMultiple(of: 2) ? UInt32(byte) << 8 : UInt32(byte)
  }
  while sum > 0xffff { sum = sum >> 16 + sum & 0xffff }
  return UInt16(sum)
}
