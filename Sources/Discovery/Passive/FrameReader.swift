import Wire

/// Reads who is there out of frames. Pure: it keeps nothing, and sends nothing.
///
/// Only protocols of the link say which station has an address: the source of any other packet may be a router's neighbour
/// far away, and its frame the router's.
public struct FrameReader: Sendable {
  /// Where the frame was seen: 0 without a VLAN tag.
  public private(set) var vlan: UInt16 = 0

  /// A reader.
  public init() {}

  /// Hands what a frame says to `body`.
  ///
  /// - Parameter frame: from its Ethernet header on, as far as it was captured.
  /// - Returns: whether it could be read; a frame that says nothing could.
  public mutating func read(_ frame: RawSpan, _ body: (Sighting) -> Void) -> Bool {
    vlan = 0
    guard frame.byteCount >= EthernetHeader.byteCount else { return false }
    let source = MACAddress(bits: frame.uint64(at: 6) >> 16)
    // A group sends nothing, and the address of nobody is that of the loopback interface.
    guard source.byte(at: 0) & 1 == 0, source.bits != 0 else { return true }
    do throws(PacketError) {
      let ethernet: EthernetHeader
      do throws(PacketError) {
        ethernet = try EthernetHeader(parsing: frame)
      } catch .unsupported {
        return try readLength(frame, source, body)
      }
      if ethernet.payloadOffset > EthernetHeader.byteCount { vlan = frame.uint16(at: 14) & 0x0fff }
      let payload = frame.extracting(ethernet.payloadOffset..<frame.byteCount)
      switch ethernet.type {
      case .arp: try readARP(payload, body)
      case .ipv4, .ipv6:
        var isTold = false
        try readIP(payload, source) { sighting in
          isTold = isTold || sighting.isOfSender
          body(sighting)
        }
        if !isTold { body(.presence(source, .packet)) }
      case LinkAnnouncement.lldpType:
        announce(try LinkAnnouncement(parsingLLDP: payload), payload, source, body)
      default: body(.presence(source, .packet))
      }
      return true
    } catch {
      return false
    }
  }

  // MARK: - Below IP

  /// A frame with a length (IEEE 802.3): of these only CDP's are of use.
  private func readLength(
    _ frame: RawSpan, _ source: MACAddress, _ body: (Sighting) -> Void
  ) throws(PacketError) -> Bool {
    guard frame.byteCount >= 22, frame.uint64(at: 14) == 0xaaaa_0300_000c_2000 else { return true }
    let end = min(frame.byteCount, 14 + Int(frame.uint16(at: 12)))
    guard end > 22 else { return false }
    let packet = frame.extracting(22..<end)
    announce(try LinkAnnouncement(parsingCDP: packet), packet, source, body)
    return true
  }

  private func announce(
    _ announcement: LinkAnnouncement, _ packet: RawSpan, _ source: MACAddress, _ body: (Sighting) -> Void
  ) {
    body(.presence(source, .announcement))
    for address in announcement.addresses { body(.station(source, address, .announcement)) }
    if let name = announcement.name { body(.name(source, Self.text(packet, name), .announcement)) }
  }

  private func readARP(_ packet: RawSpan, _ body: (Sighting) -> Void) throws(PacketError) {
    let arp = try ARPPacket(parsing: packet)
    guard arp.sender.byte(at: 0) & 1 == 0, arp.sender.bits != 0 else { return }
    if arp.isProbe {
      body(.station(arp.sender, arp.targetAddress, .probe))
    } else if Self.isStations(arp.senderAddress) {
      body(.station(arp.sender, arp.senderAddress, .arp))
    }
  }

  // MARK: - IP

  private func readIP(_ packet: RawSpan, _ source: MACAddress, _ body: (Sighting) -> Void) throws(PacketError)
  {
    let ip: IPPacket
    do throws(PacketError) {
      ip = try IPPacket(parsing: packet)
    } catch .laterFragment {
      return
    }
    if ip.source.scope == .linkLocal, ip.upperLayer != .icmpv6 { body(.station(source, ip.source, .packet)) }
    guard !ip.isFragment else { return }
    let payload = packet.extracting(ip.payload)
    switch ip.upperLayer {
    case .tcp: try readTCP(payload, ip, body)
    case .udp: try readUDP(payload, ip, source, body)
    case .icmpv6: try readICMP(packet, payload, ip, source, body)
    default: break
    }
  }

  private func readTCP(_ segment: RawSpan, _ ip: IPPacket, _ body: (Sighting) -> Void) throws(PacketError) {
    let tcp = try TCPHeader(parsing: segment)
    if tcp.flags.isSuperset(of: [.syn, .ack]) {
      body(.service(ip.source, port: tcp.sourcePort))
      if let ticks = TCPOptions.timestamp(in: segment, header: tcp) { body(.clock(ip.source, ticks: ticks)) }
    } else if segment.byteCount > tcp.headerLength + 43, segment.uint8(at: tcp.headerLength) == 22 {
      let data = segment.extracting(tcp.headerLength..<segment.byteCount)
      guard let name = ClientHello.serverName(in: data) else { return }
      body(.serverName(ip.destination, port: tcp.destinationPort, Self.text(data, name)))
    }
  }

  private func readUDP(
    _ datagram: RawSpan, _ ip: IPPacket, _ source: MACAddress, _ body: (Sighting) -> Void
  ) throws(PacketError) {
    let udp = try UDPHeader(parsing: datagram)
    let data = datagram.extracting(
      UDPHeader.byteCount..<max(UDPHeader.byteCount, min(datagram.byteCount, udp.length)))
    switch (udp.sourcePort, udp.destinationPort) {
    case (68, 67), (67, 68): try readDHCPv4(data, source, body)
    case (546, 547), (547, 546): try readDHCPv6(data, ip, source, body)
    case (5353, 5353): readMulticastDNS(data, ip, source, body)
    default: break
    }
  }

