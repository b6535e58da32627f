import Foundation
import Observations
import PacketIO
import Probing
import Testing
import Wire

@testable import Sweep

@Suite("The state of a sweep")
struct SweepStateTests {
  private let scratch: Scratch

  /// Places of a plan: more than one chunk, and no whole number of words.
  private static let count = 4096 + 100

  init() throws { scratch = try Scratch() }

  private var file: SweepStateFile { SweepStateFile(path: scratch.path("state")) }

  /// A position in the middle of the second round of two senders.
  private static var position: SweepPosition {
    var settled = PlaceSet(capacity: count)
    for place in [0, 63, 64, 4095, 4096, count - 1] { settled.insert(place) }
    return SweepPosition(
      round: 1,
      shares: [
        SweepPosition.Share(places: 0..<2000, cursor: 1234, waiting: [3, 1233]),
        SweepPosition.Share(places: 2000..<count, cursor: count, waiting: []),
      ], undisturbed: [1, 0], disturbed: [1], settled: settled, passing: passing)
  }

  /// Two places whose errors may pass.
  private static var passing: PassingErrors {
    PassingErrors(
      kinds: [Rejection(type: 1, code: 3, source: IPAddress("2001:db8::1")!)], kindOfPlace: [7: 0, 4100: 0])!
  }

  private static func state(_ change: (inout SweepState) -> Void = { _ in }) -> SweepState {
    var state = SweepState(
      sweep: ["targets": "2001:db8::/44", "--probe": "tcp:443"], seed: .max, window: 3, offset: 4711,
      before: 786_432, outputLength: 99, round: 0, shares: [], undisturbed: Data(),
      disturbed: [], settled: Data(), capacity: 0, errors: [], places: Data())
    state.set(position)
    change(&state)
    return state
  }

