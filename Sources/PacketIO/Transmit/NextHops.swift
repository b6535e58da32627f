import Observations
import Wire

/// The neighbours that frames go to, and what the kernel knows of them.
///
/// Resolution is the kernel's: the first packet over a neighbour that is unknown or stale goes through its IP
/// stack, which asks (ARP, RFC 826; ND, RFC 4861 §7.2), holds the packet meanwhile and sends it on. So no packet
/// but the probes themselves is sent, and never one to a gateway that the scope does not hold.
struct NextHops: ~Copyable {
  /// One neighbour.
  struct Hop {
    let key: Neighbour.Key
    let isGateway: Bool
    var state: Neighbour.State
    /// Whether a packet went through the kernel's stack, so that it asks or confirms.
    var isPrimed = false
    /// Packets the kernel holds while it asks.
    var waiting = 0
    /// The first probe that leaves over it; the others follow in `nextProbe`.
    var firstProbe: UInt32 = NextHops.noProbe

    /// The address frames go to; `nil` while the kernel has to send, since it does not know it or doubts it.
    var confirmed: MACAddress? {
      switch state {
      case .known(let mac): mac
      case .stale(let mac): isPrimed ? mac : nil
      case .unknown, .failed: nil
      }
    }

    /// Whether packets were meant for it and none can have got there.
    var isUnreachable: Bool { isPrimed && !isResolved }

    /// Whether its address is known, though perhaps only from earlier.
    var isResolved: Bool {
      switch state {
      case .known, .stale: true
      case .unknown, .failed: false
      }
    }
  }

  static let noProbe = UInt32.max
  /// The kernel holds some 200 KiB of packets for a neighbour it asks for (unres_qlen_bytes); this is well below.
  static let waitingLimit = 64

  private(set) var hops: [Hop] = []
  private var table: NeighbourTable
  private var indices: [Neighbour.Key: Int] = [:]
  /// By path: its hop, or -1.
  private var hopOfPath: [Int32]
  /// By probe: the next one over the same hop.
  private var nextProbe: [UInt32]

  /// Asks the kernel for the neighbours of all paths.
  init(_ paths: PathTable, probeCount: Int) throws(PacketIOError) {
    var table = try NeighbourTable()
    var hops: [Hop] = []
    var indices: [Neighbour.Key: Int] = [:]
    var hopOfPath: [Int32] = []
    for path in paths.paths {
      guard case .frame(let key, let isGateway) = path.means else {
        hopOfPath.append(-1)
        continue
      }
      let index = indices[key] ?? hops.count
      if index == hops.count {
        hops.append(Hop(key: key, isGateway: isGateway, state: try table.state(of: key)))
        indices[key] = index
      }
      hopOfPath.append(Int32(index))
    }
    var nextProbe = [UInt32](repeating: Self.noProbe, count: hops.isEmpty ? 0 : probeCount)
    for probe in nextProbe.indices {
      guard let path = paths.pathIndex(of: probe), hopOfPath[path] >= 0 else { continue }
      let hop = Int(hopOfPath[path])
      nextProbe[probe] = hops[hop].firstProbe
      hops[hop].firstProbe = UInt32(probe)
    }
    self.hops = hops
    self.indices = indices
    self.hopOfPath = hopOfPath
    self.nextProbe = nextProbe
    self.table = table
  }

  /// Readable when the kernel has news of neighbours.
  var descriptor: Int32 { table.descriptor }

  /// The index of a path's hop, -1 if it has none.
  func hopIndex(ofPath path: Int) -> Int { Int(hopOfPath[path]) }

  /// Notes that a packet over the hop went through the kernel's stack.
  mutating func notePriming(_ index: Int) {
    hops[index].isPrimed = true
    if !hops[index].isResolved { hops[index].waiting += 1 }
  }

  /// Whether the kernel holds as many packets for the hop as is safe.
  func isCongested(_ index: Int) -> Bool {
    !hops[index].isResolved && hops[index].state != .failed && hops[index].waiting >= Self.waitingLimit
  }

  /// Gives up a hop that took too long.
  mutating func giveUp(_ index: Int) { hops[index].state = .failed }

  /// Reads the kernel's news; `failed` gets the index of each hop that turned out not to answer.
  mutating func update(failed: (Int) -> Void) throws(PacketIOError) {
    let before = hops.count
    var news: [Neighbour] = []
    let isComplete = try table.readChanges { news.append($0) }
    for neighbour in news {
      if let index = indices[neighbour.key] { note(neighbour.state, of: index, failed: failed) }
    }
    guard !isComplete else { return }
    for index in 0..<before where !hops[index].isResolved && hops[index].state != .failed {
      note(try table.state(of: hops[index].key), of: index, failed: failed)
    }
  }

  private mutating func note(_ state: Neighbour.State, of index: Int, failed: (Int) -> Void) {
    switch state {
    case .known, .stale:
      hops[index].state = state
      hops[index].waiting = 0
    case .failed where hops[index].isPrimed && hops[index].state != .failed:
      hops[index].state = .failed
      failed(index)
    case .failed, .unknown:
      // News about somebody else's attempt, or an entry that is made before it is asked for.
      break
    }
  }

  /// The reason to give for a target that a packet did not reach for want of this hop.
  func silenceReason(_ index: Int) -> NotSentReason {
    hops[index].isGateway ? .gatewaySilent : .neighbourSilent
  }

  /// Every probe over a hop.
  func forEachProbe(over index: Int, _ body: (Int) -> Void) {
    var probe = hops[index].firstProbe
    while probe != Self.noProbe {
      body(Int(probe))
      probe = nextProbe[Int(probe)]
    }
  }
}
