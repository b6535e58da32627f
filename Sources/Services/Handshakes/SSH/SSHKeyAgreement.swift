import Crypto
import FoundationEssentials

/// Our half of an elliptic-curve Diffie-Hellman exchange (RFC 8731, RFC 5656 §4).
enum SSHKeyAgreement {
  case curve25519(Curve25519.KeyAgreement.PrivateKey)
  case nistp256(P256.KeyAgreement.PrivateKey)

  /// A fresh key for a method of `SSHOffer.keyExchanges`.
  init(_ method: String) {
    self = method == "ecdh-sha2-nistp256" ? .nistp256(.init()) : .curve25519(.init())
  }

  /// Our public key as it goes out.
  var publicKey: [UInt8] {
    switch self {
    case .curve25519(let key): Array(key.publicKey.rawRepresentation)
    case .nistp256(let key): Array(key.publicKey.x963Representation)
    }
  }

  /// The shared secret, in network order; `nil` when the peer's key is not a point that may be used.
  func secret(with peer: [UInt8]) -> [UInt8]? {
    switch self {
    case .curve25519(let key):
      let secret = (try? Curve25519.KeyAgreement.PublicKey(rawRepresentation: peer)).flatMap {
        try? key.sharedSecretFromKeyAgreement(with: $0)
      }
      // A point of small order gives zero whatever our key is, and has to be refused (RFC 8731 §3); the library
      // leaves that to its users.
      return secret.map(Self.bytes).flatMap { $0.allSatisfy { $0 == 0 } ? nil : $0 }
    case .nistp256(let key):
      let secret = (try? P256.KeyAgreement.PublicKey(x963Representation: peer)).flatMap {
        try? key.sharedSecretFromKeyAgreement(with: $0)
      }
      return secret.map(Self.bytes)
    }
  }

  private static func bytes(_ secret: SharedSecret) -> [UInt8] { secret.withUnsafeBytes { Array($0) } }
}
