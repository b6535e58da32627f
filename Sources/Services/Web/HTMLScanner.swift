/// Cuts a page into text, tags and comments, without judging whether it is well-formed. One pass, in time linear in
/// the length: what is never closed is text to its end.
///
/// It follows the tokenizer of the HTML standard as far as links and content need it: attribute values with and
/// without quotes, comments, and the raw text of `script` and `style`.
struct HTMLScanner {
  struct Attribute {
    var name: Range<Int>
    var value: Range<Int>
  }

  enum Piece {
    /// Text between tags; the inside of `script` and `style` too.
    case text(Range<Int>)
    /// A start tag (or an end tag, which has no attributes here).
    case tag(name: Range<Int>, isEnd: Bool, attributes: [Attribute])
    /// A comment, a declaration or a processing instruction.
    case comment(Range<Int>)
  }

  /// More attributes than this of one tag are passed over.
  private static let maximumAttributes = 64

  let bytes: [UInt8]
  private var place = 0
  /// The element whose raw text comes next, if one does.
  private var raw: Range<Int>?
  /// Set when something was not closed: then no later search for its end can find any either.
  private var isText = false

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The next piece; `nil` at the end.
  mutating func next() -> Piece? {
    guard place < bytes.count else { return nil }
    if let raw, let piece = rawText(of: raw) { return piece }
    let start = place
    while place < bytes.count {
      if !isText && bytes[place] == UInt8(ascii: "<") && opensMarkup(at: place + 1) {
        if place > start { return .text(start..<place) }
        if let piece = markup() { return piece }
        isText = true
      }
      place += 1
    }
    return .text(start..<place)
  }

  private func opensMarkup(at index: Int) -> Bool {
    guard index < bytes.count else { return false }
    let byte = bytes[index]
    return byte == UInt8(ascii: "/") || byte == UInt8(ascii: "!") || byte == UInt8(ascii: "?")
      || isLetter(byte)
  }

  private func isLetter(_ byte: UInt8) -> Bool { (97...122).contains(byte | 0x20) }

  private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (9...13).contains(byte) }

  /// From `<script>` to `</script`; to the end where there is none.
  private mutating func rawText(of name: Range<Int>) -> Piece? {
    raw = nil
    let start = place
    while place < bytes.count {
      if bytes[place] == UInt8(ascii: "<"), place + 1 < bytes.count, bytes[place + 1] == UInt8(ascii: "/"),
        equals(place + 2, name)
      {
        break
      }
      place += 1
    }
    return place > start ? .text(start..<place) : nil
  }

  private func equals(_ start: Int, _ name: Range<Int>) -> Bool {
    guard start + name.count <= bytes.count else { return false }
    return zip(bytes[start..<start + name.count], bytes[name]).allSatisfy { $0 | 0x20 == $1 | 0x20 }
  }

  /// A tag or comment at `place`; `nil`, and `place` unchanged, where it does not end.
  private mutating func markup() -> Piece? {
    let start = place
    let next = bytes[start + 1]
    if next == UInt8(ascii: "!") || next == UInt8(ascii: "?") {
      let isComment =
        start + 3 < bytes.count && bytes[start + 2] == UInt8(ascii: "-")
        && bytes[start + 3] == UInt8(ascii: "-")
      var index = isComment ? start + 4 : start + 2
      while index < bytes.count {
        if bytes[index] == UInt8(ascii: ">")
          && (!isComment || (bytes[index - 1] == UInt8(ascii: "-") && bytes[index - 2] == UInt8(ascii: "-")))
        {
          place = index + 1
          return .comment(start..<place)
        }
        index += 1
      }
      return nil
    }
    return tag(from: start)
  }

  private mutating func tag(from start: Int) -> Piece? {
    let isEnd = bytes[start + 1] == UInt8(ascii: "/")
    var index = start + (isEnd ? 2 : 1)
    let name = word(&index)
    var attributes: [Attribute] = []
    while index < bytes.count, bytes[index] != UInt8(ascii: ">") {
      if isSpace(bytes[index]) || bytes[index] == UInt8(ascii: "/") || bytes[index] == UInt8(ascii: "=") {
        index += 1
        continue
      }
      let key = word(&index)
      while index < bytes.count, isSpace(bytes[index]) { index += 1 }
      var value = index..<index
      if index < bytes.count, bytes[index] == UInt8(ascii: "=") {
        index += 1
        while index < bytes.count, isSpace(bytes[index]) { index += 1 }
        value = self.value(&index)
      }
      if attributes.count < Self.maximumAttributes && !isEnd {
        attributes.append(Attribute(name: key, value: value))
      }
    }
    guard index < bytes.count else { return nil }
    place = index + 1
    if !isEnd && (matches(name, "script") || matches(name, "style")) { raw = name }
    return .tag(name: name, isEnd: isEnd, attributes: attributes)
  }

  /// Up to a space, `=`, `/` or `>`.
  private func word(_ index: inout Int) -> Range<Int> {
    let start = index
    while index < bytes.count, !isSpace(bytes[index]), bytes[index] != UInt8(ascii: ">"),
      bytes[index] != UInt8(ascii: "="), bytes[index] != UInt8(ascii: "/")
    {
      index += 1
    }
    return start..<index
  }

  private func value(_ index: inout Int) -> Range<Int> {
    guard index < bytes.count else { return index..<index }
    let quote = bytes[index]
    if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      let start = index + 1
      index = start
      while index < bytes.count, bytes[index] != quote { index += 1 }
      let end = index
      if index < bytes.count { index += 1 }
      return start..<end
    }
    let start = index
    while index < bytes.count, !isSpace(bytes[index]), bytes[index] != UInt8(ascii: ">") { index += 1 }
    return start..<index
  }

  /// Whether the bytes are this word, without regard to case. `word` is in lower case.
  func matches(_ range: Range<Int>, _ word: StaticString) -> Bool {
    guard range.count == word.utf8CodeUnitCount else { return false }
    for (offset, index) in range.enumerated() where bytes[index] | 0x20 != word.utf8Start[offset] {
      return false
    }
    return true
  }
}
