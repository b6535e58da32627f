import Observations
import Wire

extension InventoryLoader {
  /// Reads a row of `prefixes.csv`.
  func readPrefix(_ table: Table) {
    guard table.isWhole, let prefix = table.value(.prefix, "prefix", ScalarCells.prefix) else { return }
    let rule: ScopeRule = table.value(.rule, "rule", ScalarCells.word) ?? .allow
    let position = table.position(.prefix)
    if let earlier = prefixes.updateValue(PrefixPlace(position: position, agency: nil), forKey: prefix) {
      prefixes[prefix] = earlier
      table.refuse(
        .prefix, "prefix",
        Complaint("line \(earlier.position.line) has it already", "keep one row, with the rule that is meant")
      )
    }
    let owner = agency(of: table)
    if prefixes[prefix]?.position == position { prefixes[prefix]?.agency = owner }
    if rule == .allow && prefix.length < Self.widest(prefix.family) {
      report.notice(
        .prefixes, at: position, what: "prefix \"\(prefix)\"",
        Complaint("it allows more than one network can be", "make sure that all of it may be probed"))
    }
    take(
      .prefix(
        PrefixRule(
          prefix: prefix, agency: owner, site: table.text(.site), rule: rule,
          description: table.text(.description), extra: table.extraCells)))
  }

  /// Nested prefixes are as they should be: the most specific one says what holds. That a part belongs to
  /// another agency than the whole is worth a look.
  func notePrefixes() {
    var owned = PrefixTable<(agency: String, position: CSVPosition)>()
    for (prefix, place) in prefixes {
      if let agency = place.agency { owned.set((agency, place.position), for: prefix) }
    }
    for (prefix, place) in owned.byPrefix {
      guard let outer = owned.mostSpecific(holding: prefix.address, shorterThan: prefix.length),
        outer.value.agency != place.agency
      else { continue }
      report.notice(
        .prefixes, at: place.position, what: "prefix \"\(prefix)\"",
        Complaint(
          "it belongs to \(place.agency) and lies inside \(outer.prefix) of \(outer.value.agency) "
            + "(line \(outer.value.position.line))",
          "leave it if the part was handed over; the more specific prefix holds"))
    }
  }

  /// A shorter prefix than this is most likely a slip: no one network is that large.
  private static func widest(_ family: AddressFamily) -> Int { family == .ipv4 ? 8 : 16 }
}

/// Where a prefix was declared and for whom.
struct PrefixPlace {
  var position: CSVPosition
  var agency: String?
}
