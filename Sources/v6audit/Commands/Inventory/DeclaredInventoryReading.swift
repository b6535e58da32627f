import Inventory
import Store

/// The declared inventory as the commands use it.
enum DeclaredInventoryReading {
  /// Reads it out of the store, as of a revision; `nil`: now.
  static func read(_ store: Store, as revision: Int64? = nil) throws -> Inventory {
    let read = try store.withDeclared(as: revision) { declared in
      Result { () throws(InventoryErrors) in
        try InventoryReader.read { file throws(FileFailure) in
          do { return TableSource(bytes: try declared.bytes(of: file)) } catch { throw .system("\(error)") }
        }.inventory
      }
    }
    do { return try read.get() } catch {
      throw CommandFailure(.internalError, "the declared inventory in \(store.path) cannot be read: \(error)")
    }
  }
}
