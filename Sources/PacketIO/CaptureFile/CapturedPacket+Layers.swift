import Wire

extension CapturedPacket {
  /// The IP packet in it; `nil` where there is none, or the kind of link is not known.
  public func withIPPacket<Result>(_ body: (RawSpan) -> Result) -> Result? {
    let frame = bytes.span.bytes
    guard let offset = layer?.packetOffset(in: frame) else { return nil }
    return body(frame.extracting(offset..<frame.byteCount))
  }

  /// Who sent the Ethernet frame; `nil` on other links.
  public var sender: MACAddress? {
    layer == .ethernet ? (try? EthernetHeader(parsing: bytes.span.bytes))?.source : nil
  }

  /// Files number links by the LINKTYPE registry, where raw IP is 101; the DLT of Linux for it is 12, of OpenBSD 14.
  private var layer: LinkLayer? { link == 101 || link == 14 ? .raw : LinkLayer(rawValue: Int32(link)) }
}
