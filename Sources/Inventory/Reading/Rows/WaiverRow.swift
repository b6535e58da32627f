import Observations

extension InventoryLoader {
  /// Reads a row of `waivers.csv`. Comes after all ids are known.
  func readWaiver(_ table: Table) {
    guard table.isWhole else { return }
    let subject = subject(table)
    let check = table.value(.check, "check", check)
    let hasWrongCheck = check == nil && !table.bytes(.check).isEmpty
    guard let expires = table.value(.expires, "expires", ScalarCells.date), let subject, !hasWrongCheck else {
      return
    }
    let key = WaiverKey(subject: subject, check: check, expires: expires)
    let line = table.row.start.line
    if let earlier = waiverLines.updateValue(line, forKey: key) {
      waiverLines[key] = earlier
      table.refuse(
        .subject, "subject",
        Complaint("line \(earlier) has the same waiver to the same day", "delete one of the rows"))
    }
    take(
      .waiver(
        Waiver(
          subject: subject, check: check, owner: table.text(.owner), reason: table.text(.reason),
          expires: expires, extra: table.extraCells)))
  }

  private func check(_ bytes: ArraySlice<UInt8>) throws(Complaint) -> String {
    let text = String(decoding: bytes, as: UTF8.self)
    if knownChecks.contains(text) { return text }
    if bytes.contains(ASCII.space),
      text.split(separator: " ").allSatisfy({ knownChecks.contains(String($0)) })
    {
      throw Complaint("a waiver is for one check or for all", "write a row for each check")
    }
    let remedy = closest(to: text, among: knownChecks).map { "write \($0) if that is meant" }
    throw Complaint(
      "no check has this id", remedy ?? "take one from docs/checks.md, or leave it empty to waive all checks")
  }

  /// The host, system or agency that is waived: exactly one of these must have the id.
  private func subject(_ table: Table) -> String? {
    guard let id = table.value(.subject, "subject", Identifier.read) else { return nil }
    let owners = Kind.allCases.filter { registry.line(of: $0, id) != nil }
    if owners.count > 1 {
      let places = owners.map { "\($0.noun) (\($0.file.name):\(registry.line(of: $0, id) ?? 0))" }
      table.refuse(
        .subject, "subject",
        Complaint(
          "it is the id of more than one thing: \(places.joined(separator: ", "))",
          "give what is waived an id of its own"))
    } else if isWhole, registry.isUnknown(id) {
      let likely = Kind.allCases.lazy.compactMap { self.registry.suggestion(for: id, $0) }.first
      table.refuse(
        .subject, "subject",
        Complaint(
          "no host, system or agency has this id",
          likely.map { "write \($0) if that is meant" } ?? "delete the row if it is gone"))
    }
    return id
  }
}

/// What makes a waiver the same as another one. A later end makes another waiver: renewals are kept.
struct WaiverKey: Hashable {
  var subject: String
  var check: String?
  var expires: CivilDate
}
