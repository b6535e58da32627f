import FoundationEssentials
import SwiftASN1
import Synchronization
import X509

/// The certificates that a server's certificate has to lead to.
///
/// Roots from a file of one's own are added to those of the system, they do not replace them. The system's
/// roots are read on first need: an audit behind a private CA never pays for them.
public struct TrustStore: Sendable {
  /// Where Linux distributions keep the roots of their users' trust (Debian, then Fedora).
  public static let systemBundles = [
    "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
  ]

  /// Roots of one's own.
  let own: CertificateStore
  private let system: LazyRoots

  /// - Parameters:
  ///   - ownRoots: A PEM file of one or more CA certificates, read now.
  ///   - systemBundles: PEM files of which the first that can be read holds the system's roots. Entries there
  ///     that cannot be parsed are passed over. Empty: only one's own roots are trusted.
  /// - Throws: `TrustStoreError` when `ownRoots` cannot be read or holds anything that is not a certificate.
  public init(ownRoots: String? = nil, systemBundles: [String] = systemBundles) throws(TrustStoreError) {
    if let path = ownRoots {
      guard let text = Self.text(of: path) else { throw .unreadable(path) }
      let certificates = try Self.certificates(inPEM: text, of: path)
      guard !certificates.isEmpty else { throw .empty(path) }
      own = CertificateStore(certificates)
    } else {
      own = CertificateStore()
    }
    system = LazyRoots(systemBundles)
  }

  /// One's own roots and the system's.
  func all() -> CertificateStore { own.appending(contentsOf: system.certificates) }

  fileprivate static func text(of path: String) -> String? {
    (try? Data(contentsOf: URL(filePath: path))).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Every `BEGIN CERTIFICATE` block; text around them, as `openssl x509 -text` writes it, is passed over
  /// (RFC 7468 §2).
  fileprivate static func blocks(inPEM text: String) -> [Substring] {
    let begin = "-----BEGIN CERTIFICATE-----"
    let end = "-----END CERTIFICATE-----"
    var blocks: [Substring] = []
    var rest = text[...]
    while let start = rest.firstRange(of: begin)?.lowerBound,
      let stop = rest[start...].firstRange(of: end)?.upperBound
    {
      blocks.append(rest[start..<stop])
      rest = rest[stop...]
    }
    return blocks
  }

  private static func certificates(
    inPEM text: String, of path: String
  ) throws(TrustStoreError) -> [Certificate] {
    var certificates: [Certificate] = []
    for (index, block) in blocks(inPEM: text).enumerated() {
      guard let certificate = try? Certificate(pemEncoded: String(block)) else {
        throw .malformed(path, entry: index + 1)
      }
      certificates.append(certificate)
    }
    return certificates
  }
}

/// Why roots of one's own cannot be used.
public enum TrustStoreError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file does not exist or may not be read.
  case unreadable(String)
  /// The file holds no PEM certificate.
  case empty(String)
  /// This entry (from 1) is not a certificate.
  case malformed(String, entry: Int)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .unreadable(let path):
      "\(path): cannot be read; name a PEM file of CA certificates that this user may read"
    case .empty(let path):
      "\(path): holds no BEGIN CERTIFICATE block; convert DER with `openssl x509 -inform der`"
    case .malformed(let path, let entry):
      "\(path): certificate \(entry) cannot be parsed; remove it or export it again"
    }
  }
}

/// The system's roots, parsed when they are first asked for.
private final class LazyRoots: Sendable {
  private let bundles: [String]
  private let loaded = Mutex<[Certificate]?>(nil)

  init(_ bundles: [String]) { self.bundles = bundles }

  var certificates: [Certificate] {
    loaded.withLock { loaded in
      if let loaded { return loaded }
      let text = bundles.lazy.compactMap(TrustStore.text(of:)).first ?? ""
      let certificates = TrustStore.blocks(inPEM: text).compactMap {
        try? Certificate(pemEncoded: String($0))
      }
      loaded = certificates
      return certificates
    }
  }
}
