import Observations
import Readiness
import SeededRandom
import Store
import Wire

/// A run that is made from a number alone, so that two processes agree on what must be in the store.
package struct SampleRun {
  package let begun: Run
  package let ended: Run
  package let inventory: [StoredFile]
  package let batches: [[Observation]]
  package let rows: [CheckRow]
  package let manifest: [UInt8]

  package init(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var run = Run(
      id: "20261124T030829Z-\(String(seed, radix: 16))", toolVersion: "0.1.0", vantage: "lab",
      policy: "2026-0", startedAt: Timestamp(seconds: 1_795_489_709))
    begun = run
    // Mostly the same inventory, as in the field, now and then a changed one.
    let edition = random.below(4)
    inventory = [
      StoredFile(name: "agencies.csv", bytes: Array("agency,name\nso-y-te,Sở Y tế\n".utf8)),
      StoredFile(name: "hosts.csv", bytes: Array("host,agency\nweb-\(edition),so-y-te\n".utf8)),
    ]
    var sequence = 0
    let batches = (0..<(1 + random.below(6))).map { _ in
      (0..<(1 + random.below(120))).map { _ in
        sequence += 1
        return Self.observation(sequence, &random)
      }
    }
    self.batches = batches
    rows = (0..<random.below(200)).map { index in
      CheckRow(
        host: "host-\(index / 8)", check: random.pick(CheckID.allCases),
        subject: "[2001:db8::1]:443",
        verdict: random.pick(Verdict.allCases), reason: random.pick(Reason.allCases), detail: "row \(index)",
        observedAt: Timestamp(seconds: 1_795_489_710), evidence: [1, sequence])
    }
    manifest = Array("{\"seed\":\(seed)}\n".utf8)
    run.state = .complete
    run.finishedAt = Timestamp(seconds: 1_795_489_720)
    run.counters.packetsSent = UInt64(sequence)
    ended = run
  }

  private static func observation(_ sequence: Int, _ random: inout SplitMix64) -> Observation {
    let address = IPAddress(
      ipv6High: 0x2001_0db8_0000_0000 | random.below(1 << 16), low: random.below(1 << 32))
    let outcome: ProbeOutcome =
      random.below(4) == 0
      ? .silent(tries: 3)
      : .answered(roundTrip: Duration64(microseconds: Int64(random.below(90_000))), tries: 1)
    return Observation(
      sequence: sequence, host: "host-\(random.below(250))",
      at: Timestamp(microseconds: 1_795_489_709_000_000 + Int64(sequence) * 1_000), vantage: "lab",
      fact: .echo(address: address, outcome: outcome))
  }

  /// A digest of all that must be found in the store for this run.
  package var digest: String {
    Self.digest(
      run: ended, inventory: inventory, observations: batches.flatMap { $0 }, rows: rows, manifest: manifest)
  }

  /// A digest of all that is found in the store for the run `id`.
  package static func digest(of id: String, in store: Store) throws -> String {
    guard let run = try store.run(id) else { throw StoreError.unknownRun(path: store.path, run: id) }
    return digest(
      run: run, inventory: try store.inventoryFiles(run: id), observations: try store.observations(run: id),
      rows: try store.checkRows(run: id), manifest: try store.manifest(run: id))
  }

  /// FNV-1a over every part, with its length.
  private static func digest(
    run: Run, inventory: [StoredFile], observations: [Observation], rows: [CheckRow], manifest: [UInt8]
  ) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    let parts =
      ["\(run)"] + inventory.map { "\($0)" } + observations.map { "\($0)" } + rows.map { "\($0)" }
      + ["\(manifest)"]
    for part in parts {
      for byte in part.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
      hash = (hash ^ UInt64(part.utf8.count)) &* 0x100_0000_01b3
    }
    return String(hash, radix: 16)
  }
}
