import Crypto
import FoundationEssentials
import Observations
import SwiftASN1
import Wire
@_spi(DisableValidityCheck) @_spi(FixedExpiryValidationTime) import X509

extension TrustStore {
  /// More than any honest server sends, and few enough that no web of cross-signatures makes the search for
  /// a path expensive (RFC 4158 §2.4.2).
  private static let maximumIntermediates = 10
  /// How many names of a certificate are kept.
  private static let maximumNames = 64

  /// Looks at a chain as a server showed it, the end-entity certificate first. `nil` for an empty chain.
  ///
  /// Where several things are wrong the first of these is reported: malformed, self-signed, untrusted, not
  /// yet valid, expired, wrong name. So a reported expiry means that the path holds otherwise, and a wrong
  /// name that everything else does.
  func examine(
    chain: [[UInt8]], name: String?, address: IPAddress, at moment: Timestamp
  ) async -> CertificateFact? {
    await examination(chain: chain, at: moment)?.fact(name: name, address: address)
  }

  /// The same without the name.
  func examination(chain: [[UInt8]], at moment: Timestamp) async -> CertificateExamination? {
    guard let leaf = chain.first else { return nil }
    guard let certificate = try? Certificate(derEncoded: leaf), let key = subjectPublicKeyInfo(of: leaf),
      let names = CertificateNames(certificate)
    else {
      let never = Timestamp(seconds: 0)
      return CertificateExamination(
        fact: CertificateFact(
          certificateSHA256: hexSHA256(leaf), keySHA256: subjectPublicKeyInfo(of: leaf).map(hexSHA256) ?? "",
          names: [], notBefore: never, notAfter: never, validity: .malformed))
    }
    let validity = await pathValidity(
      of: certificate, intermediates: chain.dropFirst().prefix(Self.maximumIntermediates), at: moment)
    return CertificateExamination(
      fact: CertificateFact(
        certificateSHA256: hexSHA256(leaf), keySHA256: hexSHA256(key),
        names: Array(names.texts.prefix(Self.maximumNames)), notBefore: Timestamp(certificate.notValidBefore),
        notAfter: Timestamp(certificate.notValidAfter), validity: validity),
      names: names)
  }

  /// RFC 5280 §6 at `moment`, against one's own roots first and the system's only if these do not do.
  private func pathValidity(
    of leaf: Certificate, intermediates: some Sequence<[UInt8]>, at moment: Timestamp
  ) async -> CertificateValidity {
    let between = CertificateStore(intermediates.compactMap { try? Certificate(derEncoded: $0) })
    let date = Date(timeIntervalSince1970: Double(moment.microseconds) / 1_000_000)
    let dated = RFC5280Policy(fixedExpiryValidationTime: date)
    if await leads(leaf, through: between, to: own, under: dated) { return .valid }
    let roots = all()
    if await leads(leaf, through: between, to: roots, under: dated) { return .valid }
    if await leads(leaf, through: between, to: roots, under: .withValidityCheckDisabled()) {
      // Without the question of time there is a path, so time is what is wrong: with the leaf, or above it.
      return date < leaf.notValidBefore ? .notYetValid : .expired
    }
    let signedByItself =
      leaf.issuer == leaf.subject && leaf.publicKey.isValidSignature(leaf.signature, for: leaf)
    return signedByItself ? .selfSigned : .untrusted
  }

  private func leads(
    _ leaf: Certificate, through intermediates: CertificateStore, to roots: CertificateStore,
    under policy: RFC5280Policy
  ) async -> Bool {
    var verifier = Verifier(rootCertificates: roots) {
      policy
      ServerUsePolicy()
    }
    if case .validCertificate = await verifier.validate(leaf: leaf, intermediates: intermediates) {
      return true
    }
    return false
  }

  /// The SubjectPublicKeyInfo as it stands in the certificate, byte for byte: parsed and written again it
  /// might differ, and the hash with it. The seventh field of TBSCertificate, or the sixth where version 1
  /// leaves the first one out (RFC 5280 §4.1).
  private func subjectPublicKeyInfo(of certificate: [UInt8]) -> [UInt8]? {
    guard let root = try? DER.parse(certificate), case .constructed(let outer) = root.content,
      let body = outer.first(where: { _ in true }), case .constructed(let fields) = body.content
    else { return nil }
    let version = ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific)
    return fields.drop { $0.identifier == version }.dropFirst(5).first(where: { _ in true })
      .map { Array($0.encodedBytes) }
  }

  private func hexSHA256(_ bytes: [UInt8]) -> String { hexadecimal(SHA256.hash(data: bytes)) }
}

extension Timestamp {
  fileprivate init(_ date: Date) { self.init(seconds: Int64(date.timeIntervalSince1970.rounded(.down))) }
}

/// A certificate that says what it is for has to say that it is for TLS servers (RFC 5280 §4.2.1.12).
private struct ServerUsePolicy: VerifierPolicy {
  /// The subject alternative name is handled too: by `CertificateNames`, apart from the path.
  let verifyingCriticalExtensions: [ASN1ObjectIdentifier] = [
    .X509ExtensionID.extendedKeyUsage, .X509ExtensionID.subjectAlternativeName,
  ]

  func chainMeetsPolicyRequirements(chain: UnverifiedCertificateChain) -> PolicyEvaluationResult {
    guard let usage = try? chain.leaf.extensions.extendedKeyUsage else { return .meetsPolicy }
    return usage.contains(.serverAuth) || usage.contains(.any)
      ? .meetsPolicy : .failsToMeetPolicy(reason: "not for TLS servers")
  }
}
