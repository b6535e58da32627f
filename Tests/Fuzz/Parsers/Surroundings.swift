/// Reads `input` twice, from the middle of two buffers that differ in everything around it. Whoever looks outside
/// reads two different things.
func readAlone<Value: Equatable>(
  _ input: [UInt8], _ read: (_ input: RawSpan) -> Value
) throws(Violation) -> Value {
  let margin = 64
  let values = ([0x00, 0xff] as [UInt8]).map { filler in
    let around = [UInt8](repeating: filler, count: margin)
    let bytes = around + input + around
    return read(bytes.span.bytes.extracting(margin..<margin + input.count))
  }
  try require(values[0] == values[1], "the bytes around the input matter: \(values[0]), \(values[1])")
  return values[0]
}

/// The bytes that `write` leaves in a buffer of `count`.
func written(_ count: Int, _ write: (inout MutableRawSpan) -> Void) -> [UInt8] {
  var bytes = [UInt8](repeating: 0, count: count)
  var span = bytes.mutableSpan
  var raw = span.mutableBytes
  write(&raw)
  return bytes
}
