import Observations
import Reporting

@testable import Services
@testable import Wire

extension FuzzParser {
  static let dnsMessage = FuzzParser("dns-message") { input throws(Violation) in
    let whole = Result { () throws(DNSError) in try DNSMessage(parsing: input) }
    let head = Result { () throws(DNSError) in try DNSMessage(parsingHeadOf: input) }
    guard case .success(let message) = whole else { return }
    guard case .success(let start) = head else { throw Violation("whole, and yet its head is not") }
    try require(start.header == message.header && start.questions == message.questions, "two heads")
    let bytes = message.bytes
    let again = try? DNSMessage(parsing: bytes)
    // Names are equal whatever their case; the bytes are not.
    try require(again == message && again?.bytes == bytes, "written and read again it differs")
    let records = message.answers + message.authorities + message.additionals
    for name in records.map(\.name) + message.questions.map(\.name) { try checkText(of: name) }
    guard let question = message.questions.first else { return }
    switch LookupOutcome(message, answering: question) {
    case .answer(let addresses, let aliases):
      try require(
        addresses == Set(addresses).sorted() && !addresses.isEmpty, "addresses twice or out of order")
      try require(aliases.count <= message.answers.count, "more aliases than records")
    case .malformed(let text):
      try require(text.unicodeScalars.allSatisfy { (0x20...0x7e).contains($0.value) }, "unescaped: \(text)")
    default: break
    }
  }

  /// The text of a name, and a name as it stands on the wire.
  static let dnsName = FuzzParser("dns-name") { input throws(Violation) in
    if let name = try? DNSName(String(decoding: input, as: UTF8.self)) { try checkText(of: name) }
    var reader = DNSReader(input)
    guard let name = try? reader.name() else { return }
    try require(reader.position <= input.count && reader.position > 0, "it ends outside")
    try checkText(of: name)
  }

  /// The input is what a server sends, but for the id, which only a server that was asked can know.
  static let dnsReply = FuzzParser("dns-reply") { input throws(Violation) in
    guard input.count >= 2, let name = try? DNSName("portal.city.example") else { return }
    let exchange = DNSExchange(DNSQuestion(name, .aaaa), recursive: true)
    let id = exchange.query.header.id
    let answer = [UInt8(id >> 8), UInt8(id & 255)] + input.dropFirst(2)
    switch exchange.reply(in: answer) {
    case .message(let message):
      try require(message.header.isResponse && !message.header.isTruncated, "no whole answer")
      try require(
        message.questions == [exchange.question] || message.questions.isEmpty, "answers another question")
    case .truncated(let message): try require(message.header.isTruncated, "not cut")
    case .malformed(let text): try requirePrintable(text)
    case nil: break
    }
    let other = [UInt8(id >> 8) ^ 1, UInt8(id & 255)] + input.dropFirst(2)
    try require(exchange.reply(in: other) == nil, "an answer with another id was taken")
  }

  private static func checkText(of name: DNSName) throws(Violation) {
    let text = name.description
    try require(text.utf8.allSatisfy { (0x21...0x7e).contains($0) }, "unescaped: \(text)")
    try require((try? DNSName(text))?.wire == name.wire, "\(text) reads as another name")
    try require(name.wire.count <= 255 && name.labels.allSatisfy { $0.count <= 63 }, "too long")
  }
}
