import Testing

@testable import Services

@Suite("The content of pages") struct PageContentTests {
  private func difference(_ left: String, _ right: String) -> Int {
    let (left, right) = (PageContent(Array(left.utf8)), PageContent(Array(right.utf8)))
    #expect(left.difference(to: right) == right.difference(to: left))
    #expect((left.sha256 == right.sha256) || left != right)
    return left.difference(to: right)
  }

  static let page = """
    <!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>Cổng dịch vụ công</title>
    <link rel="stylesheet" href="/assets/style.css?v=1795562980"><meta name="csrf-token" content="kT3x9QzP">
    <script nonce="r4nd0m">var csrfToken = "abc"; gtag('config');</script></head><body>
    <h1>Hướng dẫn nộp hồ sơ trực tuyến</h1><p>Hôm nay 24/11/2026, 08:15. Lượt truy cập: 1.234.567</p>
    <form action="/nop;jsessionid=ABC123"><input type="hidden" name="__VIEWSTATE" value="/wEPDwUKMTY3"></form>
    <img src="/anh/quoc-huy.png" alt="Quốc huy"><p>Thông báo về việc tiếp công dân định kỳ tháng này.</p>
    </body></html>
    """

  @Test("a page is the same as itself, and as itself with other volatile parts")
  func volatile() {
    #expect(difference(Self.page, Self.page) == 0)
    for (old, new) in [
      ("v=1795562980", "v=1795563999"), ("kT3x9QzP", "Zz0"), ("r4nd0m", "another-one"), ("\"abc\"", "\"q7\""),
      ("24/11/2026, 08:15", "25/11/2026, 23:59"), ("1.234.567", "1.234.568"),
      ("jsessionid=ABC123", "jsessionid=X"),
      ("/wEPDwUKMTY3", "/wEPDwUKLTk5OTk5OTk5OTk5"), ("<h1>", "<!-- node web-03 at 12 --><h1>"),
      ("><p>", ">\n\n  <p>"),
    ] {
      let other = Self.page.replacing(old, with: new)
      #expect(other != Self.page, "\(old)")
      #expect(difference(Self.page, other) == 0, "\(old) → \(new)")
    }
  }

  @Test("tokens of another length are no difference, other words of the same length are one")
  func length() {
    let longer = Self.page.replacing("kT3x9QzP", with: String(repeating: "kT3x9QzP", count: 100))
    #expect(difference(Self.page, longer) == 0)
    #expect(difference("<p>một hai ba bốn</p>", "<p>sáu bảy tám chín</p>") > 100)
    let shifted = String(
      String.UnicodeScalarView(
        Self.page.unicodeScalars.map { ("a"..."y").contains($0) ? Unicode.Scalar($0.value + 1) ?? $0 : $0 }))
    #expect(shifted.utf8.count == Self.page.utf8.count)
    #expect(difference(Self.page, shifted) > 500)
  }

  @Test("equal is 0, one byte more is little, nothing in common is 1000")
  func scale() {
    let text = (0..<200).map { "từ\($0 % 97)x" }.joined(separator: " ")
    #expect(difference(text, text) == 0)
    #expect((1...20).contains(difference(text, text + "z")))
    #expect((1...20).contains(difference(text, text + " z")))
    #expect(difference("alpha beta", "gamma delta") == 1000)
    #expect(difference("alpha", "") == 1000)
    #expect(difference("", "") == 0)
    #expect(difference("", "12:00:00") == 0)
    #expect(difference("một", "một một") > 0, "how often counts")
    #expect(difference("một hai", "hai một") == 0, "the order does not")
  }

  @Test(
    "what is volatile, and what is not",
    arguments: [
      ("12:03", true), ("12:03:01", true), ("2026-11-24", true), ("24/11/2026", true), ("24.11.2026", true),
      ("2026-11-24T12:03:01Z", true), ("2026-11-24T12:03:01+07:00", true), ("1795562980", true),
      ("1795562980.239", true), ("1.234.567", true), ("12345", true),
      ("3f2504e0-4f89-11d3-9a0c-0305e82c3301", true),
      ("b9226cf7cb1bd6f982d1fec2b2b5e528", true), ("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", true),
      ("MTIzNDU2Nzg5MGFiY2RlZg==", true), ("qL3/pX+9aZkM2vB7nR4tYw==", true), ("2026", false),
      ("1234", false),
      ("12.5", false), ("addEventListener", false), ("getElementsByClassName", false), ("decade", false),
      ("facade", false), ("/assets/style.css", false), ("https://portal.example/tin-tuc/index.html", false),
      ("tiếp-công-dân", false), ("XMLHttpRequest", false), ("IPv6", false), ("a", false), ("::", false),
      ("", false),
    ])
  func volatileRuns(run: String, isVolatile: Bool) {
    #expect(VolatileText.isVolatile(Array(run.utf8)[...]) == isVolatile)
  }

  @Test("random base64 is nearly always taken for what it is")
  func base64() {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var random = SystemRandomNumberGenerator()
    let caught = (0..<2000).count { _ in
      VolatileText.isVolatile((0..<32).map { _ in alphabet.randomElement(using: &random) ?? 0 }[...])
    }
    #expect(caught > 1950)
  }

