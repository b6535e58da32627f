import Inventory
import Observations

/// The waivers that hold on a day, by subject.
struct WaiverBook {
  private let bySubject: [String: [Waiver]]

  /// The waivers that have not expired on `day`; one is valid through its last day, UTC.
  init(_ waivers: [Waiver], on day: CivilDate) {
    bySubject = Dictionary(grouping: waivers.filter { $0.expires >= day }, by: \.subject)
  }

  /// The waiver on everything about a subject.
  func whole(_ subject: String) -> Waiver? { bySubject[subject]?.first { $0.check == nil } }

  /// The waiver that makes a host exempt: on itself, its system or its agency.
  func exempting(_ host: Host) -> Waiver? {
    subjects(of: host).lazy.compactMap { self.whole($0) }.first
  }

  /// The waivers on single checks of a host, on itself, its system or its agency; the nearest wins.
  func checks(of host: Host) -> [String: Waiver] {
    var found: [String: Waiver] = [:]
    for subject in subjects(of: host) {
      for waiver in bySubject[subject] ?? [] {
        if let check = waiver.check, found[check] == nil { found[check] = waiver }
      }
    }
    return found
  }

  private func subjects(of host: Host) -> [String] {
    [host.id] + (host.system.map { [$0] } ?? []) + [host.agency]
  }
}

extension CheckRow {
  /// The row with a waiver in place of its verdict; what it would have been stays visible.
  func waived(by waiver: Waiver) -> CheckRow {
    var row = self
    row.verdict = .exempt
    row.reason = .waived
    let would = "\(verdict.rawValue) (\(reason.rawValue))"
    row.detail = "waived through \(waiver.expires) by \(waiver.owner): \(waiver.reason); without it: \(would)"
    return row
  }
}
