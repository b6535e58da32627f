/// A reader of bytes that somebody else wrote, and what must hold whatever they are.
struct FuzzParser: Sendable {
  /// The word for it on the command line, and the name of its folder in the corpus.
  let name: String
  /// Reads an input and looks at the result. A trap is a failure too.
  let check: @Sendable (_ input: [UInt8]) throws(Violation) -> Void

  init(_ name: String, _ check: @escaping @Sendable (_ input: [UInt8]) throws(Violation) -> Void) {
    self.name = name
    self.check = check
  }
}

/// Something that must hold and did not.
struct Violation: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Throws unless `holds`.
func require(_ holds: Bool, _ what: @autoclosure () -> String) throws(Violation) {
  if !holds { throw Violation(what()) }
}
