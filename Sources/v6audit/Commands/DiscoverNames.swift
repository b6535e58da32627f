import ArgumentParser
import Audit
import Discovery
import Observations
import Reporting
import Services
import Wire

/// Names that a name server knows of addresses.
struct DiscoverNameOptions: ParsableArguments {
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Walk the reverse zone of this prefix to every name in it, without a look at what cannot exist (RFC 8020). "
        + "Repeatable.", valueName: "prefix"))
  var reverseZone: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Ask the name server for this zone as a whole (AXFR), where it gives it. Repeatable.", valueName: "zone"
    ))
  var transfer: [String] = []

  @Flag(
    help: ArgumentHelp(
      "Look the names that were found up as well: a name that leads back to its address speaks for one host.")
  )
  var forward = false

  @Option(
    help: ArgumentHelp(
      "The name server to ask: a resolver, or one that has the zones. Default: the first in /etc/resolv.conf.",
      valueName: "addr[:port]"))
  var resolver: String?

  @Option(help: ArgumentHelp("Questions per second. Default: 100.", valueName: "qps"))
  var rate = 100.0

  @Option(help: ArgumentHelp("Questions of one walk at most. Default: 10000000.", valueName: "n"))
  var maxQuestions = 10_000_000

  var isEmpty: Bool { reverseZone.isEmpty && transfer.isEmpty }

  /// Asks.
  func find() async throws -> DiscoveredNames {
    var found = DiscoveredNames()
    if isEmpty { return found }
    found.wasAsked = true
    let (server, roots) = (try server(), try reverseZone.map { try root($0) })
    let zones = try transfer.map { try zone($0) }
    guard rate > 0, rate <= 1_000_000, maxQuestions > 0 else {
      throw CommandFailure(.usage, "--rate, --max-questions: give numbers above 0, the rate up to 1000000")
    }
    let scope = Scope([(prefix: Prefix(only: server.address), rule: .allow)])
    for zone in zones { try await found.transfer(zone, from: server, scope) }
    let zonesOfAddresses = ReverseZones(asking: server, scope: scope, rate: rate)
    for (text, root) in zip(reverseZone, roots) where found.interruption == nil {
      let most = maxQuestions
      let end = try await Interruption.guarding {
        await zonesOfAddresses.walk(ReverseWalk(below: root, most: most)) { walk in
          if Terminal.showsProgress {
            Terminal.redraw("\(text)  \(walk.asked) questions  \(walk.found.count) addresses")
          }
        }
      }
      if Terminal.showsProgress { Terminal.redraw("") }
      found.interruption = end.signal
      found.take(end.result, of: text)
    }
    if forward, found.interruption == nil { try await found.lookUp(server, rate: rate) }
    return found
  }

  private func server() throws -> Endpoint {
    if let resolver {
      if let server = Endpoint(nameServer: resolver) { return server }
      throw CommandFailure(
        .usage, "--resolver \(resolver): no address; write 192.0.2.53, 192.0.2.53:53 or [2001:db8::53]:53")
    }
    guard let server = SystemResolver.servers().servers.first else {
      throw CommandFailure(.cannotMeasure, "/etc/resolv.conf names no server: name one with --resolver")
    }
    return server
  }

  private func root(_ text: String) throws -> ReverseNode {
    guard let prefix = Prefix(text) else {
      throw CommandFailure(.usage, "--reverse-zone \(text): no prefix; write 2001:db8::/32 or 198.18.0.0/16")
    }
    if let root = ReverseNode(prefix) { return root }
    throw CommandFailure(
      .usage,
      "--reverse-zone \(text): reverse zones end at every fourth bit of IPv6 and every eighth of IPv4; write several prefixes"
    )
  }

  private func zone(_ text: String) throws -> DNSName {
    do { return try DNSName(text) } catch {
      throw CommandFailure(.usage, "--transfer \(text): no domain name: \(error)")
    }
  }
}

/// What a name server told.
struct DiscoveredNames {
  /// All of it.
  private(set) var traits: [ObservedTrait] = []
  /// Whether there was anything to ask.
  var wasAsked = false
  /// The signal that ended it early.
  var interruption: Int32?
  private var notes: [String] = []

  /// Takes a zone over.
  mutating func transfer(_ zone: DNSName, from server: Endpoint, _ scope: Scope) async throws {
    let records: [DNSRecord]
    do throws(TransferFailure) {
      records = try await NameClient(scope: scope).transfer(zone, from: server) { record in
        switch record.data {
        case .a, .aaaa, .ptr: true
        default: false
        }
      }
    } catch {
      throw CommandFailure(.cannotMeasure, "--transfer \(zone): \(Self.text(error, server))")
    }
    let now = Timestamp.now
    for record in records {
      switch record.data {
      case .a(let address), .aaaa(let address): note(address, .name, record.name, now)
      case .ptr(let name):
        if let address = IPAddress.ofReverseName(record.name.description) {
          note(address, .pointer, name, now)
        }
      default: break
      }
    }
    notes.append("\(zone): \(records.count) names of addresses in the zone")
  }

  private mutating func note(
    _ address: IPAddress, _ kind: ObservedTrait.Kind, _ name: DNSName, _ now: Timestamp
  ) {
    traits.append(
      ObservedTrait(address, kind, name.description, source: "transfer", firstSeen: now, lastSeen: now))
  }

  /// Takes what a walk found.
  mutating func take(_ walk: ReverseWalk, of prefix: String) {
    traits += walk.traits(at: .now)
    notes.append("\(prefix): \(walk.found.count) addresses with names, \(walk.asked) questions")
    if !walk.unknown.isEmpty {
      notes.append(
        "\(prefix): of \(walk.unknown.count) part\(walk.unknown.count == 1 ? "" : "s") nobody could say what is there, the first "
          + walk.unknown[0].name + (walk.isCut ? "; --max-questions was reached" : ""))
    }
    for node in walk.wild.prefix(5) {
      notes.append("\(node.name): every name exists there, as by a wildcard")
    }
    if !walk.isOver { notes.append("\(prefix): not walked to the end") }
  }

  /// Looks up what the names lead to that addresses have.
  mutating func lookUp(_ server: Endpoint, rate: Double) async throws {
    let names = Set(traits.lazy.filter { $0.kind == .pointer }.map(\.value)).sorted()
    let survey = NameSurvey(asking: server, rate: rate)
    let end = try await Interruption.guarding {
      await survey.ask(names) { done, all in
        if Terminal.showsProgress, done % 500 == 0 { Terminal.redraw("names  \(done) of \(all)") }
      }
    }
    if Terminal.showsProgress { Terminal.redraw("") }
    interruption = end.signal
    traits += end.result.traits
    notes.append(
      "\(names.count) names were looked up; \(end.result.withoutAnswer) of the questions had no answer")
  }

  /// Says what is not in the table.
  func complain() { for note in notes { Terminal.complain("note: \(note)") } }

  private static func text(_ failure: TransferFailure, _ server: Endpoint) -> String {
    switch failure {
    case .declined(let code):
      "\(server) does not give the zone (\(code)): ask where it gives it to this machine"
    case .malformed(let why): "\(server) sent no transfer: \(why)"
    case .network(let outcome): "\(server): \(outcome.text)"
    case .tooLarge(let most): "it has more than \(most) records"
    }
  }
}
