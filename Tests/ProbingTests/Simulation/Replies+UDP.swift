/// What the services behind UDP ports answer, written from their RFCs without the code under test.
extension SentPacket {
  var isUDP: Bool { bytes[isIPv4 ? 9 : 6] == 17 }

  /// The answer of the service that usually listens on the port the datagram went to.
  func datagramAnswer() -> [UInt8] {
    let request = Array(payload[8...])
    switch Int(payload[2]) << 8 | Int(payload[3]) {
    // Same id and question, QR and REFUSED (RFC 1035 §4.1.1).
    case 53:
      return datagram([request[0], request[1], 0x80, 0x05] + request[4...])
    // Mode 4; the transmit timestamp comes back as origin (RFC 5905 §7.3).
    case 123:
      return datagram(
        [0x24, 2] + Array(repeating: 7, count: 22) + request[40..<48] + Array(repeating: 9, count: 16))
    // A report with the same msgID, its outer length in the long form (RFC 3412 §6, X.690 §8.1.3.5).
    case 161:
      let inner = Array(request[2..<7]) + [2, 4] + request[9..<13] + [2, 2, 5, 0xc0, 4, 1, 0, 2, 1, 3]
      return datagram([0x30, 0x82, 0, UInt8(inner.count)] + inner)
    // The first Via comes back as it was (RFC 3261 §8.2.6.2).
    case 5060:
      let via = String(decoding: request, as: UTF8.self).split(separator: "\r\n")[1]
      return datagram(Array("SIP/2.0 200 OK\r\n\(via);received=192.0.2.1\r\nContent-Length: 0\r\n\r\n".utf8))
    default: return datagram(request)
    }
  }

  /// A datagram back to the port this one came from.
  func datagram(_ data: [UInt8], from address: [UInt8]? = nil) -> [UInt8] {
    let length = 8 + data.count
    let header =
      Array(payload[2..<4]) + Array(payload[0..<2]) + [UInt8(length >> 8), UInt8(length & 255), 0, 0]
    return packet(from: address ?? target, next: 17, payload: header + data, checksumAt: 6)
  }
}
