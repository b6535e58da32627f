import Inventory
import Observations
import Readiness
import Wire

/// Agencies, their systems and hosts and where each stands, as one page that needs nothing but a browser: no script is needed to
/// read it, and nothing is loaded from anywhere.
public struct CityMap: Sendable {
  private let agencies: [Agency]
  private let verdicts: [String: HostVerdict]
  private let outcomes: [String: AgencyVerdict]
  private let city: Tally?
  private let hostsOfAgency: [String: [Host]]
  private let names: [String: String]
  private let use: [String: [PrefixUse]]
  private let words: MapWords
  private let title: String
  private let made: Timestamp

  /// A map of an inventory.
  ///
  /// - Parameters:
  ///   - judgement: where everything stands; `nil` where nothing was measured yet.
  ///   - seen: addresses that were observed, for the use of prefixes.
  ///   - made: the moment it is of.
  public init(
    _ inventory: Inventory, judgement: Judgement?, seen: Set<IPAddress>, language: Language, made: Timestamp
  ) {
    verdicts = Dictionary((judgement?.hosts ?? []).map { ($0.host.id, $0) }) { first, _ in first }
    outcomes = Dictionary((judgement?.agencies ?? []).map { ($0.agency.id, $0) }) { first, _ in first }
    city = judgement?.city
    hostsOfAgency = Dictionary(grouping: inventory.hosts) { $0.agency }
    names = Dictionary(inventory.systems.map { ($0.id, $0.name) }) { first, _ in first }
    let outcomes = outcomes
    agencies = inventory.agencies.sorted { left, right in
      let orders = [left, right].map { Self.order(outcomes[$0.id]?.outcome) }
      return (orders[0], left.id) < (orders[1], right.id)
    }
    use = PrefixUse.byAgency(inventory, seen: seen)
    words = MapWords(language)
    title = words.title
    self.made = made
  }

  /// The page.
  public var html: [UInt8] {
    var page = HTMLText()
    page.raw(Self.head(title, words.language))
    page.element("h1", title)
    page.raw("<p class=figure>")
    if let city {
      let low = city.lowHundredths.map { percentText($0) + " %" } ?? "–"
      page.text("\(low) (\(city.converted)/\(city.eligible)); \(words.unknown): \(city.unknown)")
    } else {
      page.text(words.nothingMeasured)
    }
    page.raw("</p><p class=made>")
    page.text(made.text)
    page.raw("</p>")
    legend(&page)
    overview(&page)
    page.raw("<main>")
    for agency in agencies { section(agency, &page) }
    page.raw("</main></body></html>\n")
    return page.bytes
  }

  /// The worst first, so that a reader of a thousand finds what is to be done at the top.
  private static func order(_ outcome: Outcome?) -> Int {
    switch outcome {
    case .notConverted: 0
    case .unknown: 1
    case nil: 2
    case .converted: 3
    case .exempt: 4
    }
  }

  private func legend(_ page: inout HTMLText) {
    page.raw("<ul class=legend>")
    for (state, text) in words.states {
      page.raw("<li><i class=\(state)></i> ")
      page.text(text)
      page.raw("</li>")
    }
    page.raw("</ul>")
  }

  /// One cell an agency: a thousand fit on a screen.
  private func overview(_ page: inout HTMLText) {
    page.raw("<nav>")
    for agency in agencies {
      let outcome = outcomes[agency.id]?.outcome.rawValue ?? "unmeasured"
      page.raw("<a class=\(outcome) href=\"#")
      page.text(agency.id)
      page.raw("\" title=\"")
      page.text("\(agency.name): \(words.outcome(outcomes[agency.id]?.outcome))")
      page.raw("\"></a>")
    }
    page.raw("</nav>")
  }

  private func section(_ agency: Agency, _ page: inout HTMLText) {
    let hosts = hostsOfAgency[agency.id] ?? []
    let verdict = outcomes[agency.id]
    page.raw("<section id=\"")
    page.text(agency.id)
    page.raw("\" class=\(verdict?.outcome.rawValue ?? "unmeasured")><h2>")
    page.text(agency.name)
    page.raw("</h2><p>")
    page.text(words.outcome(verdict?.outcome))
    if let tally = verdict?.tally { page.text(" · \(tally.converted)/\(tally.eligible)") }
    page.raw("</p><ul class=systems>")
    let groups = Dictionary(grouping: hosts) { $0.system ?? "" }
    for system in groups.keys.sorted() {
      page.raw("<li>")
      if !system.isEmpty { page.element("b", names[system] ?? system) }
      for host in (groups[system] ?? []).sorted(by: { $0.id < $1.id }) {
        let state = verdicts[host.id]?.state.rawValue ?? "unmeasured"
        page.raw("<i class=\(state) title=\"")
        page.text("\(host.id): \(words.state(state))")
        page.raw("\"></i>")
      }
      page.raw("</li>")
    }
    page.raw("</ul>")
    for prefix in use[agency.id] ?? [] { bar(prefix, &page) }
    page.raw("</section>")
  }

  /// A bar as long as the share of the prefix's bits that its used subnets fill: of 65,536 subnets 256 are half of it.
  private func bar(_ use: PrefixUse, _ page: inout HTMLText) {
    page.raw("<div class=use><code>")
    page.text("\(use.prefix)")
    page.raw("</code><span class=bar><span style=\"width:\(use.percent)%\"></span></span>")
    page.text(words.use(use))
    page.raw("</div>")
  }
}

/// How much of a registered prefix is in use: /64s in which an address is declared or was seen.
struct PrefixUse: Sendable, Hashable {
  var prefix: Prefix
  /// Subnets that are used.
  var used: Int
  /// How many bits tell subnets apart; 0 of a /64 and longer.
  var bits: Int { max(0, 64 - prefix.length) }

  /// The length of its bar, 0–100: of the bits.
  var percent: Int {
    guard used > 0 else { return 0 }
    guard bits > 0 else { return 100 }
    // The number of bits that so many subnets take, in hundredths, in integers.
    var (whole, rest) = (0, used)
    while rest > 1 {
      rest >>= 1
      whole += 1
    }
    return min(100, max(2, 100 * whole / bits))
  }

  /// Those of each agency, in the order of prefixes.
  static func byAgency(_ inventory: Inventory, seen: Set<IPAddress>) -> [String: [PrefixUse]] {
    let rules = inventory.prefixes.filter {
      $0.agency != nil && $0.rule == .allow && $0.prefix.family == .ipv6
    }
    let registered = PrefixTable(rules.lazy.map(\.prefix))
    var subnets: [Prefix: Set<UInt64>] = [:]
    for address in seen.union(inventory.hosts.flatMap(\.addresses)) where address.family == .ipv6 {
      if let found = registered.mostSpecific(holding: address) {
        subnets[found.prefix, default: []].insert(address.high)
      }
    }
    var use: [String: [PrefixUse]] = [:]
    for rule in rules.sorted(by: { $0.prefix < $1.prefix }) {
      use[rule.agency ?? "", default: []].append(
        PrefixUse(prefix: rule.prefix, used: subnets[rule.prefix]?.count ?? 0))
    }
    return use
  }
}
