/// A part of a system that several hosts can play: the column `component`, `web` or `web:1/2`.
public struct Component: Sendable, Hashable {
  /// Lower-case letters, digits, `-`, `.` and `_`; one meaning within its system.
  public var name: String
  /// How many of its hosts must be converted; `nil`: all of them.
  public var required: Int?
  /// How many hosts it is declared to have; `nil` when not given.
  public var total: Int?

  /// A component; `required` of `total` hosts are needed, or all.
  public init(name: String, required: Int? = nil, total: Int? = nil) {
    self.name = name
    self.required = required
    self.total = total
  }
}
