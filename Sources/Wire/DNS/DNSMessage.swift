/// A DNS message (RFC 1035 §4.1): parsed whole or not at all.
public struct DNSMessage: Sendable, Hashable {
  /// Id, flags and the lower bits of the response code.
  public var header: DNSHeader
  /// The question section: one entry in practice.
  public var questions: [DNSQuestion] = []
  /// The answer section.
  public var answers: [DNSRecord] = []
  /// The authority section: referrals, or the SOA of a negative answer.
  public var authorities: [DNSRecord] = []
  /// The additional section without the OPT record, which is in `extended`.
  public var additionals: [DNSRecord] = []
  /// EDNS, if the sender speaks it.
  public var extended: DNSExtension?

  /// A message with nothing behind its header.
  public init(header: DNSHeader) { self.header = header }

  /// A query for one question; `recursive` asks the server to find the answer elsewhere.
  public init(
    asking question: DNSQuestion, id: UInt16, recursive: Bool, extended: DNSExtension? = DNSExtension()
  ) {
    header = DNSHeader(id: id)
    header.recursionDesired = recursive
    questions = [question]
    self.extended = extended
  }

  /// Parses a whole message. Bytes behind the last record are ignored, as servers that pad do send them.
  public init(parsing bytes: [UInt8]) throws(DNSError) {
    var reader = DNSReader(bytes)
    header = try DNSHeader(from: &reader)
    let counts = (try reader.short(), try reader.short(), try reader.short(), try reader.short())
    for _ in 0..<counts.0 { questions.append(try DNSQuestion(from: &reader)) }
    for _ in 0..<counts.1 { answers.append(try DNSRecord(from: &reader)) }
    for _ in 0..<counts.2 { authorities.append(try DNSRecord(from: &reader)) }
    for _ in 0..<counts.3 {
      let record = try DNSRecord(from: &reader)
      if case .opt(let options) = record.data {
        guard extended == nil else { throw .repeatedOPT }
        extended = DNSExtension(record, options: options)
      } else {
        additionals.append(record)
      }
    }
  }

  /// Parses header and questions alone: enough to tell whether a message is an answer to ours, and whether
  /// it was cut (a cut message need not be parseable behind its question, RFC 2181 §9).
  public init(parsingHeadOf bytes: [UInt8]) throws(DNSError) {
    var reader = DNSReader(bytes)
    header = try DNSHeader(from: &reader)
    let count = try reader.short()
    _ = try reader.take(DNSHeader.length - reader.position)
    for _ in 0..<count { questions.append(try DNSQuestion(from: &reader)) }
  }

  /// The message on the wire, its names uncompressed.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    header.emit(into: &bytes)
    let additional = additionals + (extended.map { [$0.record] } ?? [])
    for count in [questions.count, answers.count, authorities.count, additional.count] {
      bytes.append(short: UInt16(truncatingIfNeeded: count))
    }
    for question in questions { question.emit(into: &bytes) }
    for record in answers + authorities + additional { record.emit(into: &bytes) }
    return bytes
  }

  /// The response code with the bits that EDNS adds.
  public var responseCode: DNSResponseCode {
    DNSResponseCode(rawValue: UInt16(extended?.responseBits ?? 0) << 4 | UInt16(header.responseBits))
  }
}
