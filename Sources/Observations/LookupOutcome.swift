import Wire

/// A DNS record type that is asked for.
public enum RecordType: String, Sendable, Hashable, Codable, CaseIterable {
  case a = "A"
  case aaaa = "AAAA"

  /// The record type that holds addresses of a family.
  public init(_ family: AddressFamily) { self = family == .ipv4 ? .a : .aaaa }
}

/// What came of asking for one name and type, all tries together. Each case is kept apart because each has
/// another cause and another cure.
public enum LookupOutcome: Sendable, Hashable, Codable {
  /// At least one address, in ascending order; `aliases` is the CNAME chain that led there.
  case answer(addresses: [IPAddress], aliases: [String])
  /// The name exists but has no record of this type (RFC 2308 §2.2).
  case noData
  /// The name does not exist (RFC 8020).
  case nxDomain
  /// RCODE 2.
  case servFail
  /// RCODE 5.
  case refused
  /// Any other RCODE.
  case failed(rcode: UInt8)
  /// Something came that is no answer to the question.
  case malformed(String)
  /// Nothing came after this many tries.
  case timeout(tries: Int)
  /// The resolver itself could not be asked (no route, connection refused).
  case unreachable(String)

  /// The addresses of an answer; empty for every other outcome.
  public var addresses: [IPAddress] {
    if case .answer(let addresses, _) = self { addresses } else { [] }
  }
}
