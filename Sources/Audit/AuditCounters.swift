import Observations
import PacketIO

/// What an audit counts on its way: what the run keeps, and what only who watches the program wants to know.
public struct AuditCounters: Sendable, Hashable {
  /// What is kept with the run.
  public internal(set) var run = RunCounters()
  /// Packets of the packet core by family and protocol.
  public internal(set) var sent = PacketTally()
  /// Captured packets that contradict their own format.
  public internal(set) var malformed: UInt64 = 0

  /// Everything zero.
  public init() {}

  /// Adds what a part of the audit counted.
  mutating func add(_ part: AuditCounters) {
    run.packetsSent += part.run.packetsSent
    run.packetsReceived += part.run.packetsReceived
    run.packetsIgnored += part.run.packetsIgnored
    run.captureDrops += part.run.captureDrops
    run.refusedByScope += part.run.refusedByScope
    run.lookups += part.run.lookups
    run.handshakes += part.run.handshakes
    sent += part.sent
    malformed += part.malformed
  }

  /// Adds what one run of the packet core counted.
  mutating func add(_ transfer: TransferCounters) {
    run.packetsSent += transfer.sent
    run.packetsReceived += transfer.received
    run.packetsIgnored += transfer.invalid
    run.captureDrops += transfer.kernelDrops
    run.refusedByScope += transfer.refusedByScope
    sent += transfer.engine.tally
    malformed += transfer.engine.malformed
  }
}
