import Observations
import Synchronization
import Wire

/// A zone and the servers it is delegated to.
public struct Delegation: Sendable, Hashable {
  /// The zone.
  public var zone: DNSName
  /// Its servers in the order they were named.
  public var servers: [NameServer]
  /// How it was found.
  public var source: DelegationSource

  /// A zone with these servers, found in this way.
  public init(zone: DNSName, servers: [NameServer], source: DelegationSource) {
    self.zone = zone
    self.servers = servers
    self.source = source
  }

  /// Every address of every server, ascending, at most 32: no honest zone has more (RFC 9199 §3.1).
  public var addresses: [IPAddress] { Array(Set(servers.flatMap(\.addresses)).sorted().prefix(32)) }
}

/// What came of looking for the zone that a name lies in.
public enum ZoneOutcome: Sendable, Hashable {
  case found(Delegation)
  /// What the last one asked for it said.
  case failed(ServerReply)
}

/// How a question is put to a server: paced and guarded by whoever makes one.
public typealias NameAsk =
  @Sendable (
    _ question: DNSQuestion, _ server: Endpoint, _ transport: Transport, _ recursive: Bool
  ) async -> NameResponse

/// What one walk may still ask, so that delegations which multiply end it (RFC 9520, and the attack NXNS).
final class WalkBudget: Sendable {
  private let left: Mutex<Int>

  init(_ questions: Int) { left = Mutex(questions) }

  /// Takes one question; `false` when none is left.
  func take() -> Bool {
    left.withLock { left in
      guard left > 0 else { return false }
      left -= 1
      return true
    }
  }
}
