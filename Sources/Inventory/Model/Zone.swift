/// A DNS zone and the agency that runs it.
public struct Zone: Sendable, Hashable {
  /// Lower case, without the final dot.
  public var name: String
  /// The agency that runs it.
  public var agency: String
  /// Cells of columns this program does not know, in the order of the file.
  public var extra: [ExtraCell]

  /// A zone of an agency.
  public init(name: String, agency: String, extra: [ExtraCell] = []) {
    self.name = name
    self.agency = agency
    self.extra = extra
  }
}
