/// A resource record (RFC 1035 §4.1.3).
public struct DNSRecord: Sendable, Hashable {
  /// The name the record belongs to.
  public var name: DNSName
  /// The class; 1 is the Internet.
  public var recordClass: UInt16
  /// How long it may be kept, in seconds. A value with the top bit set means 0 (RFC 2181 §8).
  public var timeToLive: UInt32
  /// What the record says.
  public var data: DNSData

  /// A record of class IN.
  public init(_ name: DNSName, timeToLive: UInt32, _ data: DNSData) {
    self.name = name
    self.recordClass = 1
    self.timeToLive = timeToLive
    self.data = data
  }

  init(from reader: inout DNSReader) throws(DNSError) {
    name = try reader.name()
    let type = DNSType(rawValue: try reader.short())
    recordClass = try reader.short()
    timeToLive = try reader.long()
    data = try DNSData(type, from: &reader)
  }

  func emit(into bytes: inout [UInt8]) {
    bytes += name.wire
    bytes.append(short: data.type.rawValue)
    bytes.append(short: recordClass)
    bytes.append(long: timeToLive)
    let data = data.emitted
    bytes.append(short: UInt16(truncatingIfNeeded: data.count))
    bytes += data
  }
}
