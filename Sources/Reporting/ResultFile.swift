import Crypto
import Observations

/// A file of results, whole in memory.
public struct ResultFile: Sendable, Hashable {
  /// The name inside the output directory.
  public let name: String
  /// The bytes.
  public let bytes: [UInt8]

  /// A file of this name and content.
  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }

  /// SHA-256 of the content, hexadecimal.
  public var sha256: String { hexadecimalSHA256(bytes) }
}

/// SHA-256 of bytes as 64 lower-case hexadecimal digits.
public func hexadecimalSHA256(_ bytes: [UInt8]) -> String { hexadecimal(SHA256.hash(data: bytes)) }
