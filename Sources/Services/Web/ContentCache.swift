import Crypto
import Synchronization

/// The content of pages seen lately: both families, http and https mostly serve the very same bytes, which need be cut
/// into words only once.
final class ContentCache: Sendable {
  private static let capacity = 64
  /// Larger bodies are not kept: a few would take megabytes.
  private static let bodyLimit = 64 << 10

  private let known = Mutex<[SHA256Digest: PageContent]>([:])

  /// Like `PageContent(body)`.
  func content(of body: [UInt8]) -> PageContent {
    guard body.count <= Self.bodyLimit else { return PageContent(body) }
    let key = SHA256.hash(data: body)
    if let content = known.withLock({ $0[key] }) { return content }
    let content = PageContent(body)
    known.withLock { known in
      if known.count >= Self.capacity { known.removeAll(keepingCapacity: true) }
      known[key] = content
    }
    return content
  }
}
