import Wire

extension Facts {
  /// The fields that have to be asked for.
  static let fields =
    [
      "vlan.id", "ieee8021ad.id", "ip.checksum.status", "tcp.srcport", "tcp.dstport", "tcp.seq",
      "tcp.ack_raw", "tcp.flags", "tcp.window_size_value",
      "tcp.options.mss_val", "tcp.options.wscale.shift", "tcp.options.sack_perm", "tcp.checksum.status",
      "udp.srcport", "udp.dstport", "udp.length", "udp.checksum.status", "icmp.type", "icmp.code",
      "icmp.ident",
      "icmp.seq", "icmp.mtu", "icmp.checksum.status", "icmpv6.type", "icmpv6.code", "icmpv6.echo.identifier",
      "icmpv6.echo.sequence_number", "icmpv6.mtu", "icmpv6.checksum.status",
    ] + TsharkHeader.fields + dnsFields

  /// What tshark read in a frame. What it shows of a header that is not all there is left out, as we read headers
  /// whole or not at all.
  ///
  /// - Parameter captured: the length of the frame in the capture.
  init(tshark row: Tshark.Row, captured: Int) {
    let tags = row.all("vlan.id").count + row.all("ieee8021ad.id").count
    // A tag that is announced and not there.
    let layers = (row.first("frame.protocols") ?? "").split(separator: ":")
    guard layers.filter({ $0 == "vlan" || $0 == "ieee8021ad" }).count == tags, layers.last != "ethertype",
      14 + 4 * tags <= captured
    else { return }
    set(.tags, tags)
    var headers = TsharkHeader.Walker(row, start: 14 + 4 * tags, end: captured)
    guard let ip = headers.next() else { return }
    if ip.family == .ipv4 {
      guard let status = row.first("ip.checksum.status") else { return }
      set(.headerChecksum, Self.word(status))
      // A header whose checksum is wrong is not read on: any of its fields may be what is wrong.
      guard status == "1" else { return }
    }
    set(.source, ip.source)
    set(.destination, ip.destination)
    set(.hopLimit, ip.hopLimit)
    set(.upperLayer, ip.upperLayer)
    set(.payloadLength, ip.payloadLength)
    set(.fragmentOffset, ip.fragmentOffset)
    guard ip.fragmentOffset == 0 else { return }
    switch (ip.upperLayer, ip.family) {
    case (6, _) where ip.captured >= 20: readTCP(row)
    case (17, _) where ip.captured >= 8: readUDP(row, isWhole: ip.isWhole)
    case (1, .ipv4) where ip.captured >= 8, (58, .ipv6) where ip.captured >= 8:
      readICMP(row, ip.family, quote: headers.next())
    default: break
    }
  }

  private mutating func readTCP(_ row: Tshark.Row) {
    // Without a possible length tshark does not go as far as this.
    guard let window = row.first("tcp.window_size_value"), let flags = row.number("tcp.flags") else { return }
    set(.sourcePort, row.number("tcp.srcport"))
    set(.destinationPort, row.number("tcp.dstport"))
    set(.sequence, row.number("tcp.seq"))
    set(.acknowledgment, row.number("tcp.ack_raw"))
    set(.flags, flags & 0xff)
    set(.window, window)
    set(.maximumSegmentSize, row.all("tcp.options.mss_val").last)
    set(.windowScale, row.all("tcp.options.wscale.shift").last)
    if row.first("tcp.options.sack_perm") != nil { set(.selectiveAcknowledgment, true) }
    set(.checksum, row.first("tcp.checksum.status").map(Self.word))
  }

  private mutating func readUDP(_ row: Tshark.Row, isWhole: Bool) {
    guard let status = row.first("udp.checksum.status") else { return }
    set(.sourcePort, row.number("udp.srcport"))
    set(.destinationPort, row.number("udp.dstport"))
    set(.udpLength, row.number("udp.length"))
    set(.checksum, Self.word(status))
    if isWhole { readDNS(row) }
  }

  private mutating func readICMP(_ row: Tshark.Row, _ family: AddressFamily, quote: TsharkHeader?) {
    let name = family == .ipv4 ? "icmp" : "icmpv6"
    guard let type = row.number("\(name).type"), let code = row.number("\(name).code"),
      let status = row.first("\(name).checksum.status")
    else { return }
    set(.type, type)
    set(.code, code)
    set(.checksum, Self.word(status))
    set(.mtu, row.number("\(name).mtu"))
    let identifier = row.number(family == .ipv4 ? "icmp.ident" : "icmpv6.echo.identifier")
    let sequence = row.number(family == .ipv4 ? "icmp.seq" : "icmpv6.echo.sequence_number")
    switch (family, type) {
    case (.ipv4, 0), (.ipv4, 8), (.ipv6, 128), (.ipv6, 129):
      set(.identifier, identifier)
      set(.echoSequence, sequence)
    default:
      guard let quote, quote.fragmentOffset == 0, quote.captured >= 8 else { return }
      readQuote(row, quote, identifier, sequence, type: row.number("\(name).type", at: 1))
    }
  }

  private mutating func readQuote(
    _ row: Tshark.Row, _ quote: TsharkHeader, _ identifier: Int?, _ sequence: Int?, type: Int?
  ) {
    switch (quote.upperLayer, quote.family) {
    case (6, _):
      set(.quotedSourcePort, row.number("tcp.srcport"))
      set(.quotedDestinationPort, row.number("tcp.dstport"))
      set(.quotedSequence, row.number("tcp.seq"))
    case (17, _):
      set(.quotedSourcePort, row.number("udp.srcport"))
      set(.quotedDestinationPort, row.number("udp.dstport"))
    case (1, .ipv4), (58, .ipv6):
      guard let sequence, type == 8 || type == 128 else { return }
      set(.quotedIdentifier, identifier)
      set(.quotedEchoSequence, sequence)
    default: return
    }
    set(.quotedSource, quote.source)
    set(.quotedDestination, quote.destination)
  }

  /// tshark's word for the state of a checksum (PROTO_CHECKSUM_E_ in epan/proto.h).
  private static func word(_ status: String) -> String {
    switch status {
    case "0": "bad"
    case "1": "good"
    // Not there, or not all of it.
    case "2", "3": "unverifiable"
    // A zero where none is allowed.
    default: "bad"
    }
  }
}

extension Tshark.Row {
  /// A field that is a number, in decimal or hexadecimal.
  func number(_ field: String, at index: Int = 0) -> Int? {
    let cells = all(field)
    guard index < cells.count else { return nil }
    return cells[index].hasPrefix("0x") ? Int(cells[index].dropFirst(2), radix: 16) : Int(cells[index])
  }

  /// All occurrences of a field that is a number.
  func numbers(_ field: String) -> [Int] { all(field).indices.compactMap { number(field, at: $0) } }
}
