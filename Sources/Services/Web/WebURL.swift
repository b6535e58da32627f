import Wire

/// A web address: what of a URL (RFC 3986) is needed to ask for it. Anything but http and https is none.
struct WebURL: Sendable, Hashable, CustomStringConvertible {
  /// More than browsers and servers agree on (RFC 9110 §4.1 asks for 8000 octets of the target at least).
  static let maximumLength = 4096

  var isSecure: Bool
  /// In lower case; an IPv6 address stands in brackets.
  var host: String
  var port: UInt16
  /// Path and query, in ASCII.
  var target: String

  var scheme: String { isSecure ? "https" : "http" }
  private var defaultPort: UInt16 { isSecure ? 443 : 80 }
  /// Host and, where it is not the scheme's own, port.
  var authority: String { port == defaultPort ? host : "\(host):\(port)" }
  var description: String { "\(scheme)://\(authority)\(target)" }
  /// Everything before the path: what one connection can be asked for.
  var origin: WebURL { WebURL(isSecure: isSecure, host: host, port: port, target: "/") }
  /// The address, where the host is one.
  var address: IPAddress? {
    host.hasPrefix("[") ? IPAddress(String(host.dropFirst().dropLast())) : IPAddress(host)
  }

  init(isSecure: Bool, host: String, port: UInt16, target: String = "/") {
    self.isSecure = isSecure
    self.host = host.lowercased()
    self.port = port
    self.target = target
  }

  /// Reads a reference as it stands in a page or a Location field, against the URL it stood at (RFC 3986 §5).
  /// The fragment is dropped. `nil` for other schemes, for user names and for what is no URL at all.
  init?(_ reference: some Collection<UInt8>, at base: WebURL) {
    guard reference.count <= Self.maximumLength else { return nil }
    // Browsers drop line ends and tabs, and spaces around.
    var text = reference.filter { $0 > 0x20 || $0 == 0x20 }[...]
    while text.first == 0x20 { text.removeFirst() }
    while text.last == 0x20 { text.removeLast() }
    if let fragment = text.firstIndex(of: UInt8(ascii: "#")) { text = text[..<fragment] }
    guard !text.isEmpty else {
      self = base
      return
    }
    var isSecure = base.isSecure
    if let colon = text.firstIndex(of: UInt8(ascii: ":")),
      text[..<colon].allSatisfy({ Self.isSchemeByte($0) })
    {
      switch String(decoding: text[..<colon], as: UTF8.self).lowercased() {
      case "http": isSecure = false
      case "https": isSecure = true
      default: return nil
      }
      text = text[(colon + 1)...]
      guard text.starts(with: "//".utf8) else { return nil }
    }
    guard text.starts(with: "//".utf8) else {
      self = base
      target = Self.resolve(text, against: base.target)
      return
    }
    text = text.dropFirst(2)
    let end = text.firstIndex { "/?\\".utf8.contains($0) } ?? text.endIndex
    guard let (host, port) = Self.authority(text[..<end], default: isSecure ? 443 : 80) else { return nil }
    self.init(isSecure: isSecure, host: host, port: port, target: Self.resolve(text[end...], against: "/"))
  }

  private static func isSchemeByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }

  private static func authority(_ text: ArraySlice<UInt8>, default port: UInt16) -> (String, UInt16)? {
    let text = String(decoding: text, as: UTF8.self)
    var host = text[...]
    var port = port
    if let colon = text.lastIndex(of: ":"), !text[colon...].contains("]") {
      host = text[..<colon]
      let digits = text[text.index(after: colon)...]
      if !digits.isEmpty {
        guard let number = UInt16(digits), number > 0, digits.first != "+" else { return nil }
        port = number
      }
    }
    if host.hasPrefix("[") {
      guard host.hasSuffix("]"), let address = IPAddress(String(host.dropFirst().dropLast())),
        address.family == .ipv6
      else { return nil }
      return (address.bracketed, port)
    }
    if host.hasSuffix(".") { host.removeLast() }
    let isName = host.utf8.allSatisfy { byte in
      isSchemeByte(byte) && byte != UInt8(ascii: "+") || byte == UInt8(ascii: "_")
    }
    guard !host.isEmpty, host.utf8.count <= 253, isName else { return nil }
    return (host.lowercased(), port)
  }

  /// The path and query that `reference`, which has neither scheme nor authority, means at `base`.
  private static func resolve(_ reference: ArraySlice<UInt8>, against base: String) -> String {
    let slash = UInt8(ascii: "/")
    let question = UInt8(ascii: "?")
    let query = reference.firstIndex(of: question) ?? reference.endIndex
    let basePath = Array(base.utf8.prefix { $0 != question })
    var path = Array(reference[..<query])
    if path.isEmpty {
      path = reference.isEmpty ? Array(base.utf8) : basePath
    } else if path.first != slash && path.first != UInt8(ascii: "\\") {
      path = basePath[...(basePath.lastIndex(of: slash) ?? 0)] + path
    }
    var segments: [ArraySlice<UInt8>] = []
    let parts = path.split(omittingEmptySubsequences: false) { $0 == slash || $0 == UInt8(ascii: "\\") }
      .dropFirst()
    for (index, part) in parts.enumerated() {
      let isLast = index == parts.count - 1
      if part.elementsEqual("..".utf8) {
        _ = segments.popLast()
        if isLast { segments.append([]) }
      } else if part.elementsEqual(".".utf8) {
        if isLast { segments.append([]) }
      } else {
        segments.append(part)
      }
    }
    let joined = segments.isEmpty ? [slash] : segments.flatMap { [slash] + $0 }
    return encoded(joined + reference[query...])
  }

  /// What may not stand in a request line goes as %XX (RFC 3986 §2.1).
  private static func encoded(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count)
    for byte in bytes {
      if byte > 0x20 && byte < 0x7f && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "<")
        && byte != UInt8(ascii: ">")
      {
        text.append(byte)
      } else {
        text.append(UInt8(ascii: "%"))
        for digit in [byte >> 4, byte & 15] { text.append(digit < 10 ? 48 + digit : 55 + digit) }
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
