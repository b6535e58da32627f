// The known columns of each kind of row, in the order of `InventoryFile.columns`.

extension Agency {
  var cells: [String] {
    [id, name, kind, parent ?? "", contact, declaredHundredths.map(percentText) ?? ""]
  }
}

extension System {
  var cells: [String] {
    [id, name, agency, kind.rawValue, String(importance), dependsOn.joined(separator: " ")]
  }
}

extension Host {
  var cells: [String] {
    [
      id, agency, system ?? "", component?.description ?? "", site, names.joined(separator: " "),
      addresses.map(\.description).joined(separator: " "),
      ServiceSyntax.write(services).joined(separator: " "),
      mac?.description ?? "", criticality, contact, tags.joined(separator: " "), externalID,
    ]
  }
}

extension PrefixRule {
  var cells: [String] { [prefix.description, agency ?? "", site, rule.rawValue, description] }
}

extension Zone {
  var cells: [String] { [name, agency] }
}

extension Waiver {
  var cells: [String] { [subject, check ?? "", owner, reason, expires.description] }
}

/// Hundredths of a percent as the shortest decimal: 9880 is `98.8`.
private func percentText(_ hundredths: Int) -> String {
  let (whole, part) = hundredths.quotientAndRemainder(dividingBy: 100)
  if part == 0 { return String(whole) }
  return part % 10 == 0 ? "\(whole).\(part / 10)" : "\(whole).\(part < 10 ? "0" : "")\(part)"
}
