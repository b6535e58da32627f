import Crypto
import Observations

/// A file of results, whole in memory.
public struct ResultFile: Sendable, Hashable {
  /// The name inside the output directory.
  public let name: String
  /// The content, piece by piece: a large file need not lie in one place.
  let pieces: [[UInt8]]

  /// A file of this name and content.
  public init(name: String, bytes: [UInt8]) { self.init(name: name, pieces: [bytes]) }

  init(name: String, pieces: [[UInt8]]) {
    self.name = name
    self.pieces = pieces
  }

  /// The content as a whole.
  public var bytes: [UInt8] { pieces.count == 1 ? pieces[0] : Array(pieces.joined()) }

  /// SHA-256 of the content, hexadecimal.
  public var sha256: String {
    var hash = SHA256()
    for piece in pieces { hash.update(data: piece) }
    return hexadecimal(hash.finalize())
  }
}

/// SHA-256 of bytes as 64 lower-case hexadecimal digits.
public func hexadecimalSHA256(_ bytes: [UInt8]) -> String { hexadecimal(SHA256.hash(data: bytes)) }
