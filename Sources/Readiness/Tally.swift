/// What counts: the answer for a host, a system or an agency.
public enum Outcome: String, Sendable, Hashable, Codable, CaseIterable {
  case converted
  case notConverted = "not_converted"
  case unknown
  case exempt

  /// The answer that a host's state amounts to.
  public init(_ state: HostState) {
    self =
      switch state {
      case .exempt: .exempt
      case .unknown: .unknown
      case .operational, .ipv6only: .converted
      case .none, .addressed, .reachable: .notConverted
      }
  }
}

/// A count of outcomes and the figures that follow from it, in integers.
public struct Tally: Sendable, Hashable {
  /// How many are registered.
  public private(set) var total = 0
  /// How many a waiver takes out.
  public private(set) var exempt = 0
  /// How many work.
  public private(set) var converted = 0
  /// How many were measured and do not.
  public private(set) var notConverted = 0
  /// How many could not be measured.
  public private(set) var unknown = 0

  /// Counts outcomes.
  public init(_ outcomes: some Sequence<Outcome>) {
    for outcome in outcomes {
      total += 1
      switch outcome {
      case .converted: converted += 1
      case .notConverted: notConverted += 1
      case .unknown: unknown += 1
      case .exempt: exempt += 1
      }
    }
  }

  /// How many the figure is counted over.
  public var eligible: Int { total - exempt }

  /// The share converted with unknown counted as not converted, in hundredths of a percent, cut; `nil` with
  /// nothing eligible.
  public var lowHundredths: Int? { eligible == 0 ? nil : 10_000 * converted / eligible }

  /// The share with unknown counted as converted, in hundredths of a percent, cut.
  public var highHundredths: Int? { eligible == 0 ? nil : 10_000 * (converted + unknown) / eligible }
}
