import CLinux
import Observations
import Synchronization
import Wire

/// Watches for router advertisements on links of this machine, in a thread of its own. Nothing is sent.
public final class RouterWatch: Sendable {
  /// Nothing but router advertisements (RFC 4861 §4.2).
  static let filter = "icmp6 and ip6[40] == 134"
  /// A link of 9000 bytes cannot fill more; most advertisements have less than 200.
  private static let snapLength: Int32 = 2048
  private static let bufferSize: Int32 = 512 << 10
  private static let readingInterval: UInt64 = 250_000_000

  private let interfaces: [NetworkInterface]
  private let addresses: [InterfaceAddress]
  private let began: UInt64
  private let stopRequest: StopRequest
  private let finished: Wakeup
  private let state = Mutex(State())
  private let spool: PacketSpool?

  private struct State: Sendable {
    var sightings = RouterSightings()
    var dropped: [String: UInt64] = [:]
    var failure: PacketIOError?
    var isLive = false
    var isOver = false
  }

  /// Begins to watch; when this returns, the captures are live.
  ///
  /// - Parameters:
  ///   - targets: the links that packets to these take are watched.
  ///   - interface: the only interface that packets leave by, if one was asked for.
  ///   - spool: gets the advertisements' frames.
  public init(
    for targets: some Sequence<IPAddress>, scope: Scope, interface: String? = nil, spool: PacketSpool? = nil
  ) throws(PacketIOError) {
    let all = try NetworkInterface.all()
    let wanted = try interface.map { name throws(PacketIOError) in try all.named(name) }
    let names = try NetworkInterface.inUse(for: targets, scope: scope, over: wanted)
    interfaces = all.filter { names.contains($0.name) && $0.kind != .loopback }
    addresses = try InterfaceAddress.all()
    stopRequest = try StopRequest()
    finished = try Wakeup()
    self.spool = spool
    began = MonotonicClock.now
    try DedicatedThread("v6audit-routers") { self.run() }.detach()
    var poll = PollSet([finished.descriptor])
    while !state.withLock({ $0.isLive || $0.isOver }) { poll.wait(nanoseconds: nil) }
    finished.reset()
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }

  /// Ends the watch: the links and who advertised there.
  public func stop() -> (links: [VantageLink], seen: [SeenAdvertisement]) {
    stopRequest.make()
    var poll = PollSet([finished.descriptor])
    while !state.withLock({ $0.isOver }) { poll.wait(nanoseconds: nil) }
    let watched = Duration64(microseconds: Int64((MonotonicClock.now - began) / 1000))
    return state.withLock { state in
      let links = interfaces.map { interface in
        let prefixes = Set(
          addresses.filter { address in
            address.interface == interface.index && address.prefixLength < address.address.family.bitWidth
              && address.address.scope != .linkLocal
          }.map(\.prefix))
        return VantageLink(
          interface: interface.name, prefixes: prefixes.sorted(), watched: watched,
          dropped: state.dropped[interface.name] ?? 0, leftOut: state.sightings.leftOut)
      }
      return (links, state.sightings.list)
    }
  }

  private func run() {
    do throws(PacketIOError) {
      var captures: [Capture] = []
      for interface in interfaces {
        captures.append(
          try Capture(
            on: interface.name, filter: Self.filter, bufferSize: Self.bufferSize, snapLength: Self.snapLength,
            holdBack: 100))
      }
      state.withLock { $0.isLive = true }
      finished.signal()
      var poll = PollSet([stopRequest.wakeup.descriptor] + captures.map(\.descriptor))
      let pulse = CapturePulse()
      defer { pulse.end() }
      while true {
        pulse.beat()
        // What arrived before the request is read after it.
        let isLast = stopRequest.isMade
        for capture in captures { try read(capture) }
        if isLast { break }
        poll.wait(nanoseconds: Self.readingInterval)
      }
    } catch {
      state.withLock { $0.failure = error }
    }
    state.withLock { $0.isOver = true }
    finished.signal()
  }

  private func read(_ capture: Capture) throws(PacketIOError) {
    try capture.readFrames { frame, offset, time in
      let mac = capture.link == .ethernet ? (try? EthernetHeader(parsing: frame))?.source : nil
      let packet = frame.extracting(offset..<frame.byteCount)
      _ = state.withLock { $0.sightings.note(packet, mac: mac, interface: capture.interface) }
      spool?.append(capture.link == .ethernet ? .advertisementFrame : .advertisement, at: time, frame)
      return true
    }
    let dropped = capture.takeDropped()
    if dropped > 0 { state.withLock { $0.dropped[capture.interface, default: 0] += dropped } }
  }
}

/// Who was seen to advertise: one entry for each router and thing it says, at most `limit`.
public struct RouterSightings: Sendable {
  /// A link where somebody invents routers must not fill the memory.
  public static let limit = 128

  private struct Key: Hashable {
    var interface: String
    var router: IPAddress
    var mac: MACAddress?
    var message: RouterAdvertisement
  }

  private var indices: [Key: Int] = [:]
  /// In the order in which each was seen last begun.
  public private(set) var list: [SeenAdvertisement] = []
  /// Packets that were no valid advertisement, or one too many.
  public private(set) var leftOut: UInt64 = 0

  /// Nobody yet.
  public init() {}

  /// Takes an IP packet.
  ///
  /// - Returns: the router, if it was a valid advertisement.
  @discardableResult
  public mutating func note(_ packet: RawSpan, mac: MACAddress?, interface: String) -> IPAddress? {
    guard let message = try? RouterAdvertisement(parsingPacket: packet),
      let router = (try? IPv6Header(parsing: packet))?.source
    else {
      leftOut += 1
      return nil
    }
    let key = Key(interface: interface, router: router, mac: mac, message: message)
    if let index = indices[key] {
      list[index].count += 1
    } else if list.count < Self.limit {
      indices[key] = list.count
      list.append(SeenAdvertisement(interface: interface, router: router, mac: mac, message: message))
    } else {
      leftOut += 1
    }
    return router
  }
}
