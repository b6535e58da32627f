import NIOSSL

/// Turns BoringSSL's error stack into the reason alone. Its own text ends in the file and line of the library's
/// source, which says nothing to a reader and differs between builds.
enum TLSFailureText {
  static func text(of error: any Error) -> String {
    let stack: NIOBoringSSLErrorStack
    switch error {
    case NIOSSLError.handshakeFailed(.sslError(let errors)),
      NIOSSLError.handshakeFailed(.unknownError(let errors)),
      BoringSSLError.sslError(let errors), BoringSSLError.unknownError(let errors):
      stack = errors
    default:
      return "TLS: \(boundedText("\(error)".utf8))"
    }
    let reasons = stack.map { reason(in: $0.description) }
    return "TLS: " + (reasons.isEmpty ? "handshake failure" : reasons.joined(separator: ", "))
  }

  /// `Error: 268435703 error:100000f7:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER at …/record.cc:127`
  /// becomes `wrong version number`.
  private static func reason(in description: String) -> String {
    let fields = description.split(separator: ":", omittingEmptySubsequences: false)
    guard let marker = fields.firstIndex(of: "OPENSSL_internal"), marker + 1 < fields.count else {
      return boundedText(description.utf8)
    }
    let words = fields[marker + 1].split(separator: " ").first ?? fields[marker + 1]
    return words.replacing("_", with: " ").lowercased()
  }
}
