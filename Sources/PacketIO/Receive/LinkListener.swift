import Observations
import Wire

/// Listens to everything that an Ethernet link carries. Nothing is sent.
public enum LinkListener {
  /// What protocols of the link are read from: whole names in TLS, DHCP and multicast DNS.
  private static let snapLength: Int32 = 1600
  private static let bufferSize: Int32 = 8 << 20
  private static let interval: UInt64 = 250_000_000

  /// Hands over frames as they come, in a thread of its own, until the time is over or the task is cancelled.
  ///
  /// - Parameters:
  ///   - isPromiscuous: whether frames for others are heard as well: at a mirror port they are all there is.
  ///   - seconds: how long; `nil`: until the task is cancelled.
  ///   - ready: called when it listens: who asks before is not heard when answered.
  ///   - frame: gets each frame with the time of its arrival.
  /// - Returns: how many frames the kernel dropped: for want of room in the capture, and before it at the interface.
  /// - Throws: also where the link is no Ethernet.
  public static func listen(
    on interface: String, isPromiscuous: Bool, seconds: Double?, ready: @escaping @Sendable () -> Void = {},
    frame: @escaping @Sendable (RawSpan, Timestamp) -> Void
  ) async throws(PacketIOError) -> UInt64 {
    try await ThreadedRun.result("v6audit-listen") { stop throws(PacketIOError) in
      let capture = try Capture(
        on: interface, filter: "", bufferSize: bufferSize, snapLength: snapLength, holdBack: 100,
        isOneWay: false,
        isPromiscuous: isPromiscuous)
      guard capture.link == .ethernet else {
        throw .captureFailed(
          interface: interface, reason: "it is no Ethernet, and no stations are heard there")
      }
      let index = try NetworkInterface.all().named(interface).index
      // The capture's own count says nothing of frames that did not come as far as that.
      let droppedBefore = try NetworkInterface.droppedArrivals(at: index)
      ready()
      let end = seconds.map { MonotonicClock.now + UInt64(max(0, $0) * 1_000_000_000) }
      var poll = PollSet([stop.wakeup.descriptor, capture.descriptor])
      var dropped: UInt64 = 0
      while true {
        // What arrived before the end is read after it.
        let isLast = stop.isMade || (end.map { MonotonicClock.now >= $0 } ?? false)
        try capture.readAll { bytes, arrival in
          frame(bytes, Timestamp(microseconds: Int64(clamping: arrival / 1000)))
          return true
        }
        dropped += capture.takeDropped()
        if isLast {
          let droppedAfter = try NetworkInterface.droppedArrivals(at: index)
          return dropped + (droppedAfter > droppedBefore ? droppedAfter - droppedBefore : 0)
        }
        poll.wait(nanoseconds: interval)
      }
    }
  }
}
