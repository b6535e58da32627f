/// A frame as a capture holds it.
struct Frame {
  /// The bytes that were captured.
  var bytes: [UInt8]
  /// How long it was on the wire.
  var wireLength: Int
  /// What it is, for whoever has to find out why a comparison failed.
  var story: String
}

/// An upper layer before it is put into a packet.
struct UpperLayer {
  var protocolNumber: UInt8
  var bytes: [UInt8]
  /// Where the checksum lies; `nil` if it has none.
  var checksumOffset: Int?
  /// Whether the checksum covers addresses.
  var coversAddresses = true
  /// How many bytes are covered where that is not all of them.
  var coveredLength: Int?
  var story: String

  /// With its checksum for a packet between two addresses.
  func finished(from source: [UInt8], to destination: [UInt8], _ choice: ChecksumChoice) -> [UInt8] {
    guard let checksumOffset, checksumOffset + 2 <= bytes.count else { return bytes }
    var bytes = bytes
    bytes.set(0, at: checksumOffset)
    let length = min(coveredLength ?? bytes.count, bytes.count)
    let pseudoHeader =
      source.count == 4
      ? source + destination + [0, protocolNumber] + .short(length)
      : source + destination + .long(length) + [0, 0, 0, protocolNumber]
    let covered = coversAddresses ? pseudoHeader : []
    let sum = ~onesComplementSum(covered + bytes.prefix(length))
    // Zero means "none" in UDP (RFC 768).
    let right = sum == 0 && protocolNumber == 17 ? 0xffff : sum
    switch choice {
    case .right: bytes.set(right, at: checksumOffset)
    case .wrong: bytes.set(right ^ 0x1234, at: checksumOffset)
    case .zero: bytes.set(0, at: checksumOffset)
    case .offloaded: bytes.set(onesComplementSum(covered), at: checksumOffset)
    }
    return bytes
  }
}
