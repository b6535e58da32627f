import CLinux
import Wire

/// The memory of one batch: frames in fixed slots, and the vectors `sendmmsg` wants, wired up once. Filling a
/// slot writes its bytes, its length and its destination, and nothing else.
struct FrameArena: ~Copyable {
  /// Larger batches lost frames on virtual links, smaller ones pay more system calls.
  static let slotCount = 64
  /// Two cache lines: holds an Ethernet header and the longest probe of an audit.
  static let slotSize = 128

  private let slotSize: Int
  private let bytes: UnsafeMutableRawBufferPointer
  private let vectors: UnsafeMutableBufferPointer<iovec>
  private let names: UnsafeMutableBufferPointer<sockaddr_storage>
  private let messages: UnsafeMutableBufferPointer<clinux_message>

  /// Memory for `slotCount` frames of at most `slotSize` bytes.
  init(slotSize: Int = Self.slotSize) {
    self.slotSize = slotSize
    // All four live exactly as long as the arena, are never resized, and the pointers between them lead from one
    // to another of the same arena; the kernel reads them only within `send`.
    bytes = .allocate(byteCount: Self.slotCount * slotSize, alignment: 64)
    vectors = .allocate(capacity: Self.slotCount)
    names = .allocate(capacity: Self.slotCount)
    messages = .allocate(capacity: Self.slotCount)
    _ = bytes.initializeMemory(as: UInt8.self, repeating: 0)
    names.initialize(repeating: sockaddr_storage())
    for slot in 0..<Self.slotCount {
      vectors.initializeElement(
        at: slot, to: iovec(iov_base: bytes.baseAddress! + slot * slotSize, iov_len: 0))
      var message = clinux_message()
      message.header.msg_name = UnsafeMutableRawPointer(names.baseAddress! + slot)
      message.header.msg_iov = vectors.baseAddress! + slot
      message.header.msg_iovlen = 1
      messages.initializeElement(at: slot, to: message)
    }
  }

  deinit {
    messages.deallocate()
    names.deallocate()
    vectors.deallocate()
    bytes.deallocate()
  }

  /// Writes a frame into a slot; `write` returns its length.
  mutating func fill(_ slot: Int, _ write: (inout MutableRawSpan) -> Int) {
    // The slice stays inside the arena, and nobody else looks at it meanwhile (`mutating`).
    let slice = UnsafeMutableRawBufferPointer(
      rebasing: bytes[slot * slotSize..<(slot + 1) * slotSize])
    var span = slice.mutableBytes
    vectors[slot].iov_len = write(&span)
  }

  /// Changes bytes of a slot without changing its length.
  @inline(__always)
  mutating func edit(_ slot: Int, _ change: (inout MutableRawSpan) -> Void) {
    let slice = UnsafeMutableRawBufferPointer(
      rebasing: bytes[slot * slotSize..<(slot + 1) * slotSize])
    var span = slice.mutableBytes
    change(&span)
  }

  /// Lets `read` look at the frame in a slot.
  func withFrame<Result>(_ slot: Int, _ read: (RawSpan) -> Result) -> Result {
    let start = slot * slotSize
    let slice = UnsafeRawBufferPointer(rebasing: bytes[start..<start + vectors[slot].iov_len])
    return read(slice.bytes)
  }

  /// Addresses a slot.
  mutating func address(_ slot: Int, to name: SocketName) {
    names[slot] = name.storage
    messages[slot].header.msg_namelen = name.length
  }

  /// Sends slots of the range in one call; how many, or a negative errno.
  mutating func send(_ slots: Range<Int>, over socket: Int32) -> Int32 {
    clinux_send_batch(socket, messages.baseAddress! + slots.lowerBound, UInt32(slots.count))
  }
}

/// A socket address of any family, by value.
struct SocketName {
  private(set) var storage = sockaddr_storage()
  let length: socklen_t

  /// A place to send IP packets to, through the kernel's stack.
  init(_ address: IPAddress) {
    switch address.family {
    case .ipv4:
      length = socklen_t(MemoryLayout<sockaddr_in>.size)
      var name = sockaddr_in()
      name.sin_family = sa_family_t(AF_INET)
      name.sin_addr.s_addr = address.ipv4Bits.bigEndian
      store(name)
    case .ipv6:
      length = socklen_t(MemoryLayout<sockaddr_in6>.size)
      var name = sockaddr_in6()
      name.sin6_family = sa_family_t(AF_INET6)
      withUnsafeMutableBytes(of: &name.sin6_addr) { bytes in
        bytes.storeBytes(of: address.high.bigEndian, as: UInt64.self)
        bytes.storeBytes(of: address.low.bigEndian, toByteOffset: 8, as: UInt64.self)
      }
      store(name)
    }
  }

  /// An interface to send frames of a family out of.
  init(interface: Int32, family: AddressFamily) {
    length = socklen_t(MemoryLayout<sockaddr_ll>.size)
    var name = sockaddr_ll()
    name.sll_family = sa_family_t(AF_PACKET)
    name.sll_ifindex = interface
    name.sll_protocol = EtherType.ip(family).rawValue.bigEndian
    store(name)
  }

  private mutating func store<Name>(_ name: Name) {
    // Every socket address fits sockaddr_storage, that is what it is for (RFC 3493 §3.10).
    withUnsafeBytes(of: name) { bytes in
      withUnsafeMutableBytes(of: &storage) { $0.copyMemory(from: bytes) }
    }
  }
}
