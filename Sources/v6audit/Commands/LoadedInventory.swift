import Inventory
import Observations

/// An inventory as the commands use it.
struct LoadedInventory: Sendable {
  let inventory: Inventory

  /// Reads a directory; every faulty row is in the failure's message.
  init(directory: String) throws {
    do {
      let read = try InventoryReader.read(directory: directory)
      for notice in read.notices { Terminal.complain("note: \(notice)") }
      inventory = read.inventory
    } catch {
      let count = error.problems.count + error.omitted
      throw CommandFailure(
        .usage, "\(directory): \(count) problem\(count == 1 ? "" : "s"), nothing was read\n\(error)")
    }
  }

  /// The ids of the hosts that `targets` mean: a host, system or agency id, a declared name or address.
  func hosts(matching targets: [String]) throws -> Set<String>? {
    if targets.isEmpty { return nil }
    var found: Set<String> = []
    for target in targets {
      let hosts = inventory.hosts.filter { host in
        host.answers(to: target) || host.system == target || host.agency == target
      }
      if hosts.isEmpty {
        throw CommandFailure(
          .usage,
          "target \(target): no host, system, agency, name or address of the inventory is called so; "
            + "for a host outside the inventory use: v6audit check \(target)")
      }
      found.formUnion(hosts.map(\.id))
    }
    return found
  }
}
