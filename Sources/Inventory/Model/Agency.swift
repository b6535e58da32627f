/// A state agency: the unit the city figure counts.
public struct Agency: Sendable, Hashable {
  /// Lower-case letters, digits, `-`, `.` and `_`; unique among agencies.
  public var id: String
  /// The name as people write it.
  public var name: String
  /// `city`, `department`, `district`, `commune`, `enterprise` or another word; empty if not given.
  public var kind: String
  /// The id of the agency above, if any.
  public var parent: String?
  /// Whom to ask, as written: an address, a telephone number; empty if not given.
  public var contact: String
  /// The percentage the agency itself reports, in hundredths of a percent (98.8 % is 9880), 0–10000.
  public var declaredHundredths: Int?
  /// Cells of columns this program does not know, in the order of the file.
  public var extra: [ExtraCell]

  /// An agency; only `id` and `name` are required.
  public init(
    id: String, name: String, kind: String = "", parent: String? = nil, contact: String = "",
    declaredHundredths: Int? = nil, extra: [ExtraCell] = []
  ) {
    self.id = id
    self.name = name
    self.kind = kind
    self.parent = parent
    self.contact = contact
    self.declaredHundredths = declaredHundredths
    self.extra = extra
  }
}
