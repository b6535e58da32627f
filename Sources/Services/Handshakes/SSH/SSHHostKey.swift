import Crypto
import CryptoExtras
import FoundationEssentials
import Observations

/// A server's host key and its proof that it holds the private half.
struct SSHHostKey: Sendable {
  /// The key as it came (K_S).
  let blob: [UInt8]
  /// The algorithm that was agreed on.
  let algorithm: String

  /// What is kept of it.
  var fact: HostKeyFact {
    HostKeyFact(algorithm: algorithm, keySHA256: hexadecimal(SHA256.hash(data: blob)))
  }

  /// Whether `signature` over `exchangeHash` is by this key. `nil` when that cannot be said here: an RSA key
  /// of less than 2048 bits, or a SHA-1 signature, which the library does not check.
  func verifies(_ signature: [UInt8], of exchangeHash: [UInt8]) -> Bool? {
    var key = SSHReader(blob)
    var proof = SSHReader(signature)
    guard let keyType = key.string(), let proofType = proof.string(), let value = proof.string(),
      proofType.elementsEqual(algorithm.utf8), keyType.elementsEqual(blobType.utf8)
    else { return false }
    switch algorithm {
    case "ssh-ed25519":
      guard let raw = key.string(), let key = try? Curve25519.Signing.PublicKey(rawRepresentation: raw) else {
        return false
      }
      return key.isValidSignature(value, for: exchangeHash)
    case "rsa-sha2-512", "rsa-sha2-256":
      return Self.verifyRSA(&key, value, of: exchangeHash, sha512: algorithm == "rsa-sha2-512")
    case "ssh-rsa":
      return nil
    default:
      guard key.string() != nil, let point = key.string() else { return false }
      return verifyECDSA(point, value, of: exchangeHash)
    }
  }

  /// The type a key of this algorithm names in its blob: one for all RSA signatures (RFC 8332 §3).
  private var blobType: String { algorithm.hasPrefix("rsa-") ? "ssh-rsa" : algorithm }

  private static func verifyRSA(
    _ key: inout SSHReader, _ signature: [UInt8], of hash: [UInt8], sha512: Bool
  ) -> Bool? {
    guard let exponent = key.mpint(), let modulus = key.mpint() else { return false }
    guard let key = try? _RSA.Signing.PublicKey(n: modulus, e: exponent) else { return nil }
    let signature = _RSA.Signing.RSASignature(rawRepresentation: signature)
    return sha512
      ? key.isValidSignature(signature, for: SHA512.hash(data: hash), padding: .insecurePKCS1v1_5)
      : key.isValidSignature(signature, for: SHA256.hash(data: hash), padding: .insecurePKCS1v1_5)
  }

  /// RFC 5656 §3.1.2: the signature is two numbers; the hash depends on the curve (§6.2.1).
  private func verifyECDSA(_ point: [UInt8], _ signature: [UInt8], of hash: [UInt8]) -> Bool {
    var numbers = SSHReader(signature)
    guard let r = numbers.mpint(), let s = numbers.mpint() else { return false }
    func raw(_ width: Int) -> [UInt8]? {
      guard r.count <= width, s.count <= width else { return nil }
      return [r, s].flatMap { [UInt8](repeating: 0, count: width - $0.count) + $0 }
    }
    switch algorithm {
    case "ecdsa-sha2-nistp256":
      guard let key = try? P256.Signing.PublicKey(x963Representation: point), let raw = raw(32),
        let signature = try? P256.Signing.ECDSASignature(rawRepresentation: raw)
      else { return false }
      return key.isValidSignature(signature, for: hash)
    case "ecdsa-sha2-nistp384":
      guard let key = try? P384.Signing.PublicKey(x963Representation: point), let raw = raw(48),
        let signature = try? P384.Signing.ECDSASignature(rawRepresentation: raw)
      else { return false }
      return key.isValidSignature(signature, for: hash)
    case "ecdsa-sha2-nistp521":
      guard let key = try? P521.Signing.PublicKey(x963Representation: point), let raw = raw(66),
        let signature = try? P521.Signing.ECDSASignature(rawRepresentation: raw)
      else { return false }
      return key.isValidSignature(signature, for: hash)
    default:
      return false
    }
  }
}
