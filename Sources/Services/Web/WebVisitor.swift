import NIOCore
import Observations
import Wire

/// Fetches what web services serve, over both families, and says how it differs and where it leads.
///
/// One connection gives the handshake's outcome and the page. A redirect is followed within its family: to the same
/// name at the same address, to another name at an address that the resolver gives for this family alone, and never
/// out of the scope. No body is kept longer than the visit.
public struct WebVisitor: Sendable {
  static let maximumRedirects = 5

  let tools: HandshakeTools
  let scope: Scope
  let names: NameBook
  let domain: @Sendable (String) -> String
  let wants: Set<ReferenceKind>
  let limits: ReferenceLimits
  let contents = ContentCache()

  /// - Parameters:
  ///   - handshaker: Whose sockets, limits and trust are used.
  ///   - scope: What may be touched; the handshaker's own.
  ///   - resolver: Who is asked where redirects and references lead.
  ///   - domain: The domain that the pages of a name belong to: links on it and below are looked at.
  ///   - references: The kinds of references that are looked at.
  ///   - limits: How many of them and for how long.
  public init(
    _ handshaker: Handshaker, scope: Scope, resolver: Resolver?, references: Set<ReferenceKind>,
    limits: ReferenceLimits = ReferenceLimits(), domain: @escaping @Sendable (String) -> String
  ) {
    tools = handshaker.tools
    self.scope = scope
    names = NameBook(resolver)
    wants = references
    self.limits = limits
    self.domain = domain
  }

  /// Makes a visit and returns what was seen: for every target a handshake and a page, then the differences between
  /// the families, then the references. When the task is cancelled the result means nothing.
  public func perform(_ visit: WebVisit) async -> [Fact] {
    // The references are looked at from one address; all of them serve the same page, or `service.content` fails.
    let source = visit.targets.map(\.endpoint.address).filter { $0.family == .ipv6 }.min()
    let fetched = await withTaskGroup(of: [Fetched].self) { group in
      for address in Set(visit.targets.map(\.endpoint.address)) {
        let targets = visit.targets.filter { $0.endpoint.address == address }
        group.addTask { await fetchAll(targets, visit, wantsReferences: address == source) }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
    let ordered = visit.targets.compactMap { target in fetched.first { $0.target == target } }
    var facts: [Fact] = ordered.flatMap { page in
      [
        .handshake(
          service: page.target.service, endpoint: page.target.endpoint, transport: .tcp, name: visit.name,
          outcome: page.handshake),
        .page(
          name: visit.name, service: page.target.service, endpoint: page.target.endpoint,
          outcome: page.outcome),
      ]
    }
    facts += Self.differences(ordered, visit.name)
    facts += ordered.flatMap { page in
      page.tallies.sorted { $0.key.rawValue < $1.key.rawValue }.map { kind, tally in
        .references(
          name: visit.name, service: page.target.service, endpoint: page.target.endpoint, kind: kind,
          tally: tally)
      }
    }
    return facts
  }

  /// Compares every page over IPv6 with every page of the same service over IPv4, where the hashes differ.
  private static func differences(_ pages: [Fetched], _ name: String?) -> [Fact] {
    var facts: [Fact] = []
    for six in pages where six.target.endpoint.address.family == .ipv6 {
      for four in pages
      where four.target.endpoint.address.family == .ipv4 && four.target.service == six.target.service
        && four.target.endpoint.port == six.target.endpoint.port
      {
        guard let here = six.content, let there = four.content, here.sha256 != there.sha256 else { continue }
        facts.append(
          .pageDifference(
            name: name, service: six.target.service, ipv6: six.target.endpoint, ipv4: four.target.endpoint,
            perThousand: here.difference(to: there)))
      }
    }
    return facts
  }

  /// All services at one address, HTTPS first: a redirect from HTTP then finds the page already there.
  private func fetchAll(
    _ targets: [WebVisit.Target], _ visit: WebVisit, wantsReferences: Bool
  ) async -> [Fetched] {
    var pages: [Fetched] = []
    for target in targets.sorted(by: { $0.isSecure && !$1.isSecure }) {
      let hasReferences = pages.contains { !$0.tallies.isEmpty }
      let heading =
        "\(target.service) over TCP with \(target.endpoint)" + (visit.name.map { " as \($0)" } ?? "")
      let known = pages
      pages.append(
        await Transcript.part(heading) {
          await fetch(target, visit, known: known, wantsReferences: wantsReferences && !hasReferences)
        })
    }
    return pages
  }

  /// Where the name that is visited is reached in the other family, to ask whether a reference is broken there too.
  func twin(of endpoint: Endpoint, _ visit: WebVisit) -> Endpoint? {
    visit.targets.first { $0.endpoint.address.family == .ipv4 && $0.endpoint.port == endpoint.port }?.endpoint
  }
}

/// What came of one target.
struct Fetched: Sendable {
  var target: WebVisit.Target
  var handshake: HandshakeOutcome
  var outcome: PageOutcome
  var content: PageContent?
  var tallies: [ReferenceKind: ReferenceTally] = [:]
}
