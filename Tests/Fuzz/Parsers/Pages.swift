@testable import Services

extension FuzzParser {
  /// The input is a page: what it refers to, what its content is, and that pieces cover it once.
  static let page = FuzzParser("page") { input throws(Violation) in
    var scanner = HTMLScanner(input)
    var end = 0
    var pieces = 0
    while let piece = scanner.next() {
      pieces += 1
      switch piece {
      case .text(let range), .comment(let range):
        try require(
          range.lowerBound >= end && range.upperBound <= input.count && !range.isEmpty, "text out of place")
        end = range.upperBound
      case .tag(let name, _, let attributes):
        try require(name.lowerBound >= end && name.upperBound <= input.count, "a tag out of place")
        end = name.upperBound
        for attribute in attributes {
          try require(attribute.name.lowerBound >= end, "attributes out of order")
          try require(attribute.value.upperBound <= input.count, "an attribute out of place")
          end = attribute.name.upperBound
        }
      }
    }
    try require(pieces <= input.count, "more pieces than bytes")
    let content = PageContent(input)
    try require(content.difference(to: content) == 0, "a page differs from itself")
    let half = PageContent(Array(input.prefix(input.count / 2)))
    let difference = content.difference(to: half)
    try require((0...1000).contains(difference), "a difference of \(difference)")
    try require(difference == half.difference(to: content), "the difference is not symmetric")
    let base = WebURL(isSecure: true, host: "a.example", port: 443, target: "/b/c?d")
    let references = PageReferences(input, at: base)
    for url in references.links + references.resources {
      let text = url.description
      try require(text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }, "a URL that breaks a request line")
      try require(
        WebURL(text.utf8, at: base) == url || text.utf8.count > WebURL.maximumLength,
        "\(text) reads otherwise")
    }
  }
}
