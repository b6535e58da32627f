import Wire

extension FuzzParser {
  static let ipv4 = FuzzParser("ipv4") { input throws(Violation) in
    let strict = try readAlone(input) { packet in
      Result { () throws(PacketError) in try IPv4Header(parsing: packet) }
    }
    let lenient = try readAlone(input) { packet in
      Result { () throws(PacketError) in try IPv4Header(parsing: packet, quoted: true) }
    }
    guard case .success(let header) = strict else { return }
    try require(strict == lenient, "a quote of it is read otherwise")
    try require((20...60).contains(header.headerLength), "a header of \(header.headerLength) bytes")
    try require(header.totalLength >= header.headerLength, "shorter than its header")
    guard header.headerLength == IPv4Header.byteCount else { return }
    let bytes = written(IPv4Header.byteCount) { header.emit(into: &$0) }
    try require((try? IPv4Header(parsing: bytes.span.bytes)) == header, "written and read again it differs")
    // The reserved bit (RFC 791 §3.1) is not kept, and a checksum may be 0 or 0xffff for the same bytes.
    guard input[6] & 0x80 == 0, input[10...11] != [0xff, 0xff] else { return }
    try require(bytes[...] == input.prefix(bytes.count), "written it differs")
  }

  static let ipv6 = FuzzParser("ipv6") { input throws(Violation) in
    let read = try readAlone(input) { packet in
      Result { () throws(PacketError) in try IPv6Header(parsing: packet) }
    }
    guard case .success(let header) = read else { return }
    let bytes = written(IPv6Header.byteCount) { header.emit(into: &$0) }
    try require(bytes[...] == input.prefix(bytes.count), "written it differs")
  }

  /// The first byte is the type of the first header.
  static let ipv6Extensions = FuzzParser("ipv6-extensions") { input throws(Violation) in
    guard let first = input.first else { return }
    let bytes = Array(input.dropFirst())
    let read = try readAlone(bytes) { bytes in
      Result { () throws(PacketError) in
        try IPv6Extensions(parsing: bytes, first: IPProtocol(rawValue: first))
      }
    }
    guard case .success(let chain) = read else { return }
    try require(chain.byteCount <= bytes.count, "the upper layer begins outside")
    try require(chain.byteCount % 4 == 0, "headers of \(chain.byteCount) bytes")
    try require(chain.fragmentOffset % 8 == 0, "a fragment at \(chain.fragmentOffset)")
    let extensions: [IPProtocol] = [.hopByHop, .routing, .fragment, .authentication, .destinationOptions]
    if chain.fragmentOffset == 0 {
      try require(!extensions.contains(chain.upperLayer), "not followed to its end")
    }
    // What lies behind the chain is none of it.
    let headers = Array(bytes.prefix(chain.byteCount))
    let alone = try? IPv6Extensions(parsing: headers.span.bytes, first: IPProtocol(rawValue: first))
    try require(alone == chain, "it is read otherwise without its payload")
  }

  static let ipPacket = FuzzParser("ip-packet") { input throws(Violation) in
    for quoted in [false, true] {
      let read = try readAlone(input) { packet in
        Result { () throws(PacketError) in try Dissection(packet, quoted: quoted) }
      }
      guard case .success(let dissection) = read else { continue }
      let ip = dissection.ip
      try require(
        ip.payload.lowerBound >= 20 && ip.payload.upperBound <= input.count, "the payload lies outside")
      try require(ip.payload.count <= ip.payloadLength, "more was captured than there is")
      try require(
        ip.source.family == ip.family && ip.destination.family == ip.family, "addresses of two families")
      if !ip.isWhole {
        try require(
          dissection.checksums.allSatisfy { $0 == .unverifiable || $0 == .wrong },
          "a checksum over bytes that are missing: \(dissection.checksums)")
      }
    }
  }
}

/// An IP packet with everything that is asked about it.
private struct Dissection: Equatable {
  let ip: IPPacket
  let checksums: [ChecksumState]

  init(_ packet: RawSpan, quoted: Bool) throws(PacketError) {
    ip = try IPPacket(parsing: packet, quoted: quoted)
    checksums = [
      ip.checksumState(in: packet, fieldOffset: TCPHeader.checksumOffset),
      UDPHeader.checksumState(of: ip, in: packet), ICMPMessage.checksumState(of: ip, in: packet),
    ]
  }
}
