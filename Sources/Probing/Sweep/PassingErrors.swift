import Observations

/// The errors that may pass (no route, address unreachable, time exceeded, …), the first of each place: they count
/// only if nothing better comes.
///
/// There are few kinds of them and perhaps very many: each takes a place and a number.
public struct PassingErrors: Sendable, Hashable {
  /// More kinds than this share the last: somebody makes up sources.
  private static let kindLimit = 65_536
  /// With more places than this, about 40 MiB, further errors have to be taken as final.
  private static let placeLimit = 1 << 20
  /// The errors that came, each once.
  public private(set) var kinds: [Rejection] = []
  private var numberOfKind: [Rejection: UInt32] = [:]
  /// By place, the number of its first error in `kinds`.
  public private(set) var kindOfPlace: [UInt32: UInt32] = [:]

  /// None.
  init() {}

  /// Errors as `kinds` and `kindOfPlace` give them; `nil` if there are too many of them, or a number of no kind.
  public init?(kinds: [Rejection], kindOfPlace: [UInt32: UInt32]) {
    guard kinds.count <= Self.kindLimit, kindOfPlace.count <= Self.placeLimit,
      kindOfPlace.values.allSatisfy({ $0 < kinds.count })
    else { return nil }
    self.kinds = kinds
    self.kindOfPlace = kindOfPlace
    for (number, kind) in kinds.enumerated() { numberOfKind[kind] = UInt32(number) }
  }

  /// Whether no more places should be noted.
  var isFull: Bool { kindOfPlace.count >= Self.placeLimit }

  /// Notes an error; whether it is the first of its place.
  mutating func note(_ place: Int, _ rejection: Rejection) -> Bool {
    let place = UInt32(truncatingIfNeeded: place)
    guard kindOfPlace[place] == nil else { return false }
    kindOfPlace[place] = number(of: rejection)
    return true
  }

  /// The first error of a place.
  func rejection(of place: Int) -> Rejection? {
    kindOfPlace[UInt32(truncatingIfNeeded: place)].map { kinds[Int($0)] }
  }

  private mutating func number(of rejection: Rejection) -> UInt32 {
    if let number = numberOfKind[rejection] { return number }
    if kinds.count == Self.kindLimit { return UInt32(kinds.count - 1) }
    let number = UInt32(kinds.count)
    kinds.append(rejection)
    numberOfKind[rejection] = number
    return number
  }
}
