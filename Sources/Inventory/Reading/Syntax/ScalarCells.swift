import Observations
import Wire

/// Cells of one value that need few words.
enum ScalarCells {
  /// `98.8`: hundredths of a percent, 0–10000.
  static func percent(_ bytes: ArraySlice<UInt8>) throws(Complaint) -> Int {
    let text = String(decoding: bytes, as: UTF8.self)
    let halves = bytes.split(separator: ASCII.dot, omittingEmptySubsequences: false)
    let isDecimal =
      halves.count <= 2 && halves.allSatisfy { !$0.isEmpty && $0.allSatisfy(ASCII.isDigit) }
      && (halves[0].count == 1 || halves[0].first != 0x30)
    guard isDecimal else {
      let number = String(text.trimmed.prefix { $0 != "%" })
      let plain = String(number.map { $0 == "," ? "." : $0 }).trimmed
      if plain != text, (try? percent(Array(plain.utf8)[...])) != nil {
        return try refuse("it is not a plain number", "write \(plain)", meant: plain)
      }
      return try refuse("it is not a percentage", "write a number from 0 to 100, as in 98.8")
    }
    let decimals = halves.count == 2 ? halves[1] : []
    guard decimals.count <= 2 else {
      return try refuse("it has more than two decimals", "cut it after the second decimal")
    }
    let padded = decimals + Array(repeating: 0x30, count: 2 - decimals.count)
    guard halves[0].count <= 3, let hundredths = Int(String(decoding: halves[0] + padded, as: UTF8.self)),
      hundredths <= 10_000
    else { return try refuse("it is more than 100", "write a number from 0 to 100") }
    return hundredths
  }

  /// `2026-12-31`
  static func date(_ bytes: ArraySlice<UInt8>) throws(Complaint) -> CivilDate {
    let text = String(decoding: bytes, as: UTF8.self)
    if let date = CivilDate(text) { return date }
    let shape = text.utf8.map { ASCII.isDigit($0) ? "0" : String(UnicodeScalar($0)) }.joined()
    if shape == "0000-00-00" { return try refuse("there is no such day", "write a day of the calendar") }
    let parts = text.split { "/.-".contains($0) }
    if parts.count == 3, parts[2].utf8.count == 4, let day = Int(parts[0]), let month = Int(parts[1]),
      let date = CivilDate("\(parts[2])-\(twoDigits(month))-\(twoDigits(day))")
    {
      // Day first, as Vietnam writes it; only above twelve it cannot be the month.
      let doubt = day > 12 || day == month ? "" : " if the day comes first"
      return try refuse("dates are written year-month-day", "write \(date)\(doubt)", meant: "\(date)")
    }
    if parts.count == 1, text.utf8.count == 5, let serial = Int(text), serial > 36_525 {
      // Days since 1899-12-30, which is what a spreadsheet holds of a date: see ECMA-376 part 1 §18.17.4.
      let date = CivilDate(daysSinceEpoch: serial - 25_569)
      return try refuse("it is a date as a spreadsheet holds it", "write \(date)", meant: "\(date)")
    }
    return try refuse("it is not a date", "write it as year-month-day, as in 2026-12-31")
  }

  /// `1`, `2` or `3`.
  static func importance(_ bytes: ArraySlice<UInt8>) throws(Complaint) -> Int {
    guard bytes.count == 1, let byte = bytes.first, (0x31...0x33).contains(byte) else {
      return try refuse("there is no such class", "write 1 if it counts for conversion, else 2 or 3")
    }
    return Int(byte) - 0x30
  }

  /// A word of a closed list.
  static func word<Value: RawRepresentable & CaseIterable>(
    _ bytes: ArraySlice<UInt8>
  ) throws(Complaint) -> Value where Value.RawValue == String {
    let text = String(decoding: bytes, as: UTF8.self)
    if let value = Value(rawValue: text) { return value }
    let words = Value.allCases.map(\.rawValue)
    if let likely = closest(to: text.lowercased(), among: words) {
      return try refuse("it is not a known word", "write \(likely) if that is meant")
    }
    return try refuse("it is not a known word", "write one of \(words.joined(separator: " "))")
  }

  /// `00:00:5e:00:53:01`
  static func mac(_ bytes: ArraySlice<UInt8>) throws(Complaint) -> MACAddress {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let mac = MACAddress(text) else {
      let digits = text.filter { $0.isHexDigit && $0.isASCII }
      let pairs = stride(from: 0, to: digits.count, by: 2).map { digits.dropFirst($0).prefix(2) }
      if let meant = MACAddress(pairs.joined(separator: ":")),
        text.allSatisfy({ $0.isHexDigit || ".:- ".contains($0) })
      {
        return try refuse("it is not written in pairs", "write \(meant)", meant: "\(meant)")
      }
      return try refuse(
        "it is no MAC address", "write six pairs of hexadecimal digits, as in 00:00:5e:00:53:01")
    }
    guard mac.byte(at: 0) & 1 == 0 else {
      return try refuse("it is a group address", "write the address of the interface")
    }
    guard mac.bits != 0 else { return try refuse("it is no address of an interface", "leave it empty") }
    return mac
  }

  /// A prefix without host bits.
  static func prefix(_ bytes: ArraySlice<UInt8>) throws(Complaint) -> Prefix {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let (address, length) = Prefix.parts(of: text) else {
      if let address = IPAddress(text) {
        return try refuse(
          "it has no length", "write \(address)/\(address.family.bitWidth) for this address alone",
          meant: "\(address)/\(address.family.bitWidth)")
      }
      let halves = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      if halves.count == 2, let address = IPAddress(String(halves[0])) {
        return try refuse(
          "\(quoted(String(halves[1]))) is no length", "write a length from 0 to \(address.family.bitWidth)")
      }
      if text.contains("%") { return try refuse("a prefix has no zone", "delete it from \"%\" to the \"/\"") }
      return try refuse("it is no prefix", "write it as in 2001:db8::/32 or 192.0.2.0/24")
    }
    let prefix = Prefix(address, length: length)
    guard prefix.address == address else {
      return try refuse("it has bits set behind its length", "write \(prefix), or \(Prefix(only: address))")
    }
    if prefix.address.isIPv4Mapped && length >= 96 {
      let inner = Prefix(IPAddress(ipv4: UInt32(truncatingIfNeeded: address.low)), length: length - 96)
      return try refuse("it is an IPv4 prefix in IPv6 form (RFC 4291 §2.5.5)", "write \(inner)")
    }
    return prefix
  }

  private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  private static func refuse<Value>(
    _ why: String, _ remedy: String, meant: String? = nil
  ) throws(Complaint) -> Value {
    throw Complaint(why, remedy, meant: meant)
  }
}
