import Crypto
import Observations
import Synchronization
import Wire

/// Examines each different chain once: both families, and many names behind one front end, show the same.
///
/// Of the last thousand or so it remembers the result; a chain that comes again while it is still being looked at
/// waits for that.
final class CertificateCache: Sendable {
  private static let capacity = 1024

  private let trust: TrustStore
  private let known = Mutex<[[UInt8]: Task<CertificateExamination?, Never>]>([:])

  init(_ trust: TrustStore) { self.trust = trust }

  /// Like `TrustStore.examine`, with what is already known of the chain.
  func examine(
    chain: [[UInt8]], name: String?, address: IPAddress, at moment: Timestamp
  ) async -> CertificateFact? {
    var hash = SHA256()
    for certificate in chain { hash.update(data: certificate) }
    let key = Array(hash.finalize())
    let task = known.withLock { known in
      if let task = known[key] { return task }
      if known.count >= Self.capacity { known.removeAll() }
      let trust = trust
      let task = Task { await trust.examination(chain: chain, at: moment) }
      known[key] = task
      return task
    }
    return await task.value?.fact(name: name, address: address)
  }
}

/// What holds of a chain whatever name it was shown for.
struct CertificateExamination: Sendable {
  /// `valid` means that only the name is left to ask about.
  var fact: CertificateFact
  var names: CertificateNames?

  /// The fact about the chain as the answer to a name, or to an address where there is none.
  func fact(name: String?, address: IPAddress) -> CertificateFact {
    var fact = fact
    if fact.validity == .valid, let names, !names.match(name: name, address: address) {
      fact.validity = .wrongName
    }
    return fact
  }
}
