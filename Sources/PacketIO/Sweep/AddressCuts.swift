import Wire

/// The address space of a family, cut where any of some prefixes begins or ends: all addresses between two cuts lie in the
/// same of them.
struct AddressCuts {
  /// Where the parts begin, ascending; the first begins at zero.
  let starts: [UInt128]

  init(_ prefixes: some Sequence<Prefix>) {
    var starts: Set<UInt128> = [0]
    for prefix in prefixes {
      let start = prefix.address.bits
      starts.insert(start)
      let size: UInt128 = prefix.length == 0 ? 0 : 1 << UInt128(128 - prefix.length)
      // Nothing begins behind the last address.
      if size > 0, start &+ size > start { starts.insert(start &+ size) }
    }
    self.starts = starts.sorted()
  }

  /// The part an address lies in.
  func part(of bits: UInt128) -> Int {
    var (low, high) = (0, starts.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if starts[middle] <= bits { low = middle } else { high = middle - 1 }
    }
    return low
  }

  /// The first and the last address of a part.
  func range(of part: Int) -> ClosedRange<UInt128> {
    starts[part]...(part + 1 < starts.count ? starts[part + 1] - 1 : .max)
  }
}
