/// The name of the server in the beginning of a TLS connection (RFC 8446 §4.1.2, RFC 6066 §3).
public enum ClientHello {
  /// Where the server's name stands in the first bytes of a connection; `nil` where they are no ClientHello, and where it
  /// names none.
  ///
  /// - Parameter record: a segment's data. A ClientHello that needs several is read as far as the first goes.
  public static func serverName(in record: RawSpan) -> Range<Int>? {
    // Record: type 22, version 3.x, length. Message: type 1, length; version, random.
    guard record.byteCount >= 43, record.uint8(at: 0) == 22, record.uint8(at: 1) == 3,
      record.uint8(at: 5) == 1
    else {
      return nil
    }
    let end = min(record.byteCount, 5 + Int(record.uint16(at: 3)))
    var position = 43
    // Session, cipher suites, compression methods.
    guard position < end else { return nil }
    position += 1 + Int(record.uint8(at: position))
    guard position + 2 <= end else { return nil }
    position += 2 + Int(record.uint16(at: position))
    guard position < end else { return nil }
    position += 1 + Int(record.uint8(at: position))
    guard position + 2 <= end else { return nil }
    position += 2
    while position + 4 <= end {
      let body = position + 4
      let next = body + Int(record.uint16(at: position + 2))
      if record.uint16(at: position) == 0 {
        // A list of names, of which there is one kind: its type, length and text.
        guard body + 5 <= end, record.uint8(at: body + 2) == 0 else { return nil }
        let start = body + 5
        let last = start + Int(record.uint16(at: body + 3))
        return last <= min(next, end) && last > start ? start..<last : nil
      }
      position = next
    }
    return nil
  }
}
