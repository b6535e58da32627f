import Observations
import PacketIO
import Wire

extension EvidenceIndex {
  /// Whom a packet was exchanged with, if it is somebody of interest, and whether it went there. A router on the way
  /// is nobody's: what it says is about the packet that it quotes.
  func remote(_ packet: RawSpan, _ topic: PacketSpool.Topic) -> (Endpoint, isSent: Bool)? {
    if let subject = PacketSubject(of: packet), owners(topic, subject.remote.address) != nil {
      return (subject.remote, !subject.isError)
    }
    if let subject = PacketSubject(of: packet, swapped: true), owners(topic, subject.remote.address) != nil {
      return (subject.remote, false)
    }
    // An error that the vantage sends about one of its packets; or a tunnel that nothing was found of.
    guard let ip = try? IPPacket(parsing: packet), owners(topic, ip.destination) != nil else { return nil }
    return (Endpoint(ip.destination, ip.upperLayer == .icmp(ip.family) ? 0 : .max), true)
  }

  /// What is said of a packet in the file.
  func about(
    _ bytes: [UInt8], _ entry: Entry, of number: Int
  ) -> (length: Int, direction: PcapngWriter.Direction, findings: String) {
    let packet = bytes.span.bytes
    guard entry.kind != .advertisementFrame, let ip = try? IPPacket(parsing: packet) else {
      return (bytes.count, .received, "")
    }
    let remote = remote(packet, entry.topic)
    let direction: PcapngWriter.Direction =
      switch entry.kind {
      case .probeSent: .sent
      case .handshake: remote?.isSent == true ? .sent : .received
      default: .received
      }
    let rows =
      remote.flatMap { parts[number].findings[EvidenceSubject(entry.topic, $0.0)] } ?? []
    return (ip.totalLength, direction, EvidenceText.findings(rows))
  }
}
