/// Message numbers (RFC 4250 §4.1.2, RFC 5656 §7.1).
enum SSHMessage {
  static let disconnect: UInt8 = 1
  static let ignore: UInt8 = 2
  static let unimplemented: UInt8 = 3
  static let debug: UInt8 = 4
  static let keyExchangeInit: UInt8 = 20
  static let ecdhInit: UInt8 = 30
  static let ecdhReply: UInt8 = 31

  /// A message in a packet as it stands before keys are in use: padded to a multiple of eight bytes, with at
  /// least four of padding (RFC 4253 §6).
  static func packet(_ payload: [UInt8]) -> [UInt8] {
    let missing = 8 - (5 + payload.count) % 8
    let padding = missing < 4 ? missing + 8 : missing
    var writer = SSHWriter()
    writer.uint32(UInt32(1 + payload.count + padding))
    writer.byte(UInt8(padding))
    writer.raw(payload)
    writer.raw((0..<padding).map { _ in UInt8.random(in: .min ... .max) })
    return writer.bytes
  }

  /// A goodbye with the reason "by application" (RFC 4253 §11.1), so that the server's log says what it was.
  static func goodbye(_ text: String) -> [UInt8] {
    var writer = SSHWriter()
    writer.byte(disconnect)
    writer.uint32(11)
    writer.string(Array(text.utf8))
    writer.string([])
    return writer.bytes
  }
}

/// What one side offers (RFC 4253 §7.1), as far as it is looked at here.
struct SSHOffer {
  /// Our key exchange methods, best first.
  static let keyExchanges = [
    "curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256",
  ]
  /// Our host key algorithms. The order is fixed so that a server is asked for the same key whatever the
  /// address it is reached at.
  static let hostKeys = [
    "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "rsa-sha2-512",
    "rsa-sha2-256", "ssh-rsa",
  ]
  /// Offered because a side that offers nothing is hung up on; never used, as the conversation ends before.
  private static let ciphers = [
    "aes128-ctr", "aes256-ctr", "aes128-gcm@openssh.com", "chacha20-poly1305@openssh.com", "aes128-cbc",
    "3des-cbc",
  ]
  private static let integrity = [
    "hmac-sha2-256", "hmac-sha2-512", "hmac-sha2-256-etm@openssh.com", "hmac-sha1",
  ]

  let keyExchanges: [String]
  let hostKeys: [String]
  /// Whether a key exchange packet follows that was sent on a guess.
  let guesses: Bool

  /// Reads a server's offer; `nil` if it is none.
  init?(_ payload: [UInt8]) {
    var reader = SSHReader(payload)
    guard reader.byte() == SSHMessage.keyExchangeInit, reader.take(16) != nil,
      let keyExchanges = reader.nameList(), let hostKeys = reader.nameList()
    else { return nil }
    // Ciphers, integrity, compression and languages, each for both directions.
    for _ in 0..<8 where reader.string() == nil { return nil }
    guard let guesses = reader.byte(), reader.uint32() != nil else { return nil }
    self.keyExchanges = keyExchanges
    self.hostKeys = hostKeys
    self.guesses = guesses != 0
  }

  /// Our offer as a message, with some or all of our host key algorithms.
  static func ours(_ hostKeys: [String] = hostKeys) -> [UInt8] {
    var writer = SSHWriter()
    writer.byte(SSHMessage.keyExchangeInit)
    writer.raw((0..<16).map { _ in UInt8.random(in: .min ... .max) })
    for list in [keyExchanges, hostKeys, ciphers, ciphers, integrity, integrity, ["none"], ["none"], [], []] {
      writer.nameList(list)
    }
    writer.byte(0)
    writer.uint32(0)
    return writer.bytes
  }

  /// What both sides agree on where we have offered `ours`: the client's first choice that the server has too
  /// (RFC 4253 §7.1).
  func agreed(_ ours: [String] = Self.hostKeys) -> (keyExchange: String, hostKey: String)? {
    guard let keyExchange = Self.keyExchanges.first(where: keyExchanges.contains),
      let hostKey = ours.first(where: hostKeys.contains)
    else { return nil }
    return (keyExchange, hostKey)
  }

  /// One algorithm for each type of key that the server has: RSA keys sign by several (RFC 8332 §3).
  var keyTypes: [String] {
    let rsa = ["rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"]
    var hasRSA = false
    return Self.hostKeys.filter { algorithm in
      guard hostKeys.contains(algorithm), !(rsa.contains(algorithm) && hasRSA) else { return false }
      hasRSA = hasRSA || rsa.contains(algorithm)
      return true
    }
  }

  /// Whether a packet that the server sent on a guess has to be thrown away: its guess was wrong in the
  /// method or in the host key algorithm.
  func guessIsWrong(_ ours: [String] = Self.hostKeys) -> Bool {
    guesses && (keyExchanges.first != Self.keyExchanges.first || hostKeys.first != ours.first)
  }
}