  @Test("What was written is read again, and is the same position")
  func roundTrip() throws {
    let state = Self.state()
    try file.write(state)
    let read = try #require(try file.read())
    #expect(read == state)
    #expect(read.position(count: Self.count) == Self.position)
    #expect(read.seed == .max)
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.folder)
    #expect(names == ["state"], "nothing is left beside it")
    file.remove()
    #expect(try file.read() == nil)
  }

  @Test("It replaces what was there, and only its owner reads it")
  func replaces() throws {
    try file.write(Self.state { $0.offset = 1 })
    try file.write(Self.state { $0.offset = 2 })
    #expect(try file.read()?.offset == 2)
    let attributes = try FileManager.default.attributesOfItem(atPath: scratch.path("state"))
    #expect(attributes[.posixPermissions] as? Int == 0o600)
  }

  @Test("Settled places are kept little-endian, the first lowermost")
  func bits() {
    let state = Self.state()
    #expect(state.settled.count == 8 * 66)
    #expect(Array(state.settled.prefix(9)) == [1, 0, 0, 0, 0, 0, 0, 0x80, 1])
  }

  private static let damages = [
    "", "{", "[]", "null", "not JSON\n", #"{"version":2}"#, "\u{0}\u{1}",
    #"{"version":2,"seed":-1}"#,
  ]

  @Test("What is no state is named and left alone", arguments: damages)
  func damaged(text: String) throws {
    _ = try scratch.write("state", text)
    let error = #expect(throws: SweepError.self) { try file.read() }
    #expect(error == .state(file: scratch.path("state"), why: "it is not the state of a sweep"))
    #expect(error?.description.contains("--state") == true)
    #expect(try scratch.read("state") == text)
  }

  @Test("A state that was cut off anywhere is no state")
  func cut() throws {
    try file.write(Self.state())
    let whole = try Data(contentsOf: URL(filePath: scratch.path("state")))
    for length in stride(from: 0, to: whole.count, by: 7) {
      try whole.prefix(length).write(to: URL(filePath: scratch.path("state")))
      #expect(throws: SweepError.self) { try file.read() }
    }
  }

  @Test("A state of a later version is not guessed at")
  func later() throws {
    try file.write(Self.state { $0.version = 3 })
    let error = #expect(throws: SweepError.self) { try file.read() }
    #expect(
      error
        == .state(file: scratch.path("state"), why: "it was written by a later version of v6audit"))
  }

  @Test("A state of an earlier version means something else")
  func earlier() throws {
    _ = try scratch.write("state", #"{"version":1,"isClean":false}"#)
    let error = #expect(throws: SweepError.self) { try file.read() }
    #expect(error?.description.contains("an earlier version") == true, "\(String(describing: error))")
  }

  @Test("A state of a later version is known by its version alone")
  func laterForm() throws {
    _ = try scratch.write("state", #"{"version":3,"everything":"different"}"#)
    let error = #expect(throws: SweepError.self) { try file.read() }
    #expect(error?.description.contains("a later version") == true, "\(String(describing: error))")
  }

  @Test("What cannot be read or written says why")
  func unusable() throws {
    let folder = SweepStateFile(path: scratch.folder)
    #expect(throws: SweepError.self) { try folder.read() }
    let nowhere = SweepStateFile(path: scratch.path("nowhere/state"))
    let error = #expect(throws: SweepError.self) { try nowhere.write(Self.state()) }
    #expect(error == .state(file: scratch.path("nowhere/state"), why: "No such file or directory"))
  }

  @Test("A job refuses the state of another sweep and says in what they differ")
  func another() async throws {
    try file.write(Self.state())
    let before = try scratch.read("state")
    let pattern = try AddressPattern(
      [Prefix("2001:db8::/44")!], subnetLength: 64, identifiers: [IPAddress("::1")!])
    func complaint(_ identity: [String: String], seed: UInt64? = nil) async throws -> SweepError? {
      var job = SweepJob(.pattern(pattern), probe: .echo, scope: .init(), settings: .init())
      job.identity = identity
      job.seed = seed
      job.state = scratch.path("state")
      job.output = scratch.path("out")
      let asked = job
      return await #expect(throws: SweepError.self) { _ = try await asked.run() }
    }
    let same = ["targets": "2001:db8::/44", "--probe": "tcp:443"]
    let state = scratch.path("state")
    #expect(
      try await complaint(same.merging(["--probe": "icmp"]) { $1 })
        == .stateOfAnother(file: state, difference: "--probe was tcp:443, is icmp"))
    #expect(
      try await complaint(same.merging(["--iid": "::53"]) { $1 })
        == .stateOfAnother(file: state, difference: "--iid was not given, is ::53"))
    #expect(
      try await complaint(["targets": "2001:db8::/44"])
        == .stateOfAnother(file: state, difference: "--probe was tcp:443, is not given"))
    #expect(
      try await complaint(same, seed: 1)
        == .stateOfAnother(file: state, difference: "--seed was \(UInt64.max), is 1"))
    #expect(try scratch.read("state") == before)
    #expect(!FileManager.default.fileExists(atPath: scratch.path("out")))
  }

  private static let impossibilities: [(String, @Sendable (inout SweepState) -> Void)] = [
    ("another count", { $0.capacity = count - 1 }),
    ("too few settled", { $0.settled.removeLast(8) }),
    ("half a word of settled", { $0.settled.removeLast(4) }),
    ("too many settled", { $0.settled.append(contentsOf: Array(repeating: 0, count: 8)) }),
    ("too few chunks", { $0.undisturbed.removeLast() }),
    ("too many chunks", { $0.undisturbed.append(1) }),
    ("a chunk that is not there", { $0.disturbed = [2] }),
    ("a chunk below zero", { $0.disturbed = [-1] }),
    ("a round below zero", { $0.round = -1 }),
    ("too late a round", { $0.round = 101 }),
    ("a share that begins below zero", { $0.shares[0].first = -1 }),
    ("a share that ends behind the last place", { $0.shares[1].end = count + 1 }),
    ("a share that ends before it begins", { $0.shares[0].end = -5 }),
    ("a cursor before its share", { $0.shares[1].cursor = 1999 }),
    ("a cursor behind its share", { $0.shares[0].cursor = 2001 }),
    ("one that waits below zero", { $0.shares[0].waiting = [-1] }),
    ("one that waits behind its share", { $0.shares[0].waiting = [2000] }),
    (
      "numbers at the ends of their range",
      { $0.shares[0] = .init(first: .min, end: .max, cursor: 0, waiting: []) }
    ),
    ("shares that overlap", { $0.shares[1].first = 1999 }),
    ("shares that leave something out", { $0.shares[1].first = 2001 }),
    (
      "shares that end too early", { $0.shares[1] = .init(first: 2000, end: 2500, cursor: 2000, waiting: []) }
    ),
    ("a share that is missing", { $0.shares.removeFirst() }),
    ("one that waits though it was not passed", { $0.shares[0].waiting = [1234] }),
    ("one that waits twice", { $0.shares[0].waiting = [3, 3] }),
    ("half an error", { $0.places.removeLast(4) }),
    ("an error of no kind", { $0.errors = [] }),
    ("an error of no place", { $0.places[$0.places.count - 7] = 0xff }),
    ("two errors of one place", { $0.places += $0.places }),
    ("one settled that is no place", { $0.settled[$0.settled.count - 1] = 0x80 }),
  ]

  @Test("Positions that cannot be are refused", arguments: impossibilities.map(\.0))
  func impossible(what: String) throws {
    let change = try #require(Self.impossibilities.first { $0.0 == what }).1
    #expect(Self.state().position(count: Self.count) == Self.position)
    #expect(Self.state(change).position(count: Self.count) == nil)
  }

  @Test("A position between two rounds has no shares")
  func between() {
    let state = Self.state { $0.shares = [] }
    #expect(state.position(count: Self.count)?.shares.isEmpty == true)
  }

  @Test("A plan of nothing has a position")
  func nothing() {
    let empty = SweepPosition(
      round: 0, shares: [.init(places: 0..<0, cursor: 0, waiting: [])], undisturbed: [], disturbed: [],
      settled: PlaceSet(capacity: 0), passing: PassingErrors(kinds: [], kindOfPlace: [:])!)
    #expect(Self.state { $0.set(empty) }.position(count: 0) == empty)
    #expect(Self.state().position(count: 0) == nil)
  }
}
