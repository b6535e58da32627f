import Wire

@testable import Probing

extension EngineBench {
  /// A packet that answers, or nearly answers, one of those that left: cookies cannot be guessed, so without help
  /// nothing behind them would ever be reached.
  func reply(_ script: inout Script, isDamaged: Bool) -> [UInt8] {
    let left = sent.flatMap { $0 }
    guard !left.isEmpty else { return [] }
    let probe = left[script.number() % left.count]
    let family: AddressFamily = probe[0] >> 4 == 4 ? .ipv4 : .ipv6
    let header = family == .ipv4 ? IPv4Header.byteCount : IPv6Header.byteCount
    let isTCP = probe[family == .ipv4 ? 9 : 6] == IPProtocol.tcp.rawValue
    let choice = script.number()
    var packet: [UInt8]
    if choice & 3 == 3 {
      packet = error(
        type: UInt8(script.number()), code: UInt8(script.number()), quoting: probe, header, family, choice)
    } else if isTCP {
      packet = segment(to: Array(probe[header...]), family, flags: choice & 1 == 0 ? .synACK : .reset)
    } else {
      packet = echoReply(to: Array(probe[header...]), family)
    }
    if isDamaged {
      // Without a new checksum where it is odd: both ways of being wrong are of interest.
      let place = script.number() % packet.count
      packet[place] ^= UInt8(script.number())
      if choice & 0x40 != 0 { packet.removeLast(min(packet.count, script.number() & 15)) }
    }
    return packet
  }

  private func error(
    type: UInt8, code: UInt8, quoting probe: [UInt8], _ header: Int, _ family: AddressFamily, _ choice: Int
  ) -> [UInt8] {
    let quote = choice & 4 == 0 ? probe[...] : probe.prefix(header + 8)
    var message = ICMPMessage(echoRequest: family, identifier: 0, sequence: 0)
    (message.type, message.code) = (type, code)
    let length = ICMPMessage.byteCount + quote.count
    return packet(family, .icmp(family), length: length) { packet, start in
      packet.copy(quote, to: start + ICMPMessage.byteCount)
      message.emit(
        length: length, source: Sample.destination(family), destination: Sample.source(family), into: &packet,
        at: start)
    }
  }

  private func echoReply(to message: [UInt8], _ family: AddressFamily) -> [UInt8] {
    guard var reply = try? ICMPMessage(parsing: message.span.bytes, family: family) else { return [] }
    reply.type = family == .ipv4 ? 0 : 129
    return packet(family, .icmp(family), length: message.count) { packet, start in
      packet.copy(message[...], to: start)
      reply.emit(
        length: message.count, source: Sample.destination(family), destination: Sample.source(family),
        into: &packet, at: start)
    }
  }

  private func segment(to syn: [UInt8], _ family: AddressFamily, flags: TCPFlags) -> [UInt8] {
    guard let syn = try? TCPHeader(parsing: syn.span.bytes) else { return [] }
    var reply = TCPHeader(
      sourcePort: syn.destinationPort, destinationPort: syn.sourcePort, sequence: 7, flags: flags)
    reply.acknowledgment = syn.sequence &+ 1
    return packet(family, .tcp, length: TCPHeader.byteCount) { packet, start in
      _ = reply.emit(
        options: TCPOptions(), source: Sample.destination(family), destination: Sample.source(family),
        into: &packet, at: start)
    }
  }

  /// A packet from the target, its upper layer written by `write`.
  private func packet(
    _ family: AddressFamily, _ upperLayer: IPProtocol, length: Int,
    _ write: (inout MutableRawSpan, _ start: Int) -> Void
  ) -> [UInt8] {
    let header = family == .ipv4 ? IPv4Header.byteCount : IPv6Header.byteCount
    return written(header + length) { packet in
      write(&packet, header)
      switch family {
      case .ipv4:
        IPv4Header(
          source: Sample.destination(family), destination: Sample.source(family), upperLayer: upperLayer,
          payloadLength: length
        ).emit(into: &packet)
      case .ipv6:
        IPv6Header(
          source: Sample.destination(family), destination: Sample.source(family), nextHeader: upperLayer,
          payloadLength: length
        ).emit(into: &packet)
      }
    }
  }
}

extension TCPFlags {
  fileprivate static var synACK: TCPFlags { [.syn, .ack] }
  fileprivate static var reset: TCPFlags { [.rst, .ack] }
}

extension MutableRawSpan {
  fileprivate mutating func copy(_ bytes: ArraySlice<UInt8>, to start: Int) {
    for (offset, byte) in bytes.enumerated() { set(byte, at: start + offset) }
  }
}
