import Observations

/// What a page refers to: links to other pages, and what a browser loads with it. Pure.
struct PageReferences: Sendable {
  /// More of one kind than this are not kept; no page needs them, and a hostile one shall not fill the memory.
  private static let maximum = 2000

  private(set) var links: [WebURL] = []
  private(set) var resources: [WebURL] = []

  /// Reads a page that came from `url`. Each URL once, in the order of the page; a link to the page itself is none.
  init(_ body: [UInt8], at url: WebURL) {
    var base = url
    var seen: [ReferenceKind: Set<WebURL>] = [.links: [url], .resources: []]
    var hasBase = false
    var scanner = HTMLScanner(body)
    while let piece = scanner.next() {
      guard case .tag(let name, false, let attributes) = piece else { continue }
      func value(_ key: StaticString) -> [UInt8]? {
        attributes.first { scanner.matches($0.name, key) }.map { Self.decoded(body[$0.value]) }
      }
      if !hasBase, scanner.matches(name, "base"), let href = value("href"), let new = WebURL(href, at: url) {
        base = new
        hasBase = true
        continue
      }
      guard let kind = Self.kind(of: name, scanner, rel: value("rel"), type: value("type")) else { continue }
      for key in kind.keys {
        guard let text = value(key), let found = WebURL(Self.first(of: text, in: key), at: base),
          seen[kind.kind, default: []].count <= Self.maximum,
          seen[kind.kind, default: []].insert(found).inserted
        else { continue }
        switch kind.kind {
        case .links: links.append(found)
        case .resources: resources.append(found)
        }
      }
    }
  }

  private static func kind(
    of name: Range<Int>, _ scanner: HTMLScanner, rel: [UInt8]?, type: [UInt8]?
  ) -> (kind: ReferenceKind, keys: [StaticString])? {
    if scanner.matches(name, "a") || scanner.matches(name, "area") { return (.links, ["href"]) }
    if scanner.matches(name, "link") {
      let words = String(decoding: rel ?? [], as: UTF8.self).lowercased().split(separator: " ")
      return words.contains { ["stylesheet", "icon", "manifest", "apple-touch-icon"].contains($0) }
        ? (.resources, ["href"]) : nil
    }
    if scanner.matches(name, "img") || scanner.matches(name, "source") {
      return (.resources, ["src", "srcset"])
    }
    if scanner.matches(name, "video") { return (.resources, ["src", "poster"]) }
    if scanner.matches(name, "object") { return (.resources, ["data"]) }
    if scanner.matches(name, "input") {
      return type.map { String(decoding: $0, as: UTF8.self).lowercased() } == "image"
        ? (.resources, ["src"]) : nil
    }
    for element: StaticString in ["script", "iframe", "frame", "audio", "embed", "track"]
    where scanner.matches(name, element) {
      return (.resources, ["src"])
    }
    return nil
  }

  /// The first candidate of a `srcset`, or the value itself.
  private static func first(of value: [UInt8], in key: StaticString) -> ArraySlice<UInt8> {
    guard key.description == "srcset" else { return value[...] }
    let text = value.drop { $0 <= 0x20 || $0 == UInt8(ascii: ",") }
    return text.prefix { $0 > 0x20 }
  }

  /// `&amp;` as it stands in query strings; the other entities have no place in a URL.
  private static func decoded(_ value: ArraySlice<UInt8>) -> [UInt8] {
    guard value.contains(UInt8(ascii: "&")) else { return Array(value) }
    var result: [UInt8] = []
    var rest = value
    while let byte = rest.popFirst() {
      result.append(byte)
      if byte == UInt8(ascii: "&") && rest.starts(with: "amp;".utf8) { rest = rest.dropFirst(4) }
    }
    return result
  }

  /// At most `limit` of these, spread evenly: the same ones of the same page every time.
  static func sample(_ urls: [WebURL], limit: Int) -> [WebURL] {
    urls.count <= limit ? urls : (0..<limit).map { urls[$0 * urls.count / limit] }
  }
}
