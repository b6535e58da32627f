import Crypto
import Observations

/// The content of a page: its words without the volatile ones, as a multiset. Pure; the rule is docs/content.md.
///
/// A word is kept as a hash of 64 bits whose last byte is its weight, its length in bytes. So half a megabyte of page
/// takes at most a few megabytes, and two pages are compared in one walk through both.
struct PageContent: Sendable, Hashable {
  /// Ascending.
  private let words: [UInt64]
  private let weight: Int
  /// Over the words in their order, hexadecimal: equal hashes mean equal pages.
  let sha256: String

  /// The content of a body.
  init(_ body: [UInt8]) {
    var collector = WordCollector()
    collector.collect(body)
    words = collector.words.sorted()
    weight = collector.weight
    sha256 = hexadecimal(SHA256.hash(data: collector.text))
  }

  /// How much of both pages together only one of them has, in thousandths, rounded up: 0 only for pages of the same
  /// words, 1000 for pages that have none in common. Symmetric.
  func difference(to other: PageContent) -> Int {
    var alone = 0
    var (left, right) = (0, 0)
    while left < words.count && right < other.words.count {
      let (mine, theirs) = (words[left], other.words[right])
      if mine == theirs {
        left += 1
        right += 1
      } else if mine < theirs {
        alone += Int(mine & 0xff)
        left += 1
      } else {
        alone += Int(theirs & 0xff)
        right += 1
      }
    }
    alone += words[left...].reduce(0) { $0 + Int($1 & 0xff) }
    alone += other.words[right...].reduce(0) { $0 + Int($1 & 0xff) }
    let both = weight + other.weight
    return both == 0 ? 0 : (1000 * alone + both - 1) / both
  }
}

/// Walks through a body and keeps what is content.
private struct WordCollector {
  private(set) var words: [UInt64] = []
  private(set) var weight = 0
  /// The words one after the other, for the hash.
  private(set) var text: [UInt8] = []
  /// Whether the next word is the value of something that is new in every answer.
  private var dropsNext = false

  mutating func collect(_ body: [UInt8]) {
    text.reserveCapacity(body.count)
    var scanner = HTMLScanner(body)
    while let piece = scanner.next() {
      switch piece {
      case .text(let range): runs(body[range])
      case .comment: break
      case .tag(let name, let isEnd, let attributes):
        if isEnd { continue }
        runs(body[name])
        for attribute in attributes {
          runs(body[attribute.name])
          dropsNext = false
          if let value = Self.content(of: attribute, in: name, among: attributes, scanner) {
            runs(body[value])
          }
        }
        dropsNext = false
      }
    }
  }

  /// What of an attribute's value is content: nothing of a nonce, of a hidden field and of a token in `meta`; a URL
  /// without its query and parameters.
  private static func content(
    of attribute: HTMLScanner.Attribute, in tag: Range<Int>, among all: [HTMLScanner.Attribute],
    _ scanner: HTMLScanner
  ) -> Range<Int>? {
    let bytes = scanner.bytes
    func other(_ name: StaticString) -> Range<Int>? {
      all.first { scanner.matches($0.name, name) }?.value
    }
    if VolatileText.namesVolatile(bytes[attribute.name]) { return nil }
    if scanner.matches(tag, "input"), scanner.matches(attribute.name, "value"),
      other("type").map({ scanner.matches($0, "hidden") }) ?? false
        || other("name").map({ VolatileText.namesVolatile(bytes[$0]) }) ?? false
    {
      return nil
    }
    if scanner.matches(tag, "meta"), scanner.matches(attribute.name, "content"),
      other("name").map({ VolatileText.namesVolatile(bytes[$0]) }) ?? false
    {
      return nil
    }
    let isURL = ["href", "src", "srcset", "action", "data", "poster"].contains {
      (name: StaticString) in scanner.matches(attribute.name, name)
    }
    guard isURL else { return attribute.value }
    let end = bytes[attribute.value].firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: ";") }
    return attribute.value.lowerBound..<(end ?? attribute.value.upperBound)
  }

  /// Cuts text into runs without spaces, quotes and brackets, leaves volatile ones out, and cuts the rest into words.
  private mutating func runs(_ text: ArraySlice<UInt8>) {
    var index = text.startIndex
    while index < text.endIndex {
      while index < text.endIndex, !Self.isRun(text[index]) { index += 1 }
      let start = index
      while index < text.endIndex, Self.isRun(text[index]) { index += 1 }
      if index > start { run(text[start..<index]) }
    }
  }

  private mutating func run(_ run: ArraySlice<UInt8>) {
    if VolatileText.isVolatile(run) {
      dropsNext = false
      return
    }
    var index = run.startIndex
    while index < run.endIndex {
      while index < run.endIndex, !Self.isWord(run[index]) { index += 1 }
      let start = index
      while index < run.endIndex, Self.isWord(run[index]) { index += 1 }
      if index > start { word(run[start..<index], isWhole: index - start == run.count) }
    }
  }

  private mutating func word(_ word: ArraySlice<UInt8>, isWhole: Bool) {
    let drops = dropsNext
    dropsNext = VolatileText.namesVolatile(word)
    if drops && !dropsNext { return }
    if !isWhole && VolatileText.isVolatile(word) { return }
    // FNV-1a, finished so that its high bits are mixed as well.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in word { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    hash = (hash ^ hash >> 32) &* 0x9e37_79b9_7f4a_7c15
    let weight = min(word.count, 255)
    words.append(hash & ~0xff | UInt64(weight))
    self.weight += weight
    text += word
    text.append(0x20)
  }

  /// What holds a time, a URL or a base64 run together.
  private static func isRun(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="), UInt8(ascii: "."),
      UInt8(ascii: ":"):
      true
    default: isWord(byte)
    }
  }

  /// Letters, digits, `_` and whatever is not ASCII.
  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...0xff:
      true
    default: false
    }
  }
}
