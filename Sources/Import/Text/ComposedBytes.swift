import Foundation
import Inventory

/// UTF-8 with every letter and its marks as one character where there is one (Unicode's form NFC): a Mac writes a name as
/// letters and marks, and two rows that look the same would be two things.
final class ComposedBytes: ByteSource {
  private let source: any ByteSource
  private var raw: [UInt8] = []
  private var ready: [UInt8] = []
  private var next = 0
  private var hasEnded = false
  /// How many pieces of text were not composed.
  private(set) var changes = 0

  /// Bytes that are read at once, and after which text is cut where no ASCII character is: what composes it may take time by
  /// the square of marks in a row.
  private static let (chunk, most) = (1 << 14, 1 << 14)

  init(_ source: any ByteSource) { self.source = source }

  func read(into buffer: inout [UInt8], from start: Int) throws(FileFailure) -> Int {
    while next == ready.count {
      if hasEnded { return 0 }
      try fill()
    }
    let count = min(ready.count - next, buffer.count - start)
    buffer.replaceSubrange(start..<start + count, with: ready[next..<next + count])
    next += count
    return count
  }

  private func fill() throws(FileFailure) {
    let left = raw.count
    raw += [UInt8](repeating: 0, count: Self.chunk)
    let count = try source.read(into: &raw, from: left)
    raw.removeLast(Self.chunk - count)
    hasEnded = count == 0
    // Nothing before an ASCII character is composed with what follows it; the character itself may be.
    var cut = hasEnded ? raw.count : raw.lastIndex { $0 < 0x80 } ?? 0
    // Text without any for so long is none that a person wrote; it is not to fill the memory.
    if cut == 0, raw.count > Self.most { cut = raw.lastIndex { $0 & 0xc0 != 0x80 } ?? 0 }
    ready = composed(raw[..<cut])
    raw.removeSubrange(..<cut)
    next = 0
  }

  private func composed(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    // Latin and the Vietnamese letters have no combining mark below U+0300, which begins with 0xCC.
    guard bytes.contains(where: { $0 >= 0xcc }), let text = String(validating: bytes, as: UTF8.self)
    else { return Array(bytes) }
    let result = Array(text.precomposedStringWithCanonicalMapping.utf8)
    if !result.elementsEqual(bytes) { changes += 1 }
    return result
  }
}
