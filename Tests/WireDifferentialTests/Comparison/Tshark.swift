import Foundation
import Testing

/// Wireshark's dissectors: everything they say about a capture, in one run of the program.
enum Tshark {
  /// A field with all its occurrences in a frame, from the outside in.
  struct Row {
    private let cells: [String: [String]]

    fileprivate init(_ cells: [String: [String]]) { self.cells = cells }

    func all(_ field: String) -> [String] { cells[field] ?? [] }
    func first(_ field: String) -> String? { cells[field]?.first }
  }

  /// Fragments are looked at one by one, ports and names are left as they are, and nothing is guessed from the frames
  /// before. Checksums are looked at everywhere.
  private static let preferences = [
    "ip.check_checksum:TRUE", "tcp.check_checksum:TRUE", "udp.check_checksum:TRUE", "ip.defragment:FALSE",
    "ipv6.defragment:FALSE", "tcp.desegment_tcp_streams:FALSE", "tcp.analyze_sequence_numbers:FALSE",
    "tcp.relative_sequence_numbers:FALSE", "tcp.try_heuristic_first:FALSE", "udp.try_heuristic_first:FALSE",
    "ip.tso_support:FALSE", "udp.process_info:FALSE", "udp.ignore_ipv6_zero_checksum:FALSE",
  ]

  private static let separator: Character = "\t"
  private static let aggregator: Character = ";"

  /// One row a frame.
  static func rows(_ frames: [Frame], fields: [String]) throws -> [Row] {
    let file = FileManager.default.temporaryDirectory.appending(path: "frames-\(UUID().uuidString).pcap")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(pcap(frames)).write(to: file)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments =
      ["tshark", "-n", "-r", file.path, "-T", "fields"]
      + ["separator=/t", "aggregator=\(aggregator)", "occurrence=a"].flatMap { ["-E", $0] }
      + preferences.flatMap { ["-o", $0] } + fields.flatMap { ["-e", $0] }
    let output = Pipe()
    let complaints = Pipe()
    process.standardOutput = output
    process.standardError = complaints
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let errors = String(decoding: complaints.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    try #require(
      process.terminationStatus == 0, "tshark is needed: install the package of that name. \(errors)")
    return text.split(separator: "\n", omittingEmptySubsequences: true).map { line in
      let cells = line.split(separator: separator, omittingEmptySubsequences: false).map { cell in
        cell.split(separator: aggregator).map(String.init)
      }
      return Row(Dictionary(zip(fields, cells)) { first, _ in first })
    }
  }

  /// A capture file (draft-ietf-opsawg-pcap) of Ethernet frames, in the byte order of this machine.
  private static func pcap(_ frames: [Frame]) -> [UInt8] {
    func word(_ value: Int) -> [UInt8] { withUnsafeBytes(of: UInt32(value)) { Array($0) } }
    var bytes = word(0xa1b2_c3d4) + word(4 << 16 | 2) + word(0) + word(0) + word(65_535) + word(1)
    for frame in frames {
      bytes += word(0) + word(0) + word(frame.bytes.count) + word(frame.wireLength) + frame.bytes
    }
    return bytes
  }
}
