import ArgumentParser
import Inventory
import Observations
import PacketIO
import Probing
import Sweep
import Wire

/// Whom a sweep asks, and whom it may touch.
struct SweepTargetOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A file of addresses, one a line, of any length; - is standard input.", valueName: "file"))
  var targets: String?

  @Option(
    help: ArgumentHelp(
      "How long the subnets of a prefix are, in bits. Default: 64, or every address of an IPv4 prefix or of a prefix of "
        + "/112 and longer.", valueName: "bits"))
  var subnetLength: Int?

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "An interface identifier to ask for in each subnet: ::1, ::1-::ff, "
        + InterfaceIdentifiers.names.map(\.0).joined(separator: ", ") + ". Repeatable. Default: ::1.",
      valueName: "suffix"))
  var iid: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("A prefix that may be touched. Repeatable.", valueName: "prefix"))
  var allow: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "A prefix that must not be touched; the most specific prefix wins, a tie excludes. Repeatable.",
      valueName: "prefix"))
  var exclude: [String] = []

  @Option(
    help: ArgumentHelp("The directory of an inventory, whose scope applies as well.", valueName: "dir"))
  var inventory: String?

  @Option(help: ArgumentHelp("Ask at most so many targets.", valueName: "n"))
  var maxTargets: Int?

  @Option(help: ArgumentHelp("Decides the order: the same number, the same order.", valueName: "n"))
  var seed: UInt64?

  @Option(
    help: ArgumentHelp("Ask only this part of the targets: 1/4 is the first of four.", valueName: "i/n"))
  var shard: String?

  /// Where targets come from.
  func source(_ texts: [String]) throws -> SweepJob.Source {
    if let targets {
      guard iid.isEmpty, subnetLength == nil else {
        throw CommandFailure(
          .usage, "--iid, --subnet-length: they are for prefixes; --targets lists addresses")
      }
      return .file(targets)
    }
    let prefixes = try texts.map { try prefix("target", $0) }
    let families = Set(prefixes.map(\.family))
    guard families.count == 1, let family = families.first else {
      throw CommandFailure(.usage, "prefixes of both families: sweep them one after the other")
    }
    let isEnumerated = family == .ipv4 || iid.isEmpty && prefixes.allSatisfy { $0.length >= 112 }
    let length = subnetLength ?? (isEnumerated ? family.bitWidth : 64)
    guard family == .ipv6 || iid.isEmpty else {
      throw CommandFailure(.usage, "--iid: for IPv6 only; every address of an IPv4 prefix is asked")
    }
    let zero = IPAddress(ipv6High: 0, low: 0)
    let identifiers =
      family == .ipv4
      ? [IPAddress(ipv4: 0)]
      : iid.isEmpty ? [length == 128 ? zero : IPAddress(ipv6High: 0, low: 1)] : try iid.flatMap(identifiers)
    do {
      return .pattern(try AddressPattern(prefixes, subnetLength: length, identifiers: identifiers))
    } catch {
      throw CommandFailure(.usage, Self.explain(error, texts))
    }
  }

  private static func explain(_ problem: AddressPattern.Problem, _ prefixes: [String]) -> String {
    let all = prefixes.joined(separator: " ")
    return switch problem {
    case .empty: "no target: name a prefix and an identifier"
    case .mixedFamilies: "\(all): prefixes of both families: sweep them one after the other"
    case .subnetLength(let length):
      "\(all) with --subnet-length \(length): more than \(AddressPattern.limitOfSubnet) addresses of one subnet, or no "
        + "length at all; whole subnets are never swept (RFC 7707): leave --subnet-length at 64 and name --iid patterns"
    case .identifier(let identifier, let length):
      "--iid \(identifier): has bits where the \(length)-bit network part is; write only the bits behind it, as ::1"
    case .tooMany:
      "\(all): more than \(AddressPattern.limit) targets; name longer prefixes or a shorter --subnet-length"
    }
  }

  private func identifiers(_ text: String) throws -> [IPAddress] {
    guard let found = InterfaceIdentifiers.parse(text) else {
      let names = InterfaceIdentifiers.names.map { "\($0.0) (\($0.1))" }.joined(separator: ", ")
      throw CommandFailure(
        .usage, "--iid \(text): write ::53, a range of up to 65536 as ::1-::ff, or one of: \(names)")
    }
    return found
  }

  private func prefix(_ option: String, _ text: String) throws -> Prefix {
    if let prefix = Prefix(text) { return prefix }
    if let address = IPAddress(text) { return Prefix(only: address) }
    if let parts = Prefix.parts(of: text) {
      throw CommandFailure(
        .usage,
        "\(option) \(text): bits are set behind the prefix length; write \(Prefix(parts.address, length: parts.length))"
      )
    }
    throw CommandFailure(.usage, "\(option) \(text): no prefix; write 2001:db8::/44 or 198.18.0.0/24")
  }

  /// What may be touched.
  func scope() throws -> Scope {
    guard !allow.isEmpty || inventory != nil else {
      throw CommandFailure(
        .usage,
        "nothing may be touched: name the prefixes that you are allowed to probe with --allow PREFIX, or an inventory "
          + "with --inventory DIR")
    }
    var scope = try inventory.map { try LoadedInventory(directory: $0).inventory.scope() } ?? Scope()
    for text in allow { scope.insert(.allow, for: try prefix("--allow", text)) }
    for text in exclude { scope.insert(.exclude, for: try prefix("--exclude", text)) }
    return scope
  }

  func checkedShard() throws -> SweepShard {
    guard let shard else { return .whole }
    guard let parsed = SweepShard(shard) else {
      throw CommandFailure(.usage, "--shard \(shard): write 1/4 for the first of four parts")
    }
    guard seed != nil || parsed.count == 1 else {
      throw CommandFailure(
        .usage, "--shard \(shard): all parts need the same order; give each the same --seed")
    }
    return parsed
  }

  func checkedLimit() throws -> Int? {
    if let maxTargets, maxTargets < 1 {
      throw CommandFailure(.usage, "--max-targets \(maxTargets): must be 1 or more")
    }
    return maxTargets
  }

  /// What makes this sweep the one it is.
  func identity(_ prefixes: [String]) -> [String: String] {
    var identity = ["targets": targets ?? prefixes.joined(separator: " ")]
    if !iid.isEmpty { identity["--iid"] = iid.joined(separator: " ") }
    if let subnetLength { identity["--subnet-length"] = "\(subnetLength)" }
    if let shard { identity["--shard"] = shard }
    if let maxTargets { identity["--max-targets"] = "\(maxTargets)" }
    return identity
  }
}

