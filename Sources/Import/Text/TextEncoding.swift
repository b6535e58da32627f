import Inventory

/// How the text of a file is written in bytes.
enum TextEncoding: Sendable, Hashable {
  case utf8
  case utf16LittleEndian
  case utf16BigEndian
  /// Vietnamese as Windows wrote it before Unicode: letters of Latin 1 with the tone after them, as a mark of its own.
  case windows1258

  /// What iconv(3) calls it.
  var name: String {
    switch self {
    case .utf8: "UTF-8"
    case .utf16LittleEndian: "UTF-16LE"
    case .utf16BigEndian: "UTF-16BE"
    case .windows1258: "CP1258"
    }
  }

  /// Finds out from all bytes of a file, which has to be read once for that: what is UTF-8 in its first megabyte may be
  /// none in its last line.
  ///
  /// A byte-order mark decides. Without one, text in UTF-16 has zeros in every other place, for a table is full of digits
  /// and commas; what is well-formed as UTF-8 is UTF-8, since other text hardly ever is by accident. The rest is Windows
  /// 1258, unless it has more well-formed characters of several bytes than bytes out of place: then it is UTF-8 that was
  /// damaged, and its reader will say where.
  init(of source: any ByteSource) throws(FileFailure) {
    var census = ByteCensus()
    var chunk = [UInt8](repeating: 0, count: 1 << 17)
    while true {
      let count = try source.read(into: &chunk, from: 0)
      if count == 0 { break }
      census.add(chunk[..<count])
    }
    census.end()
    self =
      switch census.start {
      case let start where start.starts(with: [0xff, 0xfe]): .utf16LittleEndian
      case let start where start.starts(with: [0xfe, 0xff]): .utf16BigEndian
      case let start where start.starts(with: [0xef, 0xbb, 0xbf]): .utf8
      case _ where census.oddZeros * 3 > census.count && census.oddZeros > 3 * census.evenZeros:
        .utf16LittleEndian
      case _ where census.evenZeros * 3 > census.count && census.evenZeros > 3 * census.oddZeros:
        .utf16BigEndian
      case _ where census.misplaced > census.wellFormed: .windows1258
      default: .utf8
      }
  }
}

/// What tells encodings apart, counted over the bytes of a file.
private struct ByteCensus {
  /// The first three bytes.
  private(set) var start: [UInt8] = []
  private(set) var count = 0
  /// Zeros at even and at odd places, from 0.
  private(set) var evenZeros = 0
  private(set) var oddZeros = 0
  /// Characters of several bytes that are well-formed as UTF-8, and bytes above 0x7f that belong to none.
  private(set) var wellFormed = 0
  private(set) var misplaced = 0

  /// How many bytes of the character under way are to come, and how many there were.
  private var toCome = 0
  private var taken = 0

  mutating func add(_ bytes: ArraySlice<UInt8>) {
    if start.count < 3 { start += bytes.prefix(3 - start.count) }
    for byte in bytes {
      if byte == 0 {
        if count & 1 == 0 { evenZeros += 1 } else { oddZeros += 1 }
      }
      count += 1
      if toCome > 0 || byte >= 0x80 { take(byte) }
    }
  }

  mutating func end() {
    misplaced += taken
    (toCome, taken) = (0, 0)
  }

  /// Counts a byte that begins, continues or breaks a character.
  private mutating func take(_ byte: UInt8) {
    if toCome > 0 {
      if byte & 0xc0 == 0x80 {
        toCome -= 1
        taken += 1
        if toCome == 0 {
          wellFormed += 1
          taken = 0
        }
        return
      }
      end()
    }
    switch byte {
    case 0xc2...0xdf: (toCome, taken) = (1, 1)
    case 0xe0...0xef: (toCome, taken) = (2, 1)
    case 0xf0...0xf4: (toCome, taken) = (3, 1)
    case 0x80...0xff: misplaced += 1
    default: break
    }
  }
}
