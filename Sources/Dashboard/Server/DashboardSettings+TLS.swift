import HummingbirdCore
import HummingbirdTLS
import NIOSSL

extension DashboardSettings {
  /// What TLS needs; `nil` without a certificate.
  func tls() throws(DashboardError) -> TLSConfiguration? {
    guard certificates != nil || privateKey != nil else { return nil }
    guard let certificates, let privateKey else {
      throw DashboardError(
        "web: TLS",
        why: certificates == nil ? "has a key and no certificate" : "has a certificate and no key",
        remedy: "name both")
    }
    let chain: [NIOSSLCertificate]
    do { chain = try NIOSSLCertificate.fromPEMFile(certificates) } catch {
      throw Self.unreadable(certificates, "certificates", error)
    }
    let key: NIOSSLPrivateKey
    do { key = try NIOSSLPrivateKey(file: privateKey, format: .pem) } catch {
      throw Self.unreadable(privateKey, "private key", error)
    }
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
    configuration.minimumTLSVersion = .tlsv12
    configuration.applicationProtocols = ["http/1.1"]
    return configuration
  }

  private static func unreadable(_ path: String, _ what: String, _ error: any Error) -> DashboardError {
    DashboardError(
      "web: \(path)", why: "holds no \(what) that can be read: \(error)",
      remedy: "name a PEM file that the program's user may read")
  }
}

extension TLSChannel {
  /// TLS around `base`.
  static func of(
    _ base: BaseChannel, _ configuration: TLSConfiguration, _ settings: DashboardSettings
  ) throws(DashboardError) -> any ServerChildChannel {
    do { return try TLSChannel(base, tlsConfiguration: configuration) } catch {
      throw DashboardError(
        "web: \(settings.certificates ?? "")",
        why: "does not go with the key in \(settings.privateKey ?? ""): \(error)",
        remedy: "name a certificate and the key it was made for")
    }
  }
}
