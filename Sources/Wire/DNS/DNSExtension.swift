/// EDNS as one OPT record carries it (RFC 6891 §6.1).
public struct DNSExtension: Sendable, Hashable {
  /// The largest UDP payload the sender can take, in bytes; values below 512 mean 512.
  public var payloadSize: UInt16
  /// The upper eight bits of the response code.
  public var responseBits: UInt8 = 0
  /// 0.
  public var version: UInt8 = 0
  /// DO (RFC 3225).
  public var wantsSignatures = false
  /// Options as they stand.
  public var options: [UInt8] = []

  /// EDNS version 0. 1232 bytes fit into the smallest IPv6 MTU together with the headers, so nothing is
  /// fragmented on the way.
  public init(payloadSize: UInt16 = 1232) { self.payloadSize = payloadSize }

  init(_ record: DNSRecord, options: [UInt8]) {
    payloadSize = record.recordClass
    responseBits = UInt8(truncatingIfNeeded: record.timeToLive >> 24)
    version = UInt8(truncatingIfNeeded: record.timeToLive >> 16)
    wantsSignatures = record.timeToLive & 0x8000 != 0
    self.options = options
  }

  var record: DNSRecord {
    let flags: UInt32 = wantsSignatures ? 0x8000 : 0
    var record = DNSRecord(
      .root, timeToLive: UInt32(responseBits) << 24 | UInt32(version) << 16 | flags, .opt(options))
    record.recordClass = payloadSize
    return record
  }
}
