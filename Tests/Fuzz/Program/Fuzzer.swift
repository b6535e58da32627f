import Glibc

/// The parser that V6AUDIT_FUZZ_PARSER names.
private let parser: FuzzParser = {
  let name = getenv("V6AUDIT_FUZZ_PARSER").map { String(cString: $0) } ?? ""
  guard let parser = FuzzParser.table.first(where: { $0.name == name }) else {
    print(FuzzParser.table.map(\.name).joined(separator: "\n"))
    exit(name.isEmpty ? 0 : 2)
  }
  return parser
}()

/// What libFuzzer calls with each input, <https://llvm.org/docs/LibFuzzer.html#fuzz-target>.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  do {
    try parser.check(Array(UnsafeBufferPointer(start: start, count: count)))
  } catch {
    fatalError("\(parser.name): \(error)")
  }
  return 0
}

private typealias OneInput = @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>, _ arguments: UnsafeMutablePointer<Arguments>, _ body: OneInput
) -> CInt

private typealias Arguments = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

/// SwiftPM makes this name, and not libFuzzer's own `main`, the entry of the program.
@_cdecl("v6audit_fuzz_main")
public func main(
  _ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
) -> CInt {
  // Without the name of a parser, the list of them is all there is to be had.
  _ = parser.name
  var (count, arguments) = (count, arguments)
  return runDriver(&count, &arguments, fuzzOneInput)
}
