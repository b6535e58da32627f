import Wire
import X509

/// The names a certificate holds for, and whether the one that was asked for is among them (RFC 9525).
struct CertificateNames: Hashable {
  /// dNSName entries as they stand.
  private(set) var dnsNames: [String] = []
  /// iPAddress entries.
  private(set) var addresses: [IPAddress] = []

  /// The entries of subjectAltName. The common name is not looked at (RFC 9525 §6.3). `nil` when the
  /// extension cannot be parsed.
  init?(_ certificate: Certificate) {
    do {
      for name in try certificate.extensions.subjectAlternativeNames ?? SubjectAlternativeNames() {
        switch name {
        case .dnsName(let text): dnsNames.append(boundedText(text.utf8))
        case .ipAddress(let bytes): IPAddress(bytes: bytes.bytes).map { addresses.append($0) }
        default: break
        }
      }
    } catch {
      return nil
    }
  }

  init(dnsNames: [String], addresses: [IPAddress] = []) {
    self.dnsNames = dnsNames
    self.addresses = addresses
  }

  /// All of them as text.
  var texts: [String] { dnsNames + addresses.map(\.description) }

  /// Whether they cover the name, or the address where no name was asked for.
  func match(name: String?, address: IPAddress) -> Bool {
    guard let name else { return addresses.contains(address) }
    let asked = Self.labels(name)
    return dnsNames.contains { Self.covers(Self.labels($0), asked) }
  }

  /// RFC 9525 §6.3: label by label without regard to case; `*` stands for exactly one label, and only as the
  /// whole leftmost one.
  private static func covers(_ pattern: [Substring], _ name: [Substring]) -> Bool {
    guard pattern.count == name.count, !name.contains("") else { return false }
    if pattern.first == "*" && pattern.count > 2 { return pattern.dropFirst() == name.dropFirst() }
    return pattern == name
  }

  private static func labels(_ name: String) -> [Substring] {
    let absolute = name.hasSuffix(".") ? name.dropLast() : name[...]
    return absolute.lowercased().split(separator: ".", omittingEmptySubsequences: false)
  }
}
