import Foundation
import Testing

@testable import PacketIO

/// pcap and pcapng: what we write is read again, and what others write in either byte order says the same.
@Suite struct CaptureFileTests {
  private static let packet: [UInt8] = (0..<61).map { UInt8($0) }

  private func packets(_ bytes: [UInt8]) throws(CaptureFileError) -> (comments: [String], [CapturedPacket]) {
    var reader = CaptureFileReader(bytes: bytes)
    var comments: [String] = []
    var packets: [CapturedPacket] = []
    while let event = try reader.next() {
      switch event {
      case .section(let found): comments += found
      case .packet(let packet): packets.append(packet)
      }
    }
    return (comments, packets)
  }

  private static func sample() -> [UInt8] {
    var writer = PcapngWriter(application: "test", comments: ["a comment", "Sở Y tế"])
    let raw = writer.addInterface(.raw, snapLength: 512, description: "raw")
    let ethernet = writer.addInterface(.ethernet, snapLength: 512, description: "ethernet")
    for (index, direction) in [PcapngWriter.Direction.sent, .received, .unknown].enumerated() {
      writer.addPacket(
        Array(packet.prefix(58 + index)), interface: index == 2 ? ethernet : raw,
        time: 1_795_562_909_123_456_789 + UInt64(index), length: 1500, direction: direction,
        order: UInt64(7 - index), comment: index == 1 ? "" : "packet \(index)")
    }
    return writer.bytes
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    let (comments, read) = try packets(Self.sample())
    #expect(comments == ["a comment", "Sở Y tế"])
    #expect(read.map(\.bytes) == [58, 59, 60].map { Array(Self.packet.prefix($0)) })
    #expect(read.map(\.link) == [101, 101, 1] && read.map(\.direction) == [.sent, .received, .unknown])
    #expect(read.map(\.order) == [7, 6, 5])
    #expect(read.map(\.time) == [789, 790, 791].map { 1_795_562_909_123_456_000 + $0 })
  }

  @Test func bothByteOrdersAndFormatsSayTheSame() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fuzz/corpus/capture-file")
    for kind in ["pcap", "pcapng"] {
      let read = try ["le", "be"].map { order in
        let file = folder.appending(path: "seed-\(kind)-\(order)")
        // From the file and from memory.
        var reader = try CaptureFileReader(path: file.path)
        var count = 0
        while try reader.next() != nil { count += 1 }
        let (_, packets) = try packets(Array(Data(contentsOf: file)))
        #expect(count >= packets.count)
        return packets
      }
      #expect(read[0] == read[1] && !read[0].isEmpty, "\(kind)")
      #expect(read[0][0].time == (kind == "pcap" ? 1_000_002_000 : 5_000_000_007))
      #expect(read[0][0].withIPPacket { $0.byteCount } == 48)
    }
  }

  @Test func everyCutIsSaidWithItsPlace() {
    let whole = Self.sample()
    for length in 0..<whole.count {
      do throws(CaptureFileError) {
        _ = try packets(Array(whole.prefix(length)))
      } catch {
        #expect(error.offset <= length && !error.why.isEmpty, "\(length)")
      }
    }
    #expect(throws: CaptureFileError.self) { try packets([]) }
    #expect(throws: CaptureFileError.self) { try packets(Array("host,agency\n".utf8)) }
    // A block that says it is longer than any is stepped over or refused, never held in memory.
    var huge = Self.sample()
    huge += [9, 0, 0, 0, 0xfc, 0xff, 0xff, 0x7f, 0, 0, 0, 0]
    #expect(
      throws: CaptureFileError(offset: Self.sample().count, why: "a block of 2147483644 bytes is cut off")
    ) {
      try packets(huge)
    }
  }

  @Test func theSpoolGivesBackWhatItTook() throws {
    let spool = try PacketSpool(directory: NSTemporaryDirectory(), limit: 1 << 20)
    let kinds = PacketSpool.Kind.allCases
    for index in 0..<20_000 {
      let bytes = Array(Self.packet.prefix(1 + index % 61))
      spool.append(kinds[index % kinds.count], at: UInt64(index), bytes.span.bytes)
    }
    var places: [Int] = []
    try spool.forEach { kind, _, time, place, bytes in
      #expect(time == UInt64(places.count) && kind == kinds[places.count % kinds.count])
      #expect(bytes.byteCount == 1 + places.count % 61)
      places.append(place)
    }
    #expect(
      places.count > 10_000 && UInt64(20_000 - places.count) == spool.lost,
      "what is over the limit is counted")
    #expect(try spool.record(at: places[5000]) == Array(Self.packet.prefix(1 + 5000 % 61)))
    // It has no name that could be found.
    let names = try FileManager.default.contentsOfDirectory(atPath: NSTemporaryDirectory())
    #expect(!names.contains { $0.hasPrefix(".v6audit-") })
  }
}
