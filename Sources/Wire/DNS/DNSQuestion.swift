/// What is asked (RFC 1035 §4.1.2).
public struct DNSQuestion: Sendable, Hashable {
  /// The name asked for.
  public var name: DNSName
  /// The type asked for.
  public var type: DNSType
  /// The class; 1 is the Internet.
  public var recordClass: UInt16

  /// A question of class IN.
  public init(_ name: DNSName, _ type: DNSType) {
    self.name = name
    self.type = type
    recordClass = 1
  }

  init(from reader: inout DNSReader) throws(DNSError) {
    name = try reader.name()
    type = DNSType(rawValue: try reader.short())
    recordClass = try reader.short()
  }

  func emit(into bytes: inout [UInt8]) {
    bytes += name.wire
    bytes.append(short: type.rawValue)
    bytes.append(short: recordClass)
  }
}
