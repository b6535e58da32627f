import Observations
import Readiness
import Store
import StoreSamples
import Testing

/// What goes into the store comes out the same.
@Suite struct RoundTripTests {
  let scratch: Scratch
  let store: Store
  let sample = SampleRun(seed: 1)

  init() throws {
    scratch = try Scratch()
    store = try Store(path: scratch.path)
  }

  @Test func everyFact() throws {
    let observations = SampleFacts.all.enumerated().map { index, fact in
      Observation(
        sequence: index + 1, host: "host-\(index % 7)",
        at: Timestamp(microseconds: [0, -1, .min, .max, 1_795_489_709_123_456][index % 5]),
        // Now and then a second vantage, which is kept beside the run's own.
        vantage: index % 3 == 0 ? "elsewhere" : sample.begun.vantage, fact: fact)
    }
    let writer = try store.begin(sample.begun, inventory: [])
    try writer.append(observations)
    try writer.finish(sample.ended, rows: [], manifest: [])

    try expectSame(try store.observations(run: writer.id), observations)
    try expectSame(
      try store.observations(run: writer.id, host: "host-3"), observations.filter { $0.host == "host-3" })
    #expect(try store.observations(run: writer.id, host: "no-such-host").isEmpty)
  }

  @Test func everyCheckRow() throws {
    var rows: [CheckRow] = []
    for check in CheckID.allCases {
      for verdict in Verdict.allCases {
        for reason in Reason.allCases {
          rows.append(
            CheckRow(
              host: rows.count % 5 == 0 ? "" : "host-\(rows.count % 7)", check: check, subject: "2001:db8::1",
              verdict: verdict, reason: reason,
              observedAt: rows.count % 2 == 0 ? nil : sample.begun.startedAt,
              evidence: Array(0..<(rows.count % 4))))
        }
      }
    }
    for text in SampleFacts.hostileTexts {
      rows.append(
        CheckRow(host: "h", check: .dnsLive, subject: text, verdict: .fail, reason: .silent, detail: text))
    }
    let writer = try store.begin(sample.begun, inventory: [])
    try writer.finish(sample.ended, rows: rows, manifest: [])

    try expectSame(try store.checkRows(run: writer.id), rows)
    try expectSame(try store.checkRows(run: writer.id, host: ""), rows.filter { $0.host.isEmpty })
  }

  @Test func runWithEveryCounter() throws {
    var run = sample.begun
    let writer = try store.begin(run, inventory: [])
    run.state = .incomplete
    run.finishedAt = Timestamp(microseconds: .max)
    run.resolver = "[2001:db8::53]:53"
    run.counters.packetsSent = 1
    run.counters.packetsReceived = 2
    run.counters.packetsIgnored = 3
    run.counters.captureDrops = 4
    run.counters.refusedByScope = .max
    run.counters.lookups = 6
    run.counters.handshakes = 7
    try writer.finish(run, rows: [], manifest: [])
    #expect(try store.run(run.id) == run)
  }

  @Test func inventoryAndManifestByteForByte() throws {
    let everyByte = (0...255).map { UInt8($0) }
    let files = [
      StoredFile(name: "agencies.csv", bytes: []),
      StoredFile(name: "hosts.csv", bytes: everyByte + everyByte),
      StoredFile(name: "hosts.old.csv", bytes: everyByte + everyByte),
    ]
    let writer = try store.begin(sample.begun, inventory: files.reversed())
    try writer.finish(sample.ended, rows: [], manifest: everyByte)
    #expect(try store.inventoryFiles(run: writer.id) == files)
    #expect(try store.manifest(run: writer.id) == everyByte)
  }

  @Test(arguments: [
    // FIPS 180-4 examples; `printf abc | sha256sum` agrees.
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
  ])
  func sha256(text: String, digest: String) {
    #expect(StoredFile(name: "x", bytes: Array(text.utf8)).sha256 == digest)
  }

  private func expectSame<Value: Equatable>(_ found: [Value], _ expected: [Value]) throws {
    try #require(found.count == expected.count)
    for (found, expected) in zip(found, expected) { #expect(found == expected) }
  }
}
