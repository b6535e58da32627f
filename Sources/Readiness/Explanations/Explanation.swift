/// A language that explanations are written in.
public enum Language: String, Sendable, Hashable, Codable, CaseIterable {
  /// Vietnamese.
  case vi
  /// English.
  case en
}

/// What a reason means, and what a person can do about it. Words in capitals (`ADDRESS`, `PORT`, `NAME`)
/// stand for what the row's subject and detail name; commands stand between backticks.
public struct Explanation: Sendable, Hashable {
  /// What was seen and what usually lies behind it.
  public let cause: String
  /// What to do and how to see that it worked; empty where nothing has to be done.
  public let fix: String

  init(cause: String, fix: String = "") {
    self.cause = cause
    self.fix = fix
  }
}

/// What a check is about.
public struct CheckExplanation: Sendable, Hashable {
  /// A few words for a heading.
  public let title: String
  /// What it asks, as a person would.
  public let question: String
  /// When it passes, in one or two sentences.
  public let rule: String
}

extension Reason {
  /// The cause behind the code and its remedy. Every code has both texts, or this does not compile.
  public func explanation(_ language: Language) -> Explanation {
    switch language {
    case .en: english
    case .vi: vietnamese
    }
  }
}

extension CheckID {
  /// What the check is called, what it asks and when it passes.
  public func explanation(_ language: Language) -> CheckExplanation {
    switch language {
    case .en: english
    case .vi: vietnamese
    }
  }
}

/// The English texts, by topic; `Reasons+English.swift` says which belongs to which code.
enum English {}

/// The Vietnamese texts, by topic; `Reasons+Vietnamese.swift` says which belongs to which code.
enum Vietnamese {}
