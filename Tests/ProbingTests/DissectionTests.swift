import Foundation
import Testing
import Wire

@testable import Probing

/// What Wireshark's dissectors think of the packets we send. tshark is a requirement of the tests: without it this
/// fails.
@Suite struct DissectionTests {
  private static let fields = [
    "frame.number", "_ws.expert.severity", "_ws.malformed", "ip.checksum.status", "tcp.checksum.status",
    "udp.checksum.status", "udp.dstport",
    "icmp.checksum.status", "icmpv6.checksum.status", "ip.ttl", "ipv6.hlim", "ip.flags.df", "ipv6.flow",
    "tcp.options.mss_val", "tcp.window_size_value", "tcp.options.wscale.shift", "tcp.options.sack_perm",
    "tcp.dstport", "icmp.type", "icmpv6.type", "tcp.srcport",
  ]

  /// tshark's status of a checksum that is right.
  private static let good = "1"
  /// The lowest severity that is more than chat (`PI_NOTE`).
  private static let note = 0x0040_0000

  @Test("each packet dissects without a warning and with good checksums")
  func dissected() throws {
    let kinds: [ProbeKind] = [
      .echo, .tcpSYN(port: 443), .tcpSYN(port: 22), .tcpSYN(port: 65_535), .hop(limit: 9), .hop(limit: 255),
      .hopSYN(port: 443, limit: 7), .datagram(port: 161), .datagram(port: 9),
    ]
    let probes = (1...12).flatMap { number in
      kinds.flatMap { kind in
        [AddressFamily.ipv4, .ipv6].map { Probe(target: target(number, $0), kind: kind) }
      }
    }
    let bench = Bench(probes)
    let packets = probes.indices.flatMap { probe in (0..<3).map { bench.packet(probe, $0).bytes } }
    let rows = try tshark(packets)
    #expect(rows.count == packets.count)
    for (index, row) in rows.enumerated() {
      let probe = probes[index / 3]
      let isIPv4 = probe.target.family == .ipv4
      #expect(row["_ws.malformed"] == "", "packet \(index)")
      let severities = (row["_ws.expert.severity"] ?? "").split(separator: ",").compactMap { Int($0) }
      #expect(severities.allSatisfy { $0 < Self.note }, "packet \(index): \(row)")
      #expect(row[isIPv4 ? "ip.ttl" : "ipv6.hlim"] == "\(probe.kind.hopLimit ?? 64)")
      if isIPv4 {
        #expect(row["ip.checksum.status"] == Self.good)
        #expect(row["ip.flags.df"].map { $0 == "1" || $0 == "True" } == true)
      } else {
        #expect(row["ipv6.flow"] != "0x00000000" && row["ipv6.flow"] != "0x000000")
        #expect(row["ipv6.flow"] == rows[index / 3 * 3]["ipv6.flow"], "one flow label for all tries")
      }
      switch probe.kind {
      case .echo, .hop:
        #expect(row[isIPv4 ? "icmp.checksum.status" : "icmpv6.checksum.status"] == Self.good)
        #expect(row[isIPv4 ? "icmp.type" : "icmpv6.type"] == (isIPv4 ? "8" : "128"))
      case .datagram(let port):
        #expect(row["udp.checksum.status"] == Self.good)
        #expect(row["udp.dstport"] == "\(port)")
      case .tunnel: break
      case .tcpSYN(let port), .hopSYN(let port, _):
        #expect(row["tcp.checksum.status"] == Self.good)
        #expect(row["tcp.dstport"] == "\(port)")
        #expect(row["tcp.options.mss_val"] == (isIPv4 ? "1460" : "1440"))
        #expect(row["tcp.window_size_value"] == "65535")
        #expect(row["tcp.options.wscale.shift"] == "8")
        #expect(row["tcp.srcport"].flatMap { Int($0) }.map { (61_000...64_999).contains($0) } == true)
      }
    }
  }

  @Test("tshark does see a damaged packet, so the test above can fail")
  func canFail() throws {
    let bench = Bench([Probe(target: target(1), kind: .tcpSYN(port: 443))])
    var bytes = bench.packet(0, 0).bytes
    bytes[60] ^= 1
    let row = try #require(try tshark([bytes]).first)
    #expect(row["tcp.checksum.status"] != Self.good)
  }

  /// The fields of each packet as tshark prints them.
  private func tshark(_ packets: [[UInt8]]) throws -> [[String: String]] {
    let file = FileManager.default.temporaryDirectory.appending(path: "probes-\(UUID().uuidString).pcap")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(pcap(packets)).write(to: file)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    let options = [
      "ip.check_checksum:TRUE", "tcp.check_checksum:TRUE", "udp.check_checksum:TRUE",
      "tcp.analyze_sequence_numbers:FALSE",
    ]
    process.arguments =
      ["tshark", "-n", "-r", file.path, "-T", "fields", "-E", "separator=|"]
      + options.flatMap { ["-o", $0] } + Self.fields.flatMap { ["-e", $0] }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "tshark is needed: install the package of that name")
    return text.split(separator: "\n").map { line in
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      return Dictionary(zip(Self.fields, cells)) { first, _ in first }
    }
  }

  /// A capture file of Ethernet frames that hold these packets.
  private func pcap(_ packets: [[UInt8]]) -> [UInt8] {
    func word(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    var bytes = word(0xa1b2_c3d4) + [2, 0, 4, 0] + word(0) + word(0) + word(65_535) + word(1)
    for packet in packets {
      var frame = Array(repeating: 0 as UInt8, count: EthernetHeader.byteCount)
      var span = frame.mutableSpan
      var raw = span.mutableBytes
      EthernetHeader(
        destination: MACAddress(bits: 0x0200_0000_0001), source: MACAddress(bits: 0x0200_0000_0002),
        type: packet[0] >> 4 == 4 ? .ipv4 : .ipv6
      ).emit(into: &raw)
      frame += packet
      bytes += word(0) + word(0) + word(frame.count) + word(frame.count) + frame
    }
    return bytes
  }
}
