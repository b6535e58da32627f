import Glibc
import Inventory
import Wire

@testable import Import

extension FuzzParser {
  /// What is to be imported: the first byte says as what, the rest is the file. It is taken, or refused with places.
  static let imports = FuzzParser("imports") { input throws(Violation) in
    let kinds: [(format: ImportFormat, suffix: String)] = [
      (.table, "csv"), (.hosts, "hosts"), (.zone, "zone"), (.nmap, "xml"), (.masscan, "json"), (.netbox, ""),
    ]
    guard let first = input.first else { return }
    let kind = kinds[Int(first) % kinds.count]
    var options = ImportOptions()
    (options.format, options.agency, options.isLenient) = (kind.format, "x", first & 0x80 == 0 ? nil : true)
    options.headings = ["Tên máy": "host", "Cơ quan": "agency"]
    // Files are read by their paths, and a memory file has none but this.
    let name = kind.format == .netbox ? "ip-addresses.csv" : "import.\(kind.suffix)"
    let folder = "/dev/shm/v6audit-fuzz-\(getpid())"
    mkdir(folder, 0o700)
    defer { rmdir(folder) }
    let path = "\(folder)/\(name)"
    let file = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0o600)
    try require(file >= 0, "no file to write to")
    defer { unlink(path) }
    let bytes = Array(input.dropFirst())
    try require(write(file, bytes, bytes.count) == bytes.count, "no room to write to")
    close(file)
    do throws(InventoryErrors) {
      _ = try Importer.read(kind.format == .netbox ? folder : path, options, known: ["x"]) { row, silence in
        // What is kept as text is the same when it is read again.
        let text = RowText(row)
        precondition(text.keeping(silence, of: text) == text, "kept beside itself it differs")
      }
    } catch {
      try require(!error.problems.isEmpty, "refused without a reason")
      for problem in error.problems {
        try requirePrintable(problem.description)
        try require(problem.column >= 1 || problem.line == 0, "a problem nowhere: \(problem)")
      }
    }
  }
}
