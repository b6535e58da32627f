import Wire

/// The line each declared address was first seen on.
struct AddressTable {
  private var lines: [IPAddress: UInt32] = [:]

  /// Adds an address; the line that had it before, if one did.
  mutating func add(_ address: IPAddress, line: Int) -> Int? {
    guard let earlier = lines.updateValue(UInt32(clamping: line), forKey: address) else { return nil }
    lines[address] = earlier
    return Int(earlier)
  }
}
