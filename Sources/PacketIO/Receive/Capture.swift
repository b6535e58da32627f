import CLinux
import CPcap
import Glibc
import Wire

/// A live capture of replies on one interface. Belongs to the thread that made it.
final class Capture {
  /// The longest reply worth reading: an ICMPv6 error with its header, a few extension headers and our packet.
  static let snapLength: Int32 = 256
  /// For a sweep, whose errors quote packets of up to 400 bytes; of a longer reply the beginning is enough.
  static let sweepSnapLength: Int32 = 512
  /// How long the kernel may keep a packet back to hand over several at once, in milliseconds. Costs no accuracy,
  /// since each carries the time of its arrival.
  static let holdBack: Int32 = 5
  /// The same for a sweep at full speed, whose rounds wait for it.
  static let fastHoldBack: Int32 = 2
  /// The same for a slow sweep, where nobody waits for a single answer: each look at the ring wakes a core.
  static let slowHoldBack: Int32 = 100

  let interface: String
  private let handle: OpaquePointer
  /// The kind of link; never `nil` once the capture is open.
  let link: LinkLayer?
  /// Readable when packets wait.
  let descriptor: Int32
  private var lastDropped: UInt32 = 0

  /// Opens a capture that is live when this returns: whatever arrives from then on and passes the filter is seen.
  ///
  /// - Parameters:
  ///   - bufferSize: the kernel's ring, in bytes.
  ///   - snapLength: how much of a packet is kept, in bytes, the link layer's header included.
  ///   - holdBack: how long it may be kept back, in milliseconds.
  ///   - isOneWay: whether only what arrives is seen, and not what this machine sends.
  ///   - isPromiscuous: whether frames that others are sent are seen as well, as at a mirror port.
  ///   - keepsFilter: whether the filter is final: the kernel then lets nobody widen it, this process included
  ///     (SO_LOCK_FILTER, socket(7)).
  init(
    on interface: String, filter: String, bufferSize: Int32, snapLength: Int32 = Capture.snapLength,
    holdBack: Int32 = Capture.holdBack, isOneWay: Bool = true, isPromiscuous: Bool = false,
    keepsFilter: Bool = true
  ) throws(PacketIOError) {
    var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard let handle = pcap_create(interface, &message) else {
      throw .captureFailed(interface: interface, reason: Self.text(message))
    }
    self.interface = interface
    self.handle = handle
    pcap_set_snaplen(handle, snapLength)
    pcap_set_promisc(handle, isPromiscuous ? 1 : 0)
    pcap_set_timeout(handle, holdBack)
    pcap_set_buffer_size(handle, bufferSize)
    // Not every driver can; the time then comes in microseconds, and `read` asks which.
    pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO)
    let status = pcap_activate(handle)
    link = LinkLayer(rawValue: pcap_datalink(handle))
    descriptor = pcap_get_selectable_fd(handle)
    if status == PCAP_ERROR_PERM_DENIED || status == PCAP_ERROR_PROMISC_PERM_DENIED {
      throw .noPermission(operation: "capture on \(interface)")
    }
    guard status >= 0 else { throw failure }
    guard link != nil else {
      let name = pcap_datalink_val_to_name(pcap_datalink(handle)).map { String(cString: $0) } ?? "?"
      throw .captureFailed(interface: interface, reason: "link type \(name) is not supported")
    }
    // Our own probes need not fill the ring. Kernels before 4.20 cannot; the direction below hides them then.
    if isOneWay {
      _ = clinux_set_option(
        descriptor, Int32(CLINUX_SOL_PACKET), Int32(CLINUX_PACKET_IGNORE_OUTGOING), 1)
    }
    guard !isOneWay || pcap_setdirection(handle, PCAP_D_IN) == 0, pcap_setnonblock(handle, 1, &message) == 0
    else {
      throw failure
    }
    try set(filter: filter)
    if keepsFilter {
      try SystemCall.check(
        clinux_set_option(descriptor, SOL_SOCKET, Int32(CLINUX_SO_LOCK_FILTER), 1), "lock a capture's filter")
    }
  }

  deinit { pcap_close(handle) }

  /// Hands over the IP packets that wait, each with the nanoseconds of CLOCK_REALTIME at its arrival, until there
  /// are none or `body` returns `false`.
  func read(_ body: (RawSpan, UInt64) -> Bool) throws(PacketIOError) {
    try readFrames { frame, offset, arrival in
      body(frame.extracting(offset..<frame.byteCount), arrival)
    }
  }

  /// The same with the link layer's header: hands over whole frames and where the IP packet begins in each.
  func readFrames(_ body: (RawSpan, _ packetAt: Int, UInt64) -> Bool) throws(PacketIOError) {
    try readAll { frame, arrival in
      guard let offset = link?.packetOffset(in: frame) else { return true }
      return body(frame, offset, arrival)
    }
  }

  /// The same of whatever else the link carries.
  func readAll(_ body: (RawSpan, UInt64) -> Bool) throws(PacketIOError) {
    let unit: UInt64 = pcap_get_tstamp_precision(handle) == PCAP_TSTAMP_PRECISION_NANO ? 1 : 1000
    var header: UnsafeMutablePointer<pcap_pkthdr>?
    var bytes: UnsafePointer<UInt8>?
    while true {
      let status = pcap_next_ex(handle, &header, &bytes)
      guard status == 1, let header, let bytes else {
        guard status >= 0 else { throw failure }
        return
      }
      // libpcap promises `caplen` bytes at `bytes` until the next call on this handle.
      let frame = UnsafeRawBufferPointer(start: bytes, count: Int(header.pointee.caplen)).bytes
      let time = header.pointee.ts
      let arrival = UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_usec) * unit
      if !body(frame, arrival) { return }
    }
  }

  /// How many packets that passed the filter the kernel dropped for want of room since the last call.
  func takeDropped() -> UInt64 {
    var statistics = pcap_stat()
    guard pcap_stats(handle, &statistics) == 0 else { return 0 }
    // libpcap counts from the activation on in 32 bits, which may wrap.
    defer { lastDropped = statistics.ps_drop }
    return UInt64(statistics.ps_drop &- lastDropped)
  }

  /// Lets only what passes a filter through from now on.
  func set(filter: String) throws(PacketIOError) {
    var program = bpf_program()
    // Not optimised: libpcap's optimiser (1.10.3) loses whole branches of filters that test one prefix twice
    // (`src net ::/2 and A or src net ::/2 and B`), which would make answers look like silence. The kernel
    // compiles the program to machine code anyway. PCAP_NETMASK_UNKNOWN: no filter here speaks of broadcasts.
    guard pcap_compile(handle, &program, filter, 0, 0xffff_ffff) == 0 else { throw failure }
    defer { pcap_freecode(&program) }
    guard pcap_setfilter(handle, &program) == 0 else { throw failure }
  }

  /// What libpcap says of the last call that failed.
  private var failure: PacketIOError {
    let reason = pcap_geterr(handle).map { String(cString: $0) } ?? "unknown error"
    return .captureFailed(interface: interface, reason: reason)
  }

  private static func text(_ message: [CChar]) -> String {
    String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
