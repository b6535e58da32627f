/// Something an agency runs for its users, made of hosts.
public struct System: Sendable, Hashable {
  /// Lower-case letters, digits, `-`, `.` and `_`; unique among systems.
  public var id: String
  /// The name as people write it.
  public var name: String
  /// The agency that runs it.
  public var agency: String
  /// What it is for; `other` if not given.
  public var kind: SystemKind
  /// 1 counts for conversion; 2 and 3 do not.
  public var importance: Int
  /// Ids of systems (of any agency) that it cannot work without.
  public var dependsOn: [String]
  /// Cells of columns this program does not know, in the order of the file.
  public var extra: [ExtraCell]

  /// A system; `importance` is the column `class`, 1–3.
  public init(
    id: String, name: String, agency: String, kind: SystemKind = .other, importance: Int = 2,
    dependsOn: [String] = [], extra: [ExtraCell] = []
  ) {
    self.id = id
    self.name = name
    self.agency = agency
    self.kind = kind
    self.importance = importance
    self.dependsOn = dependsOn
    self.extra = extra
  }
}
