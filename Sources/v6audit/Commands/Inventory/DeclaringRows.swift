import Inventory
import Store

/// Makes rows a part of what is declared, if the whole that comes of it has no fault.
struct DeclaringRows {
  private let declaration: Declaration
  private let done: String

  /// - Parameter done: what is done with the rows, in a word: `imported`.
  init(_ declaration: Declaration, done: String) { (self.declaration, self.done) = (declaration, done) }

  /// Takes the rows over, all of them or none. A trial prints what it would change.
  ///
  /// - Parameter rows: hands over the rows, and returns the files that it has all rows of.
  /// - Throws: what `rows` throws, `StoreError`, or why the whole that would come of it has faults.
  func declare(
    in store: Store, _ rows: (@escaping (RowText, RowSilence) throws -> Void) throws -> Set<InventoryFile>
  ) throws -> Store.Declared {
    var refusal: CommandFailure?
    do {
      return try store.declare(
        declaration,
        rows: { take in
          do { return try rows(take) } catch let error as CommandFailure {
            refusal = error
            throw error
          }
        },
        change: { change in
          if declaration.isTrial { Terminal.print(RowChangeText(change).text) }
        },
        check: { inventory in
          do throws(InventoryErrors) {
            _ = try InventoryReader.stream(
              { file throws(FileFailure) in
                do { return TableSource(bytes: try inventory.bytes(of: file)) } catch {
                  throw .system("\(error)")
                }
              }, take: { _ in })
          } catch {
            refusal = refused(error, "in the inventory that would come of it; ")
            throw error
          }
        })
    } catch {
      // The store tells of what it was thrown in its own words; these are better.
      throw refusal ?? error
    }
  }

  /// Faults that keep everything from being taken.
  func refused(_ errors: InventoryErrors, _ where: String = "") -> CommandFailure {
    let count = errors.problems.count + errors.omitted
    return CommandFailure(
      .usage, "\(errors)\n\(count) problem\(count == 1 ? "" : "s"): \(`where`)nothing was \(done)")
  }

  /// Says what came of it.
  func report(_ declared: Store.Declared) {
    let counts = "\(declared.added) added, \(declared.changed) changed, \(declared.removed) removed"
    if declaration.isTrial {
      Terminal.complain("would be: \(counts); nothing was changed")
    } else if let revision = declared.revision {
      Terminal.complain("revision \(revision.number): \(counts)")
    } else {
      Terminal.complain("nothing to change: the declared inventory has all of it")
    }
  }
}
