import Testing

@testable import Services

@Suite("Transcript") struct TranscriptTests {
  @Test("lines of both sides, bytes escaped, secrets left out")
  func text() {
    let transcript = Transcript()
    transcript.add(.sent, Array("GET / HTTP/1.1\r\nCookie: a=b\r\n\r\n".utf8))
    transcript.add(.received, Array("HTTP/1.1 200\r\nSET-cookie: id=1\r\nx: \\ \t ".utf8) + [0, 0x7f, 0xff])
    transcript.add(.received, Array("é\r\nCookies: no secret\n".utf8))
    #expect(
      transcript.text == #"""
        > GET / HTTP/1.1
        > Cookie: (left out)
        > 
        < HTTP/1.1 200
        < SET-cookie: (left out)
        < x: \\ \t \x00\x7f\xff\xc3\xa9
        < Cookies: no secret

        """#)
  }

  @Test("what is too much is counted and not kept")
  func bounds() async {
    let transcript = Transcript()
    transcript.add(.sent, [UInt8](repeating: 0x61, count: Transcript.limit + 5))
    #expect(transcript.text.hasSuffix("a\n> (5 more bytes left out)\n"))
    let part = Transcript()
    part.add(.received, [UInt8](repeating: 0x62, count: 7000))
    let whole = Transcript()
    for number in 0..<6 { whole.add("part \(number)", part) }
    #expect(whole.text.contains("-- part 3\n< bbb") && !whole.text.contains("-- part 4"))
    #expect(whole.text.hasSuffix("b\n-- (2 more conversations left out)\n"))
    #expect(whole.text.utf8.count <= Transcript.textLimit + 50)
  }
}
