import Observations

/// An agreed exception, with an owner, a reason and an end.
public struct Waiver: Sendable, Hashable {
  /// The id of a host, system or agency.
  public var subject: String
  /// The check that is waived; `nil`: all.
  public var check: String?
  /// Who answers for the exception; never empty.
  public var owner: String
  /// Why it was granted; never empty.
  public var reason: String
  /// The last day it holds, UTC.
  public var expires: CivilDate
  /// Cells of columns this program does not know, in the order of the file.
  public var extra: [ExtraCell]

  /// A waiver on a subject, for one check or all, through the day it expires.
  public init(
    subject: String, check: String? = nil, owner: String, reason: String, expires: CivilDate,
    extra: [ExtraCell] = []
  ) {
    self.subject = subject
    self.check = check
    self.owner = owner
    self.reason = reason
    self.expires = expires
    self.extra = extra
  }
}
