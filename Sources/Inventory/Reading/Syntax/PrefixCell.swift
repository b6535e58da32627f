import Wire

/// Prefixes.
package enum PrefixCell {
  /// Reads a prefix without host bits.
  package static func read(_ bytes: ArraySlice<UInt8>) throws(Complaint) -> Prefix {
    try ScalarCells.prefix(bytes)
  }
}
