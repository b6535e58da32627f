@testable import Services

extension FuzzParser {
  /// The first byte chooses what is read: an offer, the server's half of a key exchange, or a host key with its
  /// signature.
  static let ssh = FuzzParser("ssh") { input throws(Violation) in
    guard let choice = input.first else { return }
    let payload = Array(input.dropFirst())
    try checkNumbers(payload)
    switch choice % 3 {
    case 0:
      guard let offer = SSHOffer(payload) else { return }
      guard let agreed = offer.agreed() else { return }
      try require(SSHOffer.keyExchanges.contains(agreed.keyExchange), "a method that we do not offer")
      try require(offer.hostKeys.contains(agreed.hostKey), "a key that they do not offer")
      _ = offer.guessIsWrong()
      try require(offer.keyTypes.count <= 5, "more types of key than there are")
    case 1:
      // Only a point of the right length costs the server or us a multiplication.
      let agreement = SSHKeyAgreement(choice & 0x80 == 0 ? "curve25519-sha256" : "ecdh-sha2-nistp256")
      guard let secret = agreement.secret(with: payload) else { return }
      try require(secret.count == 32, "a secret of \(secret.count) bytes")
      try require(secret.contains { $0 != 0 }, "a secret that anybody knows (RFC 8731 §3)")
    default:
      var reader = SSHReader(payload)
      guard let blob = reader.string(), let signature = reader.string() else { return }
      let algorithm = SSHOffer.hostKeys[Int(choice / 3) % SSHOffer.hostKeys.count]
      let isGenuine = SSHHostKey(blob: blob, algorithm: algorithm)
        .verifies(signature, of: [UInt8](repeating: 0x5a, count: 32))
      // Ed25519 has keys for which a signature of zeros is good now and then: points of small order, which libraries
      // need not refuse (RFC 8032 §5.1.7). Whoever shows one shows a key that everybody has.
      try require(isGenuine != true || algorithm == "ssh-ed25519", "a signature was guessed")
    }
  }

  /// What is read and written again is the same, but for zeros that a number need not have.
  private static func checkNumbers(_ payload: [UInt8]) throws(Violation) {
    var reader = SSHReader(payload)
    while let string = reader.string() {
      var writer = SSHWriter()
      writer.string(string)
      var again = SSHReader(writer.bytes)
      try require(again.string() == string && again.isAtEnd, "a string written and read again differs")
      var number = SSHReader(writer.bytes)
      guard let magnitude = number.mpint() else { continue }
      var numberWriter = SSHWriter()
      numberWriter.mpint(magnitude)
      var numberAgain = SSHReader(numberWriter.bytes)
      try require(numberAgain.mpint() == magnitude, "a number written and read again differs")
      try require(numberWriter.bytes.count <= writer.bytes.count, "a number that grew")
    }
  }
}
