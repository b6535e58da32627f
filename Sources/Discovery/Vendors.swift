import Inventory
import Wire

/// Whose interfaces are: the IEEE's registries of MAC addresses, as Debian's package ieee-data has them.
public struct Vendors: Sendable {
  /// Where Debian puts them.
  public static let debianDirectory = "/usr/share/ieee-data"
  /// The registries, by how many bits of an address they assign, the longest first.
  private static let registries = [(36, "oui36.csv"), (28, "mam.csv"), (24, "oui.csv")]

  private var names: [Int: [UInt64: String]] = [:]
  /// Registries that could not be read, with why.
  public private(set) var missing: [String] = []

  /// Looks up some interfaces: of registries of 40,000 rows only those that are asked for are kept.
  public init(of interfaces: some Sequence<MACAddress>, directory: String = Vendors.debianDirectory) {
    let bits = interfaces.map(\.bits)
    for (length, file) in Self.registries {
      let wanted = Set(bits.map { $0 >> UInt64(48 - length) })
      do throws(FileFailure) {
        names[length] = try Self.read(directory + "/" + file, wanted)
      } catch {
        missing.append("\(directory)/\(file): \(error.complaint.why)")
      }
    }
  }

  /// Who had the interface made; `nil` where the registries do not say, and for an address that was made up by software, which
  /// is nobody's (the bit 0x02 of its first byte).
  public func name(of interface: MACAddress) -> String? {
    if interface.byte(at: 0) & 2 != 0 { return nil }
    for (length, _) in Self.registries {
      if let name = names[length]?[interface.bits >> UInt64(48 - length)] { return name }
    }
    return nil
  }

  /// The rows of a registry that are wanted: `Registry,Assignment,Organization Name,Organization Address`.
  private static func read(_ path: String, _ wanted: Set<UInt64>) throws(FileFailure) -> [UInt64: String] {
    var reader = CSVReader(try FileBytes(path: path))
    var found: [UInt64: String] = [:]
    while true {
      switch try reader.step() {
      case .end: return found
      case .fault: continue
      case .row:
        guard reader.row.cells.count >= 3, let assignment = UInt64(reader.row.text(1), radix: 16),
          wanted.contains(assignment)
        else { continue }
        found[assignment] = reader.row.text(2)
      }
    }
  }
}
