import Testing

@testable import Inventory

@Suite("Names outside ASCII")
struct PunycodeTests {
  /// The samples of RFC 3492 §7.1, in lower case, and names as Vietnam has them.
  @Test(
    "have their A-labels in the remedy",
    arguments: [
      ("他们为什么不说中文", "xn--ihqwcrb4cv8a8dqg056pqjye"),
      ("למההםפשוטלאמדבריםעברית", "xn--4dbcagdahymbxekheh6e0a7fei0b"),
      ("tạisaohọkhôngthểchỉnóitiếngviệt", "xn--tisaohkhngthchnitingvit-kjcr8268qyxafd2f1b9g"),
      ("3年b組金八先生", "xn--3b-ww4c5e180e575a65lsy2b"),
      ("TạiSao.Example", "xn--tisao-j11b.example"),
      ("bücher.example", "xn--bcher-kva.example"),
    ])
  func labels(name: String, expected: String) {
    #expect(Punycode.asciiName(name) == expected)
  }

  @Test(
    "have none where normalisation would have to decide",
    arguments: [
      "ha\u{300}noi.example", "hà nội.example", "hà..example", "hà_nội.example", "ﬁ\u{301}.example",
    ])
  func undecided(name: String) {
    #expect(Punycode.asciiName(name) == nil)
  }
}