/// How fast and how patiently.
struct SweepPaceOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Packets per second in all, or unlimited.", valueName: "pps"))
  var rate = "100"

  @Option(
    help: ArgumentHelp(
      "Packets per second to one /48 or IPv4 /24, or unlimited. Default: a tenth of --rate, at least 10.",
      valueName: "pps"))
  var prefixRate: String?

  @Option(help: ArgumentHelp("Packets to a target that stays silent, 1 to 5.", valueName: "n"))
  var tries = 1

  @Option(
    help: ArgumentHelp("How long an answer may take before the next try, in seconds.", valueName: "s"))
  var timeout = 1.0

  @Option(
    help: ArgumentHelp("How long answers are taken after the last packet, in seconds.", valueName: "s"))
  var cooldown = 3.0

  @Option(
    help: ArgumentHelp("Threads that send. Default: as many as help.", valueName: "n"))
  var senders: Int?

  @Flag(help: "Keep the rate even if answers show that something on the way limits it.")
  var steady = false

  func apply(to settings: inout SweepSettings) throws {
    let rate = try parse("--rate", rate)
    let prefixRate = try prefixRate.map { try parse("--prefix-rate", $0) } ?? max(10, rate / 10)
    settings.pace = SweepPace(rate: rate, prefixRate: prefixRate)
    guard (0.05...3600).contains(timeout) else {
      throw CommandFailure(.usage, "--timeout \(timeout): give seconds, from 0.05 to 3600")
    }
    guard (0...3600).contains(cooldown) else {
      throw CommandFailure(.usage, "--cooldown \(cooldown): give seconds, from 0 to 3600")
    }
    if let senders, !(1...64).contains(senders) {
      throw CommandFailure(.usage, "--senders \(senders): give a number from 1 to 64")
    }
    // Two packets a second to one host are the most: further tries wait for that too.
    settings.wait = UInt64(max(timeout, tries > 1 ? 0.5 : 0) * 1e9)
    settings.cooldown = UInt64(max(cooldown, timeout) * 1e9)
    settings.senders = senders
    settings.isAdaptive = !steady
  }

  func checkedTries() throws -> Int {
    guard (1...5).contains(tries) else {
      throw CommandFailure(.usage, "--tries \(tries): give a number from 1 to 5")
    }
    return tries
  }

  private func parse(_ option: String, _ text: String) throws -> Double {
    if text == "unlimited" { return .infinity }
    guard let rate = Double(text), rate > 0, rate <= 100_000_000 else {
      throw CommandFailure(.usage, "\(option) \(text): give packets per second, above 0, or unlimited")
    }
    return rate
  }
}
