import Foundation
import Testing

@testable import Readiness

@Suite("Explanations") struct ExplanationTests {
  /// Every verdict a reason is given for, by any check.
  static func verdicts(_ reason: Reason) -> Set<Verdict> {
    Set(CheckID.allCases.flatMap { check in check.reasons.filter { $0.value.contains(reason) }.keys })
  }

  @Test("Every reason has a cause, and a fix wherever it holds a host up", arguments: Reason.allCases)
  func complete(reason: Reason) {
    let verdicts = Self.verdicts(reason)
    #expect(!verdicts.isEmpty, "some check gives it")
    for language in Language.allCases {
      let explanation = reason.explanation(language)
      #expect(!explanation.cause.isEmpty)
      if verdicts.contains(.fail) || verdicts.contains(.unknown) { #expect(!explanation.fix.isEmpty) }
      if verdicts == [.pass] { #expect(explanation.fix.isEmpty) }
    }
  }

  @Test("Both languages have a fix or neither has, and no text is a copy", arguments: Reason.allCases)
  func languages(reason: Reason) {
    let (vietnamese, english) = (reason.explanation(.vi), reason.explanation(.en))
    #expect(vietnamese.fix.isEmpty == english.fix.isEmpty)
    #expect(vietnamese.cause != english.cause)
  }

  @Test("Both languages name the same commands", arguments: Reason.allCases)
  func commands(reason: Reason) {
    func codes(_ text: String) -> [Substring] {
      text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
        .filter { $0.offset % 2 == 1 }.map(\.element).sorted()
    }
    let (vietnamese, english) = (reason.explanation(.vi), reason.explanation(.en))
    #expect(codes(vietnamese.cause + vietnamese.fix) == codes(english.cause + english.fix))
  }

  static let texts: [String] =
    Language.allCases.flatMap { language in
      Reason.allCases.map { $0.explanation(language) }.flatMap { [$0.cause, $0.fix] }
        + CheckID.allCases.map { $0.explanation(language) }.flatMap { [$0.title, $0.question, $0.rule] }
    }.filter { !$0.isEmpty }

  @Test("Texts are one paragraph, composed (NFC), with paired backticks")
  func wellFormed() {
    for text in Self.texts {
      #expect(Array(text.utf8) == Array(text.precomposedStringWithCanonicalMapping.utf8), "\(text)")
      #expect(!text.contains("\n") && !text.contains("  ") && text.last != " ", "\(text)")
      #expect(text.count { $0 == "`" }.isMultiple(of: 2), "\(text)")
    }
  }

  @Test("Vietnamese is written with its letters")
  func diacritics() {
    let letters = Set("ăâđêôơưàáảãạèéẻẽẹìíỉĩịòóỏõọùúủũụỳýỷỹỵấầẩẫậắằẳẵặếềểễệốồổỗộớờởỡợứừửữự")
    for reason in Reason.allCases {
      let explanation = reason.explanation(.vi)
      #expect(explanation.cause.lowercased().contains { letters.contains($0) })
      if !explanation.fix.isEmpty { #expect(explanation.fix.lowercased().contains { letters.contains($0) }) }
    }
    let english = Reason.allCases.map { $0.explanation(.en) }.map { $0.cause + $0.fix }.joined()
    #expect(!english.lowercased().contains { letters.contains($0) })
  }

  @Test("Codes are kebab case, and no two are alike")
  func codes() {
    for reason in Reason.allCases {
      #expect(reason.rawValue.allSatisfy { $0 == "-" || $0.isASCII && ($0.isLowercase || $0.isNumber) })
    }
    #expect(Set(Reason.allCases.map(\.rawValue)).count == Reason.allCases.count)
  }
}