  @Test("time grows with the length, whatever is never closed")
  func linear() {
    for piece in ["<a ", "<!--", "<script>", "<a href=\"", "</", "<a b='", "& ", "a", "<>", "csrf "] {
      let text = Array(String(repeating: piece, count: 200_000 / piece.utf8.count).utf8)
      let started = ContinuousClock.now
      _ = PageContent(text)
      #expect(ContinuousClock.now - started < .seconds(8), "\(piece)")
    }
  }
}

@Suite("References of pages") struct PageReferencesTests {
  private static let base = WebURL(
    isSecure: true, host: "www.portal.example", port: 443, target: "/tin/moi.html")

  private func references(_ html: String) -> PageReferences {
    PageReferences(Array(html.utf8), at: Self.base)
  }

  @Test("links and parts, each once, as a browser reads them")
  func kinds() {
    let found = references(
      """
      <a href="/a">1</a><a href='b.html?x=1&amp;y=2'>2</a><A HREF=../c>3</A><a href="/a#part">again</a>
      <a href="mailto:a@b.example">no</a><a href="javascript:void(0)">no</a><a href="#top">itself</a>
      <area href="//old.example/d"><img src="i.png" srcset="i.png 1x, j.png 2x"><script src="/s.js"></script>
      <link rel="stylesheet" href="/s.css"><link rel="canonical" href="/x"><link rel="SHORTCUT ICON" href="/f.ico">
      <iframe src="https://frames.example/"></iframe><video poster="/p.jpg"><source src="/v.mp4"></video>
      <!-- <img src="/no.png"> --><script>document.write('<img src="/no.png">')</script>
      <input type="image" src="/k.png"><input type="text" src="/no.png"><img data-src="/no.png">
      """)
    #expect(
      found.links.map(\.description) == [
        "https://www.portal.example/a", "https://www.portal.example/tin/b.html?x=1&y=2",
        "https://www.portal.example/c", "https://old.example/d",
      ])
    #expect(
      found.resources.map(\.target) == [
        "/tin/i.png", "/s.js", "/s.css", "/f.ico", "/", "/p.jpg", "/v.mp4", "/k.png",
      ])
  }

  @Test("base, and a page that is full of links")
  func base() {
    let found = references("<base href='/den/'><base href='/no/'><img src=x.png>")
    #expect(found.resources.map(\.target) == ["/den/x.png"])
    let many = references((0..<5000).map { "<a href=/\($0)>" }.joined())
    #expect(many.links.count == 2000)
    let sample = PageReferences.sample(many.links, limit: 20)
    #expect(sample.count == 20 && sample == PageReferences.sample(many.links, limit: 20))
    #expect(sample.first?.target == "/0" && sample.last?.target == "/1900")
  }

  @Test(
    "references against a base (RFC 3986 §5.4 where it is about http)",
    arguments: [
      ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"), ("/g", "http://a/g"),
      ("//g", "http://g/"), ("?y", "http://a/b/c/d;p?y"), ("g?y", "http://a/b/c/g?y"),
      ("#s", "http://a/b/c/d;p?q"),
      ("g#s", "http://a/b/c/g"), (";x", "http://a/b/c/;x"), ("", "http://a/b/c/d;p?q"),
      (".", "http://a/b/c/"),
      ("./", "http://a/b/c/"), ("..", "http://a/b/"), ("../", "http://a/b/"), ("../g", "http://a/b/g"),
      ("../..", "http://a/"), ("../../g", "http://a/g"), ("../../../g", "http://a/g"), ("/./g", "http://a/g"),
      ("g.", "http://a/b/c/g."), ("./../g", "http://a/b/g"), ("g/../h", "http://a/b/c/h"),
    ])
  func resolution(reference: String, expected: String) {
    let base = WebURL(isSecure: false, host: "a", port: 80, target: "/b/c/d;p?q")
    #expect(WebURL(reference.utf8, at: base)?.description == expected)
  }

  @Test(
    "URLs that are taken, and those that are not",
    arguments: [
      ("HTTPS://Portal.Example:443/A", "https://portal.example/A"),
      ("http://a.example:8080", "http://a.example:8080/"),
      ("https://[2001:DB8::1]:8443/x", "https://[2001:db8::1]:8443/x"),
      ("https://a.example./", "https://a.example/"),
      ("https://a.example/tin tức", "https://a.example/tin%20t%E1%BB%A9c"),
      ("https://a.example\\x", "https://a.example/x"),
      ("https://user@a.example/", nil), ("https://a.example:0/", nil), ("https://a.example:99999/", nil),
      ("https://a.example:+80/", nil), ("https://[::1/", nil), ("https://[fe80::1%25eth0]/", nil),
      ("https:///x", nil),
      ("https:x", nil), ("ftp://a.example/", nil), ("data:text/html,x", nil), ("https://a b/", nil),
      ("https://\u{1F41F}.example/", nil),
    ] as [(String, String?)])
  func urls(text: String, expected: String?) {
    #expect(WebURL(text.utf8, at: Self.base)?.description == expected)
  }
}
