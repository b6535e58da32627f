import CLinux
import Observations
import Synchronization
import Wire

/// Captures what the kernel sends and receives for handshakes, in both directions, in a thread of its own.
///
/// Only packets to and from the targets are kept, and ICMP errors about such; of one endpoint only the first
/// `packetsAnEndpoint`, so that a long answer cannot fill the disk.
public final class HandshakeCapture: Sendable {
  /// Enough for a ClientHello with what is around it.
  public static let snapLength: Int32 = 768
  /// The most packets of one port of one address that are kept.
  public static let packetsAnEndpoint = 96
  /// The most ports that the kernel's filter names; with more it lets all of TCP and UDP through.
  static let portLimit = 24
  private static let bufferSize: Int32 = 8 << 20
  private static let readingInterval: UInt64 = 50_000_000

  private let spool: PacketSpool
  private let targets: Set<IPAddress>
  private let length: Int32
  private let stopRequest: StopRequest
  private let changed: Wakeup
  private let state = Mutex(State())

  private struct State: Sendable {
    var failure: PacketIOError?
    var isLive = false
    var isOver = false
    var dropped: UInt64 = 0
  }

  /// Begins to capture; when this returns, the captures are live.
  ///
  /// - Parameters:
  ///   - endpoints: whom handshakes are made with; they take the kernel's routes.
  ///   - length: how much of each packet is kept, in bytes.
  public init(
    endpoints: [Endpoint], scope: Scope, spool: PacketSpool, length: Int32 = HandshakeCapture.snapLength
  ) throws(PacketIOError) {
    self.spool = spool
    self.length = length
    targets = Set(endpoints.map(\.address))
    stopRequest = try StopRequest()
    changed = try Wakeup()
    let names = try NetworkInterface.inUse(for: targets, scope: scope)
    let filter = Self.filter(ports: Set(endpoints.map(\.port)))
    try DedicatedThread("v6audit-hands") { self.run(names, filter) }.detach()
    waitFor { $0.isLive || $0.isOver }
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }

  /// Ends the captures; what they held is in the spool afterwards.
  ///
  /// - Returns: how many packets the kernel dropped.
  public func stop() -> UInt64 {
    stopRequest.make()
    waitFor(\.isOver)
    return state.withLock { $0.dropped }
  }

  private func waitFor(_ isSo: (State) -> Bool) {
    var poll = PollSet([changed.descriptor])
    while !state.withLock({ isSo($0) }) { poll.wait(nanoseconds: nil) }
    changed.reset()
  }

  static func filter(ports: Set<UInt16>) -> String {
    let errors =
      "(icmp and (icmp[0] == 3 or icmp[0] == 11 or icmp[0] == 12)) or (ip6[6] == 58 and ip6[40] <= 4)"
    guard ports.count <= portLimit else { return "tcp or udp or \(errors)" }
    let wanted = ports.sorted().map { "port \($0)" }.joined(separator: " or ")
    return ports.isEmpty ? "less 0" : "\(wanted) or \(errors)"
  }

  private func run(_ names: [String], _ filter: String) {
    do throws(PacketIOError) {
      var captures: [Capture] = []
      for name in names {
        captures.append(
          try Capture(
            on: name, filter: filter, bufferSize: Self.bufferSize, snapLength: length, holdBack: 20,
            isOneWay: false))
      }
      state.withLock { $0.isLive = true }
      changed.signal()
      var poll = PollSet([stopRequest.wakeup.descriptor] + captures.map(\.descriptor))
      var kept: [Endpoint: Int] = [:]
      var lastReading = spool.realTime(MonotonicClock.now)
      let pulse = CapturePulse()
      defer { pulse.end() }
      while true {
        pulse.beat()
        // What arrived before the request is read after it.
        let isLast = stopRequest.isMade
        for capture in captures {
          try capture.read { packet, time in
            if let endpoint = endpoint(of: packet) {
              let count = kept[endpoint, default: 0]
              kept[endpoint] = count + 1
              if count < Self.packetsAnEndpoint { spool.append(.handshake, at: time, packet) }
            }
            return true
          }
        }
        let dropped = captures.reduce(0) { $0 + $1.takeDropped() }
        let now = spool.realTime(MonotonicClock.now)
        if dropped > 0 {
          spool.appendDrops(.handshakeDrops, from: lastReading, to: now, count: dropped)
          state.withLock { $0.dropped += dropped }
        }
        lastReading = now
        if isLast { break }
        poll.wait(nanoseconds: Self.readingInterval)
      }
    } catch {
      state.withLock { $0.failure = error }
    }
    state.withLock { $0.isOver = true }
    changed.signal()
  }

  /// The target's end of the conversation that a packet belongs to; `nil` if it belongs to none.
  private func endpoint(of packet: RawSpan) -> Endpoint? {
    guard let subject = PacketSubject(of: packet), targets.contains(subject.remote.address) else {
      if let sender = PacketSubject(of: packet, swapped: true)?.remote, targets.contains(sender.address) {
        return sender
      }
      // An error that this machine sends about one of their packets.
      let receiver = (try? IPPacket(parsing: packet))?.destination
      return receiver.flatMap { targets.contains($0) ? Endpoint($0, 0) : nil }
    }
    return subject.remote
  }
}

/// Whom a packet is about.
public struct PacketSubject: Sendable, Hashable {
  /// The address and, where there is one, the port (else 0): the destination of a packet, or of the packet that an
  /// ICMP error quotes. Of a packet in a packet, the inner destination with `tunnelPort`.
  public var remote: Endpoint
  /// Whether it is an ICMP error about a packet.
  public var isError: Bool

  /// The subject of an IP packet; `nil` where it cannot be read.
  ///
  /// - Parameter swapped: the sender's end instead.
  public init?(of packet: RawSpan, swapped: Bool = false) {
    guard let ip = try? IPPacket(parsing: packet) else { return nil }
    let address = swapped ? ip.source : ip.destination
    let payload = packet.extracting(ip.payload)
    isError = false
    guard ip.fragmentOffset == 0 else {
      remote = Endpoint(address, 0)
      return
    }
    switch ip.upperLayer {
    case .tcp, .udp:
      guard payload.byteCount >= 4 else { return nil }
      remote = Endpoint(address, payload.uint16(at: swapped ? 0 : 2))
    case .icmp(ip.family):
      guard let message = try? ICMPMessage(parsing: payload, family: ip.family) else { return nil }
      if message.kind == .error, !swapped {
        guard let quote = try? QuotedPacket(inErrorMessage: payload, family: ip.family) else { return nil }
        isError = true
        remote =
          switch quote.identity {
          case .tcp(_, let port, _), .udp(_, let port): Endpoint(quote.destination, port)
          case .echoRequest: Endpoint(quote.destination, 0)
          }
      } else {
        remote = Endpoint(address, 0)
      }
    case .ipv4 where !swapped, .ipv6 where !swapped:
      guard let inner = try? IPPacket(parsing: payload) else { return nil }
      remote = Endpoint(inner.destination, Self.tunnelPort(carrier: ip.family))
    default: remote = Endpoint(address, 0)
    }
  }

  /// What stands for the port of a packet in a packet: the IP version of the outer one.
  public static func tunnelPort(carrier: AddressFamily) -> UInt16 { carrier == .ipv4 ? 4 : 6 }
}
