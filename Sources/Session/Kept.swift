import Crypto
import Inventory
import Observations
import Readiness
import Store

extension Inventory {
  /// The files in canonical form, as the store keeps them with a run.
  public var storedFiles: [StoredFile] {
    InventoryFile.allCases.map { StoredFile(name: $0.name, bytes: InventoryWriter.bytes(of: $0, in: self)) }
  }

  /// Names the inventory in the manifest: SHA-256 over its canonical stream, hexadecimal.
  public var canonicalSHA256: String {
    var hash = SHA256()
    InventoryWriter.writeCanonical(self) { hash.update(data: $0) }
    return hexadecimal(hash.finalize())
  }
}

extension Policy {
  /// The name under which a run's own policy file lies in the store, beside the inventory's files.
  public static let storedName = "policy.yaml"

  /// What the store keeps with a run so that it can be judged again: the policy's file, unless it ships.
  public var storedFiles: [StoredFile] {
    source.map { [StoredFile(name: Self.storedName, bytes: Array($0.utf8))] } ?? []
  }
}

extension Store {
  /// How earlier rounds went, as far back as the policy looks.
  public func history(before run: Run, policy: Policy) throws(StoreError) -> History {
    guard policy.asks(.reachStability) || policy.asks(.operationTraffic) else { return History() }
    return try history(
      before: run, days: policy.thresholds.stabilityDays, trafficDays: policy.thresholds.trafficDays)
  }
}
