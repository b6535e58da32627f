import CLinux
import Wire

/// A neighbour as the kernel knows it: an entry of its ARP or ND cache (RFC 4861 §5.1).
struct Neighbour {
  /// A neighbour's address on its link.
  struct Key: Hashable {
    var interface: Int32
    var address: IPAddress
  }

  /// What is known about its link-layer address.
  enum State: Hashable {
    /// Known, and either confirmed or being confirmed.
    case known(MACAddress)
    /// Known from earlier; to be used, but the kernel should confirm it (STALE, RFC 4861 §7.3.3).
    case stale(MACAddress)
    /// Not known, or not yet.
    case unknown
    /// Asked for in vain.
    case failed
  }

  var key: Key
  var state: State
}

extension Neighbour {
  /// Reads an RTM_NEWNEIGH message; `nil` if it is cut off or not about an IP address.
  init?(newNeighbour payload: RawSpan) {
    // struct ndmsg: family, padding (24 bits); index; state (16 bits), flags, type.
    guard payload.byteCount >= 12, let family = AddressFamily(socketFamily: Int32(payload.uint8(at: 0)))
    else { return nil }
    var address: IPAddress?
    var mac: MACAddress?
    NetlinkReader.forEachAttribute(in: payload, from: 12) { attribute, value in
      switch Int(attribute) {
      case Int(NDA_DST): address = value.asAddress
      case Int(NDA_LLADDR): mac = value.asMACAddress
      default: break
      }
    }
    guard let address, address.family == family else { return nil }
    key = Key(interface: Int32(bitPattern: payload.native32(at: 4)), address: address)
    state = Self.state(Int32(payload.native16(at: 8)), mac)
  }

  private static func state(_ bits: Int32, _ mac: MACAddress?) -> State {
    if bits & NUD_FAILED != 0 { return .failed }
    guard let mac, bits & NUD_INCOMPLETE == 0, bits != 0 else { return .unknown }
    return bits & NUD_STALE != 0 ? .stale(mac) : .known(mac)
  }
}

/// The kernel's neighbour tables: asks for entries, and hears of their changes.
///
/// Resolution itself is left to the kernel: whoever needs it sends the first packet through the kernel's stack.
struct NeighbourTable: ~Copyable {
  private var questions: NetlinkSocket
  private var events: NetlinkSocket
  private var writer = NetlinkWriter()

  /// Listens from now on, so that no change is missed between asking and listening.
  init() throws(PacketIOError) {
    let events = try NetlinkSocket(groups: 1 << (RTNLGRP_NEIGH.rawValue - 1))
    questions = try NetlinkSocket()
    self.events = events
  }

  /// Readable when there are changes to be read.
  var descriptor: Int32 { events.descriptor }

  /// The state of one neighbour now.
  mutating func state(of key: Neighbour.Key) throws(PacketIOError) -> Neighbour.State {
    let sequence = questions.takeSequences(1)
    writer.removeAll()
    writer.message(type: Int(RTM_GETNEIGH), flags: Int(NLM_F_REQUEST), sequence: sequence) { writer in
      writer.append(UInt8(key.address.family.socketFamily))
      writer.append(UInt8(0))
      writer.append(UInt16(0))
      writer.append(key.interface)
      writer.append(UInt32(0))
      writer.attribute(Int(NDA_DST), key.address)
    }
    try questions.send(writer)
    var found: Neighbour.State?
    while found == nil {
      try questions.waitForAnswer()
      _ = try questions.receive { header, payload in
        guard header.sequence == sequence else { return }
        let isEntry = header.type == RTM_NEWNEIGH
        // ENOENT means that nobody has asked for it yet.
        found = (isEntry ? Neighbour(newNeighbour: payload)?.state : nil) ?? .unknown
      }
    }
    // A failure of the past says nothing about now: the next packet makes the kernel ask again.
    return found == .failed ? .unknown : found ?? .unknown
  }

  /// Hands over the changes since the last call.
  ///
  /// - Returns: `false` if some were lost and the entries of interest have to be asked for.
  mutating func readChanges(_ body: (Neighbour) -> Void) throws(PacketIOError) -> Bool {
    var isComplete = true
    while true {
      let reading = try events.receive { header, payload in
        if header.type == RTM_NEWNEIGH, let neighbour = Neighbour(newNeighbour: payload) { body(neighbour) }
      }
      switch reading {
      case .empty: return isComplete
      case .overrun: isComplete = false
      case .datagram: break
      }
    }
  }
}
