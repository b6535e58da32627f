import Crypto
import Observations

/// One file of the inventory as it was when a run began, so that the run can be judged and reported again
/// when the files have changed since.
public struct StoredFile: Sendable, Hashable {
  /// The file's name in its directory: `hosts.csv`.
  public var name: String
  /// Its content, byte for byte.
  public var bytes: [UInt8]

  /// A file of this name and content.
  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }

  /// SHA-256 (FIPS 180-4) over the content, 64 hexadecimal digits in lower case: its key in the store.
  public var sha256: String { hexadecimal(SHA256.hash(data: bytes)) }
}
