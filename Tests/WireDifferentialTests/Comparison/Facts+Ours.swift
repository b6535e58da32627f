import Wire

extension Facts {
  /// What our parsers read in a frame.
  init(ours frame: Frame) {
    do {
      try read(frame.bytes.span.bytes)
    } catch {
      refusal = "\(error)"
    }
  }

  private mutating func read(_ frame: RawSpan) throws(PacketError) {
    let ethernet = try EthernetHeader(parsing: frame)
    set(.tags, (ethernet.payloadOffset - EthernetHeader.byteCount) / 4)
    let packet = frame.extracting(ethernet.payloadOffset..<frame.byteCount)
    if ethernet.type == .ipv4 {
      // The header is readable with a wrong checksum too, which is the one thing to be said of it then.
      let header = try IPv4Header(parsing: packet, quoted: true)
      let isIntact = (try? IPv4Header(parsing: packet)) != nil
      if header.totalLength >= header.headerLength { set(.headerChecksum, isIntact ? "good" : "bad") }
    }
    let ip = try IPPacket(parsing: packet)
    set(.source, ip.source)
    set(.destination, ip.destination)
    set(.hopLimit, ip.hopLimit)
    set(.upperLayer, ip.upperLayer.rawValue)
    set(.payloadLength, ip.payloadLength)
    set(.fragmentOffset, ip.fragmentOffset)
    guard ip.fragmentOffset == 0 else { throw .laterFragment }
    let payload = packet.extracting(ip.payload)
    switch ip.upperLayer {
    case .tcp: try readTCP(payload, ip, packet)
    case .udp: try readUDP(payload, ip, packet)
    case .icmp(ip.family): try readICMP(payload, ip, packet)
    default: throw .unsupported
    }
  }

  private mutating func readTCP(_ payload: RawSpan, _ ip: IPPacket, _ packet: RawSpan) throws(PacketError) {
    let header = try TCPHeader(parsing: payload)
    let options = TCPOptions(parsing: payload, header: header)
    set(.sourcePort, header.sourcePort)
    set(.destinationPort, header.destinationPort)
    set(.sequence, header.sequence)
    set(.acknowledgment, header.acknowledgment)
    set(.flags, header.flags.rawValue)
    set(.window, header.window)
    set(.maximumSegmentSize, options.maximumSegmentSize)
    set(.windowScale, options.windowScale)
    if options.selectiveAcknowledgment { set(.selectiveAcknowledgment, true) }
    set(.checksum, Self.word(ip.checksumState(in: packet, fieldOffset: TCPHeader.checksumOffset)))
  }

  private mutating func readUDP(_ payload: RawSpan, _ ip: IPPacket, _ packet: RawSpan) throws(PacketError) {
    let header = try UDPHeader(parsing: payload)
    set(.sourcePort, header.sourcePort)
    set(.destinationPort, header.destinationPort)
    set(.udpLength, header.length)
    set(.checksum, Self.word(UDPHeader.checksumState(of: ip, in: packet)))
    if header.sourcePort == 53 || header.destinationPort == 53, ip.isWhole, header.length <= payload.byteCount
    {
      let data = (UDPHeader.byteCount..<header.length).map { payload.uint8(at: $0) }
      do throws(DNSError) {
        readDNS(try DNSMessage(parsing: data))
      } catch {
        refusal = "DNS: \(error)"
      }
    }
  }

  private mutating func readICMP(_ payload: RawSpan, _ ip: IPPacket, _ packet: RawSpan) throws(PacketError) {
    let message = try ICMPMessage(parsing: payload, family: ip.family)
    set(.type, message.type)
    set(.code, message.code)
    set(.mtu, message.maximumTransmissionUnit)
    set(.checksum, Self.word(ICMPMessage.checksumState(of: ip, in: packet)))
    switch message.kind {
    case .echoRequest, .echoReply:
      set(.identifier, message.identifier)
      set(.echoSequence, message.sequence)
    case .error: try readQuote(QuotedPacket(inErrorMessage: payload, family: ip.family))
    case .other: break
    }
  }

  private mutating func readQuote(_ quote: QuotedPacket) {
    set(.quotedSource, quote.source)
    set(.quotedDestination, quote.destination)
    switch quote.identity {
    case .tcp(let sourcePort, let destinationPort, let sequence):
      set(.quotedSourcePort, sourcePort)
      set(.quotedDestinationPort, destinationPort)
      set(.quotedSequence, sequence)
    case .udp(let sourcePort, let destinationPort):
      set(.quotedSourcePort, sourcePort)
      set(.quotedDestinationPort, destinationPort)
    case .echoRequest(let identifier, let sequence):
      set(.quotedIdentifier, identifier)
      set(.quotedEchoSequence, sequence)
    }
  }

  private static func word(_ state: ChecksumState) -> String {
    switch state {
    case .intact: "good"
    case .wrong: "bad"
    case .offloaded: "offloaded"
    case .unverifiable: "unverifiable"
    }
  }
}
