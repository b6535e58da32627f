import Foundation
import SeededRandom
import Testing

@testable import Import
@testable import Inventory

@Suite("Text as spreadsheets save it")
struct TextTests {
  static let line = "Sở Thông tin và Truyền thông; Hà Nội; Đặng Hữu Phước\n"

  /// All bytes of a source.
  private func read(_ source: any ByteSource, room: Int = 64) throws -> [UInt8] {
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: room)
    while true {
      let count = try source.read(into: &buffer, from: 0)
      if count == 0 { return result }
      result += buffer[..<count]
    }
  }

  /// What Python makes of bytes in an encoding: an independent table of Windows 1258.
  private func python(_ bytes: [UInt8], _ encoding: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c",
      """
      import sys, unicodedata
      text = sys.stdin.buffer.read().decode(sys.argv[1])
      sys.stdout.buffer.write(unicodedata.normalize("NFC", text).encode())
      """, encoding,
    ]
    let (input, output) = (Pipe(), Pipe())
    (process.standardInput, process.standardOutput) = (input, output)
    try process.run()
    input.fileHandleForWriting.write(Data(bytes))
    try input.fileHandleForWriting.close()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: said, as: UTF8.self)
  }

  private func transcoded(_ bytes: [UInt8], _ encoding: TextEncoding, step: Int, room: Int = 64) throws
    -> String
  {
    let source = try TranscodedBytes(MemoryBytes(bytes, step: step), from: encoding)
    return String(decoding: try read(ComposedBytes(source), room: room), as: UTF8.self)
  }

  @Test(
    "Windows 1258 is what Python says it is, wherever the pieces of the file end", arguments: [1, 2, 3, 1000])
  func windows1258(step: Int) throws {
    // Bytes without a meaning in the code page are another test's.
    let unused: Set<UInt8> = [0x81, 0x8a, 0x8d, 0x8e, 0x8f, 0x90, 0x9a, 0x9d, 0x9e]
    var random = SplitMix64(seed: 1258)
    var bytes = (UInt8(0x20)...0xff).filter { !unused.contains($0) }
    for _ in 0..<2000 {
      let byte = UInt8(truncatingIfNeeded: random.next())
      if byte >= 0x20, !unused.contains(byte) { bytes.append(byte) }
    }
    #expect(try transcoded(bytes, .windows1258, step: step) == python(bytes, "cp1258"))
  }

  @Test("A tone after its letter becomes one character, as in the name of a department")
  func tones() throws {
    // S, o with horn, hook above: three bytes of Windows 1258.
    #expect(try transcoded([0x53, 0xf5, 0xd2], .windows1258, step: 1) == "Sở")
    #expect(try transcoded([0x53, 0xf5, 0xd2], .windows1258, step: 1).unicodeScalars.count == 2)
  }

  @Test("UTF-16 of both orders, with and without a mark", arguments: [1, 2, 5, 1000])
  func utf16(step: Int) throws {
    for (encoding, mark, swap) in [
      (TextEncoding.utf16LittleEndian, [UInt8(0xff), 0xfe], false), (.utf16BigEndian, [0xfe, 0xff], true),
    ] {
      let units = Self.line.utf16.flatMap { unit in
        let (low, high) = (UInt8(unit & 0xff), UInt8(unit >> 8))
        return swap ? [high, low] : [low, high]
      }
      #expect(try TextEncoding(of: MemoryBytes(mark + units)) == encoding)
      #expect(try TextEncoding(of: MemoryBytes(units)) == encoding)
      #expect(try transcoded(units, encoding, step: step) == Self.line)
    }
  }

  @Test("Each encoding is found, also where it shows in the last line only")
  func found() throws {
    let ascii = [UInt8](repeating: 0x61, count: 300_000)
    #expect(try TextEncoding(of: MemoryBytes(ascii, step: 999)) == .utf8)
    #expect(try TextEncoding(of: MemoryBytes([])) == .utf8)
    #expect(try TextEncoding(of: MemoryBytes(ascii + Array("Hà Nội".utf8), step: 999)) == .utf8)
    #expect(try TextEncoding(of: MemoryBytes(ascii + [0x48, 0xe0], step: 999)) == .windows1258)
    // One broken byte does not make another encoding of many good ones.
    #expect(try TextEncoding(of: MemoryBytes(Array("Hà Nội".utf8) + [0xff])) == .utf8)
  }

  @Test("What means nothing in its encoding comes out as a byte that no character has")
  func meaningless() throws {
    let source = try TranscodedBytes(MemoryBytes([0x61, 0x8d, 0x62]), from: .windows1258)
    #expect(try read(source) == [0x61, 0x8d, 0x62])
    // Half of a pair of surrogates, and half of a unit at the end.
    let half = try TranscodedBytes(
      MemoryBytes([0x61, 0, 0x00, 0xd8, 0x62, 0, 0x63]), from: .utf16LittleEndian)
    #expect(try read(half) == [0x61, 0xff, 0x62, 0xff])
  }

  @Test("Letters and marks are composed wherever the pieces end", arguments: 1...7)
  func composed(step: Int) throws {
    let apart = Self.line.decomposedStringWithCanonicalMapping
    #expect(apart.utf8.count > Self.line.utf8.count)
    let source = ComposedBytes(MemoryBytes(Array(apart.utf8), step: step))
    #expect(try read(source, room: 8) == Array(Self.line.utf8))
    #expect(source.changes > 0)
    // Marks without end and without ASCII do not fill the memory, and nothing is lost of them.
    let marks = [UInt8](repeating: 0, count: 300_000).indices.map { $0 % 2 == 0 ? UInt8(0xcc) : 0x80 }
    #expect(try read(ComposedBytes(MemoryBytes(marks)), room: 1 << 16).count >= 290_000)
  }
}
