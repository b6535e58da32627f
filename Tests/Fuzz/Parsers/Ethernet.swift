import Wire

@testable import PacketIO

extension FuzzParser {
  static let ethernet = FuzzParser("ethernet") { input throws(Violation) in
    let read = try readAlone(input) { frame in
      Result { () throws(PacketError) in try EthernetHeader(parsing: frame) }
    }
    guard case .success(let header) = read else { return }
    try require(header.payloadOffset <= input.count, "the payload begins outside")
    // A third tag is left where it is, and would be stepped over as the first of what is written.
    guard header.type != .vlan, header.type != .serviceVLAN else { return }
    let bytes = written(EthernetHeader.byteCount) { header.emit(into: &$0) }
    let again = try? EthernetHeader(parsing: bytes.span.bytes)
    try require(
      again?.destination == header.destination && again?.source == header.source
        && again?.type == header.type,
      "written and read again it differs")
    if header.payloadOffset == EthernetHeader.byteCount {
      try require(bytes[...] == input.prefix(bytes.count), "written it differs")
    }
  }

  /// The first byte chooses the kind of link.
  static let linkLayer = FuzzParser("link-layer") { input throws(Violation) in
    guard let first = input.first else { return }
    let link = LinkLayer.allCases[Int(first) % LinkLayer.allCases.count]
    let frame = Array(input.dropFirst())
    guard let offset = try readAlone(frame, { link.packetOffset(in: $0) }) else { return }
    try require(offset <= frame.count, "\(link): the packet begins outside")
    if link == .ethernet {
      let header = try? EthernetHeader(parsing: frame.span.bytes)
      try require(header?.payloadOffset == offset, "not where the Ethernet header says")
    }
  }
}
