import CLinux
import Glibc
import Synchronization
import Wire

/// What a run sends and receives, written to disk while it measures, so that what is behind a verdict can be looked up
/// when it is known which verdicts need it.
///
/// The file has no name: it is gone with the process, however that ends. Writing copies into a buffer that is made
/// once; the disk is met once in `bufferSize` bytes. What does not fit is counted.
public final class PacketSpool: Sendable {
  /// What a record holds.
  public enum Kind: UInt8, Sendable, CaseIterable {
    /// An IP packet as the transmitter handed it to the kernel; nobody else sees it, as it bypasses the queues.
    case probeSent
    /// An IP packet from the probes' own capture.
    case probeReceived
    /// An IP packet of a handshake, in the direction that its destination says.
    case handshake
    /// A router advertisement in its Ethernet frame, or, on other links, as it was captured.
    case advertisementFrame, advertisement
    /// How many packets a capture lost: the time of the reading before, then the count, each 8 bytes in network order.
    case probeDrops, handshakeDrops
    /// A conversation, in whatever form its writer chose.
    case transcript
  }

  /// What the packets of a record were exchanged for; each is asked by a run of its own.
  public enum Topic: UInt8, Sendable, CaseIterable {
    /// Echoes, SYNs to declared ports and controls, and the handshakes.
    case reach
    /// SYNs that time handshakes.
    case latency
    /// Large packets, and what says that they are too big.
    case sizes
    /// Probes whose hop limit runs out on the way.
    case ways
    /// SYNs to ports that need not be declared, datagrams, tunnels, and addresses that nobody uses.
    case exposure
  }

  /// The most that is written, in bytes.
  public static let defaultLimit = 512 << 20
  private static let bufferSize = 256 << 10
  private static let headerSize = 16

  private struct State: Sendable {
    var buffer = [UInt8](repeating: 0, count: PacketSpool.bufferSize)
    var filled = 0
    var written = 0
    var lost: UInt64 = 0
    var hasFailed = false
  }

  /// The file, which the spools of all topics share.
  private final class Store: Sendable {
    let file: FileDescriptor
    let limit: Int
    let state = Mutex(State())

    init(_ file: consuming FileDescriptor, limit: Int) {
      self.file = file
      self.limit = limit
    }
  }

  /// What the records written here are about.
  public let topic: Topic
  private let store: Store
  /// CLOCK_REALTIME minus CLOCK_MONOTONIC when the run began: one offset for all of it, so that differences of times
  /// stay exact, whoever sets the clock meanwhile.
  private let offset: UInt64

  /// Makes a file without a name in a directory that exists.
  ///
  /// - Throws: `socketFailed` where the directory cannot hold one.
  public init(directory: String, limit: Int = PacketSpool.defaultLimit) throws(PacketIOError) {
    store = Store(
      try FileDescriptor(clinux_unnamed_file(directory), "keep evidence in \(directory)"), limit: limit)
    topic = .reach
    offset = clinux_realtime() &- MonotonicClock.now
  }

  private init(_ other: PacketSpool, _ topic: Topic) {
    store = other.store
    offset = other.offset
    self.topic = topic
  }

  /// The same file, for records about something else.
  public func on(_ topic: Topic) -> PacketSpool { PacketSpool(self, topic) }

  /// Records that did not fit, or could not be written.
  public var lost: UInt64 { store.state.withLock { $0.lost } }

  /// The wall-clock nanoseconds of a time of the monotonic clock.
  func realTime(_ monotonic: UInt64) -> UInt64 { monotonic &+ offset }

