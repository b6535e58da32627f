import Reporting
import Testing

@Suite("Text from the network is harmless to whoever reads it")
struct SafeTextTests {
  @Test(
    "A spreadsheet shows a cell and never runs it",
    arguments: [
      ("220 mail.example ESMTP", "220 mail.example ESMTP"),
      ("=cmd|'/c calc'!A1", "'=cmd|'/c calc'!A1"),
      ("+1+1", "'+1+1"), ("-2+3", "'-2+3"), ("@SUM(A1)", "'@SUM(A1)"),
      ("\t=1", "\\u{9}=1"), ("\r=1", "\\u{d}=1"),
      ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""), ("=1,2", "\"'=1,2\""),
      ("line\nbreak", "line\\u{a}break"), (" lead", "\" lead\""), ("", ""), ("Hà Nội", "Hà Nội"),
      // With an accent behind it, a quote is a character of its own that ends the cell all the same.
      ("a\"\u{301},=1", "\"a\"\"\u{301},=1\""),
    ])
  func cells(text: String, cell: String) {
    #expect(SafeText.cell(text) == cell)
  }

  @Test(
    "A terminal shows text and obeys none of it",
    arguments: [
      ("SSH-2.0-OpenSSH_9.2", "SSH-2.0-OpenSSH_9.2"),
      ("\u{1b}[2J\u{1b}]0;owned\u{7}", "\\u{1b}[2J\\u{1b}]0;owned\\u{7}"),
      ("\u{9b}31m", "\\u{9b}31m"), ("a\u{202e}exe.txt", "a\\u{202e}exe.txt"),
      ("zero\u{200b}width", "zero\\u{200b}width"), ("\u{2028}", "\\u{2028}"), ("\u{7f}", "\\u{7f}"),
      ("Sở Thông tin", "Sở Thông tin"),
    ])
  func terminal(text: String, shown: String) {
    #expect(SafeText.printable(text) == shown)
  }
}
