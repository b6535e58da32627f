/// A page that is put together: text that may come from the network is escaped, whatever it holds.
struct HTMLText {
  private(set) var bytes: [UInt8] = []

  /// Adds what is ours.
  mutating func raw(_ text: String) { bytes += text.utf8 }

  /// Adds text: what steers a browser or hides itself becomes visible.
  mutating func text(_ text: String) {
    for byte in SafeText.printable(text).utf8 {
      switch byte {
      case UInt8(ascii: "&"): bytes += "&amp;".utf8
      case UInt8(ascii: "<"): bytes += "&lt;".utf8
      case UInt8(ascii: ">"): bytes += "&gt;".utf8
      case UInt8(ascii: "\""): bytes += "&quot;".utf8
      case UInt8(ascii: "'"): bytes += "&#39;".utf8
      default: bytes.append(byte)
      }
    }
  }

  /// Adds an element with text in it.
  mutating func element(_ name: String, _ text: String) {
    raw("<\(name)>")
    self.text(text)
    raw("</\(name)>")
  }
}
