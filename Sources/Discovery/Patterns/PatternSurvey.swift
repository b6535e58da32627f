import Wire

/// Whom a sweep of likely addresses asks, and what is to be believed of the answers. Pure: whoever sends hands in who answered.
///
/// First the guesses of ``IdentifierGuesses`` in each /64. Where something answered, sixteen addresses drawn by lot are asked in
/// each prefix around it, one in each sixteenth: where all answer, so would every other one, as behind a load balancer or where
/// a whole prefix is routed to one machine (Gasser et al., "Clusters in the Expanse", IMC 2018 §5). Such a prefix is aliased,
/// and what answered in it is no host.
public struct PatternSurvey: Sendable {
  /// The /64s that are gone through.
  public let subnets: [Prefix]
  /// Whom to ask first, each once.
  public let guesses: [IPAddress]
  /// Whom to ask next, after ``take(answered:using:)``.
  public private(set) var tests: [IPAddress] = []
  /// Prefixes in which every address answers, the widest alone.
  public private(set) var aliased: [Prefix] = []

  /// Addresses that answered and are in no aliased prefix, in ascending order.
  public private(set) var found: [IPAddress] = []
  /// How many answered in aliased prefixes.
  public private(set) var answeredInAliased = 0

  private var answered: [IPAddress] = []
  private var trials: [Prefix] = []
  private let patterns: [UInt64: IdentifierPattern]
  /// Addresses that are known beforehand, where they are not guessed.
  private let known: Set<IPAddress>

  /// How wide prefixes are that may be one machine's.
  static let lengths = [64, 80, 96, 112]
  /// How many addresses of each are asked: one for each value of its next four bits.
  static let sample = 16

  /// A survey of some prefixes.
  ///
  /// - Parameters:
  ///   - prefixes: of IPv6. Of one shorter than a /64 the /64s in which an address is known; of one longer than a /64 what of
  ///     its /64 is in it.
  ///   - knowledge: what is known; its IPv6 addresses also tell how servers are numbered elsewhere.
  public init(
    _ prefixes: [Prefix], knowledge: PatternKnowledge, limits: IdentifierGuesses.Limits = .init()
  ) {
    let prefixes = prefixes.filter { $0.family == .ipv6 }
    var subnets: Set<Prefix> = []
    for prefix in prefixes {
      if prefix.length >= 64 {
        subnets.insert(Prefix(prefix.address, length: 64))
      } else {
        for address in knowledge.ipv6 where prefix.contains(address) {
          subnets.insert(Prefix(address, length: 64))
        }
      }
    }
    let guessing = IdentifierGuesses(knowledge, limits: limits)
    self.subnets = subnets.sorted()
    patterns = Dictionary(guessing.identifiers.map { ($0.identifier, $0.pattern) }) { first, _ in first }
    known = Set(knowledge.ipv6.filter { address in prefixes.contains { $0.contains(address) } })
    var guesses: [IPAddress] = []
    for subnet in self.subnets {
      guesses += guessing.addresses(in: subnet).filter { guess in prefixes.contains { $0.contains(guess) } }
    }
    let guessed = Set(guesses)
    self.guesses = known.filter { !guessed.contains($0) }.sorted() + guesses
  }

  /// How an address was come by.
  public func pattern(of address: IPAddress) -> IdentifierPattern? {
    known.contains(address) ? .neighbour : patterns[address.low]
  }

  /// Takes who answered of the guesses, and draws whom to ask next.
  public mutating func take(
    answered: some Sequence<IPAddress>, using random: inout some RandomNumberGenerator
  ) {
    self.answered = Set(answered).sorted()
    found = self.answered
    var prefixes: Set<Prefix> = []
    for address in self.answered {
      for length in Self.lengths { prefixes.insert(Prefix(address, length: length)) }
    }
    trials = prefixes.sorted()
    var tests: Set<IPAddress> = []
    for prefix in trials {
      for sixteenth in 0..<UInt64(Self.sample) {
        tests.insert(Self.draw(prefix, sixteenth, using: &random))
      }
    }
    self.tests = tests.sorted()
  }

  /// Takes who answered of the tests.
  public mutating func take(testsAnswered: Set<IPAddress>) {
    // A single silent address speaks against every prefix that holds it, whichever it was asked for.
    var disproved: Set<Prefix> = []
    for address in tests where !testsAnswered.contains(address) {
      for length in Self.lengths { disproved.insert(Prefix(address, length: length)) }
    }
    // The widest alone: a prefix comes behind every one that holds it.
    var widest = PrefixTable<Void>([])
    for prefix in trials.sorted(by: { ($0.length, $0) < ($1.length, $1) }) where !disproved.contains(prefix) {
      if !widest.holds(prefix.address) { widest.insert(prefix) }
    }
    aliased = widest.prefixes
    let aliases = answered.filter { widest.holds($0) }
    answeredInAliased = aliases.count
    found = aliases.isEmpty ? answered : answered.filter { !widest.holds($0) }
  }

  /// An address in the given sixteenth of a prefix, for the rest drawn by lot.
  private static func draw(
    _ prefix: Prefix, _ sixteenth: UInt64, using random: inout some RandomNumberGenerator
  ) -> IPAddress {
    let bits = UInt64(128 - prefix.length - 4)
    let drawn = random.next() & ((1 << bits) - 1)
    return IPAddress(ipv6High: prefix.address.high, low: prefix.address.low | sixteenth << bits | drawn)
  }
}