  private func readDHCPv4(_ data: RawSpan, _ source: MACAddress, _ body: (Sighting) -> Void)
    throws(PacketError)
  {
    let message = try DHCPv4Message(parsing: data)
    guard message.client.byte(at: 0) & 1 == 0, message.client.bits != 0 else { return }
    if let leased = message.leased {
      body(.station(message.client, leased, .lease))
    } else {
      body(.presence(message.client, .lease))
    }
    // What a server writes there is what it was told, and no word of the station's.
    if source == message.client, let name = message.hostName {
      body(.name(message.client, Self.text(data, name), .lease))
    }
  }

  private func readDHCPv6(
    _ data: RawSpan, _ ip: IPPacket, _ source: MACAddress, _ body: (Sighting) -> Void
  ) throws(PacketError) {
    let message = try DHCPv6Message(parsing: data)
    if message.isReply {
      if !message.isRefused, !message.addresses.isEmpty {
        body(.lease(to: ip.destination, message.addresses))
      }
    } else if ip.source.scope == .linkLocal, let name = message.name, let text = Self.labels(data, name) {
      body(.name(source, text, .lease))
    }
  }

  /// Of the link are packets that no router has touched (RFC 6762 §11).
  private func readMulticastDNS(
    _ data: RawSpan, _ ip: IPPacket, _ source: MACAddress, _ body: (Sighting) -> Void
  ) {
    guard ip.hopLimit == 255, Self.isStations(ip.source) else { return }
    body(.station(source, ip.source, .multicastDNS))
    // Questions are most of it, and need no more than a look at the header.
    guard data.byteCount >= 12, data.uint16(at: 2) & 0x8000 != 0, data.uint16(at: 6) > 0 else { return }
    let bytes = (0..<data.byteCount).map { data.uint8(at: $0) }
    guard let message = try? DNSMessage(parsing: bytes) else { return }
    for record in message.answers + message.additionals {
      switch record.data {
      case .a(let address), .aaaa(let address): body(.address(record.name.description, address))
      default: break
      }
    }
  }

  private func readICMP(
    _ packet: RawSpan, _ message: RawSpan, _ ip: IPPacket, _ source: MACAddress, _ body: (Sighting) -> Void
  ) throws(PacketError) {
    let icmp = try ICMPMessage(parsing: message, family: .ipv6)
    switch icmp.type {
    case 131, 132, 143:
      // A station that has no address yet reports from ::, and that it is there is said all the same (RFC 3590).
      if ip.source.scope == .linkLocal {
        body(.station(source, ip.source, .listener))
      } else {
        body(.presence(source, .listener))
      }
    case 133 where ip.hopLimit == 255:
      if Self.isStations(ip.source) {
        body(.station(source, ip.source, .neighbour))
      } else {
        body(.presence(source, .neighbour))
      }
    case 134:
      body(.router(source, ip.source, try RouterAdvertisement(parsingPacket: packet)))
    case 135, 136:
      guard ip.hopLimit == 255 else { throw .unsupported }
      switch ICMPMessage.checksumState(of: ip, in: packet) {
      case .wrong: throw .badChecksum
      case .intact, .offloaded, .unverifiable: break
      }
      readNeighbour(try NeighbourMessage(parsing: message), ip, source, body)
    default:
      if ip.source.scope == .linkLocal { body(.station(source, ip.source, .packet)) }
    }
  }

  private func readNeighbour(
    _ message: NeighbourMessage, _ ip: IPPacket, _ source: MACAddress, _ body: (Sighting) -> Void
  ) {
    if message.isAdvertisement {
      let station = message.linkLayerAddress ?? source
      if Self.isStations(message.target), station.byte(at: 0) & 1 == 0 {
        body(.station(station, message.target, .neighbour))
      }
    } else if ip.source.scope == .unspecified {
      // Duplicate address detection: it is about to be the station's.
      body(.station(source, message.target, .probe))
    } else if Self.isStations(ip.source) {
      body(.station(message.linkLayerAddress ?? source, ip.source, .neighbour))
    }
  }

  // MARK: - Text

  /// Whether an address can be one station's.
  private static func isStations(_ address: IPAddress) -> Bool {
    switch address.scope {
    case .unspecified, .loopback, .multicast, .ipv4Mapped: false
    default: address != IPAddress(ipv4: .max)
    }
  }

  /// Text as it came, at most so much of it as a name can be long. Whoever shows it makes it fit to be shown.
  private static func text(_ bytes: RawSpan, _ range: Range<Int>) -> String {
    String(
      decoding: (range.lowerBound..<min(range.upperBound, range.lowerBound + 253)).map {
        bytes.uint8(at: $0)
      }, as: UTF8.self)
  }

  /// Labels of DNS as text; `nil` where they are none.
  private static func labels(_ bytes: RawSpan, _ range: Range<Int>) -> String? {
    var parts: [String] = []
    var position = range.lowerBound
    while position < range.upperBound {
      let length = Int(bytes.uint8(at: position))
      if length == 0 { break }
      guard length <= 63, position + 1 + length <= range.upperBound else { return nil }
      parts.append(text(bytes, position + 1..<position + 1 + length))
      position += 1 + length
    }
    return parts.isEmpty ? nil : parts.joined(separator: ".")
  }
}
