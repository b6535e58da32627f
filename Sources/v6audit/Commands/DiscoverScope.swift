import ArgumentParser
import Inventory
import Observations
import Store
import Wire

/// What whoever asks may touch, and how fast.
struct DiscoverScopeOptions: ParsableArguments {
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("A prefix that may be touched. Repeatable.", valueName: "prefix"))
  var allow: [String] = []

  @Option(
    help: ArgumentHelp("The directory of an inventory, whose scope applies as well.", valueName: "dir"))
  var inventory: String?

  @Flag(help: "What the store declares may be touched, likewise: its prefixes, or else its hosts' addresses.")
  var declared = false

  @Option(
    help: ArgumentHelp(
      "A URL or mail address that servers are told, for whoever wonders who asks.", valueName: "url"))
  var contact = ""

  @Option(
    help: ArgumentHelp("Frames, packets or connections per second that ask. Default: 100.", valueName: "pps"))
  var askRate = 100.0

  /// Whether anything may be touched.
  var isGiven: Bool { inventory != nil || declared || !allow.isEmpty }

  func validate() throws {
    guard askRate > 0, askRate <= 1_000_000 else {
      throw ValidationError("--ask-rate \(askRate): give frames per second, above 0 up to 1000000")
    }
    guard contact.unicodeScalars.allSatisfy({ (0x20...0x7e).contains($0.value) }) else {
      throw ValidationError("--contact: servers are told this; write it in plain ASCII")
    }
  }

  /// Reads what may be touched, and what is declared there.
  func read(_ store: Store?) throws -> DiscoverScope {
    var inventories = try inventory.map { [try LoadedInventory(directory: $0).inventory] } ?? []
    if declared, let store {
      do { inventories.append(try DeclaredInventoryReading.read(store)) } catch let error as StoreError {
        throw CommandFailure(error.status, error)
      }
    }
    var scope = Scope()
    for inventory in inventories { scope.formUnion(inventory.scope()) }
    for text in allow {
      guard let prefix = Prefix(text) ?? IPAddress(text).map(Prefix.init(only:)) else {
        throw CommandFailure(.usage, "--allow \(text): no prefix; write 2001:db8::/32 or 198.18.0.0/16")
      }
      scope.insert(.allow, for: prefix)
    }
    return DiscoverScope(
      scope: scope, declared: inventories.flatMap(\.hosts).flatMap(\.addresses), rate: askRate,
      userAgent: "v6audit/\(Version.text) (" + (contact.isEmpty ? "" : "+\(contact); ") + "IPv6 inventory)")
  }
}

/// What may be touched, and how fast.
struct DiscoverScope: Sendable {
  let scope: Scope
  /// Addresses that are declared.
  let declared: [IPAddress]
  /// Frames, packets or connections per second.
  let rate: Double
  /// What servers are told about who asks (RFC 9511).
  let userAgent: String
}
