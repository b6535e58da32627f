extension CSVFault {
  /// The thing that is wrong.
  package var what: String {
    switch kind {
    case .utf16: "file"
    case .invalidUTF8(let byte): "byte 0x\(Self.hex(byte))"
    case .control(let byte): "control character \(codePoint(Unicode.Scalar(byte)))"
    case .bareCarriageReturn: "carriage return"
    case .quoteInsideCell: "quote"
    case .textAfterQuote: "text"
    case .quoteNeverClosed: "quote"
    case .rowTooLong, .tooManyCells: "row"
    }
  }

  /// What is wrong with it and what to do.
  package var complaint: Complaint {
    switch kind {
    case .utf16:
      Complaint("it is UTF-16", "save it as UTF-8 (spreadsheets call that \"CSV UTF-8\")")
    case .invalidUTF8:
      Complaint("it is not UTF-8", "save the file as UTF-8 (spreadsheets call that \"CSV UTF-8\")")
    case .control:
      Complaint("it is not text", "delete it, or export the file again")
    case .bareCarriageReturn:
      Complaint("no line feed follows it", "save the file with the line ends LF or CRLF")
    case .quoteInsideCell:
      Complaint(
        "it stands inside a cell that does not start with one",
        "enclose the whole cell in quotes and write each quote inside twice")
    case .textAfterQuote(let opened):
      Complaint(
        "it follows the closing quote of the cell that starts at \(opened.line):\(opened.column)",
        "write a quote inside a cell twice, or put a comma after the closing quote")
    case .quoteNeverClosed:
      Complaint("the file ends before it is closed", "close it where the cell ends")
    case .rowTooLong:
      Complaint(
        "it has more than \(CSVReader.longestRow) bytes", "look for a quote that is not closed, or split it")
    case .tooManyCells:
      Complaint(
        "it has more than \(CSVReader.mostCells) cells", "look for a line end that is missing")
    }
  }

  private static func hex(_ byte: UInt8) -> String {
    (byte < 0x10 ? "0" : "") + String(byte, radix: 16, uppercase: true)
  }
}

extension FileFailure {
  /// What is wrong with a file and what to do.
  package var complaint: Complaint {
    switch self {
    case .missing: Complaint("there is none", "create it as docs/inventory.md shows")
    case .notRegular: Complaint("it is not a regular file", "put a CSV file in its place")
    case .system(let text): Complaint("it cannot be read (\(text))", "check its permissions and the disk")
    }
  }
}
