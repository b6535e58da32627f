import Observations

/// The references of one page that are still to be asked for, and what became of the others. Pure.
struct ReferenceSearch: Sendable {
  private static let maximumExamples = 5

  let url: WebURL
  let deadline: ContinuousClock.Instant
  private var pending: [ReferenceKind: [WebURL]] = [:]
  private(set) var tallies: [ReferenceKind: ReferenceTally] = [:]

  init(
    _ references: PageReferences, at url: WebURL, domain: String, wants: Set<ReferenceKind>,
    _ limits: ReferenceLimits
  ) {
    self.url = url
    deadline = .now + limits.time
    if wants.contains(.links) {
      let own = references.links.filter { $0.host == domain || $0.host.hasSuffix("." + domain) }
      pending[.links] = PageReferences.sample(own, limit: limits.links)
      tallies[.links] = ReferenceTally(found: own.count)
    }
    if wants.contains(.resources) {
      pending[.resources] = PageReferences.sample(references.resources, limit: limits.resources)
      tallies[.resources] = ReferenceTally(found: references.resources.count)
    }
  }

  /// Everything pending at one origin, each URL once.
  func pending(at origin: WebURL) -> [WebURL] {
    var seen: Set<WebURL> = []
    return ReferenceKind.allCases.flatMap { pending[$0] ?? [] }.filter {
      $0.origin == origin && seen.insert($0).inserted
    }
  }

  /// The origins that something is pending at, in order.
  var origins: [WebURL] {
    var seen: Set<WebURL> = []
    return ReferenceKind.allCases.flatMap { pending[$0] ?? [] }.map(\.origin).filter {
      seen.insert($0).inserted
    }
  }

  /// What answered over IPv6 with a status of 400 or more and is still to be asked for over IPv4.
  private(set) var broken: [WebURL] = []

  mutating func note(broken url: WebURL) { broken.append(url) }

  func isBroken(_ url: WebURL) -> Bool { broken.contains(url) }

  /// Counts an outcome for a URL, as a link, as a resource or as both.
  mutating func settle(_ url: WebURL, _ outcome: ReferenceOutcome) {
    broken.removeAll { $0 == url }
    for kind in ReferenceKind.allCases {
      guard let index = pending[kind]?.firstIndex(of: url) else { continue }
      pending[kind]?.remove(at: index)
      tallies[kind]?.counts[outcome, default: 0] += 1
      switch outcome {
      case .withoutAAAA, .unreachable, .status:
        if tallies[kind]?.examples.count ?? 0 < Self.maximumExamples {
          tallies[kind]?.examples.append(boundedText(url.description.utf8))
        }
      case .loaded, .published, .brokenOnBoth, .notResolved, .notAsked: break
      }
    }
  }
}