  /// Adds a record.
  ///
  /// - Parameters:
  ///   - time: nanoseconds since 1970.
  ///   - bytes: at most 64 KiB; more is cut.
  public func append(_ kind: Kind, at time: UInt64, _ bytes: RawSpan) {
    let count = min(bytes.byteCount, Int(UInt16.max))
    store.state.withLock { state in
      guard !state.hasFailed, state.written + state.filled + Self.headerSize + count <= store.limit else {
        state.lost += 1
        return
      }
      if state.filled + Self.headerSize + count > Self.bufferSize { flush(&state) }
      let start = state.filled
      var span = state.buffer.mutableSpan
      var raw = span.mutableBytes
      raw.set(kind.rawValue, at: start)
      raw.set(topic.rawValue, at: start + 1)
      raw.set(UInt16(count), at: start + 2)
      raw.set(UInt32(0), at: start + 4)
      raw.set(time, at: start + 8)
      raw.copy(bytes.extracting(0..<count), at: start + Self.headerSize)
      state.filled = start + Self.headerSize + count
    }
  }

  /// Adds a record of text.
  public func append(_ kind: Kind, at time: UInt64, text: String) {
    let bytes = Array(text.utf8)
    append(kind, at: time, bytes.span.bytes)
  }

  /// Adds a reading of a capture's drop counter.
  func appendDrops(_ kind: Kind, from: UInt64, to: UInt64, count: UInt64) {
    var bytes = [UInt8](repeating: 0, count: 16)
    var span = bytes.mutableSpan
    var raw = span.mutableBytes
    raw.set(from, at: 0)
    raw.set(count, at: 8)
    append(kind, at: to, bytes.span.bytes)
  }

  private func flush(_ state: inout State) {
    var done = 0
    while done < state.filled {
      let start = done
      let count = state.buffer.withUnsafeBytes { buffer in
        // `start` is below `filled`, which is within the buffer.
        write(store.file.number, buffer.baseAddress.map { $0 + start }, state.filled - start)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        state.hasFailed = true
        state.lost += 1
        break
      }
      done += count
    }
    state.written += done
    state.filled = 0
  }
}

extension PacketSpool {
  /// Hands over every record in the order of writing, with where it stands.
  ///
  /// - Throws: `socketFailed` when the file cannot be read back.
  public func forEach(
    _ body: (Kind, Topic, _ time: UInt64, _ place: Int, RawSpan) -> Void
  ) throws(PacketIOError) {
    let end = store.state.withLock { state in
      flush(&state)
      return state.written
    }
    var window = [UInt8](repeating: 0, count: Self.bufferSize)
    var start = 0
    while start < end {
      let count = try read(into: &window, at: start, upTo: min(Self.bufferSize, end - start))
      var position = 0
      while let record = Self.record(in: window, at: position, end: count) {
        body(
          record.kind, record.topic, record.time, start + position, window.span.bytes.extracting(record.bytes)
        )
        position = record.bytes.upperBound
      }
      guard position > 0 else { return }
      start += position
    }
  }

  /// The bytes of the record that stands at `place`.
  public func record(at place: Int) throws(PacketIOError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Self.headerSize + Int(UInt16.max))
    let count = try read(into: &bytes, at: place, upTo: bytes.count)
    guard let record = Self.record(in: bytes, at: 0, end: count) else { return [] }
    return Array(bytes[record.bytes])
  }

  private static func record(in window: [UInt8], at position: Int, end: Int) -> (
    kind: Kind, topic: Topic, time: UInt64, bytes: Range<Int>
  )? {
    guard position + headerSize <= end else { return nil }
    let raw = window.span.bytes
    let start = position + headerSize
    let count = Int(raw.uint16(at: position + 2))
    guard let kind = Kind(rawValue: raw.uint8(at: position)),
      let topic = Topic(rawValue: raw.uint8(at: position + 1)), start + count <= end
    else { return nil }
    return (kind, topic, raw.uint64(at: position + 8), start..<start + count)
  }

  private func read(into window: inout [UInt8], at place: Int, upTo wanted: Int) throws(PacketIOError) -> Int
  {
    var done = 0
    while done < wanted {
      let start = done
      let count = window.withUnsafeMutableBytes { buffer in
        pread(store.file.number, buffer.baseAddress.map { $0 + start }, wanted - start, off_t(place + start))
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw SystemCall.error(errno, "read the evidence back") }
      if count == 0 { break }
      done += count
    }
    return done
  }
}
