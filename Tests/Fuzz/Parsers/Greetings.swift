import Observations
import Reporting
import Wire

@testable import Services

extension FuzzParser {
  /// The input is what a server sends, but for the time stamp, which only a server that was asked can know.
  static let ntp = FuzzParser("ntp") { input throws(Violation) in
    let query = NTPQuery()
    try checkGreeting { () throws(NetworkFailure) in try query.greeting(in: input) }
    guard input.count >= 32 else { return }
    var answer = input
    answer.replaceSubrange(24..<32, with: query.bytes[40..<48])
    try checkGreeting { () throws(NetworkFailure) in try query.greeting(in: answer) }
  }

  /// The input is what a server sends; `*` stands for the Call-ID, which only a server that was asked can know.
  static let sip = FuzzParser("sip") { input throws(Violation) in
    let query = SIPQuery(
      HandshakeRequest(
        service: "sip", endpoint: Endpoint(Sample.destination(.ipv6), 5060), transport: .udp,
        name: nil), userAgent: "v6audit")
    let request = String(decoding: query.bytes(from: nil), as: UTF8.self)
    guard let line = request.split(separator: "\r\n").first(where: { $0.hasPrefix("Call-ID: ") }) else {
      throw Violation("a request without Call-ID")
    }
    let token = Array(line.dropFirst("Call-ID: ".count).utf8)
    let answer = input.flatMap { $0 == UInt8(ascii: "*") ? token : [$0] }
    try checkGreeting { () throws(NetworkFailure) in try query.greeting(in: answer) }
    guard let status = (try? query.greeting(in: answer)) ?? nil else { return }
    try require(answer != input, "an answer without our Call-ID was taken")
    let code = status.split(separator: " ").dropFirst().first ?? ""
    try require(
      code.utf8.count == 3 && code.utf8.allSatisfy { (0x30...0x39).contains($0) },
      "a status of other than three digits (RFC 3261 §7.2)")
  }

  /// Whatever a result table may hold, from whatever text.
  static let safeText = FuzzParser("safe-text") { input throws(Violation) in
    let text = String(decoding: input, as: UTF8.self)
    try requirePrintable(SafeText.printable(text))
    let bounded = boundedText(input)
    try require(bounded.utf8.count <= 256, "text of \(bounded.utf8.count) bytes")
    try checkCell(SafeText.cell(text))
  }

  private static func checkGreeting(
    _ read: () throws(NetworkFailure) -> String?
  ) throws(Violation) {
    let text: String
    do {
      guard let greeting = try read() else { return }
      text = greeting
    } catch {
      guard case .violation(_, let why) = error else { throw Violation("failed with \(error)") }
      text = why
    }
    // Bounded to 256 bytes, and a few words of our own.
    try require(text.utf8.count <= 300, "text of \(text.utf8.count) bytes")
    try requirePrintable(SafeText.printable(text))
  }
}

/// Throws where text would steer a terminal.
func requirePrintable(_ text: String) throws(Violation) {
  let wrong = text.unicodeScalars.first {
    switch $0.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
  try require(wrong == nil, "U+\(String(wrong?.value ?? 0, radix: 16)) unescaped")
}
