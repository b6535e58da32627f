import Observations

extension ServiceProtocol {
  /// A client's request and the server's answer (RFC 5905 §7.3). A kiss-o'-death (§7.4) is an answer too.
  static let ntp = ServiceProtocol(name: "ntp", transports: [.udp]) {
    request, tools throws(NetworkFailure) in
    let clock = PhaseClock(.exchange)
    let query = NTPQuery()
    let greeting = try await tools.dialer.exchange(
      with: request.endpoint, clock: clock, patience: tools.limits.datagramPatience,
      payload: { _ in query.bytes },
      accept: { bytes throws(NetworkFailure) in try query.greeting(in: bytes) })
    return ServiceIdentity(service: "ntp", greeting: greeting, phases: clock.durations)
  }
}

/// A request that tells the server nothing but the time stamp it has to send back, which is random: no clock
/// of ours is shown, and nobody off the path can guess an answer.
struct NTPQuery: Sendable {
  private static let length = 48
  private static let originOffset = 24
  private static let transmitOffset = 40

  private let stamp: [UInt8] = (0..<8).map { _ in UInt8.random(in: .min ... .max) }

  /// Leap indicator 0, version 4, mode 3 (client); all else zero but the transmit timestamp.
  var bytes: [UInt8] {
    [0b00_100_011] + [UInt8](repeating: 0, count: Self.transmitOffset - 1) + stamp
  }

  /// Version and stratum of the answer, or its kiss code. `nil` for a datagram that is no answer to this.
  func greeting(in bytes: [UInt8]) throws(NetworkFailure) -> String? {
    guard bytes.count >= Self.length else {
      throw .violation(.exchange, "not NTP: a datagram of \(bytes.count) bytes")
    }
    let mode = bytes[0] & 0b111
    guard mode == 4 else { throw .violation(.exchange, "not an NTP server: mode \(mode)") }
    guard bytes[Self.originOffset..<Self.originOffset + 8].elementsEqual(stamp) else { return nil }
    let version = bytes[0] >> 3 & 0b111
    let stratum = bytes[1]
    guard stratum == 0 else { return "NTPv\(version) stratum \(stratum)" }
    return "NTPv\(version) kiss \(boundedText(bytes[12..<16].prefix { $0 != 0 }))"
  }
}
